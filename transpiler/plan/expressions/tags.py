"""References of a manifest → Argo's names for them: simple tags, and paths for expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field

from transpiler.argo.kubelet import escaped
from transpiler.argo.naming import Names
from transpiler.argo.text import open_end
from transpiler.model.argo_data import Tree, filled
from transpiler.model.expressions.tree import (
    REFERENCES,
    Binary,
    Boxed,
    Expression,
    FactReference,
    InputReference,
    ItemReference,
    OutputReference,
    Reference,
    Text,
    references_of,
)
from transpiler.model.expressions.types import literal_text
from transpiler.model.ports import Input
from transpiler.model.task import Loop
from transpiler.model.values import Literal, Value
from transpiler.plan.expressions.engine_references import EngineReferences, Path, engine_path
from transpiler.plan.expressions.expressions import Compiler
from transpiler.plan.expressions.program_texts import own, whole
from transpiler.plan.nodes import Node, artifact
from transpiler.plan.templates.loop_files import folder
from transpiler.resolve.files import has_default, is_choice, is_file
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import is_folder
from transpiler.resolve.variables import ALL_ARGUMENTS


class Tags(Struct, frozen=True, dict=True):
    """How the tasks of one DAG template name its inputs, and each other's outputs."""

    scope: Scope
    tasks: Mapping[str, str]
    """Task → its name in Argo."""
    inputs: Mapping[str, str]
    """Input → its name in Argo."""
    outputs: Mapping[str, Mapping[str, str]]
    """Task → output → its name in Argo."""
    of_the_run: frozenset[str] = frozenset()
    """Inputs that are read from the run's own arguments."""
    absent: frozenset[str] = frozenset()
    """Optional inputs that nobody passes here: inside of a text or an expression, each is the empty text."""
    loop: Loop | None = None
    """The loop of the task that is written."""
    whole_key: str | None = None
    """Where the JSON of a whole item of that loop stands; see `items.whole_key`."""
    inputs_are_artifacts: bool = field(default=True)
    """False for the entry: what a run is given are parameters, which become files where they are passed on."""

    root: str = "tasks"
    """`steps` where the tasks are steps."""
    is_retried: bool = False
    """True for a DAG that Argo may try again."""

    @cached_property
    def engine(self) -> EngineReferences:
        """How Argo's engine gets at the references of this DAG."""
        return EngineReferences(self.scope, self.path, self.of_the_run, self.absent, self.loop, self.whole_key)

    @cached_property
    def compiler(self) -> Compiler:
        """The compiler of the expressions of this DAG."""
        return Compiler(self.scope, self.engine.text, self.engine.boxed)

    @cached_property
    def output_compiler(self) -> Compiler:
        """The compiler of what the DAG yields."""
        return Compiler(self.scope, self.engine.text_in_output, self.engine.boxed)

    def value(self, node: Expression) -> str:
        """The tag that Argo replaces by the value: a simple one for a reference alone."""
        if self._is_absent(node):
            return ""
        if isinstance(node, Boxed) and isinstance(node.reference, InputReference) and node.reference.is_boxed:
            return self._simple(node.reference)
        if isinstance(node, REFERENCES) and not self.engine.is_needed(node):
            return self._simple(node)
        return self.compiler.tag(node)

    def boxed(self, node: Boxed, *, is_file: bool) -> str:
        """The tag of a list of a value or none; of an empty text or none, where a file goes beside it."""
        reference = node.reference
        if is_file and isinstance(reference, OutputReference):
            return f"{{{{=toJson([{self._first(reference)} ? '' : nil])}}}}"
        return self.value(node)

    def _simple(self, reference: Reference) -> str:
        return f"{{{{{'.'.join(name for name, _ in self.path(reference))}}}}}"

    def written(self, text: Text) -> str:
        """A text with tags for what only a run knows, and the rest as it is."""
        return self._joined(text.parts)

    def program(self, text: Text) -> str:
        """A text in Argo's own fields that the kubelet reads: it is Kubernetes', and the values arrive as they are."""
        return self._joined(own(text, self.scope))

    def _joined(self, parts: tuple[str | Expression, ...]) -> str:
        """Pieces of a text with a tag for each expression; one for all, where Argo would read others than ours."""
        tags = [part if isinstance(part, str) else self.value(part) for part in parts]
        before, beside = "", ""
        for part, tag in zip(parts, tags, strict=True):
            if isinstance(part, str):
                before, beside = open_end(before + part), ""
            elif before or (beside and _may_join(beside, tag)):
                return f"{{{{={self.compiler.joined(parts).text}}}}}"
            else:
                beside = tag
        return "".join(tags)

    def path(self, reference: Reference) -> Path:
        """The names that lead to a value, and for each whether a person chose it."""
        if isinstance(reference, InputReference):
            root = "workflow" if reference.name in self.of_the_run else "inputs"
            return [(root, False), ("parameters", False), (self.inputs[reference.name], True)]
        if isinstance(reference, OutputReference):
            task = [(self.root, False), (self.tasks[reference.task], True), ("outputs", False)]
            name = self.output_name(reference)
            return [*task, ("result", False)] if name is None else [*task, ("parameters", False), (name, True)]
        if isinstance(reference, FactReference):
            return [(self.root, False), (self.tasks[reference.task], True), (reference.fact, False)]
        if isinstance(reference, ItemReference):
            key = self.whole_key if reference.key is None else reference.key
            return [("item", False), *([(key, True)] if key else [])]
        name = ALL_ARGUMENTS[1] if reference.name in ALL_ARGUMENTS else reference.name
        root, _, rest = name.partition(".")
        if root == "outputs":
            kind, _, name = rest.partition(".")
            return [("workflow", False), (root, False), (kind, False), (name, True)]
        return [("workflow", False), (root, False), *([(rest, True)] if rest else [])]

    def output_name(self, reference: OutputReference) -> str | None:
        """An output's name in Argo; None for what a template prints."""
        found = self.scope.output_of(reference)
        assert found is not None
        is_printed = self.scope.calls[reference.task].implementation.prints(found.name)
        return None if is_printed else self.outputs[reference.task].get(found.name, found.name)

    # ------------------------------------------------------------------ artifacts

    def artifact(self, name: str, value: Value, target: Input) -> Node:
        """A value passed as a file: an artifact that exists, the files of a loop, or the text itself (`raw`)."""
        whole = value.whole if isinstance(value, Text) else None
        if whole is not None and is_choice(whole) and self.is_artifact(whole):
            given = artifact(name, **self.source(whole))
            may_be_absent = isinstance(whole, Boxed) or has_default(whole, target, self.scope)
            return {**given, "optional": True} if may_be_absent else given
        return {"name": name, "raw": {"data": self.for_kubelet(value, target)}}

    def is_artifact(self, node: Expression) -> bool:
        """True when a reference, or each one in a `??`, names an artifact rather than a parameter."""
        if isinstance(node, Boxed):
            return self.is_artifact(node.reference)
        if isinstance(node, Binary):
            return self.is_artifact(node.left) and self.is_artifact(node.right)
        if isinstance(node, InputReference):
            given = self.scope.input(node.name)
            is_read = given is not None and given.value_from is not None
            return (self.inputs_are_artifacts and not is_read) or self.stored_at(node) is not None
        return isinstance(node, OutputReference) and is_file(node, self.scope)

    def source(self, node: Expression) -> Node:
        """Where an artifact comes from, as fields of Argo's artifact."""
        if isinstance(node, Boxed):
            return self.source(node.reference)
        if isinstance(node, Binary):
            return {"fromExpression": self._either(node)}
        assert isinstance(node, (InputReference, OutputReference))
        stored = self.stored_at(node)
        if stored is not None and isinstance(node, InputReference) and node.name in self.of_the_run:
            location: Node = filled(stored.data, stored.slots, self.written, self.program)
            return location
        if isinstance(node, OutputReference) and self.is_own_loop(node):
            return self.folder(node)
        return {"from": self._from(node)}

    def stored_at(self, node: Expression) -> Tree | None:
        """Where the file of an input of the pipeline is stored; None for what is no such file."""
        given = self.scope.input(node.name) if isinstance(node, InputReference) else None
        return given.artifact if given is not None else None

    def is_own_loop(self, reference: OutputReference) -> bool:
        """True for the files of a loop of this DAG."""
        return self.scope.calls[reference.task].loop is not None and is_folder(reference, self.scope)

    def folder(self, reference: OutputReference) -> Node:
        """The folder that holds what each item of a loop writes: an empty one, where there may be no item."""
        key = self.folder_of(reference.task, self.output_name(reference) or "result")
        may_be_empty = self.scope.calls[reference.task].may_be_skipped or reference.task in self.engine.uncertain
        return {"optional": True, "s3": {"key": key}} if may_be_empty else {"s3": {"key": key}}

    def folder_of(self, task: str, output: str) -> str:
        """The key of such a folder, of a task and the name of its output in Argo."""
        return folder(self.tasks[task], output, is_retried=self.is_retried)

    def yielded(self, node: Expression) -> Node:
        """Where an artifact comes from that the DAG yields, as fields of Argo's artifact."""
        return {"from": self._from(node)} if isinstance(node, OutputReference) else self.source(node)

    def _from(self, node: InputReference | OutputReference) -> str:
        return f"{{{{{'.'.join(name for name, _ in self._artifact_path(node))}}}}}"

    def folders(self, yielded: Sequence[object]) -> list[Node]:
        """The inputs that stand for the folders of loops, for values that the DAG yields as files."""
        folders = {self._folder_inputs[key]: self.folder(each) for key, each in self._own_loops(yielded).items()}
        return [artifact(name, **folder) for name, folder in sorted(folders.items())]

    @cached_property
    def _folder_inputs(self) -> dict[tuple[str, str], str]:
        """Task and output in Argo → the input that stands for the folder of that loop."""
        taken = Names(self.inputs.values())
        return {key: taken.unique("-".join((*key, "folder"))) for key in sorted(self._own_loops(self.scope.outputs))}

    def _own_loops(self, yielded: Sequence[object]) -> dict[tuple[str, str], OutputReference]:
        found = [each for each in references_of(tuple(yielded)) if isinstance(each, OutputReference)]
        return {self._in_argo(each): each for each in found if self.is_own_loop(each)}

    def _in_argo(self, reference: OutputReference) -> tuple[str, str]:
        return self.tasks[reference.task], self.output_name(reference) or "result"

    def _either(self, node: Expression) -> str:
        """The first artifact of a `??` whose task ran."""
        if isinstance(node, Binary):
            first = self._first(node.left)
            return f"{first} ? {self._either(node.left)} : {self._either(node.right)}"
        assert isinstance(node, (InputReference, OutputReference))
        return engine_path(self._artifact_path(node))

    def _first(self, node: Expression) -> str:
        """An expression that is true when the task of an artifact ran."""
        if isinstance(node, Binary):
            return f"({self._first(node.left)} || {self._first(node.right)})"
        if isinstance(node, OutputReference):
            return f"{self.root}['{self.tasks[node.task]}'].status == 'Succeeded'"
        if isinstance(node, InputReference) and node.is_boxed:
            return f"{self.engine.text(node).text} != nil"
        return "true"

    def _artifact_path(self, reference: InputReference | OutputReference) -> Path:
        if isinstance(reference, InputReference):
            return [("inputs", False), ("artifacts", False), (self.inputs[reference.name], True)]
        name = self.output_name(reference) or "result"
        if self.is_own_loop(reference):
            return [("inputs", False), ("artifacts", False), (self._folder_inputs[self._in_argo(reference)], True)]
        task = (self.tasks[reference.task], True)
        return [(self.root, False), task, ("outputs", False), ("artifacts", False), (name, True)]

    # ------------------------------------------------------------------ texts

    def text(self, value: Value, target: Input) -> str:
        """The text of a value, with tags for what only a run knows."""
        if isinstance(value, Literal):
            return literal_text(value.value, value.written, target.type)
        assert isinstance(value, Text)
        return self._joined(value.parts)

    def for_kubelet(self, value: Value, target: Input) -> str:
        """The same where the kubelet reads it, who gives the program the text of the value."""
        if isinstance(value, Literal):
            return escaped(self.text(value, target))
        assert isinstance(value, Text)
        parts = [part for part in value.parts if not self._is_absent(part)]
        return self._joined(whole(parts, self.scope))

    def _is_absent(self, part: str | Expression) -> bool:
        return isinstance(part, InputReference) and part.name in self.absent


def _may_join(tag: str, following: str) -> bool:
    """True for neighbours that Argo does not put in at once: the first value may end in a brace."""
    are_simple = not tag.startswith("{{=") and not following.startswith("{{=")
    return not are_simple or tag.split(".", maxsplit=1)[0] != following.split(".", maxsplit=1)[0]
