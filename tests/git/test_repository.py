"""Git is asked for objects only: whatever a repository or the environment says, nothing is run."""

import os
import shlex
import shutil
import stat

import pytest

from reconciler.git import repository as git_repository
from reconciler.git.facts import git_facts, history_problem
from reconciler.git.repository import find_repository
from reconciler.git.specs import GitSpecs
from tests.e2e.repository import Repository, plain_git

SPEC = "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: fix}\ncases:\n  - id: c1\n"


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A repository with a config in a subfolder, and a command that leaves a mark when it runs."""
    plain_git(tmp_path, monkeypatch)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("GIT_CEILING_DIRECTORIES", raising=False)
    return World(tmp_path)


class World:
    """The repository, what runs when something goes wrong, and all the questions that are asked."""

    def __init__(self, tmp_path):
        self.tmp = tmp_path
        (tmp_path / "repository").mkdir()
        self.repository = Repository(tmp_path / "repository")
        self.folder = tmp_path / "repository" / "sub"
        (self.folder / "specs").mkdir(parents=True)
        self.spec = self.folder / "specs" / "a.yaml"
        self.spec.write_text(SPEC + "    fields: {note: old}\n")
        self.first = self.repository.commit("First", "2026-01-01T00:00:00Z")
        self.spec.write_text(SPEC + "    fields: {note: new}\n")
        self.second = self.repository.commit("Second", "2026-01-02T00:00:00Z")
        self.mark = tmp_path / "it-ran"
        self.trap = tmp_path / "trap"
        self.trap.write_text(
            f'#!/bin/sh\necho "$0 $*" >> {shlex.quote(str(self.mark))}\ncat\nexit 0\n'
        )
        self.trap.chmod(0o755)

    def answers(self, folder=None):
        """Everything that git is ever asked, as one comparable value."""
        folder = folder or self.folder
        repository = find_repository(folder)
        specs = GitSpecs(folder)
        return (
            repository.prefix,
            repository.problem,
            git_facts(repository, folder, [folder / "specs"]),
            specs.specs_at(self.first[:12], "specs/a.yaml"),
            specs.specs_at("HEAD", "specs/a.yaml"),
            specs.files_naming(self.first, "c1"),
            specs.line_commit("specs/a.yaml", 5, 5),
            specs.line_commit("specs/a.yaml", 6, 6),
            specs.commit(self.second[:12]),
            specs.commit(self.first),
        )

    def ran(self):
        return self.mark.read_text() if self.mark.exists() else ""


SETTINGS = {
    "fsmonitor": "[core]\nfsmonitor = {trap}\n",
    "hooks": "[core]\nhooksPath = {hooks}\n",
    "pager": "[core]\npager = {trap}\n[pager]\nlog = {trap}\nblame = {trap}\ngrep = {trap}\n",
    "editor and askpass": "[core]\neditor = {trap}\naskPass = {trap}\n",
    "filter": (
        '[filter "x"]\nclean = {trap}\nsmudge = {trap}\nprocess = {trap}\nrequired = true\n'
    ),
    "textconv": '[diff "x"]\ntextconv = {trap}\ncommand = {trap}\ncachetextconv = true\n',
    "external diff": "[diff]\nexternal = {trap}\n",
    "signature": (
        '[log]\nshowSignature = true\n[gpg]\nprogram = {trap}\n[gpg "ssh"]\nprogram = {trap}\n'
    ),
    "ssh and proxies": "[core]\nsshCommand = {trap}\ngitProxy = {trap}\n",
    "credentials": "[credential]\nhelper = {trap}\n",
    "alternate refs": "[core]\nalternateRefsCommand = {trap}\n",
    "pack objects": "[uploadpack]\npackObjectsHook = {trap}\n",
    "submodules": "[status]\nsubmoduleSummary = true\n[submodule]\nrecurse = true\n",
    "aliases": "[alias]\nrev-parse = !{trap}\nlog = !{trap}\nls-tree = !{trap}\n",
    "merge drivers": '[merge "x"]\ndriver = {trap}\n',
    "trailers": '[trailer "x"]\ncmd = {trap}\ncommand = {trap}\n',
    "another work tree": "[core]\nworktree = {tmp}\n",
    "bare": "[core]\nbare = true\n",
    "an include": "[include]\npath = {more}\n",
    "a conditional include": '[includeIf "gitdir:/**"]\npath = {more}\n',
    "blame ignores": "[blame]\nignoreRevsFile = {ignored}\n",
    "formats": (
        "[format]\npretty = oneline\n[log]\ndate = iso\nmailmap = true\n[color]\nui = always\n"
        "[grep]\nfullName = true\nlineNumber = true\npatternType = perl\n[core]\nquotePath = true\n"
        "[i18n]\nlogOutputEncoding = UTF-16\n[status]\nshowUntrackedFiles = no\nbranch = true\n"
    ),
    "excludes": "[core]\nexcludesFile = {more}\n",
    "ends of lines": "[core]\nautocrlf = true\nsafecrlf = true\n",
    "a monitor of its own": "[core]\nfsmonitor = true\nuntrackedCache = true\nsplitIndex = true\n",
    "partial": (
        "[core]\nrepositoryFormatVersion = 1\n[extensions]\npartialClone = origin\n"
        '[remote "origin"]\nurl = ext::{trap}\npromisor = true\nuploadpack = {trap}\nvcs = x\n'
        '[protocol]\nallow = always\n[protocol "ext"]\nallow = always\n'
    ),
}


def settings(world, name):
    hooks, more, ignored = (world.tmp / one for one in ("hooks", "more", "ignored"))
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "reference-transaction", "post-checkout", "pre-commit"):
        shutil.copy(world.trap, hooks / hook)
    more.write_text(f"[core]\nfsmonitor = {world.trap}\n[alias]\nlog = !{world.trap}\n")
    ignored.write_text(f"{world.second}\n")
    return SETTINGS[name].format(
        trap=world.trap, hooks=hooks, tmp=world.tmp, more=more, ignored=ignored
    )


def test_the_answers_themselves(world):
    answers = world.answers()
    prefix, problem, facts, then, now, naming, *lines, second, first = answers
    assert (prefix, problem) == ("sub/", "")
    assert (facts.commit, facts.branch, facts.dirty) == (world.second, "main", False)
    assert (len(then), len(now), naming) == (1, 1, ("specs/a.yaml",))
    assert [line.before for line in lines] == [f"{world.first}^", f"{world.second}^"]
    assert (second.subject, first.subject) == ("Second", "First")


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("whose", ["repository", "user"])
def test_no_setting_runs_anything_or_changes_an_answer(world, name, whose, monkeypatch):
    """Attributes, of the tree and of the repository, name the drivers of the settings."""
    before = world.answers()
    text = settings(world, name)
    if whose == "repository":
        with (world.repository.folder / ".git" / "config").open("a") as file:
            file.write(text)
    else:
        (world.tmp / "home" / ".gitconfig").write_text(text)
        monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    attributes = "* filter=x diff=x merge=x text working-tree-encoding=UTF-16 ident\n*.yaml -diff\n"
    (world.repository.folder / ".git" / "info").mkdir(exist_ok=True)
    (world.repository.folder / ".git" / "info" / "attributes").write_text(attributes)
    (world.repository.folder / ".gitattributes").write_text(attributes)
    os.utime(world.spec, (1, 1))  # git would look at its content again
    assert world.answers() == before
    assert world.ran() == ""


@pytest.mark.parametrize("how", ["files", "index", "work tree"])
def test_a_tracked_bare_repository_beside_the_config_is_not_believed(world, how):
    """What a pull request can bring: its files are named like those of a repository."""
    before = world.answers()
    inner = world.folder
    world.repository.git("init", "--quiet", "--bare", str(inner))
    with (inner / "config").open("a") as file:
        file.write(
            f"[core]\nfsmonitor = {world.trap}\nworktree = {inner}\nbare = false\n"
            f'[filter "x"]\nclean = {world.trap}\n'
        )
    (inner / ".gitattributes").write_text("* filter=x\n")
    if how != "files":
        shutil.copy(world.repository.folder / ".git" / "index", inner / "index")
    if how == "work tree":
        shutil.copytree(
            world.repository.folder / ".git" / "refs", inner / "refs", dirs_exist_ok=True
        )
        shutil.copytree(
            world.repository.folder / ".git" / "objects", inner / "objects", dirs_exist_ok=True
        )
    assert world.answers() == before
    assert world.ran() == ""


def test_a_bare_repository_without_one_around_it_is_no_repository(world, tmp_path_factory):
    alone = tmp_path_factory.mktemp("alone")
    world.repository.git("clone", "--quiet", "--bare", str(world.repository.folder), str(alone))
    (alone / "sub" / "specs").mkdir(parents=True)
    assert find_repository(alone / "sub").commit == ""
    assert find_repository(alone).commit == ""


ENVIRONMENT = {
    "GIT_DIR": "{other}",
    "GIT_WORK_TREE": "{other}",
    "GIT_INDEX_FILE": "{other}/index",
    "GIT_OBJECT_DIRECTORY": "{other}",
    "GIT_COMMON_DIR": "{other}",
    "GIT_NAMESPACE": "x",
    "GIT_CEILING_DIRECTORIES": "{top}",
    "GIT_EXTERNAL_DIFF": "{trap}",
    "GIT_PAGER": "{trap}",
    "PAGER": "{trap}",
    "GIT_SSH_COMMAND": "{trap}",
    "GIT_ASKPASS": "{trap}",
    "GIT_EDITOR": "{trap}",
    "GIT_EXEC_PATH": "{hooks}",
    "GIT_CONFIG_PARAMETERS": "'core.fsmonitor={trap}' 'core.bare=true'",
    "GIT_CONFIG": "{other}",
    "GIT_TRACE": "{mark}",
    "GIT_TRACE2": "{mark}",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ICASE_PATHSPECS": "1",
    "GIT_DEFAULT_HASH": "sha256",
    "GIT_ATTR_SOURCE": "nope",
    "GIT_REPLACE_REF_BASE": "refs/heads",
    "GIT_SHALLOW_FILE": "{other}",
    "GIT_GRAFT_FILE": "{other}",
    "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1",
    "LC_ALL": "de_DE.UTF-8",
    "LANGUAGE": "de",
}


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_nothing_in_the_environment_changes_an_answer(world, name, monkeypatch):
    before = world.answers()
    other = world.tmp / "other"
    other.mkdir()
    world.repository.git("init", "--quiet", str(other))
    value = ENVIRONMENT[name].format(
        other=other / ".git", top=world.folder, trap=world.trap, hooks=world.tmp, mark=world.mark
    )
    monkeypatch.setenv(name, value)
    assert world.answers() == before
    assert world.ran() == ""


def test_settings_given_by_number_in_the_environment_change_nothing(world, monkeypatch):
    before = world.answers()
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(world.trap))
    assert world.answers() == before
    assert world.ran() == ""


def test_a_git_of_the_checkout_is_not_run(world, monkeypatch):
    before = world.answers()
    shutil.copy(world.trap, world.folder / "git")
    monkeypatch.chdir(world.folder)
    for path in (".", "", "sub:"):
        monkeypatch.setenv("PATH", f"{path}:{os.environ['PATH']}")
        assert world.answers() == before
    monkeypatch.setenv("PATH", ".")
    assert "not installed" in find_repository(world.folder).problem
    assert world.ran() == ""


def test_replaced_and_grafted_commits_are_told_as_they_are(world):
    before = world.answers()
    world.repository.git("replace", world.second, world.first)
    (world.repository.folder / ".git" / "info").mkdir(exist_ok=True)
    (world.repository.folder / ".git" / "info" / "grafts").write_text(f"{world.second}\n")
    assert world.answers() == before


def test_a_branch_with_the_name_of_a_commit_is_not_taken_for_it(world):
    before = world.answers()
    world.repository.git("update-ref", f"refs/heads/{world.first[:12]}", world.second)
    world.repository.git("update-ref", "refs/tags/main", world.first)
    world.repository.git("update-ref", "refs/heads/HEAD", world.first)
    assert world.answers() == before


def test_hooks_of_the_repository_do_not_run(world):
    before = world.answers()
    hooks = world.repository.folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(world.trap, hooks / hook)
    os.utime(world.spec, (1, 1))
    assert world.answers() == before
    assert world.ran() == ""


def test_a_linked_work_tree_and_a_submodule_are_repositories_too(world, tmp_path_factory):
    linked = tmp_path_factory.mktemp("linked") / "tree"
    world.repository.git("worktree", "add", "--quiet", "-b", "other", str(linked))
    facts = git_facts(find_repository(linked / "sub"), linked / "sub", [linked / "sub" / "specs"])
    assert (facts.commit, facts.branch, facts.dirty) == (world.second, "other", False)
    assert GitSpecs(linked / "sub").commit(world.first[:12]).subject == "First"


def test_nothing_is_written_anywhere(world):
    """Not even the index, which `git status` brings up to date."""
    folder = world.repository.folder / ".git"
    os.utime(world.spec, (1, 1))

    def state():
        return {str(path): path.lstat().st_mtime_ns for path in sorted(folder.rglob("*"))}

    before = state()
    world.answers()
    assert state() == before


def test_a_partial_clone_is_named_and_fetches_nothing(world, tmp_path_factory):
    clone = tmp_path_factory.mktemp("clone")
    world.repository.git("config", "uploadpack.allowFilter", "true")
    url = f"file://{world.repository.folder}"
    world.repository.git("clone", "--quiet", "--filter=blob:none", url, str(clone))
    world.repository.git("-C", str(clone), "config", "remote.origin.uploadpack", str(world.trap))
    found = find_repository(clone / "sub")
    specs = GitSpecs(clone / "sub")
    assert specs.specs_at(world.first, "specs/a.yaml") == ()
    assert len(specs.specs_at("HEAD", "specs/a.yaml")) == 1
    assert "partial" in history_problem(found)
    assert world.ran() == ""


def test_a_shallow_clone_is_named(world, tmp_path_factory):
    clone = tmp_path_factory.mktemp("clone")
    url = f"file://{world.repository.folder}"
    world.repository.git("clone", "--quiet", "--depth", "1", url, str(clone))
    found = find_repository(clone / "sub")
    assert found.commit == world.second
    assert "shallow" in history_problem(found)
    assert GitSpecs(clone / "sub").commit(world.second).subject == "Second"
    assert history_problem(find_repository(world.folder)) == ""


@pytest.fixture
def foreign(world, monkeypatch):
    """A git that takes every repository for another user's, as its own tests make it do."""
    folder = world.tmp / "foreign"
    folder.mkdir()
    script = f'exec env GIT_TEST_ASSUME_DIFFERENT_OWNER=1 {shutil.which("git")} "$@"'
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_a_checkout_of_another_user_is_named_unless_it_is_trusted(world, foreign, monkeypatch):
    found = find_repository(world.folder)
    assert found.commit == ""
    assert "belongs to another user" in found.problem
    assert f"safe.directory {world.repository.folder}" in found.problem
    # A repository does not vouch for itself, nor does the environment.
    with (world.repository.folder / ".git" / "config").open("a") as file:
        file.write("[safe]\ndirectory = *\n")
    assert find_repository(world.folder).commit == ""
    file = world.tmp / "settings"
    monkeypatch.setenv("HOME", str(world.tmp))
    for text in ("*", str(world.repository.folder), "~/repository"):
        file.write_text(f'[safe]\n\tdirectory = /else\n\tdirectory = "{text}"\n')
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(file))
        assert find_repository(world.folder).commit == world.second, text
    file.write_text(f"[include]\npath = {world.tmp / 'in'}\n[core]\nfsmonitor = {world.trap}\n")
    (world.tmp / "in").write_text("[safe]\ndirectory = *\n")
    prefix, problem, facts, *_ = world.answers()
    assert (prefix, problem, facts.commit, facts.dirty) == ("sub/", "", world.second, False)
    file.write_text("[safe]\ndirectory = *\ndirectory =\n")  # an empty one takes all back
    assert find_repository(world.folder).commit == ""
    assert world.ran() == ""


