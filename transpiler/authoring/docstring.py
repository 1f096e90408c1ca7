"""A docstring → the descriptions of the function and its parameters (Google's `Args:` and reST's `:param x:`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from transpiler.patterns import regex

_ARGUMENTS: Final = regex(r"(Args|Arguments|Parameters|Params):")
_SECTION: Final = regex(
    r"(Args|Arguments|Parameters|Params|Returns?|Yields?|Raises|Examples?|Notes?|Attributes|Todo|See Also):"
)
_ENTRY: Final = regex(r"(?P<indent>\s+)(?P<name>\w+)\s*(\(.*?\))?:\s*(?P<text>.*)")
_FIELD: Final = regex(
    r":(?P<field>param|parameter|arg|argument|key|keyword|type|returns?|rtype|raises?|except|exception|yields?|meta)"
    r"(\s+(?P<argument>[^:]+))?:\s*(?P<text>.*)"
)
_NOT_YAML: Final = regex(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def parse_docstring(docstring: str) -> tuple[str, dict[str, str]]:
    """The description, without its sections, and the description of each parameter. Expects `inspect.cleandoc` form."""
    lines = [line.rstrip() for line in _NOT_YAML.sub("", docstring).split("\n")]
    first = next((number for number, line in enumerate(lines) if _starts_section(lines, number, line)), len(lines))
    described: dict[str, list[str]] = {}
    for name, text in _parameters(lines[first:]):
        described.setdefault(name, []).append(text)
    texts = {name: " ".join(filter(None, parts)) for name, parts in described.items()}
    return "\n".join(lines[:first]).strip("\n"), {name: text for name, text in texts.items() if text}


def _starts_section(lines: list[str], number: int, line: str) -> bool:
    underline = lines[number + 1] if number + 1 < len(lines) else ""
    is_numpy = bool(line) and len(underline) > 2 and set(underline) == {"-"}
    return is_numpy or _SECTION.fullmatch(line) is not None or _FIELD.fullmatch(line) is not None


def _parameters(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Each parameter with a line of its description, as often as it has lines."""
    in_arguments, name, margin = False, "", ""
    for line in lines:
        field, entry = _FIELD.fullmatch(line), _ENTRY.fullmatch(line)
        if field:
            in_arguments = False
            name = (field["argument"] or "").split(" ")[-1].lstrip("*") if field["field"] in _PARAMETER_FIELDS else ""
            yield name, field["text"]
        elif line and not line[0].isspace():
            in_arguments, name, margin = _ARGUMENTS.fullmatch(line) is not None, "", ""
        elif in_arguments and entry and entry["indent"] == (margin := margin or entry["indent"]):
            name = entry["name"]
            yield name, entry["text"]
        else:
            yield name, line.strip()


_PARAMETER_FIELDS: Final = {"param", "parameter", "arg", "argument", "key", "keyword"}
