"""The return annotation of a function → outputs; checks the return statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from transpiler.authoring.annotations import AnnotationReader, WrongAnnotation, is_none
from transpiler.authoring.interface import Annotation, Result, Style, unique
from transpiler.authoring.module import FUNCTIONS, FunctionNode, Module
from transpiler.diagnostics import Related, Report

_TUPLE_HINT = "write NamedTuple('Outputs', [('rows', int), ('table', 'CSV')]) for several outputs"
_NO_VALUE = {"NoReturn", "Never"}


def read_results(
    node: FunctionNode, reader: AnnotationReader, taken: set[str], module: Module, report: Report
) -> tuple[list[Result], bool]:
    """The outputs that a function returns, and whether they are the items of a tuple."""
    returns = [each for each in _own(node) if isinstance(each, ast.Return)]
    if node.returns is None:
        _undeclared(node, returns, module, report)
        return [], False
    if is_none(node.returns) or reader.name_of(node.returns) in _NO_VALUE:
        for each in returns:
            if each.value is not None and not is_none(each.value):
                hint = "write the type after `->`, or return nothing"
                report.error("wrong-return", "the function is declared to return nothing", module.span(each), hint)
        return [], False
    try:
        fields = _fields(node.returns, reader)
        declared = [("Output", node.returns)] if fields is None else [_item(each) for each in fields]
    except WrongAnnotation as wrong:
        report.error("wrong-annotation", f"the return value: {wrong.message}", module.span(wrong.node), wrong.hint)
        return [], False
    results = [_result(name, type_, reader, taken, module, report) for name, type_ in declared]
    if declared:
        _check_returns(node, returns, None if fields is None else len(declared), module, report)
    return results, fields is not None


def _result(
    name: str, type_: ast.expr, reader: AnnotationReader, taken: set[str], module: Module, report: Report
) -> Result:
    """An output; one of any type when its own is wrong, which is reported."""
    try:
        found = _type_of_result(name, type_, reader)
    except WrongAnnotation as wrong:
        report.error("wrong-annotation", f"the output `{name}`: {wrong.message}", module.span(wrong.node), wrong.hint)
        found = Annotation(None)
    return Result(unique(name, taken), found.type, found.kind)


def _type_of_result(name: str, node: ast.expr, reader: AnnotationReader) -> Annotation:
    if isinstance(node, ast.Dict):
        raise WrongAnnotation("a mapping is not a type of a return value", node, _TUPLE_HINT)
    if isinstance(node, ast.Subscript) and reader.name_of(node.value) in {"tuple", "Tuple"}:
        raise WrongAnnotation("the items of a tuple need names, because each is an output", node, _TUPLE_HINT)
    found = reader.read(node)
    if found.style is not Style.VALUE:
        hint = f"add a parameter `{name.lower()}_path: OutputPath()`"
        raise WrongAnnotation(f"`{found.style.value}` is for parameters", node, hint)
    if found.is_optional:
        raise WrongAnnotation(
            "an output always has a value", node, "return a value that stands for a missing one, such as ''"
        )
    return found


def _fields(node: ast.expr, reader: AnnotationReader) -> list[ast.expr | ast.keyword | ast.AnnAssign] | None:
    """The items of a NamedTuple, in any of its forms; None for another type. Raises WrongAnnotation."""
    where, node = node, reader.aliased(node)
    if isinstance(node, ast.Name) and node.id in reader.classes:
        defined = reader.classes[node.id]
        if any(reader.name_of(base) == "NamedTuple" for base in defined.bases):
            items = (each for each in defined.body if isinstance(each, ast.AnnAssign))
            return [each for each in items if isinstance(each.target, ast.Name)]
    if not isinstance(node, ast.Call) or reader.name_of(node.func) not in {"NamedTuple", "namedtuple"}:
        return None
    if reader.name_of(node.func) == "namedtuple":
        raise WrongAnnotation("the items of a namedtuple have no types", where, _TUPLE_HINT)
    if len(node.args) == 1 and node.keywords:
        return list(node.keywords)
    if len(node.args) != 2 or node.keywords or not isinstance(node.args[1], (ast.List, ast.Tuple)):
        raise WrongAnnotation("this NamedTuple has no list of items", where, _TUPLE_HINT)
    return list(node.args[1].elts)


def _item(node: ast.expr | ast.keyword | ast.AnnAssign) -> tuple[str, ast.expr]:
    """An item of a NamedTuple: its name and its type. Raises WrongAnnotation."""
    if isinstance(node, ast.keyword):
        if node.arg is not None:
            return node.arg, node.value
        raise WrongAnnotation("an item of a NamedTuple is a name with a type", node.value, _TUPLE_HINT)
    if isinstance(node, ast.AnnAssign):
        assert isinstance(node.target, ast.Name), "a class declares its items by name"
        return node.target.id, node.annotation
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        name, type_ = node.elts
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value.isidentifier():
            return name.value, type_
    raise WrongAnnotation("an item of a NamedTuple is a name with a type", node, _TUPLE_HINT)


def _own(node: FunctionNode) -> Iterator[ast.AST]:
    """The nodes of a function, in order, without those of nested functions and classes."""
    pending: list[ast.AST] = list(reversed(node.body))
    while pending:
        each = pending.pop()
        yield each
        if not isinstance(each, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            pending.extend(reversed(list(ast.iter_child_nodes(each))))


def is_generator(node: FunctionNode) -> bool:
    """True for a function that yields."""
    return any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in _own(node))


def _undeclared(node: FunctionNode, returns: list[ast.Return], module: Module, report: Report) -> None:
    """A function that returns a value has an output, and that needs a type."""
    value = next((each for each in returns if each.value is not None and not is_none(each.value)), None)
    if value is not None:
        related = (Related("a value is returned here", module.span(value)),)
        message = f"`{node.name}` returns a value, but no type is declared for it"
        hint = "write it after the parentheses: `-> int:`; or NamedTuple('Outputs', [('rows', int)])"
        report.error("missing-annotation", message, module.name_span(node), hint, related)


def _check_returns(
    node: FunctionNode, returns: list[ast.Return], items: int | None, module: Module, report: Report
) -> None:
    """Every return statement must yield the declared values; otherwise the run would fail."""
    assert node.returns is not None
    for each in returns:
        if each.value is None or is_none(each.value):
            hint = "return a value; if there is none, raise an exception"
            report.error("wrong-return", "nothing is returned here, but an output is declared", module.span(each), hint)
        elif items not in {None, count := _length(each.value, items)}:
            message = f"{count} values are returned here, but {items} outputs are declared"
            report.error("wrong-return", message, module.span(each), "return one value for each output, in order")
    if not returns and not any(isinstance(each, ast.Raise) for each in _own(node)):
        hint = "return it, or remove `-> …` if the function has no output"
        report.error("wrong-return", f"`{node.name}` never returns its output", module.span(node.returns), hint)


def _length(value: ast.expr, unknown: int | None) -> int | None:
    """How many items a tuple in the source has; `unknown` where that only shows at run time."""
    if isinstance(value, ast.Tuple) and not any(isinstance(each, ast.Starred) for each in value.elts):
        return len(value.elts)
    return unknown
