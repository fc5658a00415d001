"""A subject as SARIF 2.1.0, for code scanning on GitHub and for editors."""

import json
from urllib.parse import quote

from reconciler import __version__
from reconciler.model.diagnostic import Source
from reconciler.model.plural import plural
from reconciler.report.escaping import cut, visible
from reconciler.report.scanners.findings import Finding, findings
from reconciler.report.subject import Links, Subject

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# GitHub refuses a run with more results or rules, and shows the gravest 5,000 results.
MOST_RESULTS = 25_000
MOST_DESCRIBED = 1_000  # characters of a rule's description; GitHub shows 1,024
_CUT_HELP = "Plan fewer specs at once, or read the plan in another format."


def report(subject: Subject) -> str:
    """One run; a file that had to be cut begins with a result that says by how many.

    No `primaryLocationLineHash`: GitHub's upload action makes it, and warns of any other. No
    `automationDetails`: it would overrule the category that a workflow gives its upload.
    """
    found = findings(subject)
    # Where results are cut, one place goes to the result that says so.
    kept = found if len(found) <= MOST_RESULTS else found[: MOST_RESULTS - 1]
    rules = {one.rule: _rule(one) for one in kept}
    numbers = {rule: number for number, rule in enumerate(rules)}
    results = [_result(one, numbers[one.rule], subject.links) for one in kept]
    if len(kept) < len(found):
        rules["cut"] = _described("cut", "This report had to be cut", _CUT_HELP, "warning")
        cut_note = _note("cut", len(rules) - 1, "warning", _cut(len(kept), len(found)))
        results.insert(0, cut_note | {"locations": results[0]["locations"]})
    version = visible(subject.plan.tool_version) if subject.plan else __version__
    # The version that made the plan, since its findings are what is shown.
    driver = {"name": "reconcile", "version": version, "rules": list(rules.values())}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    data = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def plain_message(text: str) -> str:
    """Text in which SARIF sees neither a placeholder nor a link.

    Braces are doubled, as the standard asks. A backslash keeps a bracket from the parenthesis
    after it; visible text has only doubled ones of its own, so both can be undone.
    """
    return text.replace("{", "{{").replace("}", "}}").replace("](", "]\\(")


def _cut(kept: int, found: int) -> str:
    return (
        f"{plural(found - kept, 'result')} of {found:,} left out: {MOST_RESULTS:,} are the most "
        "that GitHub takes; the gravest are here, and the other formats have all"
    )


def _rule(finding: Finding) -> dict[str, object]:
    about = finding.kind.about
    about += f": {finding.rule}" if finding.rule != finding.kind.id else ""
    return _described(finding.rule, about, finding.kind.help, finding.kind.level)


def _described(rule: str, about: str, help_text: str, level: str) -> dict[str, object]:
    """All that GitHub asks of a rule; its texts may double in length when braces do."""
    short = cut(about, MOST_DESCRIBED // 2)
    return {
        "id": rule,
        "shortDescription": {"text": plain_message(short)},
        "fullDescription": {"text": f"{plain_message(short)}."},
        "help": {"text": plain_message(help_text)},
        "defaultConfiguration": {"level": level},
    }


def _result(finding: Finding, number: int, links: Links) -> dict[str, object]:
    return _note(finding.rule, number, finding.kind.level, finding.message) | {
        "locations": [_location(finding.at, links)],
        "partialFingerprints": {"reconcile/v1": finding.fingerprint},
    }


def _note(rule: str, number: int, level: str, text: str) -> dict[str, object]:
    message = {"text": plain_message(text)}
    return {"ruleId": rule, "ruleIndex": number, "level": level, "message": message}


def _location(at: Source, links: Links) -> dict[str, object]:
    # A file name need not be Unicode: its bytes are encoded as they are.
    uri = quote(links.path(at).encode("utf-8", "surrogatepass"))
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": at.line, "startColumn": at.column},
        }
    }
