"""The HTML report as a browser parses it; tests/browser opens it in a real one."""

import hashlib
import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.config.model import Limits
from reconciler.model.classes import ChangeClass
from reconciler.model.plan import IgnoredField
from reconciler.report.escaping import visible
from reconciler.report.html.changes import MOST_DIFFS
from reconciler.report.html.page import report
from reconciler.report.subject import Links
from reconciler.report.values import shown
from tests.builders import AT, a_plan, case_change, field_change, target_plan
from tests.report import scenes
from tests.report.golden import matches_golden

PLANS = [name for name in scenes.SCENES if "problems" not in name]
TEXTS = st.text(st.characters(), min_size=1, max_size=40)


def parsed(html):
    """The tree, from a parser that forgives nothing."""
    parser = html5lib.HTMLParser(
        html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False
    )
    return parser.parse(html)


def page(name, **more):
    return parsed(report(replace(scenes.SCENES[name](), **more)))


def text_of(tree, without=""):
    """The words of the page; without `ins` it is told as it was, without `del` as it will be."""
    return "".join(_texts(tree.find("body"), without))


def _texts(element, without):
    yield element.text or ""
    for one in element:
        if one.tag != without:
            yield from _texts(one, without)
        yield one.tail or ""


def worded(value, field_type):
    """A value as the page has it somewhere; a word diff has texts without their quotes."""
    return visible(value) if isinstance(value, str) else shown(value, field_type)


def skeleton(tree):
    """Everything of the page but its words: elements and the names of their attributes."""
    return [(one.tag, sorted(one.attrib)) for one in tree.iter()]


def heading(tree):
    return " ".join("".join(tree.find(".//h1").itertext()).split())


def policy(tree):
    meta = tree.find(".//meta[@http-equiv='Content-Security-Policy']")
    rules = (rule.split() for rule in meta.get("content").split(";"))
    return {name: values for name, *values in rules}


def numbers(tree):
    return {
        one.findtext("dt"): one.findtext("dd")
        for one in tree.findall(".//dl[@class='numbers']/div")
    }


def cases(tree):
    """Every case of a plan's page: a card of its own, or a row of one."""
    cards = tree.findall(".//div[@class='cards filtered']//article")
    for card in cards:
        yield from card.findall(".//li") or [card]


@pytest.mark.parametrize("name", scenes.SCENES)
def test_every_page_is_html_that_a_strict_parser_takes(name):
    tree = page(name)
    assert tree.get("lang") == "en"
    assert tree.findtext("head/title").strip()
    assert len(tree.findall(".//h1")) == len(tree.findall(".//main")) == 1
    assert [one.tag for one in tree.find("body")][:3] == ["a", "header", "main"]


@pytest.mark.parametrize("name", scenes.SCENES)
def test_the_policy_allows_its_own_style_and_script_and_nothing_else(name):
    tree = page(name)
    rules = policy(tree)
    for rule, tag in (("style-src", "style"), ("script-src", "script")):
        for element in tree.iter(tag):
            digest = hashlib.sha256(element.text.encode()).digest()
            assert rules[rule] == [f"'sha256-{b64encode(digest).decode()}'"]
            assert element.attrib == {}
    assert len(list(tree.iter("style"))) == 1 >= len(list(tree.iter("script")))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == ["'none'"]
    assert rules["img-src"] == ["data:"]
    assert rules["require-trusted-types-for"] == ["'script'"]


@pytest.mark.parametrize("name", scenes.SCENES)
def test_nothing_is_loaded_and_every_link_out_is_discreet(name):
    tree = page(name)
    for element in tree.iter():
        assert not {"src", "srcset", "style", "action", "data"} & element.attrib.keys()
        assert not any(key.startswith("on") for key in element.attrib)
        href = element.get("href", "")
        if element.tag == "link":
            assert href == "data:,"
        elif href and not href.startswith("#"):
            assert href.startswith("https://github.com/acme/care-cases/")
            assert element.get("rel") == "noopener noreferrer nofollow"
    assert not re.search(r"url\(|@import|https?:", tree.findtext("head/style"))


