"""Which executor runs a run: the one that was named, or the first that is there and fits."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from transpiler import programs
from transpiler.executors.errors import TaskError, reason
from transpiler.executors.executor import Executor
from transpiler.executors.images.executor import ENGINES, ImageExecutor
from transpiler.executors.images.options import Options
from transpiler.executors.needs import unmet
from transpiler.executors.process.executor import ProcessExecutor
from transpiler.executors.store import Store
from transpiler.executors.supplies import Supplies
from transpiler.plan.argo_objects import Node, workflow_spec
from transpiler.plan.argo_templates import templates

NAMES: Final = ("process", *ENGINES)
"""All executors, the one to be tried first in front."""


def choose(
    wanted: str, objects: Sequence[Node], run: Path, store: Store, supplies: Supplies, options: Options | None = None
) -> Executor:
    """The executor for a run; `wanted` may be empty. Raises TaskError."""
    name = wanted or fitting(objects, supplies)
    if os.name != "posix":
        raise TaskError(f"--executor {name} needs Linux or macOS")
    if name in ENGINES:
        return ImageExecutor(name, run, store, supplies, options)
    try:
        return ProcessExecutor(run, store, supplies)
    except OSError as error:
        raise TaskError(f"--executor {name}: {reason(error)}") from error


def fitting(objects: Sequence[Node], supplies: Supplies) -> str:
    """The first executor that is there and has what these objects need, else the first, which says what it lacks.

    Commands of this machine fit if it has every program.
    """
    if not unmet(objects, supplies, has_images=False) and not absent_programs(objects):
        return NAMES[0]
    return next((name for name in ENGINES if _answers(name)), NAMES[0])


def _answers(name: str) -> bool:
    """True for an engine that is there and works: docker may have no daemon."""
    path = programs.find(name)
    try:
        return path is not None and programs.run([path, "ps", "--quiet"], seconds=20).code == 0
    except programs.ProgramError:
        return False


def absent_programs(objects: Sequence[Node]) -> list[str]:
    """The programs that templates start and this machine does not have, each once; tags are not known yet."""
    words = dict.fromkeys(_programs(objects))
    return [word for word in words if "{{" not in word and not _is_there(word)]


def _programs(objects: Sequence[Node]) -> Iterator[str]:
    for each in objects:
        for template, _ in templates(workflow_spec(each), ()) if "spec" in each else ():
            several = [*((template.get("containerSet") or {}).get("containers") or ())]
            several += template.get("initContainers") or ()
            for container in (template.get("container"), template.get("script"), *several):
                command = (container or {}).get("command") or ()
                if command:
                    yield str(command[0])


def _is_there(word: str) -> bool:
    return Path(word).is_file() if "/" in word else programs.find(word) is not None
