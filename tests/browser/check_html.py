"""Open the HTML report in a real browser, and prove what only a browser can prove.

`python -m tests.browser.check_html [FOLDER]`: needs Chromium on the PATH; with a folder, also
leaves pictures of every scene there.
"""

import asyncio
import base64
import json
import sys
import tempfile
import time
from pathlib import Path

from reconciler.report.html.page import report
from tests.browser.devtools import NAMES, a_tab, browser
from tests.report import scenes

PROBES = Path(__file__).with_name("probes.js").read_text(encoding="utf-8")
INJECTED = (
    "<script>window.ran = 1</script>"
    '<img src="http://127.0.0.1:9/a.png" onerror="window.ran = 1">'
    '<link rel="stylesheet" href="http://127.0.0.1:9/a.css">'
    '<iframe src="http://127.0.0.1:9/"></iframe>'
    '<p style="color: red" onclick="window.ran = 1" id="poked">x</p>'
    '<a href="javascript:window.ran = 1" id="followed">x</a>'
)


class Results:
    """What was proved, and what was not; a table at the end."""

    def __init__(self):
        self.failed = 0

    def say(self, name, wanted, found):
        """One row."""
        good = wanted == found
        self.failed += not good
        line = f"{'ok  ' if good else 'FAIL'} {name}"
        sys.stdout.write(
            line + ("" if good else f"\n     wanted {wanted!r}\n     found  {found!r}")
        )
        sys.stdout.write("\n")

    def tell(self, name, value):
        """One measurement, which cannot fail."""
        sys.stdout.write(f"     {name:<58} {value}\n")


class Bench:
    """A tab, a folder of reports, and the results."""

    def __init__(self, tab, folder, results):
        self.tab = tab
        self.folder = folder
        self.results = results

    async def open(self, name, html=None, hash=""):
        """Load a report; the time it took until everything was there, in seconds."""
        path = self.folder / f"{name}.html"
        if html is not None or not path.exists():
            path.write_text(html or report(getattr(scenes, name)()), encoding="utf-8")
        return await self.tab.open(path.as_uri() + hash)

    async def probe(self, name, *arguments):
        """One of the functions of probes.js."""
        given = ", ".join(map(json.dumps, arguments))
        return await self.tab.ask(f"({PROBES}).{name}({given})")


async def every_scene(bench):
    """Whatever a report is about, the page is whole, quiet, inert and readable."""
    tab, say = bench.tab, bench.results.say
    for name in scenes.SCENES:
        found = {}
        for scheme in ("light", "dark"):
            for width in (1280, 400):
                await tab.look(width=width, scheme=scheme)
                await bench.open(name)
                where = f"{width} {scheme}"
                found[f"{where}: says"] = tab.errors[:3]
                found[f"{where}: asks for"] = tab.requests[1:]
                found[f"{where}: too pale"] = await bench.probe("pale")
                found[f"{where}: too wide"] = max(0, await bench.probe("wide"))
        found["acts"] = await bench.probe("active")
        found["has no name"] = await bench.probe("nameless")
        faults = {what: fault for what, fault in found.items() if fault}
        say(f"{name}: nothing said, asked for, pale, wide, active or nameless", {}, faults)