@pytest.mark.parametrize("name", PLANS)
def test_every_case_field_and_value_of_the_plan_is_on_the_page(name):
    subject = scenes.SCENES[name]()
    tree = page(name)
    said, old, new = text_of(tree), text_of(tree, "ins"), text_of(tree, "del")
    assert len(list(cases(tree))) == subject.plan.changed_cases
    for target in subject.plan.targets:
        for change in target.changes:
            assert visible(change.case_id) in said
            assert visible(change.title) in said
            for entry in change.fields:
                assert worded(entry.before, entry.type) in old
                assert worded(entry.after, entry.type) in new
                words = (entry.name, f"{entry.source.file}:", entry.policy, entry.overrides)
                assert all(visible(word) in said for word in words)
                last = entry.last_change
                if last is not None:
                    words = (last.by, last.principal, last.at, last.commit)
                    assert all(visible(word) in said for word in words)


def test_what_is_unknown_ignored_or_blocked_is_on_the_page_with_its_reason():
    said = text_of(page("unreadable"))
    assert "no reply in 5 attempts" in said
    assert "reference 10023417" in said
    said = text_of(page("conflicts"))
    assert "agents keep it (CHG-7)" in said
    assert "2027-01-31" in said
    flags = [one.text for one in page("blocked").findall(".//section[@class='guards']//code")]
    wanted = ["--allow-cases 30", "--allow-percent 75", "--allow-clears 30"]
    assert flags == [*wanted, "--allow-field Priority=30"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("nothing", "No changes"),
        ("one", "1 field on 1 case to change"),
        ("blocked", "60 fields on 30 cases to change blocked"),
        ("drifted", "Drift: 8 fields on 8 cases"),
        ("unreadable", "2 fields on 2 cases to change 3 unreadable"),
        ("apply_mixed", "Apply incomplete: 11 of 38 cases as planned"),
        ("apply_done", "Apply complete: 3 cases as planned"),
        ("problems", "12 problems in 2 files"),
        ("no_problems", "No problems"),
    ],
)
def test_the_heading_says_what_the_report_says(name, wanted):
    assert heading(page(name)) == wanted


def test_big_numbers_count_and_do_not_call_unread_history_zero_drift():
    assert numbers(page("conflicts")) == {
        "cases": "9",
        "fields": "9",
        "clears": "0",
        "drift": "2",
        "conflicts": "1",
        "unclassified": "0",
        "unreadable": "0",
        "blocking guards": "0",
        "of 19 in sync": "10",
    }
    assert numbers(page("thirty_alike"))["drift"] == "–"
    assert numbers(page("apply_mixed"))["not attempted"] == "22"


def test_a_drift_report_says_nothing_of_applying_and_puts_what_changed_behind_the_specs_first():
    tree = page("drifted")
    counts = numbers(tree)
    assert [counts[kind] for kind in ("drift", "conflicts", "new", "pending")] == list("2151")
    assert not {"clears", "blocking guards"} & counts.keys()
    assert "Cost" not in text_of(tree)
    chips = [one.text for one in tree.findall(".//dd/span") if "chip" in one.get("class")]
    assert chips == ["! conflict", "drift", "pending", "new"]
    pending = case_change("c1", field_change(change_class=ChangeClass.PENDING))
    drift = scenes.Subject(command="drift", plan=a_plan(pending))
    assert heading(parsed(report(drift))) == "No drift"


def test_owners_rules_and_what_a_rollback_undoes_are_named():
    change = case_change("c1", field_change(owner="care-ops"))
    rule = IgnoredField("c2", "note", "Note", "agents keep it", "", AT, "hands-off")
    plan = a_plan(target_plan(change, ignored=(rule,)), rollback_of="ab12" * 16)
    said = text_of(parsed(report(scenes.Subject(command="plan", plan=plan))))
    assert all(word in said for word in ("owner care-ops", "hands-off", "ab12" * 16))


def test_guards_are_counted_beside_their_limits():
    about = page("thirty_alike").find(".//dl[@class='about']")
    assert {"cases 30 of 100", "clears 0 of 10"} <= {one.text for one in about.iter("dd")}


def test_a_refused_apply_is_told_as_the_plan_it_refused():
    tree = page("blocked", command="apply")
    assert heading(tree) == "60 fields on 30 cases to change blocked"


