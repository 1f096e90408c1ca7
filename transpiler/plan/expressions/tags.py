"""References of a manifest → Argo's names for them: simple tags, and paths for expressions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field

from transpiler.argo.kubelet import escaped
from transpiler.argo.text import open_end
from transpiler.argo.variables import ALL_ARGUMENTS
from transpiler.model.argo_data import Tree, filled
from transpiler.model.expressions.tree import (
    REFERENCES,
    Boxed,
    Expression,
    FactReference,
    InputReference,
    ItemReference,
    OutputReference,
    Reference,
    Text,
)
from transpiler.model.expressions.types import literal_text
from transpiler.model.ports import Input
from transpiler.model.task import Loop
from transpiler.model.values import Literal, Value
from transpiler.plan.argo_objects import Node
from transpiler.plan.expressions.engine_references import EngineReferences, Path
from transpiler.plan.expressions.expression_compiler import ExpressionCompiler
from transpiler.plan.expressions.program_texts import own, whole
from transpiler.plan.templates.loop_files import FolderInputs
from transpiler.resolve.scope import Scope


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
    """Omitted optional inputs: inside a text or an expression, each is the empty string."""
    loop: Loop | None = None
    """The loop of the task that is written."""
    whole_key: str | None = None
    """The position of the JSON of a whole item of that loop; see `items.whole_key`."""
    inputs_are_artifacts: bool = field(default=True)
    """False for the entry: arguments of a run are parameters, which become files when they are passed on."""

    root: str = "tasks"
    """`steps` where the tasks are steps."""
    is_retried: bool = False
    """True for a DAG that Argo may try again."""
    folders: FolderInputs = FolderInputs()
    """The inputs of the DAG for files that go into the folder of a loop around."""
    handed: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Task and its output in Argo → the output of the DAG in Argo, for these files."""

    @cached_property
    def engine(self) -> EngineReferences:
        """How Argo's engine gets at the references of this DAG."""
        return EngineReferences(self.scope, self.path, self.of_the_run, self.absent, self.loop, self.whole_key)

    @cached_property
    def compiler(self) -> ExpressionCompiler:
        """The compiler of the expressions of this DAG."""
        return ExpressionCompiler(self.scope, self.engine.text, self.engine.boxed)

    @cached_property
    def output_compiler(self) -> ExpressionCompiler:
        """The compiler for the outputs of the DAG."""
        return ExpressionCompiler(self.scope, self.engine.text_in_output, self.engine.boxed)

    def value(self, node: Expression) -> str:
        """The tag that Argo replaces by the value: a simple one for a reference alone."""
        if self._is_absent(node):
            return ""
        if isinstance(node, Boxed) and isinstance(node.reference, InputReference) and node.reference.is_boxed:
            return self._simple(node.reference)
        if isinstance(node, REFERENCES) and not self.engine.is_needed(node):
            return self._simple(node)
        return self.compiler.tag(node)

    def _simple(self, reference: Reference) -> str:
        return f"{{{{{'.'.join(name for name, _ in self.path(reference))}}}}}"

    def written(self, text: Text) -> str:
        """A text with tags for values of the run, and the rest unchanged."""
        return self._joined(text.parts)

    def program(self, text: Text) -> str:
        """A text in Argo's own fields that the kubelet reads: it is Kubernetes', and the values arrive as they are."""
        return self._joined(own(text, self.scope))

    def filled(self, tree: Tree) -> Node:
        """Data in Argo's own fields, with what the run puts in."""
        fields: Node = filled(tree.data, tree.slots, self.written, self.program)
        return fields

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
        """The name of an output in Argo; None for the standard output of a template."""
        found = self.scope.output_of(reference)
        assert found is not None
        is_printed = self.scope.calls[reference.task].prints(found)
        return None if is_printed else self.outputs[reference.task].get(found.name, found.name)

    # ------------------------------------------------------------------ texts

    def text(self, value: Value, target: Input) -> str:
        """The text of a value, with tags for values of the run."""
        if isinstance(value, Literal):
            return literal_text(value.value, value.written, target.type)
        assert isinstance(value, Text)
        return self._joined(value.parts)

    def for_kubelet(self, value: Value, target: Input) -> str:
        """The same for the kubelet, which passes the text of the value to the program."""
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