async def filters(bench):
    """The filters show what they say, and the address remembers them."""
    say = bench.results.say
    await bench.tab.look()
    table = (
        ("three_hundred_mixed", {}, "300 cases"),
        ("three_hundred_mixed", {"action": "clear"}, "45 of 300 cases"),
        ("three_hundred_mixed", {"field": "Note", "action": "clear"}, "45 of 300 cases"),
        ("three_hundred_mixed", {"field": "Score", "action": "clear"}, "0 of 300 cases"),
        ("three_hundred_mixed", {"file": "specs/outage.yaml"}, "180 of 300 cases"),
        ("three_hundred_mixed", {"q": scenes.case_id(7)}, "1 of 300 cases"),
        ("three_hundred_mixed", {"q": "LOST found"}, "1 of 300 cases"),
        ("three_hundred_mixed", {"q": "no such words"}, "0 of 300 cases"),
        ("conflicts", {"class": "drift"}, "2 of 9 cases"),
        ("conflicts", {"class": "conflict"}, "1 of 9 cases"),
        ("conflicts", {"q": "crm-sync"}, "2 of 9 cases"),
        ("apply_mixed", {"outcome": "not attempted"}, "22 of 38 cases"),
        ("problems", {"code": "contradiction"}, "2 of 12 problems"),
        ("problems", {"q": "urgent", "file": "specs/b.yaml"}, "1 of 12 problems"),
    )
    for name, choices, wanted in table:
        await bench.open(name)
        found = await bench.probe("filter", choices)
        say(f"{name}: {choices} shows {wanted}", wanted, found)
        if choices:
            shown = await bench.probe("visible", "article:not(:has(li)), .filtered li, tr[data-e]")
            state = await bench.tab.ask("location.hash")
            await bench.open(name, hash=state)
            again = await bench.tab.ask("document.querySelector('output').textContent")
            say(f"  and its address {state} shows it again", wanted, again)
            counted = int(wanted.split()[0])
            say("  and shows no other", True, shown <= counted)
    await bench.tab.ask("document.querySelector('[type=reset]').click()")
    cleared = await bench.probe("filter", {})
    say("Clear shows everything", "12 problems", cleared)
    say("nothing was said while filtering", [], bench.tab.errors)


