"""What all tests share: the command, run in this process, and judges of everything that it emits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.judges import argo, later, limits, store
from tests.support.examples import settle
from transpiler.cli.main import main

settle()

REPOSITORY = Path(__file__).parent.parent
CATALOG = REPOSITORY.parent / "shared" / "catalog"
"""50 public component.yaml files, where they are at hand; the project does not contain them."""


@dataclass(frozen=True)
class Result:
    """What one run of `transpile` did."""

    code: int
    stdout: str
    stderr: str

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The diagnostics of a run with `--format json`."""
        found: list[dict[str, Any]] = json.loads(self.stdout if self.stdout.startswith("[") else self.stderr)
        return found

    @property
    def workflow(self) -> dict[str, Any]:
        """The Workflow that was printed."""
        assert self.code == 0, self.stderr
        loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(self.stdout)
        return loaded


Transpile = Callable[..., Result]


@pytest.fixture
def transpile(capfdbinary: pytest.CaptureFixture[bytes], emitted: EmittedWorkflows) -> Transpile:
    """Run the command; whatever Workflow it prints goes to Argo's judge at the end of the session."""

    def run(*arguments: str | Path) -> Result:
        capfdbinary.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        if code == 0 and arguments[0] == "compile":
            target = Path(arguments[arguments.index("-o") + 1]) if "-o" in arguments else None
            written = target.read_bytes() if target is not None and target.is_file() else out
            if written:
                emitted.add(written.decode() + in_the_cluster(Path(arguments[1])))
        if code == 0 and arguments[0] in {"build", "compile"}:
            for file in re.findall(r"^wrote (\S+\.yaml)$", err.decode(), re.MULTILINE):  # one of several
                emitted.add(Path(file).read_text(encoding="utf-8"))
        return Result(code, out.decode(), err.decode())

    return run


def in_the_cluster(manifest: Path) -> str:
    """Templates that a Workflow expects to find: what Argo's judge must know of the cluster, beside the manifest."""
    cluster = manifest.parent / "cluster.yaml"
    return f"---\n{cluster.read_text(encoding='utf-8')}" if cluster.exists() else ""


class EmittedWorkflows:
    """Every Workflow that any test emits, once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, text: str) -> Path:
        """Remember a Workflow for the judge."""
        path = self.folder / f"{sha256(text.encode()).hexdigest()[:16]}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    @property
    def files(self) -> Sequence[Path]:
        """What was remembered."""
        return sorted(self.folder.glob("*.yaml"))


@pytest.fixture(scope="session")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmittedWorkflows]:
    """Collects Workflows during the session, and has Argo's own validator judge them all when it ends."""
    workflows = EmittedWorkflows(tmp_path_factory.mktemp("emitted"))
    yield workflows
    loader = YAML(typ="safe")
    for path in workflows.files:
        for document in loader.load_all(path):
            assert limits.complaints(document) == [], path.read_text()
    if argo.build() is not None:
        judged = [later.as_known(path) for path in workflows.files]
        refused = {path: found for path, found in argo.verdicts(judged).items() if found}
        assert not refused, "\n".join(f"{found}\n{path.read_text()[:3000]}" for path, found in refused.items())


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Write files below a fresh folder; the folder."""

    def write_all(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        return tmp_path

    return write_all


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` writes the golden Workflows anew; read the difference before you commit it."""
    parser.addoption("--update", action="store_true", help="write the golden files anew")


def pytest_configure() -> None:
    """A judge that takes minutes to build says so, while pytest captures what tests print."""
    store.speak_past_capture()
