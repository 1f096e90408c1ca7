"""Settings of tasks, by name or path: `train`, `prepare/clean` for a task in a group or in another pipeline."""

from __future__ import annotations

from typing import Final, NamedTuple

from transpiler.build.values.keys import BY_NAME, FIXED_IN_TASKS, OF_A_TASK, REMOVABLE
from transpiler.build.values.laid import KeepsNull, Laid, lay, never, opened, put, take_mistakes
from transpiler.diagnostics import Report
from transpiler.read.schema.vocabulary import meaning
from transpiler.read.schema.work import CALLEES
from transpiler.read.yaml.nodes import Map
from transpiler.suggest import correction, suggestion

SEPARATOR: Final = "/"


class _Given(NamedTuple):
    """What a layer says of one task: `name` is the key in `where`, `path` leads on from here."""

    where: Map
    name: str
    path: tuple[str, ...]
    report: Report

    @property
    def above(self) -> list[str]:
        """The names that led here."""
        parts = self.name.split(SEPARATOR)
        return parts[: len(parts) - len(self.path)]

    def refuse(self, code: str, message: str, hint: str) -> None:
        self.report.error(code, message, self.where.key_span(self.name), hint)


def lay_tasks(tasks: Map, given: Map, report: Report) -> None:
    """Lay settings over tasks, which are to be changed."""
    for name in given:
        if not given.hides(name):
            lay_task(tasks, name, given, report)


def lay_task(tasks: Map, name: str, given: Map, report: Report) -> None:
    """Lay the settings of one task, or of one below it, over tasks, which are to be changed."""
    _lay(tasks, _Given(given, name, tuple(name.split(SEPARATOR)), report))


def _lay(tasks: Map, given: _Given) -> None:
    name, *rest = given.path
    if name not in tasks:
        _unknown(tasks, given)
        return
    body = opened(tasks, name)
    if body is None:
        return  # which is no task, as the schema reports
    if not rest:
        _lay_one(body, given)
    elif "tasks" in body:
        inner = opened(body, "tasks")
        if inner is not None:
            _lay(inner, given._replace(path=tuple(rest)))
    elif "pipeline" in body:
        body.below = (*body.below, _alone(given, SEPARATOR.join(rest)))
    else:
        before = SEPARATOR.join([*given.above, name])
        given.refuse("unknown-task", f"`{name}` is one task, without tasks in it", f"write `{before}`")


def _alone(given: _Given, name: str) -> Map:
    """What is said of one task, under another name."""
    where, own = given.where, given.name
    one = Map(where.source, where.mark)
    one.put(name, where[own], where.keys_at[own], where.values_at[own])
    return one


def _unknown(tasks: Map, given: _Given) -> None:
    if tasks.is_incomplete:
        return
    name, *rest = given.path
    known = [SEPARATOR.join([*given.above, each, *rest]) for each in tasks]
    where = f"`{SEPARATOR.join(given.above)}`" if given.above else "the manifest"
    value = given.where[given.name]
    is_added = isinstance(value, Map) and not CALLEES.isdisjoint(value)
    hint = _ADDED if is_added else suggestion(given.name, known, "tasks")
    given.refuse("unknown-task", f"{where} has no task `{name}`", hint)


_ADDED: Final = "a values file adds no task; write it into the manifest"


def _lay_one(body: Laid, given: _Given) -> None:
    value = given.where[given.name]
    if not isinstance(value, Map):
        if value is None:
            given.refuse("fixed-graph", f"`{given.name}` cannot be taken off: {_SAME}", _WHEN)
        else:
            span = given.where.value_span(given.name)
            given.report.error("wrong-type", f"`{given.name}` must be a mapping", span, "write settings of the task")
        return
    lay_settings(body, value, tuple(key for key in value if not _may_say(key, body, value, given.report)))


_SAME: Final = "the graph is the same everywhere"
_WHEN: Final = "to skip a task, give it a `when` over an input, whose default differs"


def _may_say(key: str, body: Laid, value: Map, report: Report) -> bool:
    """False for a key that a values file cannot change, which is reported."""
    is_dag = any(each in body for each in ("tasks", "pipeline", "templateRef"))
    if key in OF_A_TASK and not (key == "outputs" and is_dag):
        return True
    span = value.key_span(key)
    if key == "tasks":
        report.error("fixed-graph", "tasks inside are named by their path", span, "write `GROUP/TASK: {…}`")
    elif key in FIXED_IN_TASKS or key == "outputs":
        hint = f"{_SAME}; make it depend on an input, whose default differs"
        report.error("fixed-graph", f"`{key}` of a task is the same in every environment", span, hint)
    else:
        meant = meaning(key, OF_A_TASK)
        hint = correction(key, meant) if meant else suggestion(key, OF_A_TASK, "settings")
        report.error("unknown-key", f"`{key}` is not a setting of a task", span, hint)
    return False


def lay_settings(body: Map, given: Map, refused: tuple[str, ...]) -> None:
    """Lay settings over those of a task or preset. A `null` stays, because it removes what `defaults` say."""
    take_mistakes(body, given)
    for key in given:
        if key in refused or given.hides(key):
            body.incomplete_keys.add(key)
        elif given[key] is None and key in REMOVABLE:
            put(body, key, None, (given, key))
        else:
            lay(body, key, given, _KEEPS.get(key, never))


def _names(path: tuple[str, ...]) -> bool:
    """An entry of a setting of names."""
    return len(path) == 2 or (path[0] == "resources" and path[1] in {"requests", "limits"} and len(path) == 3)


_KEEPS: Final[dict[str, KeepsNull]] = {
    **dict.fromkeys(BY_NAME, _names),
    "argo": lambda path: len(path) > 1,
}