async def without_scripts(bench):
    """Everything can be read, and printed, where scripts are off."""
    tab, say = bench.tab, bench.results.say
    await tab.look(scripts=False)
    await bench.open("three_hundred_mixed")
    say("no scripts: the filters are not offered", 0, await bench.probe("visible", "form"))
    count = "document.querySelectorAll('article:not(:has(li)), .filtered li').length"
    say("no scripts: every case is on the page", 300, await tab.ask(count))
    await tab.ask("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    seen = await bench.probe("visible", "article:not(:has(li)), .filtered li")
    say("no scripts: every case can be unfolded", 300, seen)
    await tab.look(scripts=False, media="print")
    await bench.open("three_hundred_mixed")
    seen = await bench.probe("visible", "article:not(:has(li)), .filtered li")
    say("printed: every case is unfolded", 300, seen)
    await tab.look()


async def injected(bench):
    """Markup that got past the escaping still could not run, load or send anything."""
    page = report(scenes.thirty_alike()).replace("<main", INJECTED + "<main", 1)
    await bench.open("injected", html=page)
    await bench.tab.ask("document.getElementById('poked').click()")
    await bench.tab.ask("document.getElementById('followed').click()")
    say = bench.results.say
    say(
        "injected script, handlers and javascript: do not run",
        None,
        await bench.tab.ask("window.ran"),
    )
    colour = "getComputedStyle(document.getElementById('poked')).color"
    say("injected style is not applied", True, "255, 0, 0" not in await bench.tab.ask(colour))
    refused = sum("Content Security Policy" in text for text in bench.tab.errors)
    say("the policy says so for each", True, refused >= 6)
    made = "(() => { try { document.body.innerHTML = '<b>'; return 1 } catch { return 0 } })()"
    say("no script can make markup from text", 0, await bench.tab.ask(made))


async def keyboard(bench):
    """The first key leads past the head, and what is folded opens with the keyboard."""
    await bench.open("thirty_alike")
    await _press(bench.tab, "Tab", 9)
    focused = "document.activeElement.textContent"
    bench.results.say("Tab: the skip link", "Skip to the changes", await bench.tab.ask(focused))
    await _press(bench.tab, "Enter", 13)
    bench.results.say(
        "Enter: the changes", "MAIN", await bench.tab.ask("document.activeElement.tagName")
    )
    await bench.tab.ask("document.querySelector('article summary').focus()")
    await _press(bench.tab, "Enter", 13)
    bench.results.say("Enter: unfolds", 30, await bench.probe("visible", ".filtered li"))


async def _press(tab, key, code):
    text = {"text": "\r"} if key == "Enter" else {}
    for kind in ("keyDown", "keyUp"):
        more = text if kind == "keyDown" else {}
        await tab.send(
            "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **more
        )


async def large(bench):
    """Fifty thousand cases open, and can be searched."""
    tell, say = bench.results.tell, bench.results.say
    for name in ("fifty_thousand", "fifty_thousand_single"):
        subject = scenes.fifty_thousand() if name == "fifty_thousand" else single()
        began = time.perf_counter()
        html = report(subject)
        tell(f"{name}: made in", f"{time.perf_counter() - began:.2f} s")
        tell(f"{name}: size", f"{len(html.encode()) / 1e6:.1f} MB")
        seconds = await bench.open(name, html=html)
        tell(f"{name}: loaded in", f"{seconds:.2f} s")
        paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
        tell(f"{name}: first painted after", f"{await bench.tab.ask(paint) / 1000:.2f} s")
        tell(
            f"{name}: elements", f"{await bench.tab.ask('document.querySelectorAll(`*`).length'):,}"
        )
        count = "document.querySelectorAll('article:not(:has(li)), .filtered li').length"
        say(f"{name}: every case is on the page", 50_000, await bench.tab.ask(count))
        for words in (scenes.case_id(41_234), "kettle"):
            began = time.perf_counter()
            found = await bench.probe("filter", {"q": words})
            tell(f"{name}: {found}, pause included", f"{time.perf_counter() - began:.2f} s")
        say(f"{name}: nothing said", [], bench.tab.errors)


def single():
    """Fifty thousand cases, no two of them alike."""
    from tests.builders import a_plan, case_change, field_change, target_plan

    changes = [
        case_change(
            scenes.case_id(n),
            field_change("note", f"old {n}", f"new {n}", source=scenes.at(n + 1)),
            title=scenes.title(n),
        )
        for n in range(50_000)
    ]
    return scenes.Subject(
        command="plan", plan=a_plan(target_plan(*changes, managed=60_000)), links=scenes.LINKS
    )


async def pictures(bench, folder):
    """Every scene as it looks, for people."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in scenes.SCENES:
        for scheme in ("light", "dark"):
            for width in (1280, 400):
                await bench.tab.look(width=width, scheme=scheme)
                await bench.open(name)
                height = min(4_000, await bench.tab.ask("document.documentElement.scrollHeight"))
                await bench.tab.look(width=width, height=height, scheme=scheme)
                shot = await bench.tab.send("Page.captureScreenshot", format="png")
                path = folder / f"{name}-{width}-{scheme}.png"
                path.write_bytes(base64.b64decode(shot["data"]))
        await bench.tab.look()
        await bench.open(name)
        printed = await bench.tab.send("Page.printToPDF", printBackground=True)
        (folder / f"{name}.pdf").write_bytes(base64.b64decode(printed["data"]))


async def check(program, picture_folder):
    """All checks; how many failed."""
    results = Results()
    with tempfile.TemporaryDirectory() as folder:
        async with a_tab(program) as tab:
            bench = Bench(tab, Path(folder), results)
            for one in (every_scene, filters, without_scripts, injected, keyboard, large):
                await one(bench)
            if picture_folder:
                await pictures(bench, Path(picture_folder))
    return results.failed


def main(arguments):
    """0: everything proved. 1: something is not so. 2: there is no browser to ask."""
    program = browser()
    if program is None:
        sys.stderr.write(f"no Chromium on the PATH; looked for {', '.join(NAMES)}\n")
        return 2
    failed = asyncio.run(check(program, next(iter(arguments), None)))
    sys.stdout.write(f"{failed} failed\n" if failed else "all proved\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
