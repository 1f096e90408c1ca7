"""The program of a component that is a function: imports, the function, and the lines that call it.

Needs nothing but Python 3.6. Values come as arguments, in the order of `arguments`: the inputs that every task has,
the paths of the outputs, then a pair `--NAME value` for each optional input that is there. Converts as the programs
of kfp 1.8.22 do (`components/_python_op.py`), but takes every text: one that starts with `-` too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from transpiler.argo.text import unclosed_tag
from transpiler.authoring.interface import Interface, Kind, Parameter, Result, Style

RESERVED: Final = frozenset(
    ["base64", "json", "os", "pickle", "sys", "_artifact", "_boolean", "_json", "_optional", "_path", "_pickle"]
)
"""Names that a function cannot have: the program uses them to call it."""
_LINE: Final = 88

_FROM_TEXT: Final = {
    Kind.INTEGER: "int({})",
    Kind.FLOAT: "float({})",
    Kind.BOOLEAN: "_boolean({})",
    Kind.TEXT: "{}",
    Kind.JSON: "json.loads({})",
    Kind.PICKLE: "pickle.loads(base64.b64decode({}))",
}
_TO_TEXT: Final = {Kind.JSON: "_json({})", Kind.PICKLE: "_pickle({})"}
_TYPES: Final = {
    Kind.INTEGER: ("int", "str"),
    Kind.FLOAT: ("float", "int", "str"),
    Kind.BOOLEAN: ("bool", "str"),
    Kind.TEXT: ("str",),
}
"""The types of a result. A string is accepted unchanged for every type, as by KFP's serialisers."""
_FROM_BOOLEAN: Final = """\
def _boolean(text):
    if text.lower() in ("true", "t", "yes", "y", "on", "1"):
        return True
    if text.lower() in ("false", "f", "no", "n", "off", "0"):
        return False
    raise ValueError("{!r} is neither true nor false".format(text))
"""
_AN_ARTIFACT: Final = """\
class _artifact:
    def __init__(self, path):
        self.path = path
"""
_TO_JSON: Final = """\
def _json(value):
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
"""
_TO_PICKLE: Final = """\
def _pickle(value):
    return value if isinstance(value, str) else base64.b64encode(pickle.dumps(value)).decode("ascii")
"""


_CLOSING: Final = "# }} - or Argo would look for the end of the braces above in what follows\n"


def program(interface: Interface, source: str) -> str:
    """The whole program. `source` is the text of the function."""
    main = [*_options(interface), *_folders(interface), *_call(interface), *_outputs(interface)]
    imports = "".join(f"import {name}\n" for name in _imports(interface))
    parts = [imports, source, *_helpers(interface), "".join(f"{line}\n" for line in main)]
    text = "\n\n".join(part for part in parts if part)
    return f"{text}{_CLOSING}" if unclosed_tag(text) else text


def _helpers(interface: Interface) -> Iterator[str]:
    results = {each.kind for each in interface.results}
    if Kind.BOOLEAN in {each.annotation.kind for each in _values(interface)}:
        yield _FROM_BOOLEAN
    if any(each.annotation.is_artifact for each in interface.parameters):
        yield _AN_ARTIFACT
    if Kind.JSON in results:
        yield _TO_JSON
    if Kind.PICKLE in results:
        yield _TO_PICKLE


def _values(interface: Interface) -> list[Parameter]:
    return [each for each in interface.inputs if each.annotation.style is Style.VALUE]


def _imports(interface: Interface) -> list[str]:
    kinds = {each.annotation.kind for each in _values(interface)} | {each.kind for each in interface.results}
    wanted = {
        "base64": Kind.PICKLE in kinds,
        "json": Kind.JSON in kinds,
        "os": bool(interface.files or interface.results),
        "pickle": Kind.PICKLE in kinds,
        "sys": bool(interface.parameters or interface.results),
    }
    return [name for name, is_wanted in wanted.items() if is_wanted]


