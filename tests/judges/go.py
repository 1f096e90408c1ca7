"""Go programs that judge: compiled on first use from our sources and Argo's module, and kept in the store.

There is a set of them for each version of Argo in `VERSIONS`. Our sources are written for `NEWEST`. For an older one
they are copied, with the files of its folders in place of those of the same path.
"""

from __future__ import annotations

import json
import os
import re
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
NEWEST: Final = "4.0"
"""The version of the judges that most tests ask: the newest that Go's proxy has."""
_OLDER: Final = MappingProxyType({"3.6": ("_v3", "_v3.6"), "3.7": ("_v3", "_v3.7")})
"""The folders of what differs in an older version. Go passes over names that start with `_`."""
VERSIONS: Final = (*_OLDER, NEWEST)
_NEWEST_ALONE: Final = "evaluate"
"""The folder of a program that judges for the newest version alone: older modules lack what it imports."""
_ARGO: Final = "github.com/argoproj/argo-workflows/v"
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


def argo(version: str) -> str:
    """The path of Argo's Go module."""
    return _ARGO + version[0]


def release(version: str) -> str:
    """The release of Argo that judges for a version, such as v3.7.18."""
    required = re.search(
        rf"{re.escape(argo(version))} (v[\d.]+)", _source(version, "go.mod").read_text(encoding="utf-8")
    )
    assert required is not None
    return required[1]


def compiled(
    name: str,
    sources: Sequence[str],
    *arguments: str,
    overlay: Mapping[str, str] = MappingProxyType({}),
    version: str = NEWEST,
) -> Path | None:
    """The program that `go build` or `go test` makes with these arguments of sources in the module; see `made`.

    `overlay` puts sources of the module into Argo's: path there → path here.
    """

    def build(target: Path) -> None:
        ours, argos = module(version), argo_sources(version)
        replaced = {str(argos / there): str(ours / here) for there, here in overlay.items()}
        with NamedTemporaryFile("w", suffix=".json") as file:
            file.write(json.dumps({"Replace": replaced}))
            file.flush()
            go(arguments[0], _SHORT, f"-overlay={file.name}", "-o", str(target), *arguments[1:], version=version)

    recipe = " ".join((*arguments, _SHORT, *overlay))
    doing = f"Compiling the code of Argo {version} for the judge `{name}`"
    return made(name, sources, build, doing, recipe, version=version)


def made(
    name: str,
    sources: Sequence[str],
    make: Callable[[Path], None],
    doing: str,
    recipe: str,
    *,
    version: str = NEWEST,
) -> Path | None:
    """A file that `make` makes of Argo's module and sources in ours, by a recipe; kept in the store.

    None where it cannot be made, unless TRANSPILE_REQUIRE_JUDGES is set: that raises NoJudgeError with the words of
    `go`. Sources that do not compile always raise JudgeError.
    """
    try:
        argo_sources(version)
        return store.kept(_named(name, version), _content(version, *sources) + recipe.encode(), make, doing)
    except NoJudgeError:
        if os.environ.get("TRANSPILE_REQUIRE_JUDGES"):
            raise
        return None


def _named(name: str, version: str) -> str:
    return name if version == NEWEST else f"{name}-{version}"


def _content(version: str, *sources: str) -> bytes:
    """All that a program depends on: the Go that compiles, with its platform, the modules, and sources in ours."""
    files = (_source(version, source).read_bytes() for source in ("go.mod", "go.sum", *sources))
    return b"\0".join([_version().encode(), *files])


def _source(version: str, path: str) -> Path:
    """Our source of a path in a version's module."""
    places = [MODULE / folder / path for folder in _OLDER.get(version, ())]
    return next((place for place in places if place.exists()), MODULE / path)


@cache
def module(version: str = NEWEST) -> Path:
    """The folder of our module for a version of Argo."""
    if version == NEWEST:
        return MODULE
    programs = [path for path in MODULE.glob("[!_]*/*.go") if path.parent.name != _NEWEST_ALONE]
    paths = [*MODULE.glob("*.go"), *programs, MODULE / "go.mod", MODULE / "go.sum"]
    names = sorted(str(path.relative_to(MODULE)) for path in paths)
    texts = {
        name: _source(version, name).read_text(encoding="utf-8").replace(argo(NEWEST), argo(version)) for name in names
    }
    content = json.dumps(texts).encode()
    return store.kept(f"module-{version}", content, lambda target: _write(texts, target), "Copying the judges' sources")


def _write(texts: Mapping[str, str], folder: Path) -> None:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@cache
def _version() -> str:
    if shutil.which("go") is None:
        raise NoJudgeError("there is no `go` on PATH")
    return _asked("go", "version")


@cache
def argo_sources(version: str = NEWEST) -> Path:
    """Argo's module in the store, without its tests. Raises NoJudgeError where it cannot be had.

    A copy: Go lets nothing be added to a module that it has fetched, and our tests join those of Argo's controller.
    """
    doing = f"Fetching the module of Argo {version} and all that it requires"
    module(version)  # before the store is held
    return store.kept(*_sources(version), lambda target: _copy(target, version), doing)


def _sources(version: str) -> tuple[str, bytes]:
    return _named("argo", version), _content(version) + " ".join((*_UNUSED, _TESTS)).encode()


def _copy(target: Path, version: str) -> None:
    ours, path = module(version), argo(version)
    _asked("go", "list", "-deps", "-tags", "deps", "./...", folder=ours)  # tells lack of modules from faults of ours
    fetched = Path(_asked("go", "list", "-m", "-f", "{{.Dir}}", path, folder=ours).strip())
    shutil.copytree(fetched, target, ignore=lambda folder, names: _left_out(Path(folder).relative_to(fetched), names))
    for folder in (target, *target.rglob("*/")):
        folder.chmod(0o755)
    modules = (ours / "go.mod").read_text(encoding="utf-8")
    replacement = f"\nreplace {path} => {store.place(*_sources(version))}\n"
    (target / "judges.mod").write_text(modules + replacement, encoding="utf-8")
    shutil.copy(ours / "go.sum", target / "judges.sum")


def _left_out(folder: Path, names: Sequence[str]) -> set[str]:
    """What of a folder of Argo's module no judge needs."""
    tests = {name for name in names if name.endswith("_test.go") and (folder / name).as_posix() != _TESTS}
    return tests if folder.parts else tests.union(_UNUSED)


def _asked(*command: str, folder: Path = MODULE) -> str:
    try:
        return run(*command, folder=folder)
    except JudgeError as error:
        raise NoJudgeError(str(error)) from error


def go(*arguments: str, version: str = NEWEST) -> str:
    """What a `go` command prints, in our module with the copy of Argo's, and without C.

    With C, Argo's controller would compile all of SQLite, which no judge opens.
    """
    flags = f"{os.environ.get('GOFLAGS', '')} -modfile={argo_sources(version) / 'judges.mod'}".strip()
    environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": flags}
    return run("go", *arguments, environment=environment, folder=module(version))


def run(*command: str, text: str = "", environment: Mapping[str, str] | None = None, folder: Path = MODULE) -> str:
    """What a command prints, in a folder. Raises JudgeError with its words when it fails."""
    done = subprocess.run(
        command, cwd=folder, env=environment, input=text, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise JudgeError(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout
