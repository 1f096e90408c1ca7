"""Checks whether a function can become a component: its kind, and the names that it uses from its module."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from typing import Final

from transpiler.argo.text import argo_tags, unclosed_tag
from transpiler.authoring.annotations import is_none
from transpiler.authoring.interface import Interface
from transpiler.authoring.module import FUNCTIONS, FunctionNode, Module, report_syntax
from transpiler.authoring.program import RESERVED
from transpiler.authoring.results import is_generator
from transpiler.authoring.scopes import names_from_outside, plain_names
from transpiler.authoring.strip import lines_of
from transpiler.diagnostics import MAX_DIAGNOSTICS, Related, Report, Span
from transpiler.suggest import correction, did_you_mean

_RELATIVE_HINT: Final = "move the imported code into the function, or install it with `--package`"
MAX_PROGRAM_BYTES: Final = 120_000
"""Linux's MAX_ARG_STRLEN is 128 KiB; the rest is for the lines that call the function."""


def is_usable(node: FunctionNode, module: Module, report: Report) -> bool:
    """False, with a diagnostic, for a function that cannot be called by itself with the inputs of a task."""
    size = len(lines_of(node, module).encode())
    if size > MAX_PROGRAM_BYTES:
        message = f"`{node.name}` has {size:,} bytes; an argument in Linux has at most {MAX_PROGRAM_BYTES:,}"
        hint = "put it into an image, and write a component that runs it: `transpile component new --program`"
        report.error("too-large", message, module.name_span(node), hint)
        return False
    found = _unusable(node, module)
    if found:
        report.error("unsupported-function", found[0], module.name_span(node), found[1])
        return False
    for star, argument in (("*", node.args.vararg), ("**", node.args.kwarg)):
        if argument is not None:
            message = f"`{star}{argument.arg}` takes any number of arguments"
            hint = "a component has a fixed list of inputs: write each of them, or one of type list or dict"
            report.error("unsupported-function", message, module.span(argument), hint)
    return _compiles(node, module, report)


def _unusable(node: FunctionNode, module: Module) -> tuple[str, str] | None:
    """The reason why a component cannot be made, and a hint."""
    if isinstance(node, ast.AsyncFunctionDef):
        return f"`{node.name}` is async", "write `def`, and call asyncio.run(…) in it"
    if is_generator(node):
        return f"`{node.name}` is a generator", "return a list, or write to an OutputPath()"
    around = next((each for each, method in module.methods() if method is node), None)
    if around is not None:
        return f"`{node.name}` is a method of the class `{around.name}`", "move it out of the class"
    if node.name in RESERVED:
        return f"the name `{node.name}` is used by the program itself", "rename the function"
    return None


def _compiles(node: FunctionNode, module: Module, report: Report) -> bool:
    """False, with a diagnostic, for code that only Python's compiler refuses (`break` outside a loop)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(ast.Module([node], []), "<function>", "exec", dont_inherit=True)
    except SyntaxError as error:
        report_syntax(error, module.source, report)
        return False
    except (RecursionError, MemoryError, ValueError):
        hint = "split the longest expression, or build the value in a loop"
        report.error("too-deep", "an expression is nested too deeply for Python", module.name_span(node), hint)
        return False
    return True


def check_names(node: FunctionNode, interface: Interface, module: Module, report: Report) -> None:
    """Report names of the module, which do not exist at run time: the component contains only the function."""
    defined = _definitions(module)
    local = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    strings = _f_strings(node)
    for use in names_from_outside(node)[:MAX_DIAGNOSTICS]:
        definition = defined.get(use.id)
        related = (Related(f"`{use.id}` is defined here", module.span(definition)),) if definition else ()
        close = did_you_mean(use.id, sorted({*local, *(each.name for each in interface.parameters)} - {use.id}))
        message = f"`{use.id}` is {'defined outside' if definition else 'not defined in'} `{node.name}`"
        hint = _move(use.id, definition) or (
            correction(use.id, close) if close else "import or define it in the function"
        )
        report.error("name-outside", message, _use_span(use, strings, module), hint, related)


def _definitions(module: Module) -> dict[str, ast.stmt]:
    """The statement that defines each name of the module first."""
    found: dict[str, ast.stmt] = {}
    for each in module.statements():
        if isinstance(each, (*FUNCTIONS, ast.ClassDef)):
            names = [each.name]
        elif isinstance(each, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For, ast.With)):
            targets = (node for node in ast.walk(each) if isinstance(node, ast.Name))
            names = [node.id for node in targets if isinstance(node.ctx, ast.Store)]
        else:
            names = [*plain_names(each)]
        for name in names:
            found.setdefault(name, each)
    return found


def _move(name: str, definition: ast.stmt | None) -> str:
    """The hint for a name of the module."""
    if isinstance(definition, (ast.Import, ast.ImportFrom)):
        if isinstance(definition, ast.ImportFrom) and definition.level:
            return _RELATIVE_HINT
        wanted = [each for each in definition.names if name in {each.asname, each.name.split(".")[0]}]
        statement = (
            ast.Import(wanted) if isinstance(definition, ast.Import) else ast.ImportFrom(definition.module, wanted, 0)
        )
        return f"write `{ast.unparse(statement)}` in the function"
    if isinstance(definition, (*FUNCTIONS, ast.ClassDef)):
        return "move its definition into the function"
    return "set it in the function, or make it a parameter" if definition else ""


def check_artifacts(node: FunctionNode, interface: Interface, module: Module, report: Report) -> None:
    """Report what a function asks of an artifact of kfp 2 besides its path: only KFP's backend has more of it."""
    names = {each.name for each in interface.parameters if each.annotation.is_artifact}
    strings = _f_strings(node)
    fine = {id(use) for use in _uses_of_a_path(node)}
    for use in ast.walk(node):
        if isinstance(use, ast.Name) and use.id in names and id(use) not in fine:
            message = f"`{use.id}` has nothing but its `path` on plain Argo, and can be used in no other way"
            hint = f"write `{use.id}.path`; pass a value as an output of its own, or in the file"
            report.error("kfp-backend", message, _use_span(use, strings, module), hint)


