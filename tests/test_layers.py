"""The order of the stages: each imports only what stands above it on the way, or the ground."""

from __future__ import annotations

import ast
import gc
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import networkx as nx
import pytest

from transpiler.model.implementation import Implementation
from transpiler.model.task import Dag
from transpiler.model.template import TemplateRef
from transpiler.patterns import Later
from transpiler.rules import codes

PACKAGE = Path(__file__).parent.parent / "transpiler"
GROUND = ("atomic", "diagnostics", "patterns", "programs", "resources", "suggest", "argo", "rules")
WAY = (
    "read",
    "model",
    "build",
    "catalog",
    "workspace",
    "resolve",
    "dataflow",
    "bindings",
    "check",
    "lower",
    "plan",
    "render",
    "lock",
    "analysis",
    "compiler",
    "report",
    "layout",
    "runs",
    "engine",
    "rehearsal",
    "executors",
    "local",
    "graph",
    "drawing",
    "views",
    "authoring",
    "revisions",
    "fetch",
    "cluster",
    "gitops",
    "cli",
)
"""In the order of the way. `__init__` and `__main__` are doors, not stages."""
OPENS_FILES = {
    "analysis",
    "atomic",
    "authoring",
    "catalog",
    "cli",
    "executors",
    "fetch",
    "local",
    "programs",
    "resources",
    "revisions",
    "rules",
    "workspace",
}
HEAVY = {
    "networkx": {"resolve"},
    "jinja2": {"drawing", "render", "views"},
    "jsonschema": {"read"},
    "rich": {"cli"},
    "ruamel": {"read", "cli"},
    "shtab": {"cli"},
}


def stage_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if not stage_of(path).startswith("__")]


def imports(path: Path, *, top_level: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from names if node.module == "transpiler" else [node.module or ""]
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def named_imports(path: Path) -> Iterator[str]:
    """Each name that a module imports, with the module that it is taken from: it may be a module itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rank(stage: str) -> int:
    return 0 if stage in GROUND else 1 + WAY.index(stage)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_up(path: Path) -> None:
    stage = stage_of(path)
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "transpiler" and not rest.startswith("__"):
            other = rest.split(".")[0]
            assert rank(other) < rank(stage) or other == stage or {other, stage} <= set(GROUND), f"{stage} → {other}"
        if top in HEAVY:
            assert stage in HEAVY[top], f"{stage} imports {top}"


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def test_modules_import_each_other_in_no_circle() -> None:
    """Imports for the types alone and those inside functions count too: a circle is one whenever it is closed."""
    known = {module_of(path) for path in modules()}
    graph: nx.DiGraph[str] = nx.DiGraph()
    for path in modules():
        for name in named_imports(path):
            graph.add_edges_from((module_of(path), each) for each in {name, name.rpartition(".")[0]} & known)
    circles = [sorted(each) for each in nx.strongly_connected_components(graph) if len(each) > 1]
    assert graph.number_of_edges() > 1000
    assert not circles


def test_kinds_of_callee_are_asked_and_not_told_apart() -> None:
    """A new kind is one class: only what opens a kind, to go through what stands in it, names that kind."""
    opened = {
        "check/component/ports.py": {"Dag"},
        "lock/needs.py": {"Dag"},
        "plan/templates/dag.py": {"TemplateRef"},
        "resolve/callees.py": {"Dag"},
    }
    kinds = {each.__name__ for each in Implementation.__subclasses__()}
    assert {Dag.__name__, TemplateRef.__name__} <= kinds
    told_apart = {path.relative_to(PACKAGE).as_posix(): kinds & set(told_apart_in(path)) for path in modules()}
    assert {path: names for path, names in told_apart.items() if names} == opened


def told_apart_in(path: Path) -> Iterator[str]:
    """The types that a module looks for in a value."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            yield from (each.id for each in ast.walk(node.args[1]) if isinstance(each, ast.Name))
        elif isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name):
            yield node.cls.id


def test_only_some_stages_touch_files() -> None:
    touched = {path: sorted(touches(path.read_text(encoding="utf-8"))) for path in modules()}
    elsewhere = {path.name: calls for path, calls in touched.items() if calls and stage_of(path) not in OPENS_FILES}
    assert not elsewhere
    assert {stage_of(path) for path, calls in touched.items() if calls} == OPENS_FILES


