"""Following a run: a line for each task that starts or ends, and the exit code of the run."""

from __future__ import annotations

import argparse
import json
import shlex
import time
from typing import Any, Final

from transpiler.cli.cluster import STYLES, painted, say
from transpiler.cli.streams import tell
from transpiler.cluster.client import Client, Created
from transpiler.cluster.progress import Progress, Step, outputs_of, run_step, steps_of
from transpiler.cluster.refusals import ClusterError
from transpiler.diagnostics import excerpt
from transpiler.plan.argo_objects import Node
from transpiler.report.safe import safe
from transpiler.runs.nodes import has_ended
from transpiler.runs.runs import Runs
from transpiler.runs.times import duration

_TRIES: Final = 10
"""How often in a row a cluster may not answer before we give up."""
_LONGEST_WAIT: Final = 30.0
_WIDTH: Final = 9
"""The longest phase of a task."""


def watch(client: Client, started: Created, runs: Runs, given: argparse.Namespace) -> int:
    """Follow a run until it ends; 0 if it succeeded. Raises ClusterError; the run goes on whatever happens here."""
    try:
        workflow = _followed(client, started, Progress(runs), given)
    except KeyboardInterrupt:
        tell(f"\nthe run goes on; to follow it again: {shlex.join(client.following(started))}")
        raise
    except ClusterError:
        tell(f"the run goes on; to follow it again: {shlex.join(client.following(started))}")
        raise
    if given.format == "json":
        say(json.dumps({**outcome(client, started), **_ending(workflow, runs)}, indent=2))
    else:
        tell_end(workflow, given)
    return 0 if run_step(workflow).phase == "Succeeded" else 1


def outcome(client: Client, started: Created) -> dict[str, Any]:
    """What `--format json` prints of a run that has started."""
    found: dict[str, Any] = {"kind": started.kind, "name": started.name, "namespace": started.namespace}
    return {**found, "follow": client.following(started)}


def _ending(workflow: Node, runs: Runs) -> dict[str, Any]:
    """What it prints beside that at the end of the run."""
    tasks = [{"name": step.name, **told(step), "outputs": step.outputs} for _, step in steps_of(workflow, runs)]
    return {**told(run_step(workflow)), "outputs": outputs_of(workflow), "tasks": tasks}


def told(step: Step) -> dict[str, Any]:
    """What `--format json` prints of a step."""
    return {"phase": step.phase, "message": step.message, "seconds": step.seconds}


def _followed(client: Client, started: Created, progress: Progress, given: argparse.Namespace) -> Node:
    """The run at its end."""
    missed = 0
    while True:
        try:
            workflow = client.workflow(started)
        except ClusterError as error:
            missed += 1
            if not error.is_passing or missed == _TRIES:
                raise
            time.sleep(min(given.poll * 2**missed, _LONGEST_WAIT))
            continue
        missed = 0
        for step in progress.changes(workflow):
            if given.format != "json" and not given.quiet:
                say(line(step, given))
        if has_ended(workflow):
            return workflow
        time.sleep(given.poll)


def line(step: Step, given: argparse.Namespace) -> str:
    """A step as people read it."""
    took = f"  ({duration(step.seconds)})" if step.seconds is not None else ""
    message = f": {safe(excerpt(step.message))}" if step.message else ""
    phase = painted(safe(step.phase).ljust(_WIDTH), STYLES.get(step.phase, ""), given)
    return f"{phase}  {safe(step.name)}{took}{message}"


def tell_end(workflow: Node, given: argparse.Namespace) -> None:
    """Print how a run has ended, and its outputs."""
    say(line(run_step(workflow), given))
    for name, value in () if given.quiet else outputs_of(workflow).items():
        say(f"{'':{_WIDTH}}  {safe(name)}: {safe(excerpt(value))}")
