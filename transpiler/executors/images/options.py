"""The user's own words for `create`: those for all containers of a run, and those for the containers of a task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from transpiler.engine.protocol import Pod
from transpiler.executors.errors import TaskError
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node, workflow_spec
from transpiler.plan.argo_templates import calls, templates
from transpiler.suggest import suggestion

_ITEM: Final = regex(r"\(\d+(:.*?)?\)(?=\.|\Z)")
"""What the name of a node says of the item of a loop, or of a try."""


class Options(Struct, frozen=True):
    """Words for containers."""

    of_all: tuple[str, ...] = ()
    of_tasks: tuple[tuple[str, str], ...] = ()
    """The task, as `train` or `prepare/clean`, or a template, and a word."""

    def __bool__(self) -> bool:
        return bool(self.of_all or self.of_tasks)

    def of(self, pod: Pod) -> list[str]:
        """The words for a pod, those of its task at the end: engines let a later one win."""
        names = {"/".join(_ITEM.sub("", pod.name).split(".")[1:]), pod.template}
        return [*self.of_all, *(word for name, word in self.of_tasks if name in names)]

    def check(self, objects: Sequence[Node]) -> None:
        """Raises TaskError for a task that is not there."""
        known = sorted(set(_names(objects)))
        for name, _ in self.of_tasks:
            last = name.rpartition("/")[2]
            if last not in known:
                hint = suggestion(last, known, "tasks and templates")
                raise TaskError(f"--task-option: there is no task `{name}`" + (f": {hint}" if hint else ""))


def _names(objects: Sequence[Node]) -> Iterator[str]:
    for each in objects:
        for template, path in templates(workflow_spec(each), ()) if "spec" in each else ():
            yield str(template.get("name"))
            yield from (str(task.get("name")) for task, _ in calls(template, path))