def test_without_git_the_reason_is_named_where_there_is_a_repository(world, monkeypatch):
    monkeypatch.setenv("PATH", str(world.tmp / "nothing"))
    assert "not installed" in find_repository(world.folder).problem
    assert find_repository(world.tmp / "home").problem == ""


@pytest.mark.parametrize(
    "text",
    ["gitdir: /nowhere/at/all\n", "nonsense\n", "", "gitdir: .\n", "gitdir: ..\n"],
)
def test_a_file_that_points_to_no_repository_is_none(world, text):
    folder = world.folder / "linked"
    folder.mkdir()
    (folder / ".git").write_text(text)
    found = find_repository(folder)
    assert found.commit in ("", world.second)
    assert found.problem or found.commit


def test_an_empty_git_folder_is_passed_over_as_git_does(world):
    (world.folder / ".git").mkdir()
    assert find_repository(world.folder).commit == world.second
    assert world.answers()[0] == "sub/"


def test_a_repository_of_the_other_digest(world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wide")
    world.repository.git("init", "--quiet", "--object-format=sha256", str(folder))
    (folder / "specs").mkdir()
    (folder / "specs" / "a.yaml").write_text(SPEC)
    for words in (("add", "."), ("commit", "--quiet", "-m", "Wide")):
        world.repository.git("-C", str(folder), *words)
    facts = git_facts(find_repository(folder), folder, [folder / "specs"])
    assert (len(facts.commit), facts.dirty) == (64, False)
    specs = GitSpecs(folder)
    assert specs.commit(facts.commit).subject == "Wide"
    assert specs.line_commit("specs/a.yaml", 1, 2).before == f"{facts.commit}^"


def test_a_git_that_hangs_is_waited_for_once(world, monkeypatch):
    repository = find_repository(world.folder)
    slow = world.tmp / "slow"
    slow.mkdir()
    (slow / "git").write_text(
        f"#!/bin/sh\necho x >> {shlex.quote(str(world.mark))}\nexec sleep 60\n"
    )
    (slow / "git").chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{slow}:{os.environ['PATH']}")
    monkeypatch.setattr(git_repository, "SECONDS", 0.2)
    for _ in range(5):
        assert repository.ask("log") == b""
    assert world.ran() == "x\n"


def test_names_with_every_character_are_asked_for_as_they_are(world):
    names = [":(glob)x.yaml", "a b*.yaml", "[ab].yaml", "-x.yaml", 'q"\\.yaml', "ü\n\u202e.yaml"]
    for name in names:
        (world.folder / "specs" / name).write_text(f"{SPEC}    fields: {{note: x}}\n")
    world.repository.commit("Names")
    repository, specs = find_repository(world.folder), GitSpecs(world.folder)
    assert not git_facts(repository, world.folder, [world.folder / "specs"]).dirty
    found = specs.files_naming("HEAD", "c1")
    assert set(found) == {"specs/a.yaml", *(f"specs/{name}" for name in names)}
    for name in names:
        assert len(specs.specs_at("HEAD", f"specs/{name}")) == 1
        assert specs.line_commit(f"specs/{name}", 1, 1) is not None
        one = world.folder / "specs" / name
        assert not git_facts(repository, world.folder, [one]).dirty
    (world.folder / "specs" / names[0]).write_text(SPEC + "# more\n")
    assert git_facts(repository, world.folder, [world.folder / "specs" / names[0]]).dirty
    assert not git_facts(repository, world.folder, [world.folder / "specs" / names[1]]).dirty
