"""The targets by lane, in words that no name can break."""

from types import SimpleNamespace

from reconciler.config.model import Config, Target
from reconciler.report.text.targets import targets_text


def test_a_line_a_target_says_its_domain_what_it_is_and_what_comes_before(tmp_path):
    hostile = "a\x1b[31mb"
    targets = {
        hostile: Target(name=hostile, domain="d\n", sandbox=tmp_path),
        "prod": Target(name="prod", domain="x", after=(hostile,)),
    }
    config = Config(
        root=tmp_path, path=None, specs=tmp_path, targets=targets, default_target="prod"
    )
    group = SimpleNamespace(lane="unpinned", targets=tuple(targets))
    lines = list(targets_text([group], config))
    assert lines[0] == "lane unpinned"
    assert lines[2].split()[:5] == ["prod", "domain", "x", "after", "a\\u001b[31mb"]
    assert lines[1].index("domain") == lines[2].index("domain")
    assert lines[2].endswith("   default")
    assert not any("\x1b" in line or "\n" in line for line in lines)
