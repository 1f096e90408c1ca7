"""What stands in `${{ … }}`: an expression, as a tree of nodes that know their places.

Knows the grammar and nothing of what the names mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from operator import is_not
from typing import Any, Final, TypeGuard, TypeVar

from msgspec import NODEFAULT, Struct
from msgspec.structs import replace

from transpiler.diagnostics import Span
from transpiler.patterns import regex


class InputReference(Struct, frozen=True):
    """`inputs.NAME`: an input of the pipeline; of a group, what stands outside of it.

    `is_boxed`: the argument is `Boxed`, and the value of the reference is what that holds.
    """

    name: str
    span: Span
    is_boxed: bool = False


class OutputReference(Struct, frozen=True):
    """`tasks.TASK.outputs.NAME`, or `tasks.TASK.output` (name None): what a task yields."""

    task: str
    output: str | None
    span: Span
    task_span: Span
    output_span: Span


class FactReference(Struct, frozen=True):
    """`tasks.TASK.status` and the other facts that Argo knows of a task."""

    task: str
    fact: str
    span: Span
    task_span: Span
    fact_span: Span


class ItemReference(Struct, frozen=True):
    """`item`, `item.KEY`, or the name that a loop gives its item with `as`."""

    name: str
    key: str | None
    span: Span


class WorkflowReference(Struct, frozen=True):
    """`workflow.NAME`: a variable of the run, in Argo's names."""

    name: str
    span: Span


Reference = InputReference | OutputReference | FactReference | ItemReference | WorkflowReference


class EnvReference(Struct, frozen=True):
    """`env.NAME`: a variable of the container that a task runs in. Kubernetes fills it in, and Argo never knows it.

    So it is none of the references that go from task to task.
    """

    name: str
    span: Span


class Constant(Struct, frozen=True):
    """`'text'`, `1`, `0.5`, `true` or `null`."""

    value: str | int | float | bool | None
    span: Span


class Listing(Struct, frozen=True):
    """`['a', 'b']`."""

    items: tuple[Expression, ...]
    span: Span


class Unary(Struct, frozen=True):
    """`!x` or `-x`."""

    operator: str
    operand: Expression
    span: Span


class Binary(Struct, frozen=True):
    """`x + y`, and every other operator between two values."""

    operator: str
    left: Expression
    right: Expression
    span: Span


class Conditional(Struct, frozen=True):
    """`test ? then : otherwise`."""

    test: Expression
    then: Expression
    otherwise: Expression
    span: Span


class FunctionCall(Struct, frozen=True):
    """`name(x, y)`."""

    name: str
    arguments: tuple[Expression, ...]
    span: Span
    name_span: Span


class Index(Struct, frozen=True):
    """`x[y]`, or `x.name`: an item of a JSON list, or a value of a JSON object."""

    target: Expression
    key: Expression
    span: Span


class Boxed(Struct, frozen=True):
    """A list of the value of a reference, or of `null` where that is absent. The compiler makes it, nobody writes it.

    An argument must have a value, so this is how one that may be absent gets into a group.
    """

    reference: Reference

    @property
    def span(self) -> Span:
        """Where the reference stands."""
        return self.reference.span


Expression = Reference | EnvReference | Constant | Listing | Unary | Binary | Conditional | FunctionCall | Index | Boxed
REFERENCES = (InputReference, OutputReference, FactReference, ItemReference, WorkflowReference)


def children(node: Expression) -> tuple[Expression, ...]:
    """The nodes right below a node."""
    match node:
        case Listing(items):
            return items
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Conditional(test, then, otherwise):
            return (test, then, otherwise)
        case FunctionCall(_, arguments):
            return arguments
        case Index(target, key):
            return (target, key)
        case Boxed(reference):
            return (reference,)
    return ()


def walk(node: Expression) -> Iterator[Expression]:
    """A node and all below it, in the order they are written."""
    yield node
    for child in children(node):
        yield from walk(child)


