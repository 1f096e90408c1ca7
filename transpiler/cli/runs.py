"""`transpile runs`: the runs on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from transpiler.catalog.files import shown
from transpiler.cli.cluster import STYLES, painted, say
from transpiler.cli.run import home_of
from transpiler.cli.run_board import CACHED
from transpiler.cli.streams import tell
from transpiler.cli.usage import UsageError
from transpiler.cli.watch import line, tell_end
from transpiler.cluster.progress import outputs_of, run_step, steps_of
from transpiler.executors.errors import reason
from transpiler.local.caches import Caches
from transpiler.local.errors import RunError
from transpiler.local.folder import RunFolder, find_folder, folders
from transpiler.local.leftovers import clean
from transpiler.plan.argo_objects import Node
from transpiler.report.safe import safe
from transpiler.runs.nodes import children, has_ended, is_hit, nodes_of, text
from transpiler.runs.recorded import Recorded

_PIECE: Final = 65_536


def run(given: argparse.Namespace) -> int:
    """Carry out an action."""
    home = home_of(given, Path.cwd())
    actions = {"list": _list, "show": _show, "remove": _remove}
    try:
        return actions[given.action](home, given)
    except RunError as error:
        tell(f"transpile: error: {error.message}")
        if error.hint:
            tell(f"  hint: {error.hint}")
        return 1


def _list(home: Path, given: argparse.Namespace) -> int:
    found = folders(home)
    if given.format == "json":
        say(json.dumps([_told(each) for each in found], indent=2))
        return 0
    if not found:
        tell(f"there are no runs in `{shown(home)}`")
    width = max((len(each.name) for each in found), default=0)
    for each in found:
        told = _told(each)
        phase = painted(str(told["phase"]).ljust(11), STYLES.get(str(told["phase"]), ""), given)
        say(f"{safe(each.name).ljust(width)}  {phase}  {told['started']}  {safe(str(told['manifest']))}".rstrip())
    return 0


def _told(folder: RunFolder) -> dict[str, Any]:
    """What is said of a run in a list; a folder that cannot be read is said to be that."""
    try:
        plan, workflow = folder.plan(), folder.workflow()
    except RunError:
        unknown = {"phase": "Unreadable", "started": "", "manifest": "", "outputs": {}}
        return {"name": folder.name, **unknown, "folder": str(folder.path)}
    started = datetime.fromtimestamp(plan.info.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
    found = {"name": folder.name, "phase": phase_of(folder, workflow), "started": started, "manifest": plan.manifest}
    return {**found, "folder": str(folder.path), "outputs": outputs_of(workflow)}


def phase_of(folder: RunFolder, workflow: Node) -> str:
    """The phase of a run; Interrupted for one that is not over and that no process runs."""
    phase = safe(run_step(workflow).phase)
    return phase if has_ended(workflow) or folder.is_held() else "Interrupted"


def _show(home: Path, given: argparse.Namespace) -> int:
    folder = find_folder(home, given.run)
    workflow = folder.workflow()
    if given.log:
        return _print_log(folder, workflow, given.log)
    if given.format == "json":
        say(json.dumps({**_told(folder), "status": workflow.get("status")}, indent=2))
        return 0
    nodes = nodes_of(workflow)
    for key, step in steps_of(workflow, Recorded(folder.plan().names)):
        say(line(step._replace(phase=CACHED, seconds=None) if is_hit(nodes[key]) else step, given))
    if has_ended(workflow):
        tell_end(workflow, given)
    else:
        say(f"{phase_of(folder, workflow)}  {safe(folder.name)}")
    tell(f"its folder: {shown(folder.path)}")
    return 0


def _print_log(folder: RunFolder, workflow: Node, name: str) -> int:
    """Print the logs of the nodes of a name; what they hold comes from programs that are not trusted."""
    nodes, title = nodes_of(workflow), " / ".join(name.split("/"))
    found = [key for key, node in nodes.items() if name in {key, text(node.get("displayName")), text(node.get("name"))}]
    titled = [key for key, step in steps_of(workflow, Recorded(folder.plan().names)) if _is_called(step.name, title)]
    found += [each for key in titled for each in _pods(key, nodes[key])]
    logs = [folder.log(key) for key in dict.fromkeys(found) if folder.log(key).is_file()]
    if not logs:
        raise RunError(f"the run `{folder.name}` has no log of a task `{name}`")
    for each in logs:
        with each.open("rb") as file:
            if not sys.stdout.isatty():
                while data := file.read(_PIECE):
                    sys.stdout.buffer.write(data)
            else:
                for row in file:
                    say(safe(row.decode("utf-8", "replace").rstrip("\r\n")))
    return 0


def _pods(key: str, node: Node) -> list[str]:
    """The nodes that have the logs of a task."""
    return children(node) if node.get("type") == "Retry" else [key]


def _is_called(step: str, title: str) -> bool:
    """True for a task of that title, and for its items and tries."""
    return step == title or (step.startswith(title) and step[len(title) :].startswith(("(", ", try ")))


def _remove(home: Path, given: argparse.Namespace) -> int:
    if bool(given.runs) == given.succeeded and not (given.cache and not given.runs):
        raise UsageError("name runs, or remove all that have succeeded: --succeeded")
    if given.cache:
        _remove_cache(home, given)
    chosen = [find_folder(home, name) for name in given.runs]
    if given.succeeded:
        chosen = [each for each in folders(home) if phase_of(each, each.workflow()) == "Succeeded"]
    for folder in chosen:
        with folder.locked():
            clean(folder)
            try:
                folder.remove()
            except OSError as error:
                raise RunError(f"cannot remove `{shown(folder.path)}`: {reason(error)}") from error
        if not given.quiet:
            say(f"removed {safe(folder.name)}")
    return 0


def _remove_cache(home: Path, given: argparse.Namespace) -> None:
    try:
        count = Caches(home).remove()
    except OSError as error:
        raise RunError(f"cannot remove the cache in `{shown(home)}`: {reason(error)}") from error
    if not given.quiet:
        say(f"removed {count} cached result{'' if count == 1 else 's'}")