def _options(interface: Interface) -> Iterator[str]:
    if interface.optional:
        first = 1 + len(interface.always) + len(interface.files) + len(interface.results)
        yield f"_optional = dict(zip(sys.argv[{first}::2], sys.argv[{first + 1}::2]))"


def _folders(interface: Interface) -> Iterator[str]:
    """The folders of the files that the function writes."""
    first = 1 + len(interface.always)
    if len(interface.files) == 1:
        yield f"os.makedirs(os.path.dirname(sys.argv[{first}]), exist_ok=True)"
    elif interface.files:
        yield f"for _path in sys.argv[{first}:{first + len(interface.files)}]:"
        yield "    os.makedirs(os.path.dirname(_path), exist_ok=True)"


def _call(interface: Interface) -> Iterator[str]:
    places = {each.name: number for number, each in enumerate((*interface.always, *interface.files), 1)}
    arguments = [_argument(each, places) for each in interface.parameters]
    head = f"{'_result = ' if interface.results else ''}{interface.function}("
    line = f"{head}{', '.join(arguments)})"
    if len(line) <= _LINE:
        yield line
    else:
        yield head
        yield from (f"    {argument}," for argument in arguments)
        yield ")"


def _argument(parameter: Parameter, places: dict[str, int]) -> str:
    is_path = parameter.annotation.style is not Style.VALUE
    form = "{}" if is_path else _FROM_TEXT[parameter.annotation.kind]
    form = "_artifact({})" if parameter.annotation.is_artifact else form
    prefix = "" if parameter.is_positional else f"{parameter.name}="
    if parameter.name in places:
        return prefix + form.format(f"sys.argv[{places[parameter.name]}]")
    option = f'"--{parameter.name}"'
    if form == "{}":
        return f"{prefix}_optional.get({option})"
    return f"{prefix}{form.format(f'_optional[{option}]')} if {option} in _optional else None"


def _outputs(interface: Interface) -> Iterator[str]:
    """The code that writes the returned values: one output in plain lines, several in a loop."""
    first = 1 + len(interface.always) + len(interface.files)
    results = interface.results
    if len(results) == 1:
        value = "_result[0]" if interface.returns_tuple else "_result"
        if results[0].kind in _TO_TEXT or interface.returns_tuple:
            yield f"_result = {_text(results[0], value)}"
        yield from _write(f"sys.argv[{first}]", "_result", results[0])
    elif results:
        yield "for _path, _value, _types in ("
        for number, result in enumerate(results):
            types = _types(result) if _is_checked(result) else "(object,)"
            yield f"    (sys.argv[{first + number}], {_text(result, f'_result[{number}]')}, {types}),"
        yield "):"
        yield from (f"    {line}" for line in _write("_path", "_value", None))


def _text(result: Result, value: str) -> str:
    """The expression for the written text of a result."""
    return _TO_TEXT.get(result.kind, "{}").format(value)


def _is_checked(result: Result) -> bool:
    """A result without a Python type is written as `str` shows it."""
    return result.kind in _TYPES and (result.kind is not Kind.TEXT or result.type == "String")


def _types(result: Result) -> str:
    names = ", ".join(_TYPES[result.kind])
    return f"({names})" if ", " in names else f"({names},)"


def _write(path: str, value: str, result: Result | None) -> Iterator[str]:
    """The code that writes one value of the type in `result`, or, if that is None, in the loop's `_types`."""
    if result is None:
        yield f"if not isinstance({value}, _types):"
        yield f'    raise TypeError("{{!r}} is no {{}}".format({value}, _types[0].__name__))'
    elif _is_checked(result):
        yield f"if not isinstance({value}, {_types(result)}):"
        yield f'    raise TypeError("{{!r}} is no {_TYPES[result.kind][0]}".format({value}))'
    yield f"os.makedirs(os.path.dirname({path}), exist_ok=True)"
    yield f'with open({path}, "w", encoding="utf-8") as _file:'
    yield f"    _file.write(str({value}))"
