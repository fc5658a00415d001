"""How each command may be called, and for each option a value that must change what is seen."""

from dataclasses import dataclass

from tests.e2e.option_world import MORE, ONE, TWO


@dataclass(frozen=True)
class Sample:
    """An option's value as typed, and what stands beside it so that it has something to do.

    `instead` are the words of another call of the same way; `refusing` is a service that takes no
    write.
    """

    words: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    refusing: bool = False


@dataclass(frozen=True)
class Way:
    """One way of calling a command; where an option stands in it, the sample takes its place."""

    words: tuple[str, ...] = ()
    world: str = "fresh"
    typing: bool = False

    def with_(self, option: str, sample: Sample) -> tuple[str, ...]:
        """The call with the option."""
        return (*self._but(option, sample), *sample.beside, option, *sample.words)

    def without(self, option: str, sample: Sample) -> tuple[str, ...]:
        """The call to compare it with."""
        words = self._words(sample) if sample.words else self._but(option, sample)
        return (*words, *sample.beside)

    def _but(self, option: str, sample: Sample) -> tuple[str, ...]:
        words = self._words(sample)
        if option not in words:
            return words
        at = words.index(option)
        return (*words[:at], *words[at + 1 + len(sample.words) :])

    def _words(self, sample: Sample) -> tuple[str, ...]:
        return sample.instead or self.words


def way(words: str = "", **more) -> Way:
    """A way of calling, its words parted at spaces."""
    return Way(tuple(words.split()), **more)


def sample(words: str = "", beside: str = "") -> Sample:
    """A sample, its words parted at spaces."""
    return Sample(tuple(words.split()), tuple(beside.split()))


_OPENED = "--reason CHG-1 --until 2999-12-31 --from-plan plan.json"

WAYS = {
    "init": {"bare": way("new")},
    "validate": {"specs": way(), "json": way("--format json")},
    "fmt": {
        "tree": way(),
        "paths": way("messy"),
        "stdin": way("-"),
    },
    "plan": {
        "specs": way(),
        "json": way("--format json"),
        "saved": way("--out new.json"),
    },
    "apply": {
        "specs": way("--yes"),
        "asked": way(typing=True),
        "plan file": way("plan.json"),
        "retry": way("--retry receipt.json", world="begun"),
    },
    "rollback": {
        "shown": way("receipt.json", world="applied"),
        "saved": way("receipt.json --out undo.json", world="applied"),
        "carried out": way("receipt.json --yes", world="applied"),
        "last": way("--last", world="applied"),
    },
    "runs list": {"text": way(world="twice"), "json": way("--format json", world="twice")},
    "runs show": {
        "text": way("last", world="twice"),
        "json": way("last --format json", world="twice"),
    },
    "show": {
        "plan": way("plan.json"),
        "json": way("plan.json --format json"),
        "against": way("plan.json --against long.json"),
    },
    "drift": {"specs": way(), "json": way("--format json")},
    "targets": {"text": way(), "json": way("--json")},
    "history": {
        "text": way(ONE, world="drifted"),
        "json": way(f"{ONE} --format json", world="drifted"),
    },
    "accept": {
        "drifted": way("--all-drift", world="drifted"),
        "case": way(f"--case {ONE}", world="drifted"),
    },
    "ignore": {
        "field": way(f"{_OPENED} --field Note"),
    },
    "export": {
        "stdout": way("--all"),
        "cases": way(" ".join(f"--case {one}" for one in (ONE, TWO, *MORE))),
        "file": way("--all --out there.yaml --force"),
        "folder": way("--all --out-dir taken --force"),
        "table": way("--all --format csv"),
        "tables": way("--all --format jsonl --out-dir taken --force"),
    },
    "import": {
        "bare": way("table.csv"),
        "file": way("table.csv --out there.yaml --force"),
        "target": way("table.csv --target zulu"),
        "catalog": way("table.csv --catalog catalog.json"),
    },
    "catalog": {
        "shown": way(),
        "quotas": way("--quotas"),
        "saved": way("--out new.json"),
    },
    "completion": {"bash": way("bash")},
    "sandbox serve": {"paced": way("--db cases.db"), "fast": way("--db cases.db --fast")},
    "sandbox seed": {"new": way("--db new.db")},
    "sandbox edit": {"one": way(f"--db cases.db --case {ONE} Note=x")},
    "sandbox reset": {"one": way("--db cases.db")},
}

_OWNERS = "--config owners.yaml"