def _uses_of_a_path(node: FunctionNode) -> Iterator[ast.expr]:
    """The names whose `path` is read, and those that are only asked whether they are there."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and each.attr == "path" and isinstance(each.ctx, ast.Load):
            yield each.value
        elif isinstance(each, ast.Compare) and all(is_none(other) for other in each.comparators):
            yield each.left
        elif isinstance(each, (ast.If, ast.IfExp, ast.While)):
            yield from _asked(each.test)


def _asked(test: ast.expr) -> Iterator[ast.expr]:
    """The parts of a condition."""
    if isinstance(test, ast.BoolOp):
        for value in test.values:
            yield from _asked(value)
    else:
        yield test.operand if isinstance(test, ast.UnaryOp) else test


def check_imports(node: FunctionNode, module: Module, report: Report) -> None:
    """Report relative imports: the program is not part of a package."""
    for each in ast.walk(node):
        if isinstance(each, ast.ImportFrom) and each.level:
            message = f"`{ast.unparse(each)}` imports from a file that does not exist at run time"
            report.error("name-outside", message, module.span(each), _RELATIVE_HINT)


def _use_span(use: ast.Name, strings: Mapping[ast.AST, ast.JoinedStr], module: Module) -> Span:
    """The position of a name. Before Python 3.12, `ast` misplaces nodes in an f-string: then that of the f-string."""
    start, end = module.start(use), module.end(use)
    around = strings.get(use)
    return module.span(around) if around and module.source.text[start:end] != use.id else module.source.span(start, end)


def _f_strings(node: FunctionNode) -> dict[ast.AST, ast.JoinedStr]:
    """Every name in an f-string, with the f-string that the source has there."""
    found: dict[ast.AST, ast.JoinedStr] = {}
    for string in ast.walk(node):  # from the outside in
        if isinstance(string, ast.JoinedStr) and string not in found:
            found.update((each, string) for each in ast.walk(string) if isinstance(each, (ast.Name, ast.JoinedStr)))
    return found


def check_tags(node: FunctionNode, module: Module, report: Report) -> None:
    """Report Argo's tags, which Argo replaces in a program too."""
    start, text = module.line_start(node.lineno), lines_of(node, module)
    defaults = [module.span(each) for each in (*node.args.defaults, *node.args.kw_defaults) if each is not None]
    closed = f"{text}}}}}" if unclosed_tag(text) else text  # as the program closes it
    for tag, first, last in argo_tags(closed):
        span = module.source.span(start + first, start + min(last, len(text)))
        if any(each[1:3] <= span[1:3] < each[3:5] for each in defaults):
            continue  # it is the default's, which has been looked at
        hint = "Argo has no escape for it: separate the braces, as in '{' + '{…}}'"
        message = f"Argo would replace or refuse `{{{{{tag}}}}}` in the program"
        report.error("argo-tag", message, span, hint)
