"""`${{ env.NAME }}`: variables of a container, which Kubernetes expands in the texts that it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from transpiler.argo.kubelet import variables
from transpiler.diagnostics import Hint, Report, Span
from transpiler.model.argo_data import Slot
from transpiler.model.expressions.search import env_references_of
from transpiler.model.expressions.tree import EnvReference, InputReference, ItemReference, Text
from transpiler.model.placeholders import JsonValue
from transpiler.model.settings import Named
from transpiler.model.task import Argument
from transpiler.model.values import Literal
from transpiler.resolve.environment import has_others, variables_in, variables_of
from transpiler.resolve.scope import Call, Scope, calls_of
from transpiler.suggest import suggestion

PLACES: Final = (
    "use it as a whole value or inside a string, in `env` or in an argument that the component takes by value"
)
_WORDS: Final = frozenset(["command", "args"])


def check_env_references(scope: Scope, report: Report) -> None:
    """Every reference to a variable, and texts that look like one."""
    for call in calls_of(scope):
        allowed = {id(each) for each in _allowed(call, scope, report)}
        said = (call.task, tuple(hook.when for hook in call.hooks))
        _misplaced([each for each in env_references_of(said) if id(each) not in allowed], report)
    _misplaced(env_references_of(scope.outputs), report)


def _misplaced(found: Sequence[EnvReference], report: Report) -> None:
    for each in found:
        message = (
            f"`env.{each.name}` cannot be used here: Kubernetes expands variables only in the command line of a program"
        )
        report.error("misplaced-reference", message, each.span, PLACES)


def _allowed(call: Call, scope: Scope, report: Report) -> Iterator[EnvReference]:
    """The references that Kubernetes expands, or that have another diagnostic."""
    for argument in call.arguments.values():
        found = variables_in(argument.value)
        yield from found
        fault = _fault(argument, call) if found else None
        if fault is not None:
            report.error("misplaced-reference", fault[0], found[0].span, fault[1])
        else:
            _known(found, variables_of(call), call, report)
            _as_text(argument, call, scope, report)
    _defaults_as_text(call, report)
    yield from _in_env(call, report)
    yield from _in_fields(call, report)


# ------------------------------------------------------------------ arguments


def _fault(argument: Argument, call: Call) -> tuple[str, str] | None:
    """The reason why an argument cannot refer to variables, and a hint; None if it can."""
    component = call.component
    if component is None or component.input(argument.name) is None:
        return None
    if component.implementation.argo_node is not None:
        return "Kubernetes expands a variable in the template itself", "write `$(NAME)` in it"
    container = component.implementation.container
    if container is None:
        return "only the container of a task has variables", "use it in the task that has the variable"
    line = container.command_line()
    if argument.name in line.by_path:
        hint = "read the variable in the program"
        return "the component takes this as a file, in which Kubernetes does not expand variables", hint
    if any(isinstance(piece, JsonValue) and piece.name == argument.name for piece in line.pieces):
        hint = "read the variable in the program"
        return "the component takes this as JSON, which a quote in the variable would break", hint
    return None


def _known(found: Sequence[EnvReference], names: Sequence[str], call: Call, report: Report) -> None:
    for each in found:
        if each.name not in names and not (has_others(call.task.settings) or call.task.hides_keys):
            message = f"task `{call.task.name}` has no variable `{each.name}`"
            hint = suggestion(each.name, names, "variables") if names else "declare it under `env` or `secrets`"
            report.error("unknown-name", message, each.span, hint)


def _as_text(argument: Argument, call: Call, scope: Scope, report: Report) -> None:
    """Warn of a `$(NAME)` that names a variable: values of a manifest arrive unchanged."""
    container = call.implementation.container
    if container is None or argument.name not in container.command_line().by_value:
        return
    _warn(_texts(argument, call, scope), argument.span, call, report)


def _defaults_as_text(call: Call, report: Report) -> None:
    """The same of the defaults of a component, which KFP would write into its words."""
    component, container = call.component, call.implementation.container
    if component is None or container is None:
        return
    meant = [each for each in component.inputs if "$(" in (each.default or "") and each.name not in call.arguments]
    taken = container.command_line().by_value if meant else ()
    for given in (each for each in meant if each.name in taken):
        names = [name for name in variables(given.default or "") if name in variables_of(call)]
        if names:
            message = f"`$({names[0]})` is passed literally, not as the variable of the task"
            hint = f"pass `{given.name}: ${{{{ env.{names[0]} }}}}` as an argument of the task"
            report.warning("literal-reference", message, given.default_span or call.task.span, hint)


def _warn(texts: Sequence[str], span: Span, call: Call, report: Report) -> None:
    known = variables_of(call)
    for name in (name for text in texts for name in variables(text) if name in known):
        said = f"${{{{ env.{name} }}}}"
        message = f"`$({name})` is passed literally, not as the variable of the task"
        report.warning(
            "literal-reference", message, span, Hint(f"write `{said}` to pass its value", said, f"$({name})")
        )
        return


def _texts(argument: Argument, call: Call, scope: Scope) -> list[str]:
    """What an argument says itself; the items of its loop; for an input of the manifest, its default."""
    value = argument.value
    if isinstance(value, Literal):
        return [value.value] if isinstance(value.value, str) else []
    if not isinstance(value, Text):
        return []
    whole = value.plain_reference
    if isinstance(whole, ItemReference) and call.loop is not None:
        items = [dict(each).get(whole.key or "") if isinstance(each, tuple) else each for each in call.loop.items or ()]
        return [str(each.value) for each in items if isinstance(each, Literal)]
    given = scope.input(whole.name) if isinstance(whole, InputReference) and scope.parent is None else None
    return [given.default] if given and given.default else [each for each in value.parts if isinstance(each, str)]


# ------------------------------------------------------------------ variables of variables


def _in_env(call: Call, report: Report) -> Iterator[EnvReference]:
    """Variables can be made of others, but not of each other."""
    made_of = {each.name: variables_in(each.value) for each in call.task.settings.env if isinstance(each, Named)}
    for name, found in made_of.items():
        yield from found
        for reference in found:
            if _leads_to(name, reference.name, made_of):
                itself = "itself" if reference.name == name else f"`{reference.name}`, which contains it"
                hint = "give one of them a literal value"
                report.error("cycle", f"the variable `{name}` contains {itself}", reference.span, hint)
            else:
                _known((reference,), variables_of(call), call, report)


def _leads_to(name: str, start: str, made_of: Mapping[str, Sequence[EnvReference]]) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        here = waiting.pop()
        if here == name:
            return True
        behind = {each.name for each in made_of.get(here, ())} - seen
        seen |= behind
        waiting.extend(behind)
    return False


# ------------------------------------------------------------------ Argo's own fields


def _in_fields(call: Call, report: Report) -> Iterator[EnvReference]:
    """Words and variables of a container in Argo's own fields."""
    settings = call.task.settings
    raw = call.implementation.argo_fields
    for slots, data, is_container in (
        (settings.own, raw, False),
        (settings.argo_template.slots if settings.argo_template else (), raw, False),
        (settings.argo_container.slots if settings.argo_container else (), {}, True),
    ):
        for slot in slots:
            found = variables_in(slot.text)
            if found and _is_word(slot):
                yield from found
                own = _variables_at(data, slot)
                is_main = is_container or slot.path[0] in {"container", "script"}
                _known(found, [*own, *(variables_of(call) if is_main else ())], call, report)


def _is_word(slot: Slot) -> bool:
    keys = slot.path
    return (len(keys) > 1 and keys[-2] in _WORDS) or (keys[-3:-2] == ("env",) and keys[-1] == "value")


def _variables_at(data: Any, slot: Slot) -> list[str]:
    """The variables of the container of a text."""
    node = data
    for step in slot.path[: -2 if slot.path[-2] in _WORDS else -3]:
        if isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            node = node.get(step, {}) if isinstance(node, dict) else {}
    variables_here = node.get("env", []) if isinstance(node, dict) else []
    return [each["name"] for each in variables_here if isinstance(each, dict) and "name" in each]
