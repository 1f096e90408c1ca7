"""`transpile init`: a small project to start from, which compiles, passes every check and runs."""

from __future__ import annotations

import argparse
import shlex
import sys
from importlib import import_module
from pathlib import Path
from typing import Final

from transpiler.catalog.files import exists, git_root, is_folder, shown
from transpiler.cli.arguments.command_line import parser
from transpiler.cli.output import Made, store
from transpiler.cli.streams import put, tell
from transpiler.cli.usage import UsageError
from transpiler.resources import starter
from transpiler.workspace.project import PROJECT_FILE

FILES: Final = {
    PROJECT_FILE: PROJECT_FILE,
    "pipeline.yaml": "pipeline.yaml",
    "pipeline.prod.yaml": "pipeline.prod.yaml",
    "components/greet/component.yaml": "components/greet/component.yaml",
    "components/count/component.yaml": "components/count/component.yaml",
    "components/count/count.py": "components/count/count.py",
}
"""Path in the project → the file that ships with the package."""
_SHARED: Final = {".gitignore": "gitignore", "README.md": "README.md"}
"""Files that a folder often has already; those stay as they are."""
_OF_CI: Final = {
    "github": {".github/workflows/pipelines.yaml": "github.yaml"},
    "gitlab": {".gitlab-ci.yml": "gitlab.yaml"},
}


def run(given: argparse.Namespace) -> int:
    """Write the project, then build it. Nothing is written if a file of it exists. Raises UsageError."""
    folder = Path(given.folder)
    if exists(folder) and not is_folder(folder):
        raise UsageError(f"`{shown(folder)}` is a file; name a folder")
    files = {folder / path: source for path, source in _wanted(folder, given.ci).items()}
    there = [shown(path) for path in files if exists(path) or path.is_symlink()]
    if there:
        raise UsageError(f"{', '.join(f'`{path}`' for path in there)} exists; name another folder, or move it away")
    if given.list:
        put("".join(f"{shown(path)}\n" for path in files), sys.stdout)
        return 0
    home = git_root(folder.resolve())
    made = {path: Made(starter(source), path.name, home) for path, source in files.items()}
    done = store(made, is_forced=False)
    code = _build(folder)
    if not given.quiet:
        for line in (*done, *_next(folder)):
            tell(line)
    return code


def _wanted(folder: Path, ci: str | None) -> dict[str, str]:
    shared = {path: source for path, source in _SHARED.items() if not exists(folder / path)}
    return {**FILES, **shared, **(_OF_CI[ci] if ci else {})}


def _build(folder: Path) -> int:
    """Build the project, as its user would."""
    given = parser("build").parse_args(["build", "--quiet", "--project", str(folder / PROJECT_FILE)])
    code: int = import_module("transpiler.cli.build").run(given)
    return code


def _next(folder: Path) -> list[str]:
    go = [] if folder.resolve() == Path.cwd().resolve() else [f"  cd {shlex.quote(str(folder))}"]
    return [
        "next:",
        *go,
        "  transpile check                                         find every mistake",
        "  transpile compile pipeline.yaml                         print the Workflow",
        "  transpile compile pipeline.yaml | kubectl create -f -   run it",
        "  transpile build                                         write deploy/ anew after a change",
    ]