def test_what_went_wrong_in_an_apply_is_told_case_by_case():
    said = " ".join(text_of(page("apply_mixed")).split())
    assert f"conflict, not written, last updated 2026-12-01T08:59:00Z by {scenes.JANE}" in said
    assert "found 4.5 planned (empty) → 5" in said
    assert "AccessDeniedException: UpdateCase: not allowed; grant cases:UpdateCase" in said
    assert "22 cases: --max-failures 1" in said


def test_long_texts_are_shown_by_the_words_that_differ_and_stay_whole():
    tree = page("three_hundred_mixed")
    diff = tree.find(".//span[@class='words']")
    assert [diff.findtext("del"), diff.findtext("ins")] == ["lost.", "found."]
    assert f'"{scenes.STORY}It was found."' in text_of(tree)


def test_beyond_a_bound_long_texts_stand_whole_so_that_no_report_takes_for_ever():
    changes = [
        case_change(f"c{n}", field_change("story", f"{scenes.STORY}{n} lost", f"{scenes.STORY}{n}"))
        for n in range(MOST_DIFFS + 5)
    ]
    tree = parsed(report(scenes.Subject(command="plan", plan=a_plan(*changes))))
    assert len(tree.findall(".//span[@class='words']")) == MOST_DIFFS
    assert f'"{scenes.STORY}{MOST_DIFFS} lost"' in text_of(tree)


def test_each_entry_says_by_position_what_the_filters_may_ask_for():
    tree = page("three_hundred_mixed")
    options = {}
    for select in tree.iter("select"):
        words = [one.text for one in select.findall("option")[1:]]
        options[select.get("name")] = int(select.get("data-at")), words
    found = Counter()
    for case in cases(tree):
        code = case.get("data-e") or next(
            card.get("data-e") for card in tree.iter("article") if case in card.iter()
        )
        entries = [entry.split(".") for entry in code.split()]
        for name, (position, words) in options.items():
            found.update((name, word) for word in {words[int(one[position])] for one in entries})
    assert found["action", "clear"] == found["field", "Score"] == 45
    assert found["file", "specs/outage.yaml"] == 180
    assert found["action", "set"] == 300


def test_full_unfolds_every_group():
    tree = page("thirty_alike", full=True)
    assert all("open" in one.attrib for one in tree.iter("details"))


def test_sealed_values_are_shown_as_their_tag_alone():
    html = report(scenes.redacted())
    assert "(sensitive #3f9a)" in html
    assert "3f9a3f9a" not in html


def test_an_address_that_is_no_web_address_is_only_words():
    links = Links(files="javascript:alert(1)//", commit="javascript:x", run="data:text/html,x")
    tree = page("conflicts", links=links)
    assert all(one.get("href").startswith("#") for one in tree.iter("a"))


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_no_text_of_a_plan_changes_the_page_beyond_its_words(text):
    tree = parsed(report(scenes.hostile((text,))))
    assert skeleton(tree) == skeleton(parsed(report(scenes.hostile(("plain",)))))
    assert visible(text) in text_of(tree)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
@example("a; b")
def test_no_text_of_problems_or_outcomes_changes_the_page_beyond_its_words(text):
    for scene in (scenes.hostile_problems, scenes.hostile_apply):
        tree = parsed(report(scene((text,))))
        assert skeleton(tree) == skeleton(parsed(report(scene(("plain",)))))
        assert visible(text) in text_of(tree)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=40), st.lists(TEXTS, max_size=40))
def test_both_sides_of_a_change_are_complete_however_long(before, after):
    entry = field_change("note", " ".join(["a", *before]), " ".join(["b", *after]))
    target = target_plan(case_change("c1", entry))
    subject = scenes.Subject(command="plan", plan=a_plan(target), limits={"prod": Limits()})
    tree = parsed(report(subject))
    assert visible(entry.before) in text_of(tree, "ins")
    assert visible(entry.after) in text_of(tree, "del")


@pytest.mark.parametrize("name", ["thirty_alike", "conflicts", "apply_mixed", "problems"])
def test_a_page_is_the_one_that_was_agreed_on(name):
    html = report(scenes.SCENES[name]())
    html = re.sub(r"(?s)<(style|script)>.*?</\1>", r"<\1>…</\1>", html)
    html = re.sub(r"'sha256-[^']+'", "'sha256-…'", html)
    matches_golden(f"html_{name}", html)
