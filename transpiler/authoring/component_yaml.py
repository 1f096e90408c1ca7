"""An interface and a program → the text of a component.yaml. Quotes with the rules of the Workflows."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from transpiler.authoring.interface import Interface, Parameter, Result, Style, TypeSpec
from transpiler.patterns import regex
from transpiler.render.scalars import block, scalar

_EXPANDED: Final = regex(r"\$(?=\$|\([^()\s]*\))")


def component_yaml(
    interface: Interface, program: str, image: str, packages: Sequence[str], annotations: Mapping[str, str]
) -> str:
    """The whole file, with a final newline."""
    lines = [f"name: {scalar(interface.name)}"]
    if interface.description:
        lines.append(f"description: {block(interface.description, 0)}")
    if annotations:
        lines += ["metadata:", "  annotations:"]
        lines += [f"    {_flow(key)}: {block(value, 4)}" for key, value in annotations.items()]
    if interface.inputs:
        lines += ["inputs:", *(line for each in interface.inputs for line in _port(each))]
    if interface.outputs:
        lines += ["outputs:", *(line for each in interface.outputs for line in _port(each))]
    lines += ["implementation:", "  container:", f"    image: {scalar(image)}", "    command:"]
    lines += [f"      - {block(escaped(word), 6)}" for word in _command(program, packages)]
    arguments = [*_arguments(interface)]
    return "\n".join([*lines, *(["    args:", *arguments] if arguments else [])]) + "\n"


def escaped(text: str) -> str:
    """A text escaped for the kubelet, which expands `$$` to `$`, and `$(NAME)` to a variable."""
    return _EXPANDED.sub("$$", text)


def _port(port: Parameter | Result) -> Iterator[str]:
    """An input or output: on one line, unless it has a description."""
    pairs = {"name": _flow(port.port)}
    if isinstance(port, Parameter):
        type_: TypeSpec = port.annotation.type
        extra = {"default": _flow(port.default)} if port.default is not None else {}
        extra |= {"optional": "true"} if port.is_optional else {}
    else:
        type_, extra = port.type, {}
    pairs |= ({"type": _type(type_)} if type_ is not None else {}) | extra
    if isinstance(port, Parameter) and port.description:
        pairs["description"] = _flow(port.description)
        yield from (
            f"  {'- ' if number == 0 else '  '}{key}: {text}" for number, (key, text) in enumerate(pairs.items())
        )
    else:
        yield f"  - {{{', '.join(f'{key}: {text}' for key, text in pairs.items())}}}"


def _type(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_flow(key)}: {_type(each)}' for key, each in value.items())}}}"
    return _flow(value)


def _flow(text: str) -> str:
    """A text for a flow collection, in which libyaml does not accept an unquoted `a:b`."""
    found = scalar(text)
    return f"'{text}'" if found == text and ":" in text else found


def _command(program: str, packages: Sequence[str]) -> list[str]:
    python = ["python3", "-u", "-c", program]
    if not packages:
        return python
    words = " ".join(shlex.quote(package) for package in packages)
    install = f"PIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet --no-warn-script-location {words}"
    return ["sh", "-c", f'({install} || {install} --user) && "$0" "$@"', *python]


def _arguments(interface: Interface) -> Iterator[str]:
    """The arguments that the program reads from `sys.argv`, in order."""
    for each in interface.always:
        yield f"      - {_placeholder(each)}"
    for port in interface.outputs:
        yield f"      - {{outputPath: {_flow(port.port)}}}"
    for each in interface.optional:
        yield "      - if:"
        yield f"          cond: {{isPresent: {_flow(each.port)}}}"
        yield f"          then: [{_flow(f'--{each.name}')}, {_placeholder(each)}]"


def _placeholder(given: Parameter) -> str:
    keyword = "inputPath" if given.annotation.style is Style.INPUT_PATH else "inputValue"
    return f"{{{keyword}: {_flow(given.port)}}}"
