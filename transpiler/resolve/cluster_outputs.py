"""Outputs of cluster templates, inferred from their consumers: an output that is only taken by path is a file.

Nothing here says what stands in a cluster. An output that goes to another template of the cluster only may be either,
which a task must say itself: `outputs: {NAME: {type: file}}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from transpiler.diagnostics import Related, Report, Span
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import InputReference, OutputReference, Reference, whole_of
from transpiler.model.expressions.types import FILE
from transpiler.model.ports import Output
from transpiler.model.transport import Transport
from transpiler.resolve.amend import amend
from transpiler.resolve.files import may_be_file
from transpiler.resolve.scope import Call, Scope, calls_of, scopes_of


def infer_outputs(report: Report, *roots: Scope) -> None:
    """Add the inferred files to the cluster templates that the scopes call. Ambiguous outputs are reported."""
    users, scopes = _Users(), list(scopes_of(*roots))
    if not any(call.task.template_ref is not None for scope in scopes for call in calls_of(scope)):
        return
    for scope in scopes:
        for call in calls_of(scope):
            users.add(call, scope)
    calls = [call for scope in scopes for call in calls_of(scope)]
    may_hide_users = any(call.task.hides_keys or call.task.is_incomplete or call.component is None for call in calls)
    for call, outputs in users.found.items():
        component = call.component
        assert component is not None
        files = [name for name, (taken, _) in outputs.items() if taken & ~Transport.UNKNOWN == Transport.PATH]
        spans = {name: span for name, (taken, span) in outputs.items() if taken == Transport.UNKNOWN}
        for name, span in spans.items() if not may_hide_users else ():
            message = f"`{call.task.name}` does not declare whether its output `{name}` is a value or a file"
            hint = f"add `outputs: {{{name}: {{type: file}}}}` or `{{type: String}}`; only another template takes it"
            report.error("missing-key", message, span, hint, (Related("this template", call.task.span),))
        found = tuple(Output(name, FILE, call.task.span) for name in files)
        if found:
            amend(call, component=replace(component, outputs=(*component.outputs, *found)))


class _Users(Struct):
    found: dict[Call, dict[str, tuple[Transport, Span]]] = field(default_factory=dict)
    """Cluster template → output that it does not declare → its transport, and its first use."""
    known: dict[tuple[Scope, str], Transport] = field(default_factory=dict)

    def add(self, call: Call, scope: Scope) -> None:
        """Record the outputs of cluster templates that a call takes."""
        for argument in call.arguments.values():
            whole = whole_of(argument.value)
            producers = [each for each in references_of(argument.value) if any(_producers(each, scope, ()))]
            if producers:
                is_plain = whole is not None and may_be_file(whole)
                self.note(producers, scope, self.taken(call, argument.name) if is_plain else Transport.VALUE)
        task = call.task
        said = (task.when, task.loop, task.settings, tuple(hook.when for hook in call.hooks))
        self.note(references_of(said), scope, Transport.VALUE)

    def note(self, references: list[Reference], scope: Scope, taken: Transport) -> None:
        for reference in references:
            for producer, output in _producers(reference, scope, ()):
                before, span = self.found.setdefault(producer, {}).get(output, (Transport.NONE, reference.span))
                self.found[producer][output] = (before | taken, span)

    def taken(self, call: Call, name: str) -> Transport:
        """How a call takes an input."""
        if call.scope is not None:
            return self.inside(call.scope, name)
        return call.implementation.takes((name,), ()).get(name, Transport.NONE)

    def inside(self, scope: Scope, name: str) -> Transport:
        """How the tasks of a scope take an input of it."""
        if (scope, name) not in self.known:
            self.known[scope, name] = Transport.NONE  # for who calls itself
            for call in calls_of(scope):
                self.known[scope, name] |= self.by(call, name)
        return self.known[scope, name]

    def by(self, call: Call, name: str) -> Transport:
        """How a call takes an input of the scope that it stands in."""
        task, taken = call.task, Transport.NONE
        for argument in call.arguments.values():
            whole = whole_of(argument.value)
            if isinstance(whole, InputReference) and whole.name == name:
                taken |= self.taken(call, argument.name)
            elif _names(argument.value, name):
                taken |= Transport.VALUE
        return taken | (Transport.VALUE if _names((task.when, task.loop, task.settings), name) else Transport.NONE)


def _names(said: object, name: str) -> bool:
    return any(isinstance(each, InputReference) and each.name == name for each in references_of(said))


def _producers(reference: Reference, scope: Scope, seen: tuple[Call, ...]) -> Iterator[tuple[Call, str]]:
    """The cluster templates that yield the output of a reference without declaring it."""
    call = scope.calls.get(reference.task) if isinstance(reference, OutputReference) else None
    found = scope.output_of(reference) if isinstance(reference, OutputReference) else None
    if call is None or found is None or call.component is None or call.loop is not None or call in seen:
        return
    if call.implementation.is_in_cluster:
        if found.name != "result" and call.component.output(found.name) is None:
            yield call, found.name
        return
    for output in call.scope.outputs if call.scope is not None else ():
        whole = whole_of(output.value)
        if output.name == found.name and call.scope is not None and whole is not None and may_be_file(whole):
            for each in references_of(whole):
                yield from _producers(each, call.scope, (*seen, call))