SAMPLES = {
    "--config": sample("nowhere.yaml"),
    "--target": sample("alpha"),
    ("validate", "json", "--target"): sample("alpha", beside="wrong"),
    "--case": sample(TWO),
    "--field": sample("Score"),
    "--spec": sample("named"),
    "--policy": sample("policy"),
    "--mode": sample("strict"),
    "--by-field": sample(beside="--mode bulk"),
    "--catalog": sample("nowhere.json"),
    "--attribution": sample("7"),
    "--no-attribution": sample(),
    "--yes": sample(),
    "--out": sample("other.yaml"),
    ("export", "cases", "--mode"): sample("strict", beside="--verbose"),
    ("ignore", "--out"): sample("specs/other.yaml"),
    "--format": sample("markdown"),
    ("validate", "--format"): sample("json"),
    ("validate", "json", "--format"): sample("text"),
    ("history", "--format"): sample("json"),
    ("history", "json", "--format"): sample("text"),
    ("export", "--format"): sample("jsonl"),
    ("export", "tables", "--format"): sample("csv"),
    ("import", "--format"): sample("jsonl"),
    **{(f"runs {one}", "--format"): sample("json") for one in ("list", "show")},
    **{(f"runs {one}", "json", "--format"): sample("text") for one in ("list", "show")},
    "--report": sample("json=report.json"),
    "--full": sample(),
    "--ttl": sample("1000"),
    "--detailed-exitcode": sample(),
    "--expect": sample("0123456789ab"),
    "--limit": sample("1"),
    "--last": sample(),
    "--retry": sample("nowhere.json"),
    "--canary": sample("1"),
    "--stages": sample("1,100%"),
    "--pause": sample(beside="--stages 1,100%"),
    "--parallel": sample("1", beside="--config lanes.yaml"),
    "--skip-after": sample(beside="--config lanes.yaml"),
    "--max-failures": Sample(("1",), refusing=True),
    "--override-window": sample("freeze", beside="--config windows.yaml"),
    "--allow-cases": sample("0"),
    "--allow-percent": sample("0"),
    "--allow-clears": sample("0"),
    "--allow-conflicts": sample("5"),
    "--allow-unclassified": sample("0"),
    "--allow-field": sample("Note=0"),
    "--allow-owner": sample("finance", beside=_OWNERS),
    "--allow-empty": sample(beside="empty"),
    ("apply", "plan file", "--allow-empty"): Sample(instead=("nothing.json",)),
    "--join": sample(),
    "--against": sample("long.json"),
    ("show", "against", "--against"): sample("plan.json"),
    "--all-drift": sample(),
    "--dry-run": sample(),
    "--check": sample(),
    "--diff": sample(),
    "--ci": sample("gitlab"),
    ("init", "--policy"): sample(),
    "--from-plan": sample("long.json"),
    "--all": sample(),
    "--reason": sample("CHG-2"),
    "--until": sample("2999-11-30"),
    "--scope": sample("drift"),
    "--where": Sample(("severity = high",)),
    "--template": sample("Outage"),
    "--tag": sample("team=billing"),
    "--out-dir": sample("folder"),
    "--split": sample("template"),
    "--name": sample("other"),
    "--bom": sample(),
    "--force": sample(),
    "--empty": sample("clear"),
    "--null": Sample(("from a table",)),
    "--json": sample(),
    "--changed-since": sample("HEAD"),
    "--schema": sample("schema.json"),
    "--quotas": sample(),
    "--db": sample("other.db"),
    "--account": sample("222233334444"),
    "--region": sample("eu-central-1"),
    "--port": sample("4711"),
    "--fast": sample(),
    "--quota-scale": sample("2"),
    "--latency": sample("1"),
    "--faults": sample("faults.json"),
    "--set": sample("nothing=like-it"),
    "--log": sample("access.log"),
    "--domain": sample("other"),
    "--cases": sample("3"),
    "--seed": sample("2"),
    "--by": sample("sam.lee"),
}

# Promises that nothing of a kind will happen, where nothing of the kind does.
ASSURANCES = {
    ("apply", "plan file", "--yes"),
    ("apply", "retry", "--yes"),
    # No case of these worlds is in conflict, and every history tells the class of its values:
    # test_options.py tries both where there are such.
    *((name, one, "--allow-conflicts") for name in ("plan", "apply") for one in WAYS[name]),
    *((name, one, "--allow-unclassified") for name in ("plan", "apply") for one in WAYS[name]),
    ("apply", "specs", "--no-attribution"),  # with --yes none is read anyway
    # What is left to try again, and what was applied, is of one lane.
    ("apply", "retry", "--parallel"),
    *(("rollback", one, "--parallel") for one in WAYS["rollback"]),
}
