"""Values passed or yielded as files → where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct

from transpiler.argo.naming import Names
from transpiler.model.argo_data import Tree
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import Binary, Boxed, Expression, InputReference, OutputReference, whole_of
from transpiler.model.ports import Input
from transpiler.model.values import Passed, StoredFile
from transpiler.plan.argo_objects import Node, artifact
from transpiler.plan.expressions.tags import Tags
from transpiler.plan.sources import Choice, Port
from transpiler.plan.templates.loop_files import LoopFolder
from transpiler.resolve.files import has_default, is_file, may_be_file, may_lack_files
from transpiler.resolve.types import is_folder


class Artifacts(Struct, frozen=True, dict=True):
    """The artifacts of one DAG template, with the names of tasks and inputs in `tags`."""

    tags: Tags

    def passed(self, name: str, value: Passed, target: Input) -> Node:
        """A value passed as a file: an artifact that exists, the files of a loop, or the text itself (`raw`)."""
        if isinstance(value, StoredFile):
            return artifact(name, **self.tags.filled(value.location))
        whole = whole_of(value)
        if whole is not None and may_be_file(whole) and self._is_artifact(whole):
            given = artifact(name, **self._source(whole))
            may_be_absent = isinstance(whole, Boxed) or has_default(whole, target, self.tags.scope)
            return {**given, "optional": True} if may_be_absent else given
        return {"name": name, "raw": {"data": self.tags.for_kubelet(value, target)}}

    def yielded(self, name: str, node: Expression) -> Node:
        """A file that the DAG yields."""
        source = {"from": self._port(node)} if isinstance(node, OutputReference) else self._source(node)
        return artifact(name, **source)

    def boxed(self, node: Boxed) -> str:
        """The tag passed beside a file that may be absent: a list with an empty string, or with `null`."""
        if isinstance(node.reference, OutputReference):
            return f"{{{{=toJson([{self._first(node.reference)} ? '' : nil])}}}}"
        return self.tags.value(node)

    # ------------------------------------------------------------------ sources

    def _is_artifact(self, node: Expression) -> bool:
        """True when a reference, or each one in a `??`, names an artifact rather than a parameter."""
        if isinstance(node, Boxed):
            return self._is_artifact(node.reference)
        if isinstance(node, Binary):
            return self._is_artifact(node.left) and self._is_artifact(node.right)
        if isinstance(node, InputReference):
            given = self.tags.scope.input(node.name)
            is_read = given is not None and given.value_from is not None
            return (self.tags.inputs_are_artifacts and not is_read) or self._stored_at(node) is not None
        return isinstance(node, OutputReference) and is_file(node, self.tags.scope)

    def _source(self, node: Expression) -> Node:
        """The source of an artifact, as fields of Argo's artifact."""
        if isinstance(node, Boxed):
            return self._source(node.reference)
        if isinstance(node, Binary):
            return {"fromExpression": Choice(self._either(node))}
        assert isinstance(node, (InputReference, OutputReference))
        stored = self._stored_at(node)
        if stored is not None and isinstance(node, InputReference) and node.name in self.tags.of_the_run:
            return self.tags.filled(stored)
        if isinstance(node, OutputReference) and self._is_own_loop(node):
            return self._stored_in(node)
        return {"from": self._port(node)}

    def _stored_at(self, node: Expression) -> Tree | None:
        """The location of an input file of the pipeline; None for any other value."""
        given = self.tags.scope.input(node.name) if isinstance(node, InputReference) else None
        return given.artifact if given is not None else None

    def _either(self, node: Expression) -> tuple[str | Port, ...]:
        """The first artifact of a `??` whose task ran."""
        if isinstance(node, Binary):
            return (f"{self._first(node.left)} ? ", *self._either(node.left), " : ", *self._either(node.right))
        return (self._port(node),)

    def _first(self, node: Expression) -> str:
        """An expression that is true when the task of an artifact ran."""
        if isinstance(node, Binary):
            return f"({self._first(node.left)} || {self._first(node.right)})"
        if isinstance(node, OutputReference):
            return f"{self.tags.root}['{self.tags.tasks[node.task]}'].status == 'Succeeded'"
        if isinstance(node, InputReference) and node.is_boxed:
            return f"{self.tags.engine.text(node).text} != nil"
        return "true"

    def _port(self, node: Expression) -> Port:
        """The input of the DAG, or the output of a task, that is the file."""
        if isinstance(node, InputReference):
            return Port(self.tags.inputs[node.name])
        assert isinstance(node, OutputReference)
        task, output = self._in_argo(node)
        return (
            Port(self._folder_inputs[task, output]) if self._is_own_loop(node) else Port(output, task, self.tags.root)
        )

    def _in_argo(self, reference: OutputReference) -> tuple[str, str]:
        return self.tags.tasks[reference.task], self.tags.output_name(reference) or "result"

    # ------------------------------------------------------------------ the files of loops

    def folder(self, task: str, output: str) -> LoopFolder | str:
        """The folder for a file, from the task and the name of the output in Argo: that of the items, or one around."""
        around = self.tags.handed.get((task, output), "")
        if around and self.tags.scope.calls[task].loop is None:
            return f"{{{{inputs.parameters.{self.tags.folders.folders[around]}}}}}"
        path = self.tags.folders.path(around) if around else ""
        return LoopFolder(self.tags.tasks[task], output, self.tags.is_retried, path)

    def folders(self, yielded: Sequence[object]) -> list[Node]:
        """The inputs with the folders of loops, for files that the DAG yields."""
        folders = {self._folder_inputs[key]: self._stored_in(each) for key, each in self._own_loops(yielded).items()}
        return [artifact(name, **folder) for name, folder in sorted(folders.items())]

    def _stored_in(self, reference: OutputReference) -> Node:
        """The folder of a loop's files: an empty one, where there may be no item."""
        stored: Node = {"s3": {"key": self.folder(reference.task, self._in_argo(reference)[1])}}
        uncertain = self.tags.engine.uncertain
        may_be_empty = may_lack_files(reference, self.tags.scope) or reference.task in uncertain
        return {"optional": True, **stored} if may_be_empty else stored

    def _is_own_loop(self, reference: OutputReference) -> bool:
        """True for the files of a loop of this DAG."""
        return self.tags.scope.calls[reference.task].loop is not None and is_folder(reference, self.tags.scope)

    @cached_property
    def _folder_inputs(self) -> dict[tuple[str, str], str]:
        """Task and output in Argo → the input with the folder of that loop."""
        taken = Names(self.tags.inputs.values())
        loops = self._own_loops(self.tags.scope.outputs)
        return {key: taken.unique("-".join((*key, "folder"))) for key in sorted(loops)}

    def _own_loops(self, yielded: Sequence[object]) -> dict[tuple[str, str], OutputReference]:
        found = [each for each in references_of(tuple(yielded)) if isinstance(each, OutputReference)]
        return {self._in_argo(each): each for each in found if self._is_own_loop(each)}