def touches(source: str) -> Iterator[str]:
    """What code does with the file system: `open`, methods that only a Path has, functions of the modules for files."""
    tree = ast.parse(source)
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in OF_FILES:
            yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name not in WITHOUT_FILES)
        elif isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            is_of_a_path = node.attr in OF_A_PATH and owner != "self" and (node in called or owner == "Path")
            if is_of_a_path or (owner.split(".")[0] in OF_FILES and node.attr not in WITHOUT_FILES):
                yield f"{owner}.{node.attr}"
        elif isinstance(node, ast.Name) and node.id == "open":
            yield "open"


OF_A_PATH: Final = set(
    "open read_text read_bytes write_text write_bytes iterdir glob rglob exists is_file is_dir is_symlink stat "
    "lstat readlink samefile touch mkdir rmdir unlink rename symlink_to hardlink_to chmod expanduser cwd".split()
)
"""Methods of Path that ask or change a file system, but for `replace`, which texts have too, and `resolve`."""
OF_FILES: Final = {
    "os",
    "os.path",
    "shutil",
    "glob",
    "tempfile",
    "fileinput",
    "mmap",
    "zipfile",
    "tarfile",
    "linecache",
}
WITHOUT_FILES: Final = set("path environ sep PathLike fspath fsdecode join relpath normpath dirname basename".split())
"""What these modules have that touches no file."""


@pytest.mark.parametrize(
    "source",
    [
        "path.open()", "open('a')", "os.walk('.')", "os.scandir('.')", "os.path.exists('a')", "Path('a').is_file()",
        "from os import walk", "import shutil\nshutil.copy('a', 'b')", "path.glob('*')", "map(Path.read_text, paths)",
        "os.path.isdir('a')", "glob.glob('*')", "tempfile.mkdtemp()", "opener = open", "path.exists()",
    ],
)  # fmt: skip
def test_what_touches_files_is_seen(source: str) -> None:
    assert list(touches(source))


@pytest.mark.parametrize(
    "source", ["os.path.join('a', 'b')", "text.replace('a', 'b')", "ast.walk(tree)", "os.environ['A']"]
)
def test_what_touches_no_file_is_let_through(source: str) -> None:
    assert not list(touches(source))


def test_only_fetching_touches_the_network_and_few_start_programs() -> None:
    network = {"socket", "http", "urllib", "ssl", "requests", "asyncio", "ftplib"}
    assert users_of(network) == {"fetch"}
    assert users_of({"subprocess"}) == {"executors", "fetch", "programs"}


def users_of(names: set[str]) -> set[str]:
    """The stages that import a module of that name."""
    return {stage_of(path) for path in modules() for name in imports(path) if name.split(".")[0] in names}


@pytest.mark.parametrize("door", ["compiler", "cli/compile", "cli/check", "cli/lock", "cli/main"])
def test_compiling_and_checking_never_load_what_fetches_or_starts_programs(door: str) -> None:
    """Whatever a door imports, however late, does neither; `lock` alone does so late, since --check does not."""
    waiting, reached = [PACKAGE / f"{door}.py"], set()
    while waiting:
        path = waiting.pop()
        late = path.name == "lock.py" and path.parent.name == "cli"
        for name in imports(path, top_level=late):
            found = PACKAGE.parent / name.replace(".", "/")
            for file in (found.with_suffix(".py"), found / "__init__.py"):
                if name.startswith("transpiler") and file.is_file() and file not in reached:
                    reached.add(file)
                    waiting.append(file)
    assert len(reached) > 5 or door == "cli/main"
    assert not [file for file in reached if stage_of(file) in {"cluster", "executors", "fetch", "programs"}]


def test_help_imports_nothing_heavy() -> None:
    cli = PACKAGE / "cli"
    for path in (cli / "main.py", cli / "usage.py", *(cli / "arguments").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top_level = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        modules = {getattr(node, "module", "") or "" for node in top_level}
        ours = {each for each in modules if each.startswith("transpiler.")}
        assert all(each == "transpiler.cli.usage" or each.startswith("transpiler.cli.arguments.") for each in ours)


def test_help_loads_no_stage() -> None:
    script = (
        "import sys\nfrom transpiler.cli.main import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n"
        "    print(*(name for name in sys.modules if name.partition('.')[0] in sys.argv[1:]), file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", script, "transpiler", *HEAVY, "msgspec", "shutil", "typing"]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PACKAGE.parent).stderr.split()
    assert set(loaded) == {
        "transpiler",
        "transpiler.cli",
        "transpiler.cli.arguments",
        "transpiler.cli.arguments.command_line",
        "transpiler.cli.arguments.parser",
        "transpiler.cli.arguments.shared",
        "transpiler.cli.main",
        "transpiler.cli.usage",
    }


