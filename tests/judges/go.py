"""Go programs that judge: compiled on first use from our sources and Argo's module, and kept in the store."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import MappingProxyType
from typing import Final

from tests.judges import store

MODULE: Final = Path(__file__).with_name("argo")
"""Our Go module, which requires Argo's."""
ARGO: Final = "github.com/argoproj/argo-workflows/v4"
_UNUSED: Final = ("ui", "docs", "sdks", "api", "community")
"""Folders of Argo's sources that no judge needs."""
_TESTS: Final = "workflow/controller/controller_test.go"
"""Argo's only test file that a judge needs: it makes a controller without a cluster."""
_SHORT: Final = "-ldflags=-s -w"
"""No symbol tables: a program links faster, to half the size. Traces stay readable."""


class JudgeError(Exception):
    """The judge itself fails; says nothing about what it was to judge."""


class NoJudgeError(JudgeError):
    """The judge cannot be had here: there is no Go, or its modules cannot be fetched."""


def compiled(
    name: str, sources: Sequence[str], *arguments: str, overlay: Mapping[str, str] = MappingProxyType({})
) -> Path | None:
    """The program that `go build` or `go test` makes with these arguments of sources in the module; see `made`.

    `overlay` puts sources of the module into Argo's: path there → path here.
    """

    def build(target: Path) -> None:
        replaced = {str(argo_sources() / there): str(MODULE / here) for there, here in overlay.items()}
        with NamedTemporaryFile("w", suffix=".json") as file:
            file.write(json.dumps({"Replace": replaced}))
            file.flush()
            go(arguments[0], _SHORT, f"-overlay={file.name}", "-o", str(target), *arguments[1:])

    recipe = " ".join((*arguments, _SHORT, *overlay))
    return made(name, sources, build, f"Compiling Argo's code for the judge `{name}`", recipe)


def made(name: str, sources: Sequence[str], make: Callable[[Path], None], doing: str, recipe: str) -> Path | None:
    """A file that `make` makes of Argo's module and sources in ours, by a recipe; kept in the store.

    None where it cannot be made, unless TRANSPILE_REQUIRE_JUDGES is set: that raises NoJudgeError with the words of
    `go`. Sources that do not compile always raise JudgeError.
    """
    try:
        argo_sources()
        return store.kept(name, _content(*sources) + recipe.encode(), make, doing)
    except NoJudgeError:
        if os.environ.get("TRANSPILE_REQUIRE_JUDGES"):
            raise
        return None


def _content(*sources: str) -> bytes:
    """All that a program depends on: the Go that compiles, with its platform, the modules, and sources in ours."""
    files = ((MODULE / source).read_bytes() for source in ("go.mod", "go.sum", *sources))
    return b"\0".join([_version().encode(), *files])


@cache
def _version() -> str:
    if shutil.which("go") is None:
        raise NoJudgeError("there is no `go` on PATH")
    return _asked("go", "version")


@cache
def argo_sources() -> Path:
    """Argo's module in the store, without its tests. Raises NoJudgeError where it cannot be had.

    A copy: Go lets nothing be added to a module that it has fetched, and our tests join those of Argo's controller.
    """
    return store.kept(*_sources(), _copy, "Fetching Argo's module and all that it requires")


def _sources() -> tuple[str, bytes]:
    return "argo", _content() + " ".join((*_UNUSED, _TESTS)).encode()


def _copy(target: Path) -> None:
    _asked("go", "list", "-deps", "-tags", "deps", "./...")  # tells lack of modules from faults of ours
    module = Path(_asked("go", "list", "-m", "-f", "{{.Dir}}", ARGO).strip())
    shutil.copytree(module, target, ignore=lambda folder, names: _left_out(Path(folder).relative_to(module), names))
    for folder in (target, *target.rglob("*/")):
        folder.chmod(0o755)
    modules = (MODULE / "go.mod").read_text(encoding="utf-8")
    (target / "judges.mod").write_text(f"{modules}\nreplace {ARGO} => {store.place(*_sources())}\n", encoding="utf-8")
    shutil.copy(MODULE / "go.sum", target / "judges.sum")


def _left_out(folder: Path, names: Sequence[str]) -> set[str]:
    """What of a folder of Argo's module no judge needs."""
    tests = {name for name in names if name.endswith("_test.go") and (folder / name).as_posix() != _TESTS}
    return tests if folder.parts else tests.union(_UNUSED)


def _asked(*command: str) -> str:
    try:
        return run(*command)
    except JudgeError as error:
        raise NoJudgeError(str(error)) from error


def go(*arguments: str) -> str:
    """What a `go` command prints, in our module with the copy of Argo's, and without C.

    With C, Argo's controller would compile all of SQLite, which no judge opens.
    """
    flags = f"{os.environ.get('GOFLAGS', '')} -modfile={argo_sources() / 'judges.mod'}".strip()
    return run("go", *arguments, environment={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": flags})


def run(*command: str, text: str = "", environment: Mapping[str, str] | None = None) -> str:
    """What a command prints, in the folder of our module. Raises JudgeError with its words when it fails."""
    done = subprocess.run(
        command, cwd=MODULE, env=environment, input=text, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise JudgeError(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout
