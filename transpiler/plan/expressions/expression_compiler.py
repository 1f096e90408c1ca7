"""An expression → an equivalent expression for Argo's engine (expr-lang).

Argo passes only strings, so a value has two forms: its text, which a reference yields, and the value
itself, which operators work on. docs/language.md defines the meaning of expressions. Expects expressions without
errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce

from msgspec import Struct

from transpiler.model.expressions.functions import COUNTABLE, FUNCTIONS, NUMBER
from transpiler.model.expressions.tree import (
    REFERENCES,
    Binary,
    Boxed,
    Conditional,
    Constant,
    Expression,
    FunctionCall,
    Index,
    Listing,
    Reference,
    Result,
    Unary,
    is_choice,
)
from transpiler.model.expressions.types import JSON, Type
from transpiler.plan.expressions.alternatives import Alternatives
from transpiler.plan.expressions.comparisons import Comparison
from transpiler.plan.expressions.conversions import (
    number_type,
    of_json,
    of_text,
    operand_types,
    own_type,
    structure_type,
)
from transpiler.plan.expressions.engine import (
    NIL,
    EngineExpression,
    call,
    choice,
    conditional,
    constant_text,
    json_or_text,
    literal,
    mapping,
    member,
    negated,
    negative,
    operation,
    part_of_text,
    passed_or,
    quoted,
    text_of_json,
    texts_of_items,
)
from transpiler.plan.expressions.times import formatted
from transpiler.plan.templates.loop_files import INDEX
from transpiler.resolve.optional_inputs import left_out
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import BOOLEAN, INTEGER, LIST, NUMBERS, STRING, STRUCTURES, TYPED, infer


def _not_boxed(reference: Reference) -> EngineExpression:
    """For places that no group is around."""
    raise AssertionError(reference)


class ExpressionCompiler(Struct, frozen=True):
    """Compiles the expressions of one DAG. `path_of` is how Argo's engine names a reference."""

    scope: Scope
    path_of: Callable[[Reference, bool], EngineExpression]
    boxed: Callable[[Reference], EngineExpression] = _not_boxed

    # ------------------------------------------------------------------ interface

    def tag(self, node: Expression) -> str:
        """The tag that Argo replaces by the text of a value. Argo writes values other than strings as JSON."""
        return f"{{{{={self.text(node, is_printed=True).text}}}}}"

    def condition(self, node: Expression) -> str:
        """The tag that becomes `true` or `false`."""
        return f"{{{{= {self.logic(node)} }}}}"

    def logic(self, node: Expression) -> str:
        """An expression that is true or false, for the places where Argo takes one without a tag."""
        return self.value(node, BOOLEAN).text

    def joined(self, parts: Iterable[str | Expression]) -> EngineExpression:
        """A text with expressions in it as one expression."""
        pieces = (quoted(part) if isinstance(part, str) else self.text(part) for part in parts)
        return reduce(lambda left, right: operation(left, "+", right), pieces)

    @property
    def alternatives(self) -> Alternatives:
        """The compiler of `??`."""
        return Alternatives(self.scope, self.text)

    # ------------------------------------------------------------------ the text of a value

    def text(self, node: Expression, *, is_printed: bool = False, may_be_absent: bool = False) -> EngineExpression:
        """An expression whose result is the text of the value, or a value that Argo prints as that text.

        If the value `may_be_absent` for a `??`, so may be the object or list that contains it.
        """
        if isinstance(node, REFERENCES):
            text = self.path_of(node, may_be_absent)
            return passed_or(text, NIL) if may_be_absent and left_out(node, self.scope) else text
        if isinstance(node, Boxed):
            return self.boxed(node.reference)
        if isinstance(node, Conditional):
            branches = (node.then, node.otherwise)
            texts = (self.text(each, is_printed=is_printed, may_be_absent=may_be_absent) for each in branches)
            return conditional(self.value(node.test, BOOLEAN), *texts)
        if is_choice(node):
            return self.alternatives.choice(node, is_printed=is_printed, may_be_absent=may_be_absent)
        if isinstance(node, Constant):
            return quoted(constant_text(node.value))
        kind = infer(node, self.scope)
        return self.written(self.computed(node, may_be_absent=may_be_absent), kind, is_printed=is_printed)

    @staticmethod
    def written(value: EngineExpression, kind: Type, *, is_printed: bool) -> EngineExpression:
        """The text of a computed value."""
        if kind.name == "Boolean":
            return conditional(value, EngineExpression("'True'"), EngineExpression("'False'"))
        if is_printed or kind.name == "String":
            return value
        return text_of_json(value) if kind == JSON else call("toJson({0})", value)

    # ------------------------------------------------------------------ the value itself

    def value(self, node: Expression, wanted: Type) -> EngineExpression:
        """An expression whose result is the value, converted to the wanted type."""
        kind = infer(node, self.scope)
        if wanted.name not in TYPED and wanted != JSON:
            return self.text(node)
        if isinstance(node, Conditional) and kind.name in TYPED:
            branches = (self.value(each, kind) for each in (node.then, node.otherwise))
            return conditional(self.value(node.test, BOOLEAN), *branches)
        if self.is_read(node, kind):
            return of_text(self.text(node), kind, wanted)
        value = self.computed(node)
        if kind == JSON:
            return of_json(value, wanted)
        return value if kind.name in TYPED else of_text(value, kind, wanted)

    @staticmethod
    def is_read(node: Expression, kind: Type) -> bool:
        """True for an expression that has its text as result: a reference, or a choice between values."""
        return isinstance(node, REFERENCES) or is_choice(node) or (isinstance(node, Conditional) and kind != JSON)

    def computed(self, node: Expression, *, may_be_absent: bool = False) -> EngineExpression:
        """An expression other than a reference as the engine's own value. Absence is propagated if wanted."""
        match node:
            case Constant(value):
                return literal(value)
            case Listing(items):
                values = (self.value(each, own_type(infer(each, self.scope))).text for each in items)
                return EngineExpression(f"[{', '.join(values)}]")
            case Unary("!", operand):
                return self.negation(operand)
            case Unary(_, operand):
                return negative(self.value(operand, number_type(infer(operand, self.scope))))
            case Conditional(test, then, otherwise):
                branches = (self.computed(each, may_be_absent=may_be_absent) for each in (then, otherwise))
                return conditional(self.value(test, BOOLEAN), *branches)
            case Binary():
                return self.binary(node)
            case FunctionCall():
                return self.call(node, may_be_absent)
            case Index():
                return self.index(node, may_be_absent)
            case Result():
                return self.result(node)
        raise AssertionError(node)

    def negation(self, operand: Expression) -> EngineExpression:
        """`!operand`."""
        if self.is_read(operand, infer(operand, self.scope)) and not isinstance(operand, Conditional):
            return operation(call("lower({0})", self.text(operand)), "!=", EngineExpression("'true'"))
        return negated(self.value(operand, BOOLEAN))

    def result(self, node: Result) -> EngineExpression:
        """An object of an item and its outputs: lists and objects as such, all else as texts."""
        text = self.text(node.item)
        item = call("fromJSON({0})", text) if node.is_json else text if node.is_json is False else json_or_text(text)
        values = [(name, self.collected(each)) for name, each in node.outputs]
        outputs = mapping((*values, *((name, EngineExpression(f"'{INDEX}'")) for name in node.files)))
        return mapping((("item", item), ("outputs", outputs)))

    def collected(self, node: Expression) -> EngineExpression:
        """The value of an output as Argo collects it: JSON that is none stays a text."""
        text = self.text(node)
        is_json = infer(node, self.scope).name in STRUCTURES
        return choice(call("sprig.fromJson({0})", text), text) if is_json else text

    # ------------------------------------------------------------------ operators

    def binary(self, node: Binary) -> EngineExpression:
        """Two operands, each as the type that the operator works on."""
        if node.operator in {"==", "!=", "in"}:
            comparison = Comparison(node, self.scope, self.text, self.value)
            return comparison.membership() if node.operator == "in" else comparison.equality()
        kinds = operand_types(node.operator, infer(node.left, self.scope), infer(node.right, self.scope))
        return operation(self.value(node.left, kinds[0]), node.operator, self.value(node.right, kinds[1]))

    # ------------------------------------------------------------------ functions and JSON

    def call(self, node: FunctionCall, may_be_absent: bool) -> EngineExpression:
        """A function, each argument as the type that it takes."""
        function = FUNCTIONS[node.name]
        if node.name == "string":
            return self.text(node.arguments[0])
        if node.name == "toJson":
            (value,) = node.arguments
            return call(function.form, self.value(value, own_type(infer(value, self.scope))))
        if node.name in {"ceil", "floor", "round"} and infer(node.arguments[0], self.scope).name == "Integer":
            return self.value(node.arguments[0], INTEGER)
        given = [
            self.argument(each, wanted, may_be_absent and function.result == JSON)
            for each, wanted in zip(node.arguments, function.takes, strict=False)
        ]
        if node.name in {"formatTime", "substring"}:
            return formatted(node, *given) if node.name == "formatTime" else part_of_text(*given)
        if function.is_infix:
            return operation(given[0], function.form.split()[1], given[1])
        if node.name == "join" and not self.holds_texts(node.arguments[0]):
            given[0] = texts_of_items(given[0])
        return call(function.form, *given)

    def argument(self, node: Expression, wanted: Type, may_be_absent: bool) -> EngineExpression:
        """An argument of a function."""
        kind = infer(node, self.scope)
        if may_be_absent and wanted == LIST:
            return self.json(node, kind)
        if may_be_absent and (kind == JSON or self.alternatives.can_be_absent(node)):
            return self.alternatives.or_else(node, EngineExpression("'null'"))
        if wanted == NUMBER:
            return self.value(node, number_type(kind))
        if wanted == COUNTABLE:
            return self.value(node, kind if kind.name in STRUCTURES else own_type(kind))
        return self.value(node, wanted)

    def holds_texts(self, node: Expression) -> bool:
        """True for a list of which it is known that all its items are texts."""
        if isinstance(node, Listing):
            return all(infer(each, self.scope).name not in TYPED | {""} for each in node.items)
        return isinstance(node, FunctionCall) and node.name in {"split", "keys"}

    def index(self, node: Index, may_be_absent: bool) -> EngineExpression:
        """An item of a JSON list, or a value of a JSON object."""
        kind, key = infer(node.target, self.scope), infer(node.key, self.scope)
        target = self.json(node.target, kind) if may_be_absent else self.value(node.target, structure_type(kind))
        wanted = INTEGER if kind.name == "JsonArray" or key.name in NUMBERS else STRING
        return member(target, self.value(node.key, wanted), may_be_absent=may_be_absent)

    def json(self, node: Expression, kind: Type) -> EngineExpression:
        """A JSON value that is absent where the text is."""
        if kind == JSON:
            return self.computed(node, may_be_absent=True)
        if self.is_read(node, kind) and self.alternatives.can_be_absent(node):
            return call("fromJSON({0})", self.alternatives.or_else(node, EngineExpression("'null'")))
        return self.value(node, structure_type(kind))