def test_every_pattern_compiles() -> None:
    """They are compiled when they are first used, so a wrong one would wait for a user."""
    for path in modules():
        import_module(module_of(path))
    patterns = [each for each in gc.get_objects() if type(each) is Later]
    assert len(patterns) > 80
    for each in patterns:
        assert re.compile(each.pattern).pattern == each.pattern


# ---------------------------------------------------------------------- who reports what

REPORTS = {"read", "build", "catalog", "resolve", "dataflow", "check", "lock"}
"""The stages of the way that report: each what keeps it from its own result, and `check` everything else."""
ASIDE = {"authoring", "rehearsal"}
"""They report on what passes no other stage: a Python function, and a file of tests."""
DOORS = {"diagnostics", "workspace", "analysis", "compiler", "views", "cluster", "gitops", "cli"}
"""They collect what the stages report."""
SEVERAL_STAGES = {
    # what a schema can say of a document, and what it cannot
    "conflicting-keys": {"build", "check"},
    "control-character": {"read", "check"},
    "duplicate-name": {"read", "build", "check", "lock"},
    "invalid-name": {"read", "check"},
    "misplaced-reference": {"read", "build", "check"},
    "missing-key": {"read", "build", "resolve", "check"},
    "wrong-type": {"read", "build", "catalog"},
    "wrong-value": {"read", "build", "catalog", "check"},
    "yaml-syntax": {"read", "catalog"},
    # names: of tasks and inputs where they are resolved, and in Argo's own fields, in settings and in components
    "cycle": {"resolve", "check"},
    "unknown-input": {"build", "resolve", "check"},
    "unknown-name": {"build", "resolve", "check"},
    "unknown-output": {"build", "resolve", "check"},
    "unknown-task": {"build", "resolve", "check"},
    "unknown-key": {"read", "build"},
    "fixed-graph": {"build", "catalog"},
    # what a builder cannot put into the model, and what is wrong with what it could
    "argo-tag": {"build", "check"},
    "conflicting-volume": {"build", "check"},
    "ignored-field": {"build", "check"},
    "kfp-backend": {"build", "check"},
    "wrong-default": {"build", "check"},
    "wrong-setting": {"build", "resolve", "check"},
    # what may be read, followed, locked or written
    "secret-in-manifest": {"catalog", "check"},
    "too-deep": {"read", "resolve"},
    "too-large": {"read", "build", "catalog", "dataflow", "check"},
    "wrong-digest": {"catalog", "lock"},
}
"""Code → its stages, where there is more than one: a code tells users the kind of a mistake, a stage finds some."""


def constants(path: Path) -> Iterator[str]:
    """The texts of a module, but for those that it only compares with."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    compared = {id(each) for node in ast.walk(tree) if isinstance(node, ast.Compare) for each in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in compared:
            yield node.value


def test_a_code_belongs_to_one_stage() -> None:
    stages: dict[str, set[str]] = {code: set() for code in codes()}
    for path in modules():
        for code in stages.keys() & set(constants(path)):
            stages[code].add(stage_of(path))
    assert all(stages.values())
    ways = {code: found & REPORTS for code, found in stages.items()}
    assert {code: found for code, found in ways.items() if len(found) > 1} == SEVERAL_STAGES


def test_some_stages_report_and_the_others_cannot() -> None:
    """Lowering, planning and rendering are functions of what they get: nobody gives them a report."""
    users = {stage_of(path) for path in modules() if "Report" in names_in(path)}
    assert users == REPORTS | ASIDE | DOORS


def names_in(path: Path) -> set[str]:
    """The names that a module uses, types of its arguments too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_judgement_starts_from_lists() -> None:
    """Nobody outside of `check` starts a rule of it but by its lists; what comments ignore is taken off at the end.

    What a run is given is judged beside the manifest, by a list of its own.
    """
    lists = {"transpiler.check.source", "transpiler.check.dataflow", "transpiler.check.object"}
    lists |= {"transpiler.check.ignores", "transpiler.check.run_arguments"}
    used = {name for path in modules() if stage_of(path) != "check" for name in imports(path)}
    assert {name for name in used if name.startswith("transpiler.check")} == lists
