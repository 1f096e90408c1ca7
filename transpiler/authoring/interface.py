"""The interface of a function as a component: its inputs and outputs, and the conversion of each value."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any, Final

from msgspec import Struct

from transpiler.patterns import regex


class Kind(Enum):
    """How a value becomes text and text a value (kfp 1.8.22 `components/_data_passing.py`)."""

    INTEGER = "int"
    FLOAT = "float"
    BOOLEAN = "bool"
    TEXT = "str"
    JSON = "json"
    PICKLE = "pickle"


class Style(Enum):
    """How a function takes an input or gives an output: by value, or as the path of a file."""

    VALUE = "value"
    INPUT_PATH = "InputPath"
    OUTPUT_PATH = "OutputPath"


TypeSpec = str | dict[str, Any] | None
"""`type:` of an input or output: a name, a name with properties, or none."""


class Annotation(Struct, frozen=True):
    """The content of an annotation."""

    type: TypeSpec
    kind: Kind = Kind.TEXT
    style: Style = Style.VALUE
    is_optional: bool = False
    is_artifact: bool = False
    """True for `Input[Dataset]` and `Output[Model]` of kfp 2: the function gets an object with the `path`."""


class Parameter(Struct, frozen=True):
    """A parameter of the function. `port` is the name of the input or output that it becomes.

    `default` is the text of its default; None when there is none, or when it is the value None.
    """

    name: str
    port: str
    annotation: Annotation
    default: str | None = None
    is_optional: bool = False
    is_positional: bool = False
    description: str = ""

    @property
    def is_output(self) -> bool:
        """True when the function writes a file to the path that it gets here."""
        return self.annotation.style is Style.OUTPUT_PATH


class Result(Struct, frozen=True):
    """An output that the function returns."""

    port: str
    type: TypeSpec
    kind: Kind


class Interface(Struct, frozen=True):
    """A function as its component shows it. `returns_tuple` is true when the results are the items of a tuple."""

    function: str
    name: str
    description: str
    parameters: tuple[Parameter, ...]
    results: tuple[Result, ...]
    returns_tuple: bool = False

    @property
    def inputs(self) -> tuple[Parameter, ...]:
        """The parameters that are inputs, in order."""
        return tuple(each for each in self.parameters if not each.is_output)

    @property
    def files(self) -> tuple[Parameter, ...]:
        """The parameters that are outputs, in order."""
        return tuple(each for each in self.parameters if each.is_output)

    @property
    def outputs(self) -> tuple[Parameter | Result, ...]:
        """All outputs, in KFP's order: the files, then the returned values."""
        return (*self.files, *self.results)

    @property
    def always(self) -> tuple[Parameter, ...]:
        """The inputs that every task has a value for."""
        return tuple(each for each in self.inputs if not each.is_optional)

    @property
    def optional(self) -> tuple[Parameter, ...]:
        """The optional inputs; the function gets None for one that is not passed."""
        return tuple(each for each in self.inputs if each.is_optional)


_KINDS_BY_NAME: Final = {
    **dict.fromkeys(("Integer", "int"), Kind.INTEGER),
    **dict.fromkeys(("Float", "float"), Kind.FLOAT),
    **dict.fromkeys(("Boolean", "Bool", "bool"), Kind.BOOLEAN),
    **dict.fromkeys(("JsonArray", "List", "list", "JsonObject", "Dictionary", "Dict", "dict", "Json"), Kind.JSON),
    "Base64Pickle": Kind.PICKLE,
}
_SHORT_NAME: Final = regex(r"(typing\.)?(?P<type>\w+)(?:\[.+\])?")


def kind_of(type_name: str) -> Kind:
    """How KFP converts a value of a type that is named in quotes (`type_annotation_utils.get_short_type_name`)."""
    found = _SHORT_NAME.match(type_name)
    return _KINDS_BY_NAME.get(found["type"] if found else type_name, Kind.TEXT)


def component_name(function: str) -> str:
    """`train_model` → `Train model` (kfp `_python_function_name_to_component_name`)."""
    words = re.sub(" +", " ", function.replace("_", " ")).strip(" ") or function
    return words[0].upper() + words[1:]


def port_name(parameter: str, style: Style) -> str:
    """The input or output name of a parameter: KFP strips `_path` and `_file` from paths."""
    if style is Style.VALUE:
        return parameter
    return parameter.removesuffix("_path").removesuffix("_file")


def unique(name: str, taken: set[str]) -> str:
    """The name, with `_2`, `_3`, … when it is taken (kfp `_make_name_unique_by_adding_index`); now taken."""
    found, number = name, 2
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    taken.add(found)
    return found
