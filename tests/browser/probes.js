// Asked of a page by check_html.py: what nobody should have to look for by eye.
({
  // Text whose contrast with what is behind it is below WCAG AA.
  pale() {
    const parse = (text) => {
      const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
      return { rgb: [r, g, b], a };
    };
    const light = (rgb) => {
      const [r, g, b] = rgb.map((part) => part / 255).map(
        (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let one = element; one; one = one.parentElement) {
        const colour = parse(getComputedStyle(one).backgroundColor);
        if (colour.a === 1) return colour.rgb;
      }
      return [255, 255, 255];
    };
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || element.closest("script")) continue;
      const style = getComputedStyle(element);
      const [one, other] = [light(parse(style.color).rgb), light(behind(element))];
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      const large = parseFloat(style.fontSize) >= 24;
      if (ratio < (large ? 3 : 4.5)) {
        found.add(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
      }
    }
    return [...found];
  },
  // Elements and attributes that could act.
  active() {
    const acting = [...document.querySelectorAll("*")].filter((element) =>
      element.matches("script:not(body > script:last-of-type), iframe, object, embed, img, svg, base, link:not([href='data:,'])")
      || [...element.attributes].some((one) => one.name.startsWith("on") || one.name === "style")
      || /^\s*(javascript|data|vbscript):/i.test(element.getAttribute("href") ?? "") && element.tagName === "A");
    return acting.map((element) => element.outerHTML.slice(0, 80));
  },
  // Controls without a name, and ids that stand twice.
  nameless() {
    const controls = [...document.querySelectorAll("input, select, button, a, summary")];
    const bad = controls.filter((one) => !(one.labels?.[0] ?? one).textContent.trim());
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    return [...bad.map((one) => one.outerHTML.slice(0, 80)), ...ids.filter((id, at) => ids.indexOf(id) !== at)];
  },
  // How far the page is wider than the window.
  wide() {
    return document.documentElement.scrollWidth - window.innerWidth;
  },
  // Type and choose as a person would, and read the count once the filters have worked.
  async filter(choices) {
    const form = document.querySelector("form");
    for (const [name, value] of Object.entries(choices)) {
      const control = form.elements[name];
      const option = [...(control.options ?? [])].find((one) => one.textContent === value);
      control.value = option ? option.value : value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    await new Promise((done) => setTimeout(done, 200));
    return form.querySelector("output").textContent;
  },
  visible(selector) {
    return [...document.querySelectorAll(selector)].filter(
      (one) => one.checkVisibility({ contentVisibilityAuto: false })).length;
  },
})
