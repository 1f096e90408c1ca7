"""Text → mappings and lists that know where each of their keys and values stands.

Built over libyaml's event stream, because that is the only fast reader that keeps every position, and the only
one that no nesting or alias bomb can crash: this loop holds its own stack and counts what it builds.
Promises: bad YAML gives diagnostics, never an exception. Never constructs tagged objects.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from transpiler.diagnostics import Related, Report, Source
from transpiler.read.yaml.nodes import BAD, List, Map, Mark, first_line
from transpiler.read.yaml.scalars import BadScalar, plain_value
from transpiler.read.yaml.syntax import report_syntax, sentence
from transpiler.suggest import suggestion

MAX_DEPTH: Final = 64
MAX_NODES: Final = 500_000
MAX_SCALAR: Final = 1024 * 1024
MAX_ALIASED: Final = 10_000
MAX_PURE: Final = 256 * 1024
"""Characters that ruamel's slow reader is asked to read (about a second)."""


def read_document(source: Source, report: Report) -> Any:
    """The one document of a source: Map, List or scalar; None when it is empty or cannot be read.

    Limits (each is a diagnostic of its own): nesting 64, 500,000 nodes, 1 MiB a scalar, 10,000 nodes reached
    through aliases.
    """
    own = Report()
    source = _without_surrogates(source)
    try:
        return _read(source, own, pure=False)
    except MarkedYAMLError as error:
        if not _may_be_fine(error, source) or len(source.text) > MAX_PURE:
            report_syntax(error, source, own)
            return None
    finally:
        report.take(own)
    return _read_purely(source, report)


def _may_be_fine(error: MarkedYAMLError, source: Source) -> bool:
    """True for what libyaml refuses although YAML 1.2 allows it: `{image: python:3.12}` and `{text: really?}`."""
    at = error.problem_mark.index if error.problem_mark else len(source.text)
    return error.problem == "found unexpected ':'" or source.text[at : at + 1] == "?"


def _read_purely(source: Source, report: Report) -> Any:
    """Read with ruamel's own reader what libyaml refuses although it is YAML 1.2."""
    try:
        return _read(source, report, pure=True)
    except MarkedYAMLError as error:
        report_syntax(error, source, report)
        return None


def _read(source: Source, report: Report, *, pure: bool) -> Any:
    stand_ins = _stand_ins(source.text)
    builder = _Builder(source, report, {stand_in: character for character, stand_in in stand_ins.items()})
    try:
        for event in YAML(typ="safe", pure=pure).parse(source.text.translate(stand_ins)):
            builder.take(event)
    except _Stop:
        return None
    except MarkedYAMLError:
        raise
    except (YAMLError, ValueError) as error:
        report.error("yaml-syntax", sentence(str(error)), source.span(0), "save the file as plain UTF-8 text")
        return None
    return builder.root


class _Stop(Exception):  # noqa: N818 - not an error: the diagnostic is in the report
    """Reading cannot go on."""


class _Frame:
    """A container under construction, and the key that waits for its value."""

    __slots__ = ("anchor", "key", "merges", "node", "size")

    def __init__(self, node: Map | List, anchor: str | None) -> None:
        self.node = node
        self.anchor = anchor
        self.key: tuple[str | None, Mark] | None = None
        self.merges: list[tuple[Any, Mark]] = []
        self.size = 1


class _Anchor(NamedTuple):
    value: Any
    mark: Mark
    size: int


