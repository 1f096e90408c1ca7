"""Files that would have to go from a volume to an object store, or back, where files pass through a volume.

A template in Argo's own fields, and one of the cluster, keeps its artifacts where Argo keeps all. They can go to
other templates of that kind. The files of components are on the volume.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import Flag, auto

from msgspec import Struct, field

from transpiler.dataflow.instances import Instance
from transpiler.diagnostics import Related, Report
from transpiler.model.expressions.tree import InputReference, OutputReference, Reference, references, whole_of
from transpiler.model.implementation import NO_IMPLEMENTATION
from transpiler.model.ports import Output
from transpiler.model.transport import Transport
from transpiler.resolve.files import may_be_file


class _Home(Flag):
    """Where a file is stored; a string passed as a file is not stored yet."""

    NOWHERE = 0
    VOLUME = auto()
    OBJECT_STORE = auto()


def check_object_store(instances: Sequence[Instance], related: Related, report: Report) -> None:
    """Report every file that is passed to a task that reads it elsewhere, or yielded from two places."""
    files = _Files(instances)
    for instance in instances:
        for callee, reference in _given(instance):
            home = files.home(reference, instance)
            if callee.command is not None and _Home.OBJECT_STORE in home:
                message = "a template in Argo's own fields writes this file to an object store, not to the volume"
                hint = "write it in a component, or delete `artifacts`"
                report.error("object-store", message, reference.span, hint, (related,))
            elif callee.command is None and callee.scope is None and _Home.VOLUME in home:
                message = "a template in Argo's own fields reads files from an object store, not from the volume"
                hint = "read it in a component, or delete `artifacts`"
                report.error("object-store", message, reference.span, hint, (related,))
    _outputs(instances[0], files, related, report)


def _outputs(entry: Instance, files: _Files, related: Related, report: Report) -> None:
    """An output of the run must be in the same place, whichever branch ran."""
    for output in entry.scope.outputs if entry.scope else ():
        found = list(_chosen(output.value)) if Transport.PATH in entry.yields.get(output.name, Transport.NONE) else []
        homes = _Home.NOWHERE
        for reference in found:
            homes |= files.home(reference, entry)
        if homes == _Home.VOLUME | _Home.OBJECT_STORE:
            message = f"only a run can tell whether the file `{output.name}` is on the volume or in an object store"
            report.error("object-store", message, output.value_span, "yield two outputs, one for each", (related,))


def _given(caller: Instance) -> Iterator[tuple[Instance, Reference]]:
    """Each file that a scope gives to a task, and whom."""
    for call, callee in caller.called:
        for name, argument in call.arguments.items():
            if Transport.PATH in callee.takes.get(name, Transport.NONE):
                yield from ((callee, each) for each in _chosen(argument.value))


def _chosen(value: object) -> Iterator[Reference]:
    """The sources of a file: a reference, or each one in a `??`."""
    whole = whole_of(value)
    if whole is not None and may_be_file(whole):
        yield from references(whole)


class _Files(Struct):
    """The places of the input files of scopes, and of the files that their tasks yield."""

    instances: Sequence[Instance]
    inputs: dict[tuple[Instance, str], _Home] = field(default_factory=lambda: defaultdict(lambda: _Home.NOWHERE))
    outputs: dict[tuple[Instance, str], _Home] = field(default_factory=dict)

    def __post_init__(self) -> None:
        while sum(self.pass_down(instance) for instance in self.instances):
            pass

    def pass_down(self, caller: Instance) -> bool:
        """Propagate the places of files to the scopes that one calls. True if they have changed."""
        news = False
        for call, callee in caller.called:
            for name, argument in call.arguments.items() if callee.scope is not None else ():
                before = self.inputs[callee, name]
                for reference in _chosen(argument.value):
                    self.inputs[callee, name] |= self.home(reference, caller)
                news |= self.inputs[callee, name] != before
        return news

    def home(self, reference: Reference, scope: Instance) -> _Home:
        """The place of the file of a reference in a scope."""
        if isinstance(reference, InputReference):
            return self.inputs[scope, reference.name]
        if not isinstance(reference, OutputReference) or scope.scope is None:
            return _Home.NOWHERE
        found = scope.scope.output_of(reference)
        return self.of_output(scope.callees[reference.task], found) if found else _Home.NOWHERE

    def of_output(self, producer: Instance, found: Output) -> _Home:
        """Where a task leaves an output."""
        output = found.name
        implementation = producer.component.implementation if producer.component else NO_IMPLEMENTATION
        if implementation.is_in_cluster:
            return _Home.OBJECT_STORE
        if implementation.argo_node is not None:
            return _Home.NOWHERE if implementation.yields_file(found) is False else _Home.OBJECT_STORE
        if producer.scope is None:
            return _Home.VOLUME
        if (producer, output) not in self.outputs:
            self.outputs[producer, output] = _Home.NOWHERE  # a recursive scope gives no information about itself
            for each in producer.scope.outputs:
                for reference in _chosen(each.value) if each.name == output else ():
                    self.outputs[producer, output] |= self.home(reference, producer)
        return self.outputs[producer, output]