def is_choice(node: object) -> TypeGuard[Binary]:
    """True for `x ?? y`."""
    return isinstance(node, Binary) and node.operator == "??"


def alternatives(node: Expression) -> Iterator[Expression]:
    """The expressions that a `??` chooses between, nested ones too; the expression itself where it is no choice."""
    if is_choice(node):
        yield from alternatives(node.left)
        yield from alternatives(node.right)
    else:
        yield node


def is_deeper(node: Expression, limit: int) -> bool:
    """True when a tree has more levels; says so without recursion."""
    level: list[Expression] = [node]
    while level and limit >= 0:
        level, limit = [child for each in level for child in children(each)], limit - 1
    return bool(level)


def references(node: Expression) -> Iterator[Reference]:
    """The references in an expression, in order."""
    return (each for each in walk(node) if isinstance(each, REFERENCES))


MAX_OUTLINES: Final = 16


def outlines(node: Expression) -> list[str]:
    """The texts that an expression may become, with an ellipsis for what only a run knows."""
    match node:
        case Constant(value) if isinstance(value, str):
            return [value]
        case Binary("+", left, right):
            return [before + after for before in outlines(left) for after in outlines(right)][:MAX_OUTLINES]
        case Binary("??", left, right) | Conditional(_, left, right):
            return [*outlines(left), *outlines(right)][:MAX_OUTLINES]
    return ["…"]


def outcomes(node: Expression) -> list[Constant]:
    """The literals that an expression may give: itself, those of branches, and texts of texts in a row."""
    match node:
        case Constant():
            return [node]
        case FunctionCall("string", (argument,)):
            return outcomes(argument)
        case Binary("??", left, right) | Conditional(_, left, right):
            return [*outcomes(left), *outcomes(right)][:MAX_OUTLINES]
        case Binary("+", left, right):
            pairs = [(before, after) for before in outcomes(left) for after in outcomes(right)][:MAX_OUTLINES]
            texts = [(one.value, other.value) for one, other in pairs]
            return [Constant(a + b, node.span) for a, b in texts if isinstance(a, str) and isinstance(b, str)]
    return []


Replace = Callable[[Any], Any]
"""What a reference, or a `??` or `Boxed` as a whole, becomes for another place; itself, where it stays."""

Node = TypeVar("Node")


def replaced(node: Node, become: Replace) -> Node:
    """An expression, or anything immutable that holds some, with each reference replaced.

    A `??` or a `Boxed` may be replaced as a whole.
    """
    kind = type(node)
    if kind in _REFERENCE_TYPES:
        return become(node)  # type: ignore[no-any-return]  # an expression for an expression
    is_asked = kind is Boxed or (isinstance(node, Binary) and node.operator == "??")
    if is_asked and (whole := become(node)) is not node:
        return whole  # type: ignore[no-any-return]  # see above
    if kind is tuple:
        return _items_replaced(node, become)  # type: ignore[arg-type, return-value]
    changes: dict[str, Any] = {}
    for name, default in fields_that_hold(kind):  # type: ignore[arg-type]  # every type can be hashed
        old = getattr(node, name)
        if old is not None and old is not default:
            new = replaced(old, become)
            if new is not old:
                changes[name] = new
    return replace(node, **changes) if changes else node  # type: ignore[type-var]


def _items_replaced(items: tuple[Any, ...], become: Replace) -> tuple[Any, ...]:
    new = tuple([replaced(item, become) for item in items])
    return new if any(map(is_not, new, items)) else items