class _Builder:
    """Turns events into nodes; one method a kind of event."""

    def __init__(self, source: Source, report: Report, stood_in_for: dict[int, int]) -> None:
        self.source = source
        self.report = report
        self.stood_in_for = stood_in_for
        self.root: Any = None
        self.documents = 0
        self.nodes = 0
        self.aliased = 0
        self.stack: list[_Frame] = []
        self.anchors: dict[str, _Anchor | None] = {}  # None: still being built
        self.anchor_marks: dict[str, Mark] = {}

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is ScalarEvent:
            self.scalar(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self.start(event, Map if kind is MappingStartEvent else List)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self.end(event)
        elif kind is AliasEvent:
            self.alias(event)
        elif kind is DocumentStartEvent:
            self.document(event)

    def fail(self, code: str, message: str, mark: Mark, hint: str = "", related: tuple[Related, ...] = ()) -> None:
        self.report.error(code, message, first_line(self.source, mark), hint, related)

    def document(self, event: Any) -> None:
        mark = Mark(event.start_mark.index, event.end_mark.index)
        directive = _DIRECTIVE.match(self.source.text) if not self.documents else None
        if directive:
            self.fail(
                "yaml-directive",
                f"the directive `{directive[1]}` is not supported",
                Mark(*directive.span(1)),
                "delete the line: manifests and components are YAML 1.2",
            )
        self.documents += 1
        if self.documents > 1:
            self.fail(
                "several-documents", "a second document starts here", mark, "keep one manifest or component in a file"
            )
            raise _Stop

    def scalar(self, event: Any) -> None:
        mark = self.scalar_mark(event)
        text: str = event.value.translate(self.stood_in_for) if self.stood_in_for else event.value
        if len(text) > MAX_SCALAR:
            self.fail("too-large", f"a text of {len(text):,} characters, the limit is {MAX_SCALAR:,}", mark)
            raise _Stop
        tagged = self.check_tag(event, mark)
        if self.expects_key():
            self.key(text, bool(event.style), mark)
            return
        value: Any = BAD if tagged else text
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            self.fail(
                "control-character", "half of a surrogate pair is no character", mark, "write the character itself"
            )
            value = BAD
        elif not event.style and not tagged:
            try:
                value = plain_value(text)
            except BadScalar as bad:
                self.fail(bad.code, bad.message, mark, bad.hint)
                value = BAD
        self.keep(event.anchor, value, mark, 1)
        self.put(value, mark, 1)

    def scalar_mark(self, event: Any) -> Mark:
        """The place of the value itself, without the anchor or tag before it."""
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor or event.tag:
            properties = _PROPERTIES.match(self.source.text, start, end)
            start = properties.end() if properties else start
        return Mark(start, end)

    def start(self, event: Any, node_type: type[Map | List]) -> None:
        mark = Mark(event.start_mark.index, event.end_mark.index)
        self.check_tag(event, mark)
        if len(self.stack) >= MAX_DEPTH:
            self.fail("too-deep", f"nested more than {MAX_DEPTH} levels deep", mark)
            raise _Stop
        if event.anchor:
            self.anchors[event.anchor] = None
            self.anchor_marks[event.anchor] = mark
        self.stack.append(_Frame(node_type(self.source, mark), event.anchor))

    def end(self, event: Any) -> None:
        frame = self.stack.pop()
        node = frame.node
        node.mark = Mark(node.mark.start, event.end_mark.index)
        if isinstance(node, Map):
            for value, mark in frame.merges:
                self.merge(node, value, mark)
        if self.expects_key():
            self.wrong_key(node.mark)
            return
        self.keep(frame.anchor, node, node.mark, frame.size)
        self.put(node, node.mark, frame.size)

    def alias(self, event: Any) -> None:
        name = event.anchor
        mark = Mark(event.start_mark.index, event.end_mark.index)
        if name not in self.anchors:
            self.fail(
                "unknown-anchor",
                f"`*{name}` has no anchor `&{name}` before it",
                mark,
                suggestion(name, self.anchors, "anchors"),
            )
            value, at, size = BAD, mark, 1
        elif (anchor := self.anchors[name]) is None:
            related = Related("the anchor", first_line(self.source, self.anchor_marks[name]))
            self.fail("recursive-alias", f"`*{name}` stands inside its own anchor", mark, related=(related,))
            raise _Stop
        else:
            value, at, size = anchor
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            self.fail("too-many-aliases", f"aliases expand to more than {MAX_ALIASED:,} nodes", mark)
            raise _Stop
        if self.expects_key():
            self.key(value, True, mark) if isinstance(value, str) else self.wrong_key(mark)
            return
        self.put(value, at, size)

    # ------------------------------------------------------------------ placing what was read

    def expects_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].node, Map) and self.stack[-1].key is None

    def wrong_key(self, mark: Mark) -> None:
        frame = self.stack[-1]
        hint = "a mapping or list cannot be a key"
        if self.source.text.startswith("{{", frame.node.mark.start):
            inner = self.source.text[mark.start : mark.end].strip("{} \n")
            inner = inner.replace("inputs.parameters.", "inputs.").replace("outputs.parameters.", "outputs.")
            hint = f'for a reference write "${{{{ {inner} }}}}"; to pass the text, quote it'
        self.fail("wrong-key", "a key must be a text", mark, hint)
        frame.key = (None, mark)
        if isinstance(frame.node, Map):
            frame.node.is_partial = True

    def key(self, text: str, quoted: bool, mark: Mark) -> None:
        frame = self.stack[-1]
        node = frame.node
        assert isinstance(node, Map)
        frame.key = (text, mark)
        if text == "<<" and not quoted:
            return
        if not quoted and text in {"", "~", "null"}:
            self.fail("wrong-key", "a key is missing here", mark, "write the name of the key before the colon")
            frame.key = (None, mark)
        elif text in node.keys_at:
            related = Related("first used here", node.key_span(text))
            self.fail(
                "duplicate-key",
                f"the key `{text}` stands here twice",
                mark,
                "remove one of them: YAML readers keep only the last",
                (related,),
            )
            frame.key = (None, mark)
        else:
            node.keys_at[text] = mark

    def put(self, value: Any, mark: Mark, size: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.fail("too-large", f"more than {MAX_NODES:,} values", mark)
            raise _Stop
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        frame.size += size
        node = frame.node
        if isinstance(node, List):
            node.append(value)
            node.items_at.append(mark)
            return
        key, key_mark = frame.key or (None, mark)
        frame.key = None
        if key == "<<" and "<<" not in node.keys_at:
            frame.merges.append((value, mark if isinstance(value, Map | List) else key_mark))
        elif key is not None:
            node[key] = value
            node.values_at[key] = mark

    def keep(self, anchor: str | None, value: Any, mark: Mark, size: int) -> None:
        if anchor:
            self.anchors[anchor] = _Anchor(value, mark, size)
            self.anchor_marks[anchor] = mark

    def merge(self, node: Map, value: Any, mark: Mark) -> None:
        """Copy what `<<` names into `node`; keys that stand there explicitly win (YAML merge key)."""
        for other in value if isinstance(value, List) else [value]:
            if other is BAD:
                node.is_partial = True
                return
            if not isinstance(other, Map):
                node.is_partial = True
                self.fail("merge-key", "`<<` takes a mapping or a list of mappings", mark, "write `<<: *anchor`")
                return
            self.aliased += len(other)
            for key in other:
                if key not in node:
                    node[key] = other[key]
                    node.keys_at[key] = other.keys_at[key]
                    node.values_at[key] = other.values_at[key]
        if self.aliased > MAX_ALIASED:
            self.fail("too-many-aliases", f"merge keys expand to more than {MAX_ALIASED:,} nodes", mark)
            raise _Stop

    def check_tag(self, event: Any, mark: Mark) -> bool:
        if event.tag:
            hint = "write the value without a tag; quote it to make it a text"
            self.fail("yaml-tag", f"the tag `{event.tag}` is not supported", mark, hint)
        return bool(event.tag)


_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*(%\S+)")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
_SURROGATE_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _stand_ins(text: str) -> dict[int, int]:
    """Characters that end a line in YAML 1.1, and so for libyaml, but not in 1.2 → ones that the text does not have."""
    found = [character for character in "\x85\u2028\u2029" if character in text]
    free = (code for code in range(0xE000, 0xF8FF) if chr(code) not in text)
    return {ord(character): code for character, code in zip(found, free, strict=False)}


def _without_surrogates(source: Source) -> Source:
    """JSON writes an emoji as two escapes, which YAML forbids: the same text with one, where it is JSON."""
    text = source.text
    if not text.lstrip().startswith("{") or not _SURROGATE_PAIR.search(text):
        return source
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return source
    return Source(source.name, _SURROGATE_PAIR.sub(_joined, text))


def _joined(pair: re.Match[str]) -> str:
    code = 0x10000 + (int(pair[1], 16) - 0xD800) * 0x400 + int(pair[2], 16) - 0xDC00
    return rf"\U{code:08x}"
