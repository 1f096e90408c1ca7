"""Tags and expressions in Argo's own fields: their names must exist, and their values must be known in time.

`argo lint` checks only tags, not `{{=...}}`, and treats every task of a DAG as finished (argo-workflows #2314).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Final, NamedTuple

from msgspec import Struct, field

from transpiler.argo.expressions import Name, expression_fault, names_in
from transpiler.argo.template_kinds import KINDS, WITH_EXIT_CODE
from transpiler.argo.text import argo_tags, without_tags
from transpiler.argo.variables import OF_A_RUN
from transpiler.check.argo.calls import template_of
from transpiler.check.argo.nodes import by_name, hides_ports, loops, ports
from transpiler.diagnostics import Related, Report, Span
from transpiler.read.yaml.nodes import List, Map
from transpiler.suggest import suggestion

OF_TASKS: Final = ("id", "ip", "status", "exitCode", "startedAt", "finishedAt", "hostNodeName", "outputs")
_NO_PROGRAMS: Final = frozenset(KINDS) - WITH_EXIT_CODE
_OF_PROGRAMS: Final = {("exitCode",), ("outputs", "result"), ("outputs", "exitCode")}


class Fault(NamedTuple):
    """The mistake of a tag, and a hint."""

    message: str
    hint: str
    code: str = "argo-reference"
    related: tuple[Related, ...] = ()


class TagScope(Struct, frozen=True):
    """The names that tags can use at a place."""

    template: Map | None = None
    """The template that contains the text; None outside templates."""
    templates: Mapping[str, Map] = field(default_factory=dict)
    parameters: Container[str] | None = None
    """Arguments of the Workflow; None when not all are known."""
    has_exit: bool = True
    """True when `workflow.failures` is known to somebody."""
    kind: str = ""
    """`tasks` in a dag, `steps` in steps."""
    tasks: Mapping[str, Map] = field(default_factory=dict)
    finished: Container[str] = ()
    """Tasks that have ended, with known results."""
    own: str = ""
    """The task that the text belongs to."""
    is_hook: bool = False
    """True where a task sees its own results."""
    loop: Map | None = None
    """The task, when it loops."""
    asks: Callable[[Name], Fault | None] | None = None
    """The tasks of a manifest, which are known here too."""
    known: dict[tuple[int, str, str], dict[str, Map]] = field(default_factory=dict)
    """The cached results of `ports`, for all texts of a template."""

    def ports(self, template: Map, side: str, kind: str) -> dict[str, Map] | None:
        """The inputs or outputs of a template by name; None when not all of them are known."""
        key = (id(template), side, kind)
        if key not in self.known:
            self.known[key] = by_name(ports(template, side, kind))
            self.known[(id(template), side, "open")] = {"": template} if hides_ports(template, side) else {}
        return None if self.known[(id(template), side, "open")] else self.known[key]


def check_tags(texts: Iterable[tuple[str, Span]], scope: TagScope, report: Report) -> None:
    """Every tag and every expression in some texts."""
    for text, span in texts:
        if report.is_full:
            return
        for tag, start, end in argo_tags(text):
            place = span.below(text[start:end])
            if tag.startswith("="):
                check_expression_names(tag[1:], scope, place, report)
            else:
                _check_names([Name(tuple(tag.split(".")))], scope, place, report)


def check_expression_names(expression: str, scope: TagScope, span: Span, report: Report) -> None:
    """The names in an expression, when Argo can read it at all. Tags in it are replaced before."""
    read = without_tags(expression, "x")
    if read and not expression_fault(read):
        _check_names(names_in(read), scope, span, report)


def _check_names(names: Iterable[Name], scope: TagScope, span: Span, report: Report) -> None:
    for name in names:
        fault = _fault(name, scope)
        if fault:
            report.error(fault.code, fault.message, span, fault.hint, fault.related)


def _fault(name: Name, scope: TagScope) -> Fault | None:
    root = name.path[0]
    if root == "inputs":
        return _input(name, scope)
    if root in {"tasks", "steps"}:
        return _task(name, scope) if scope.asks is None else scope.asks(name)
    if root == "item":
        return _item(name.path[1:], scope)
    if root == "workflow":
        return _workflow(name, scope)
    if root == "pod" and (scope.kind or name.path[1:] != ("name",)):
        return Fault(f"there is no `{'.'.join(name.path)}` here", "use `pod.name`, in a template that runs a pod")
    return None


def _input(name: Name, scope: TagScope) -> Fault | None:
    kind, *rest = name.path[1:] or ("",)
    if kind not in {"parameters", "artifacts"}:
        where = "inputs" if scope.template is not None else "workflow"
        return Fault(f"there is no `{'.'.join(name.path)}`", f"write {where}.parameters.{kind or 'NAME'}")
    known = scope.ports(scope.template, "inputs", kind) if scope.template is not None else None
    if scope.template is None or known is None or not rest:
        return None
    if rest[0] in known:
        is_path = kind == "parameters" or rest[1:] in ([], ["path"])
        return None if is_path else Fault(f"an artifact has no `{rest[1]}`", f"write inputs.artifacts.{rest[0]}.path")
    if name.longer in known:
        return minus(f"inputs.{kind}", name.longer)
    other = "artifacts" if kind == "parameters" else "parameters"
    if rest[0] in (scope.ports(scope.template, "inputs", other) or ()):
        path = ".path" if other == "artifacts" and not scope.kind else ""
        return Fault(f"the input `{rest[0]}` is declared among the {other}", f"write inputs.{other}.{rest[0]}{path}")
    hint = suggestion(rest[0], known, "inputs") or "add it to its `inputs`"
    return Fault(f"the template has no input `{rest[0]}` among its {kind}", hint)


def minus(parent: str, name: str) -> Fault:
    """An expression takes the `-` in a name for a minus."""
    return Fault("`-` is a minus sign in an expression", f"write {parent}['{name}']")


def _workflow(name: Name, scope: TagScope) -> Fault | None:
    kind, *rest = name.path[1:] or ("",)
    if kind not in OF_A_RUN:
        return Fault(
            f"a run has no `{kind}`",
            suggestion(kind, sorted(OF_A_RUN), "names") or "see the list of Argo's variables",
        )
    if kind == "failures" and not scope.has_exit:
        return Fault("`workflow.failures` is available only in `onExit`, and there is none", "write an `onExit`")
    if kind != "parameters" or not rest or rest[0] == "json" or scope.parameters is None or rest[0] in scope.parameters:
        return None
    if name.longer and name.longer in scope.parameters:
        return minus("workflow.parameters", name.longer)
    return Fault(f"the run has no argument `{rest[0]}`", "declare it in the `inputs` of the pipeline")


def _item(path: tuple[str, ...], scope: TagScope) -> Fault | None:
    if scope.loop is None:
        if not path and not scope.own:
            return None  # in a container, `{{item}}` stays unchanged
        return Fault("`item` is available only in a task that loops", "pass it to the template as an argument")
    items = scope.loop.get("withItems")
    if not path or "withParam" in scope.loop or path[0].startswith("["):
        return None
    if not isinstance(items, List):
        return Fault(f"an item of a sequence has no `{path[0]}`", "write {{item}}")
    without = [index for index, item in enumerate(items) if not isinstance(item, Map) or path[0] not in item]
    if not without:
        return None
    related = (Related("this one", items.item_span(without[0])),)
    return Fault(f"not every item has the key `{path[0]}`", "give every item the same keys", related=related)


def _task(name: Name, scope: TagScope) -> Fault | None:
    root, *rest = name.path
    if rest[:1] == ["name"] or not rest:
        return None
    task = rest[0]
    if root != scope.kind:
        where = f"only in {'a `dag`' if root == 'tasks' else '`steps`'}"
        hint = f"write {scope.kind}.{task}" if scope.kind else "pass it to the template as an argument"
        return Fault(f"`{root}.` is available {where}", hint)
    if task not in scope.tasks:
        if name.longer in scope.tasks:
            return minus(root, name.longer)
        hint = suggestion(task, scope.tasks, root) or "correct the name"
        return Fault(f"there is no {root[:-1]} `{task}`", hint, "unknown-task")
    if task not in scope.finished and not (task == scope.own and scope.is_hook):
        return _unfinished(task, scope)
    return _result(task, tuple(rest[1:]), name, scope)


def _unfinished(task: str, scope: TagScope) -> Fault:
    related = (Related(f"`{task}`", scope.tasks[task].span),)
    if task == scope.own:
        return Fault(f"`{task}` has no results before it runs", "only its hooks can use them", related=related)
    if scope.kind == "steps":
        message, hint = f"`{task}` does not run before `{scope.own}`", "move it to an earlier group"
    else:
        message, hint = f"`{scope.own}` uses a result of `{task}` but does not wait for it", f"add `depends: {task}`"
    return Fault(message, hint, related=related)


def _result(task: str, path: tuple[str, ...], name: Name, scope: TagScope) -> Fault | None:
    if path and path[0] not in OF_TASKS:
        return Fault(f"a task has no `{path[0]}`", suggestion(path[0], OF_TASKS, "results"))
    template = template_of(scope.tasks[task], scope.templates)
    if path[:1] == ("ip",) and template is not None and template.get("daemon") is not True:
        return Fault(f"`{task}` has no address, because it is not a daemon", "set `daemon: true` in its template")
    if path in _OF_PROGRAMS and template is not None and not _NO_PROGRAMS.isdisjoint(template):
        return Fault(f"`{task}` has no `{path[-1]}`, because it runs no container", "use one of its outputs")
    if path[:1] != ("outputs",) or len(path) < 2 or path[1] in {"result", "exitCode"}:
        return None
    if path[1] not in {"parameters", "artifacts"}:
        return Fault(
            f"outputs have no `{path[1]}`", "write outputs.parameters.NAME, outputs.artifacts.NAME or outputs.result"
        )
    if path[1] == "artifacts" and loops(scope.tasks[task]):
        hint = "store each item under a different key, and read the files by their common prefix"
        return Fault(f"`{task}` is a loop, and Argo does not collect the artifacts of loops", hint)
    return _output(path[1], path[2:3], name, template, scope, f"{scope.kind}.{task}") if template is not None else None


def _output(kind: str, port: tuple[str, ...], name: Name, template: Map, scope: TagScope, parent: str) -> Fault | None:
    known = scope.ports(template, "outputs", kind)
    if known is None or not port or port[0] in known:
        return None
    if name.longer in known:
        return minus(f"{parent}.outputs.{kind}", name.longer)
    other = "artifacts" if kind == "parameters" else "parameters"
    if port[0] in (scope.ports(template, "outputs", other) or ()):
        return Fault(f"the output `{port[0]}` is declared among the {other}", f"write outputs.{other}.{port[0]}")
    hint = suggestion(port[0], known, "outputs") or "add it to the `outputs` of the template"
    return Fault(f"the template has no output `{port[0]}` among its {kind}", hint)
