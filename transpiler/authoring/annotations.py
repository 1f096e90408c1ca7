"""Annotations → types. Only their text is read, so their imports need not be installed."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import Any, Final

from msgspec.structs import replace

from transpiler.authoring.interface import Annotation, Kind, Style, kind_of
from transpiler.authoring.module import Module, parsed_expression
from transpiler.suggest import correction, did_you_mean

_PLAIN: Final = {
    "int": Annotation("Integer", Kind.INTEGER),
    "float": Annotation("Float", Kind.FLOAT),
    "str": Annotation("String", Kind.TEXT),
    "bool": Annotation("Boolean", Kind.BOOLEAN),
    "list": Annotation("JsonArray", Kind.JSON),
    "dict": Annotation("JsonObject", Kind.JSON),
}
_TYPING: Final = {"List": _PLAIN["list"], "Dict": _PLAIN["dict"], "Any": Annotation("Any", Kind.TEXT)}
_GENERIC: Final = {"list", "dict", "List", "Dict"}
_WRAPPERS: Final = {"Optional", "Union", "Annotated"}
_PATHS: Final = {"InputPath": Style.INPUT_PATH, "OutputPath": Style.OUTPUT_PATH}
_OF_KFP2: Final = {"Input": Style.INPUT_PATH, "Output": Style.OUTPUT_PATH}
"""Annotation of an artifact in kfp 2 → how the component takes or gives its file."""
_KNOWN: Final = (*_PLAIN, *_TYPING, *_WRAPPERS, *_PATHS, "NamedTuple")
_TYPES_HINT: Final = (
    "values are int, float, str, bool, list or dict; a type of your own is quoted: 'URI', InputPath('CSV')"
)
_HINTS: Final = {
    **dict.fromkeys(
        ("InputTextFile", "InputBinaryFile", "InputArtifact"),
        "write InputPath('TYPE'), and open the file in the function",
    ),
    **dict.fromkeys(
        ("OutputTextFile", "OutputBinaryFile", "OutputArtifact"),
        "write OutputPath('TYPE'), and open the file in the function",
    ),
    **dict.fromkeys(
        ("tuple", "Tuple", "set", "Set", "frozenset", "Sequence", "Iterable"), "write list, which is passed as JSON"
    ),
    **dict.fromkeys(("Mapping", "MutableMapping", "TypedDict"), "write dict, which is passed as JSON"),
    **dict.fromkeys(("bytes", "bytearray"), "write str, or InputPath() for the path of a file that contains the bytes"),
    "Input": "write the type of the file in brackets, such as Input[Dataset]",
    "Output": "write the type of the file in brackets, such as Output[Model]",
    "Literal": "write str, and check the value in the function",
}


class WrongAnnotation(Exception):  # noqa: N818 - carries a diagnostic
    """An annotation that is not a type of a component; `node` is the invalid part."""

    def __init__(self, message: str, node: ast.expr, hint: str = _TYPES_HINT) -> None:
        super().__init__(message)
        self.message, self.node, self.hint = message, node, hint


class AnnotationReader:
    """Reads the annotations of one module, whose imports and aliases it follows."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._followed: set[str] = set()

    @cached_property
    def _imported(self) -> dict[str, str]:
        """`IP` → `InputPath` for `from kfp.components import InputPath as IP`."""
        imports = [each for each in self._module.statements() if isinstance(each, ast.ImportFrom)]
        return {alias.asname or alias.name: alias.name for each in imports for alias in each.names}

    @cached_property
    def _aliases(self) -> dict[str, ast.expr]:
        """`Rows` → `List[int]` for the assignment `Rows = List[int]` of the module."""
        assigned = [each for each in self._module.statements() if isinstance(each, ast.Assign)]
        return {target.id: each.value for each in assigned for target in each.targets if isinstance(target, ast.Name)}

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """The classes of the module, by name."""
        return {each.name: each for each in self._module.statements() if isinstance(each, ast.ClassDef)}

    def name_of(self, node: ast.expr) -> str:
        """The original name behind `InputPath`, `kfp.components.InputPath` or an import under another name."""
        if isinstance(node, ast.Attribute):
            return node.attr
        return self._imported.get(node.id, node.id) if isinstance(node, ast.Name) else ""

    def aliased(self, node: ast.expr) -> ast.expr:
        """The annotation that a name of the module is an alias for; otherwise the node itself."""
        while isinstance(node, ast.Name) and self._is_alias(node.id) and node.id not in self._followed:
            self._followed.add(node.id)  # an alias may go round in circles
            node = self._aliases[node.id]
        return node

    def _is_alias(self, name: str) -> bool:
        is_type = isinstance(self._aliases.get(name), (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.BinOp))
        return is_type and name not in _KNOWN

    def read(self, node: ast.expr) -> Annotation:
        """The type that an annotation names. Raises WrongAnnotation."""
        self._followed.clear()
        return self._read(node)

    def _read(self, node: ast.expr) -> Annotation:
        node = self.aliased(node)
        inner, is_optional = self._without_none(node)
        if inner is not node:
            found = self._read(inner)
            return replace(found, is_optional=is_optional or found.is_optional)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._quoted(node, node.value)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self._named(node)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Dict):
            return Annotation(self._properties(node))
        if isinstance(node, ast.BinOp):
            raise WrongAnnotation("a value has exactly one type", node)
        raise WrongAnnotation("this is not a type", node)

    def _without_none(self, node: ast.expr) -> tuple[ast.expr, bool]:
        """X for `Optional[X]`, `Union[X, None]` and `X | None`; any other annotation unchanged."""
        if isinstance(node, ast.Subscript) and self.name_of(node.value) == "Optional":
            return node.slice, True
        if isinstance(node, ast.Subscript) and self.name_of(node.value) == "Union":
            members = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            members = _members(node)
        else:
            return node, False
        types = [each for each in members if not is_none(each)]
        if len(types) != 1:
            raise WrongAnnotation("a value has exactly one type", node)
        return types[0], len(types) < len(members)

    def _quoted(self, node: ast.Constant, text: str) -> Annotation:
        """A type of the user's own, unless the quotes only delay the evaluation of an annotation."""
        name = text.strip()
        if not name.isprintable() or not name:
            raise WrongAnnotation("the name of a type has only printable characters", node, "write 'CSV', 'Model', …")
        if name in _PLAIN:
            return _PLAIN[name]
        postponed = parsed_expression(name)
        if isinstance(postponed, ast.Subscript) and self.name_of(postponed.value) in {*_GENERIC, *_WRAPPERS}:
            return self._postponed(postponed, node)
        if isinstance(postponed, ast.Call) and self.name_of(postponed.func) in _PATHS:
            return self._postponed(postponed, node)
        if isinstance(postponed, ast.BinOp) and any(is_none(each) for each in _members(postponed)):
            return self._postponed(postponed, node)
        return Annotation(name, kind_of(name))

    def _postponed(self, inner: ast.expr, node: ast.expr) -> Annotation:
        try:
            return self._read(inner)
        except WrongAnnotation as wrong:  # its node has no position in the file
            raise WrongAnnotation(wrong.message, node, wrong.hint) from wrong

    def _named(self, node: ast.expr) -> Annotation:
        name = self.name_of(node)
        if name in _PLAIN or name in _TYPING:
            return _PLAIN.get(name) or _TYPING[name]
        if name in _PATHS:
            raise WrongAnnotation(f"`{name}` needs parentheses", node, f"write {name}() or {name}('CSV')")
        if is_none(node):
            raise WrongAnnotation("None alone is not a type of a value", node)
        raise self._unknown(node, name)

    def _unknown(self, node: ast.expr, name: str) -> WrongAnnotation:
        """The message that a name is not a type, and a hint."""
        close = did_you_mean(name, _KNOWN) if isinstance(node, ast.Name) and name not in self._defined else ""
        own = f"write InputPath('{name}') for the path of a file, or '{name}' in quotes for a string of that type"
        hint = _HINTS.get(name) or (correction(name, close) if close else own if name.isidentifier() else "")
        return WrongAnnotation(f"`{name}` is not a type of a value between tasks", node, hint or _TYPES_HINT)

    @cached_property
    def _defined(self) -> set[str]:
        return {*self._imported, *self.classes, *self._aliases}

    def _subscript(self, node: ast.Subscript) -> Annotation:
        name = self.name_of(node.value)
        if name == "Annotated" and isinstance(node.slice, ast.Tuple) and node.slice.elts:
            return self._annotated(*node.slice.elts)
        if name in _GENERIC:
            return _PLAIN[name.lower()]
        if name in _PATHS:
            raise WrongAnnotation(f"`{name}` takes its type in parentheses", node, f"write {name}('CSV')")
        if name in _OF_KFP2:
            return self._artifact(node, name)
        raise self._unknown(node.value, name)

    def _artifact(self, node: ast.Subscript, name: str) -> Annotation:
        """`Input[Dataset]` of kfp 2: a file whose type has the name of the class."""
        kind = self.name_of(node.slice)
        if not kind:
            message = f"`{ast.unparse(node)}` can be passed only by KFP's v2 backend"
            raise WrongAnnotation(
                message, node, f"write {name}[Dataset] for one file, or {name}[Artifact] for any folder"
            )
        return Annotation(kind, style=_OF_KFP2[name], is_artifact=True)

    def _annotated(self, inner: ast.expr, *extras: ast.expr) -> Annotation:
        """`Annotated[str, InputPath('CSV')]` as the path, `Annotated[dict, 'Metrics']` as a type of that name."""
        for extra in extras:
            if isinstance(extra, ast.Call) and self.name_of(extra.func) in _PATHS:
                return self._call(extra)
            if isinstance(extra, ast.Constant) and isinstance(extra.value, str):
                return Annotation(self._quoted(extra, extra.value).type, self._read(inner).kind)
        return self._read(inner)

    def _call(self, node: ast.Call) -> Annotation:
        name = self.name_of(node.func)
        if name not in _PATHS:
            hint = "NamedTuple is for the outputs that a function returns" if name == "NamedTuple" else _HINTS.get(name)
            raise WrongAnnotation("this is not a type of a value", node, hint or _TYPES_HINT)
        given = [*node.args, *(each.value for each in node.keywords)]
        if len(given) > 1 or any(each.arg != "type" for each in node.keywords):
            raise WrongAnnotation(f"`{name}` takes one type", node, f"write {name}('CSV')")
        if not given or is_none(given[0]):
            return Annotation(None, style=_PATHS[name])
        inner = self._read(given[0])
        if inner.style is not Style.VALUE or inner.is_optional:
            raise WrongAnnotation(f"the file of `{name}` has one type", given[0], f"write {name}('CSV')")
        return Annotation(inner.type, style=_PATHS[name])

    @staticmethod
    def _properties(node: ast.Dict) -> dict[str, Any]:
        """A type with properties: `{'GCSPath': {'data_type': 'CSV'}}`."""
        try:
            value: Any = ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            value = None
        if not isinstance(value, dict) or len(value) != 1 or not _is_plain(value):
            hint = "write {'GCSPath': {'data_type': 'CSV'}}, with strings"
            raise WrongAnnotation("a type with properties is a mapping with one name", node, hint)
        return value


def is_none(node: ast.expr) -> bool:
    """True for `None`, in quotes too."""
    return isinstance(node, ast.Constant) and node.value in (None, "None")


def _members(node: ast.expr) -> list[ast.expr]:
    """The members of `A | B | C`."""
    members: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        members.insert(0, node.right)
        node = node.left
    return [node, *members]


def _is_plain(value: Any) -> bool:
    """True for a valid `type:` in YAML: mappings and strings of printable characters."""
    if isinstance(value, dict):
        return all(_is_plain(each) for pair in value.items() for each in pair)
    return isinstance(value, str) and value.isprintable()
