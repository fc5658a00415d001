"use strict";
// Filters, and nothing else: without this script the page says the same.
(() => {
  const form = document.querySelector("form");
  const query = form.elements.q;
  const selects = [...form.querySelectorAll("select")];
  const output = form.querySelector("output");
  const unfold = form.elements.unfold;
  const everything = output.textContent;
  const areas = [...document.querySelectorAll(".filtered")];
  const MOST_OPENED = 50; // cases of a group that are unfolded because they were searched for
  const count = (number) => number.toLocaleString("en");
  let cards = null;

  // Read once, when somebody filters: opening the page must not wait for it.
  const read = () => areas.flatMap((area) => [...area.querySelectorAll(form.dataset.items)]).map(
    (element) => {
      const rows = [...element.querySelectorAll("li")].map((row) => ({
        element: row, text: row.textContent.toLowerCase(), entries: split(row.dataset.e),
      }));
      const own = rows.length ? [...element.children].slice(0, 2) : [element];
      return {
        element, rows, entries: split(element.dataset.e), details: element.querySelector(":scope > details"),
        text: own.map((part) => part.textContent).join("\n").toLowerCase(), opened: false,
      };
    });
  const split = (codes) => codes === undefined ? null : codes.split(" ").map((code) => code.split("."));

  const apply = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = selects.filter((select) => select.value !== "").map(
      (select) => [Number(select.dataset.at), select.value]);
    const active = words.length > 0 || wanted.length > 0;
    if (!active && cards === null) return;
    cards ??= read();
    // One field must meet every choice, not one field this choice and another field that.
    const fits = (entries) => wanted.length === 0
      || entries.some((entry) => wanted.every(([at, value]) => entry[at] === value));
    let shown = 0;
    let total = 0;
    for (const card of cards) {
      const left = words.filter((word) => !card.text.includes(word));
      const here = show(card, left, fits);
      shown += here;
      total += card.rows.length || 1;
      card.element.hidden = here === 0;
      if (card.details) fold(card, active && left.length > 0 && here > 0 && here <= MOST_OPENED);
    }
    for (const chunk of document.querySelectorAll(".filtered .chunk")) {
      chunk.hidden = ![...chunk.children].some((child) => !child.hidden);
    }
    for (const section of document.querySelectorAll("section.target")) {
      section.hidden = active && !section.querySelector(".chunk:not([hidden])");
    }
    for (const area of areas) area.classList.toggle("narrowed", active && shown <= 2000);
    for (const select of selects) select.classList.toggle("on", select.value !== "");
    output.textContent = active ? `${count(shown)} of ${count(total)} ${output.dataset.noun}` : everything;
  };

  const show = (card, words, fits) => {
    if (card.rows.length === 0) return words.length === 0 && fits(card.entries) ? 1 : 0;
    const usual = fits(card.entries);
    let shown = 0;
    for (const row of card.rows) {
      const match = (row.entries ? fits(row.entries) : usual)
        && words.every((word) => row.text.includes(word));
      if (row.element.hidden === match) row.element.hidden = !match;
      shown += match ? 1 : 0;
    }
    const summary = card.details.querySelector("summary");
    card.title ??= summary.textContent;
    const some = `${card.title}: ${count(shown)} of ${count(card.rows.length)}`;
    summary.textContent = shown < card.rows.length ? some : card.title;
    return shown;
  };

  // Only what this script opened is closed by it.
  const fold = (card, wanted) => {
    if (wanted && !card.details.open) {
      card.details.open = card.opened = true;
    } else if (!wanted && card.opened) {
      card.details.open = card.opened = false;
    }
  };

  const remember = () => {
    const state = new URLSearchParams();
    if (query.value) state.set("q", query.value);
    for (const select of selects) {
      if (select.value !== "") state.set(select.name, select.selectedOptions[0].textContent);
    }
    try {
      history.replaceState(null, "", "#" + state);
    } catch {
      // Pages inside a frame without an address of their own cannot keep it.
    }
  };

  const recall = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    if (location.hash && !location.hash.includes("=")) return;
    query.value = state.get("q") ?? "";
    for (const select of selects) {
      const name = state.get(select.name);
      const found = [...select.options].find((option) => option.value !== "" && option.textContent === name);
      select.value = found ? found.value : "";
    }
    apply();
  };

  let timer = 0;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { apply(); remember(); }, 120);
  };
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", changed);
  window.addEventListener("hashchange", recall);

  const folds = () => document.querySelectorAll("main details");
  unfold?.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(open));
    for (const one of folds()) one.open = open;
  });
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...folds()].filter((one) => !one.open);
    for (const one of closed) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });

  form.hidden = false;
  if (location.hash.includes("=")) recall();
})();
