"""A subject as GitLab's Code Quality report: an array of findings on lines."""

import json

from reconciler.report.escaping import visible
from reconciler.report.scanners.findings import findings
from reconciler.report.subject import Subject


def report(subject: Subject) -> str:
    """The keys that GitLab reads; it shows one finding a fingerprint, and no path with `./`."""
    data = [
        {
            "description": finding.message,
            "check_name": finding.rule,
            "fingerprint": finding.fingerprint,
            "severity": finding.kind.severity,
            "location": {
                "path": visible(subject.links.path(finding.at)),
                "lines": {"begin": finding.at.line},
            },
        }
        for finding in findings(subject)
    ]
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