@cache
def fields_that_hold(kind: type) -> tuple[tuple[str, Any], ...]:
    """The fields of a class in which expressions may stand, each with its default, in which none does.

    All fields of the model's classes count, unless their types are plain ones, or the class says that what stands in it
    belongs to a scope of its own: `IS_OPAQUE = True`.
    """
    if not issubclass(kind, Struct) or getattr(kind, "IS_OPAQUE", False):
        return ()
    types: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        types |= getattr(base, "__annotations__", {})
    names, defaults = kind.__struct_fields__, kind.__struct_defaults__
    required: tuple[Any, ...] = (NODEFAULT,) * (len(names) - len(defaults))
    pairs = zip(names, required + defaults, strict=True)
    return tuple(pair for pair in pairs if not _PLAIN.issuperset(_WORD.findall(types[pair[0]])))


def references_of(node: object) -> list[Reference]:
    """Every reference in an expression, or in anything that holds some, in the order of its fields."""
    found: list[Reference] = []
    _collect(node, _REFERENCE_TYPES, found)
    return found


def env_references_of(node: object) -> list[EnvReference]:
    """Every variable of a container that an expression names, or anything that holds some."""
    found: list[EnvReference] = []
    _collect(node, frozenset([EnvReference]), found)
    return found


def expressions_in(node: object) -> list[Expression]:
    """The expressions of every text in a value, or in anything that holds values."""
    found: list[Text] = []
    _collect(node, _TEXT, found)
    return [each for text in found for each in text.expressions]


def _collect(node: Any, wanted: frozenset[type], found: list[Any]) -> None:
    """Find everything of some types, without looking into it."""
    kind = type(node)
    if kind in wanted:
        found.append(node)
    elif kind is tuple:
        for item in node:
            _collect(item, wanted, found)
    else:
        for name, default in fields_that_hold(kind):  # type: ignore[arg-type]  # as above
            value = getattr(node, name)
            if value is not None and value is not default:
                _collect(value, wanted, found)


def guarded(node: Expression) -> Iterator[Reference]:
    """The references of an expression that may be absent: those whose absence comes through to a `??`."""
    if isinstance(node, Boxed):
        yield node.reference
        return
    if is_choice(node):
        for side in (node.left, node.right):
            yield from _passing(side)
        return
    for child in children(node):
        yield from guarded(child)


JSON_FUNCTIONS = ("json", "first", "last")
"""Functions that give a value of a JSON text: absent for what is absent."""


def _passing(node: Expression) -> Iterator[Reference]:
    """The references whose absence makes the value of a node absent, and those guarded inside of it."""
    match node:
        case Binary("??"):
            yield from guarded(node)
        case Conditional(test, then, otherwise):
            yield from guarded(test)
            yield from _passing(then)
            yield from _passing(otherwise)
        case Index(target, key):
            yield from _passing(target)
            yield from guarded(key)
        case FunctionCall(name, arguments) if name in JSON_FUNCTIONS:
            for argument in arguments:
                yield from _passing(argument)
        case _ if isinstance(node, REFERENCES):
            yield node
        case _:
            yield from guarded(node)


_REFERENCE_TYPES: frozenset[type] = frozenset(REFERENCES)
_PLAIN: Final = frozenset(["str", "int", "float", "bool", "None", "Span", "tuple"])
"""What the types of fields that hold no expression are made of."""
_WORD: Final = regex(r"\w+")


class Text(Struct, frozen=True):
    """A string value: literal pieces and expressions, in order."""

    parts: tuple[str | Expression, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions, without the text around them."""
        return tuple(part for part in self.parts if not isinstance(part, str))

    @property
    def outline(self) -> str:
        """The text with an ellipsis in place of each expression."""
        return "".join(part if isinstance(part, str) else "…" for part in self.parts)

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references in them."""
        return tuple(reference for part in self.expressions for reference in references(part))

    @property
    def whole(self) -> Expression | None:
        """The expression, when it is the whole value."""
        part = self.parts[0] if len(self.parts) == 1 else None
        return None if isinstance(part, str) else part

    @property
    def plain_reference(self) -> Reference | None:
        """The reference, when it is the whole value."""
        whole = self.whole
        return whole if isinstance(whole, REFERENCES) else None


_TEXT: frozenset[type] = frozenset([Text])
