"""What `transpile run` prints at the end of a run: its outputs, or what failed and how to go on."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from transpiler.catalog.files import shown
from transpiler.cli.cluster import say
from transpiler.cli.run_logs import last_lines
from transpiler.cli.run_times import Times, pods_of
from transpiler.cli.streams import tell
from transpiler.cli.watch import line, told
from transpiler.cluster.progress import outputs_of, run_step, steps_of
from transpiler.diagnostics import excerpt
from transpiler.executors.errors import TaskError
from transpiler.executors.store import Store
from transpiler.local.driver import Driver
from transpiler.local.folder import HOME
from transpiler.local.session import Session
from transpiler.plan.argo_objects import Node
from transpiler.report.safe import safe
from transpiler.runs.nodes import mapping, name_of, nodes_of, text, values
from transpiler.runs.recorded import Recorded

INTERRUPTED: Final = 130
_MOST_LINES: Final = 3
_LONGEST: Final = 160
_WIDTH: Final = 9
"""The longest phase of a task."""


def tell_end(session: Session, driver: Driver, given: argparse.Namespace, times: Times) -> int:
    """Print how a run has ended; the exit code."""
    workflow = driver.workflow
    has_succeeded = driver.is_over and run_step(workflow).phase == "Succeeded"
    if given.format == "json":
        say(json.dumps(session.mask.data(_as_data(session, driver, workflow, times)), indent=2))
    elif driver.is_over:
        step = run_step(workflow)
        say(line(step._replace(message=session.mask(step.message)), given))
        for output in () if given.quiet else _outputs(session, workflow):
            say(f"{'':{_WIDTH}}  {output}")
    if driver.unsaved:
        tell(f"its status is not in its folder: {driver.unsaved}")
    if not has_succeeded:
        if not driver.is_over:
            tell("the run was interrupted" if driver.was_interrupted else f"the run cannot go on: {driver.stuck}")
        _tell_failures(session, driver, given)
        tell(f"to go on: {shlex.join(_going_on(session))}")
    return INTERRUPTED if driver.was_interrupted else 0 if has_succeeded else 1


def _as_data(session: Session, driver: Driver, workflow: Node, times: Times) -> dict[str, Any]:
    nodes = nodes_of(workflow)
    found = steps_of(workflow, Recorded(session.plan.names))
    steps = [times.of(step, pods_of(key, nodes[key])) for key, step in found]
    run = told(run_step(workflow)) | ({} if driver.is_over else {"phase": "Interrupted"})
    tasks = [{"name": step.name, **told(step), "outputs": step.outputs} for step in steps]
    about = {"name": session.folder.name, "folder": str(session.folder.path)}
    root = mapping(nodes.get(name_of(workflow)))
    return {**about, **run, "outputs": outputs_of(workflow), "files": dict(_files(session, root)), "tasks": tasks}


def _outputs(session: Session, workflow: Node) -> Iterator[str]:
    """The outputs of the pipeline; those of its tasks if some of them ran alone."""
    nodes = nodes_of(workflow)
    if not session.plan.only:
        yield from _of(session, mapping(nodes.get(name_of(workflow))), "")
        return
    for node in nodes.values():
        name = text(node.get("name"))
        if node.get("type") == "Pod" and session.is_chosen(name):
            yield from _of(session, node, f"{session.title(name).partition(', try ')[0]}.")


def _of(session: Session, node: Node, owner: str) -> Iterator[str]:
    for name, value in values(node).items():
        yield safe(f"{owner}{name}: {excerpt(session.mask(value))}")
    for name, path in _files(session, node):
        yield safe(f"{owner}{name}: {shown(Path(path))}")


def _files(session: Session, node: Node) -> Iterator[tuple[str, str]]:
    """The outputs that are files, each with its path."""
    found: Any = mapping(node.get("outputs")).get("artifacts")
    for each in found if isinstance(found, list) else ():
        key = text(mapping(mapping(each).get("s3")).get("key"))
        try:
            path = Store(session.folder.files).path(key)
        except TaskError:
            continue
        yield text(each.get("name")), str(path)


def _tell_failures(session: Session, driver: Driver, given: argparse.Namespace) -> None:
    for node, end in driver.ends.items():
        if end.phase == "Succeeded" or node not in driver.pods:
            continue
        tell(f"  {session.title(driver.pods[node].name)}: {session.mask(end.message)}")
        log = session.folder.log(node)
        for said in () if given.verbose else last_lines(log, _MOST_LINES):
            tell(f"    | {excerpt(session.mask(said), _LONGEST)}")
        if log.exists():
            tell(f"    what it printed: {shown(log)}")


def _going_on(session: Session) -> list[str]:
    path = session.folder.path
    is_named = path.parent.parts[-2:] == Path(HOME).parts
    return ["transpile", "run", "--resume", session.folder.name if is_named else shown(path)]
