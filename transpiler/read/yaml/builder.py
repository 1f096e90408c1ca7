"""YAML events → mappings and lists that know where each of their keys and values stands.

The loop over the events holds its own stack and counts what it builds, so no nesting or alias bomb can hurt it.
Promises: diagnostics, never an exception but `Stop`. Never constructs tagged objects.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from transpiler.diagnostics import Hint, Related, Report, Source, excerpt
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import UNUSABLE, List, Map, Mark, first_line
from transpiler.read.yaml.odd import cleaned, odd_in
from transpiler.read.yaml.scalars import BadScalar, plain_value
from transpiler.suggest import suggestion

MAX_DEPTH: Final = 64
MAX_NODES: Final = 500_000
MAX_SCALAR: Final = 1024 * 1024
MAX_ALIASED: Final = 10_000


class Stop(Exception):  # noqa: N818 - not an error: the diagnostic is in the report
    """Reading cannot go on."""


class SecondDocument(Stop):
    """A second document starts, which is reported."""


class _Frame:
    """A container under construction, and the key that waits for its value."""

    __slots__ = ("again", "anchor", "is_tagged", "key", "merges", "node", "size")

    def __init__(self, node: Map | List, anchor: str | None) -> None:
        self.node = node
        self.anchor = anchor
        self.key: tuple[str | None, Mark] | None = None
        self.again = ""
        """The key that waits, if the mapping has it already."""
        self.merges: list[tuple[Any, Mark]] = []
        self.size = 1
        self.is_tagged = False
        """True for a tag that says more than what the node is."""


class _Anchor(NamedTuple):
    value: Any
    mark: Mark
    size: int


class Builder:
    """Turns events into nodes; one method a kind of event."""

    def __init__(
        self, source: Source, report: Report, stood_in_for: dict[int, int], *, is_patched: bool = False
    ) -> None:
        """`is_patched`: the events are those of a text that lost its broken blocks."""
        self.source = source
        self.is_patched = is_patched
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
        """Build on with the next event. Raises Stop where a limit is reached, which is reported."""
        kind = type(event)
        if kind is ScalarEvent:
            self._scalar(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self._start(event, Map if kind is MappingStartEvent else List)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._end(event)
        elif kind is AliasEvent:
            self._alias(event)
        elif kind is DocumentStartEvent:
            self._document(event)

    def _fail(self, code: str, message: str, mark: Mark, hint: str = "", related: tuple[Related, ...] = ()) -> None:
        self.report.error(code, message, first_line(self.source, mark), hint, related)

    def _document(self, event: Any) -> None:
        mark = Mark(event.start_mark.index, event.end_mark.index)
        directive = _DIRECTIVE.match(self.source.text) if not self.documents else None
        if directive:
            self._fail(
                "yaml-directive",
                f"the directive `{directive[1]}` is not supported",
                Mark(*directive.span(1)),
                "delete the line; manifests and components are YAML 1.2",
            )
        self.documents += 1
        if self.documents > 1:
            self._fail(
                "several-documents", "a second document starts here", mark, "keep one manifest or component in a file"
            )
            raise SecondDocument

    def _scalar(self, event: Any) -> None:
        mark = self._scalar_mark(event)
        text: str = event.value.translate(self.stood_in_for) if self.stood_in_for else event.value
        if len(text) > MAX_SCALAR:
            self._fail("too-large", f"a string of {len(text):,} characters; the limit is {MAX_SCALAR:,}", mark)
            raise Stop
        tagged = self._check_tag(event, mark)
        is_odd = not event.style and not text.isascii() and self._is_odd(text, mark)
        if self._expects_key():
            self._keep(event.anchor, text, mark, 1)
            self._key(cleaned(text) if is_odd else text, bool(event.style), mark)
            return
        value: Any = UNUSABLE if tagged or is_odd else text
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            self._fail(
                "control-character", "half of a surrogate pair is not a character", mark, "write the character itself"
            )
            value = UNUSABLE
        elif not event.style and value is text:
            try:
                value = plain_value(text)
            except BadScalar as bad:
                self._fail(bad.code, bad.message, mark, bad.hint)
                value = UNUSABLE
        self._keep(event.anchor, value, mark, 1)
        self._put(value, mark, 1)

    def _is_odd(self, text: str, mark: Mark) -> bool:
        """Report a character that looks like a space or quote of YAML, and is none."""
        odd = odd_in(text)
        if odd is not None:
            self._fail("yaml-syntax", odd.message, Mark(mark.start + odd.start, mark.start + odd.end), odd.hint)
        return odd is not None

    def _scalar_mark(self, event: Any) -> Mark:
        """The place of the value itself, without the anchor or tag before it."""
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor or event.tag:
            properties = _PROPERTIES.match(self.source.text, start, end)
            start = properties.end() if properties else start
        return Mark(start, end)

    def _start(self, event: Any, node_type: type[Map | List]) -> None:
        mark = Mark(event.start_mark.index, event.end_mark.index)
        self._check_tag(event, mark)
        if len(self.stack) >= MAX_DEPTH:
            self._fail("too-deep", f"the nesting is more than {MAX_DEPTH} levels deep", mark)
            raise Stop
        if event.anchor:
            self.anchors[event.anchor] = None
            self.anchor_marks[event.anchor] = mark
        self.stack.append(_Frame(node_type(self.source, mark), event.anchor))
        self.stack[-1].is_tagged = bool(event.tag) and event.tag not in _OF_NODES

    def _end(self, event: Any) -> None:
        frame = self.stack.pop()
        node = frame.node
        node.mark = Mark(node.mark.start, event.end_mark.index)
        if isinstance(node, Map):
            for value, mark in frame.merges:
                self._merge(node, value, mark)
        if self._expects_key():
            self._wrong_key(node.mark)
            return
        value = UNUSABLE if frame.is_tagged and self.stack else node
        self._keep(frame.anchor, value, node.mark, frame.size)
        self._put(value, node.mark, frame.size)

    def _alias(self, event: Any) -> None:
        name = event.anchor
        mark = Mark(event.start_mark.index, event.end_mark.index)
        if name not in self.anchors and self.is_patched:  # the anchor may be lost
            value, at, size = UNUSABLE, mark, 1
        elif name not in self.anchors:
            self._fail(
                "unknown-anchor",
                f"`*{name}` has no anchor `&{name}` before it",
                mark,
                suggestion(name, self.anchors, "anchors"),
            )
            value, at, size = UNUSABLE, mark, 1
        elif (anchor := self.anchors[name]) is None:
            related = Related("the anchor", first_line(self.source, self.anchor_marks[name]))
            self._fail("recursive-alias", f"`*{name}` is used inside its own anchor", mark, related=(related,))
            value, at, size = UNUSABLE, mark, 1
            self.stack[-1].node.is_incomplete = True
        else:
            value, at, size = anchor
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            self._fail("too-many-aliases", f"aliases expand to more than {MAX_ALIASED:,} nodes", mark)
            raise Stop
        if self._expects_key():
            if isinstance(value, str):
                self._key(value, True, mark)
            elif value is UNUSABLE:
                self.stack[-1].key, self.stack[-1].node.is_incomplete = (None, mark), True
            else:
                self._wrong_key(mark)
            return
        self._put(value, at, size)

    def close(self, broken_at: int, end: int) -> Any:
        """The root of what was taken, where the text breaks off and `end` is the end of what can be lost.

        All that is still open is incomplete, and so is a last value that the broken text may go on with.
        """
        if self.stack:
            self._drop_last(self.stack[-1], broken_at, end)
        elif isinstance(self.root, (Map, List)):  # more stands behind its closing bracket
            self._drop_last(_Frame(self.root, None), self.root.mark.end - 1, end)
            self.root.is_incomplete = True
        while self.stack:
            frame = self.stack.pop()
            node = frame.node
            node.mark = Mark(node.mark.start, end)
            node.is_incomplete = True
            if isinstance(node, List):
                node.has_lost_items = True
            if isinstance(node, Map):
                for value, mark in frame.merges:
                    self._merge(node, value, mark)
            if self._expects_key():
                self.stack[-1].key = (None, node.mark)
            self._put(node, node.mark, frame.size)
        return self.root

    def _drop_last(self, frame: _Frame, broken_at: int, end: int) -> None:
        """Make the last entry of the innermost container UNUSABLE; a key without a colon is dropped."""
        node, text = frame.node, self.source.text
        if isinstance(node, List):
            if node and self._may_go_on(node.items_at[-1], broken_at, end):
                node[-1] = UNUSABLE
            return
        key = frame.key[0] if frame.key else next(reversed(node.keys_at), None)
        if key not in node.keys_at:
            return
        colon = text.find(":", node.keys_at[key].end, end)
        if colon < 0 or text[node.keys_at[key].end : colon].strip():
            del node.keys_at[key]
            node.pop(key, None)
            node.values_at.pop(key, None)
            self._drop_split(node)
        elif key not in node or self._may_go_on(node.values_at[key], broken_at, end):
            node[key], node.values_at[key] = UNUSABLE, Mark(min(colon + 1, end), end)

    def _drop_split(self, node: Map) -> None:
        """Make a last text without quotes UNUSABLE: a comma of its own may have ended it."""
        last = next(reversed(node.keys_at), None)
        if last is None or not isinstance(node.get(last), str):
            return
        if self.source.text[node.values_at[last].start] not in {'"', "'"}:
            node[last] = UNUSABLE

    def _may_go_on(self, mark: Mark, broken_at: int, end: int) -> bool:
        """True for a value that stands right before the break."""
        return not self.source.text[mark.end : min(broken_at, end)].strip()

    # ------------------------------------------------------------------ placing what was read

    def _expects_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].node, Map) and self.stack[-1].key is None

    def _wrong_key(self, mark: Mark) -> None:
        frame = self.stack[-1]
        hint = "a mapping or list cannot be a key"
        if self.source.text.startswith("{{", frame.node.mark.start):
            inner = self.source.text[mark.start : mark.end].strip("{} \n")
            inner = inner.replace("inputs.parameters.", "inputs.").replace("outputs.parameters.", "outputs.")
            hint = f'for a reference, write "${{{{ {inner} }}}}"; for a string, quote it'
        self._fail("wrong-key", "a key must be a string", mark, hint)
        frame.key = (None, mark)
        if isinstance(frame.node, Map):
            frame.node.is_incomplete = True

    def _key(self, text: str, quoted: bool, mark: Mark) -> None:
        frame = self.stack[-1]
        node = frame.node
        assert isinstance(node, Map)
        frame.key = (text, mark)
        if text == "<<" and not quoted:
            return
        if not quoted and text in {"", "~", "null"}:
            self._fail("wrong-key", "a key is missing here", mark, "write the name of the key before the colon")
            frame.key, node.is_incomplete = (None, mark), True
        elif text in node.keys_at:
            related = Related("first used here", node.key_span(text))
            self._fail(
                "duplicate-key",
                f"the key `{text}` occurs twice",
                mark,
                "delete one of them: YAML readers keep only the last",
                (related,),
            )
            frame.key, frame.again = (None, mark), text
            if isinstance(node.get(text), (Map, List)):
                node[text].is_incomplete = True
                node[text].is_repeated = True
            else:
                node.incomplete_keys.add(text)
        else:
            node.keys_at[text] = mark

    def _put(self, value: Any, mark: Mark, size: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._fail("too-large", f"more than {MAX_NODES:,} values", mark)
            raise Stop
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        frame.size += size
        node = frame.node
        if isinstance(node, List):
            node.append(value)
            node.items_at.append(mark)
            node.is_incomplete = node.is_incomplete or value is UNUSABLE
            return
        key, key_mark = frame.key or (None, mark)
        frame.key, again, frame.again = None, frame.again, ""
        if value is None and key is not None and ":" in key and self._is_run_together(key, key_mark, mark):
            del node.keys_at[key]
            key, value = key.partition(":")[0], UNUSABLE
            node.keys_at.setdefault(key, key_mark)
        if again and node.get(again, "") is None:  # the second one has the value
            key, node.keys_at[again] = again, key_mark
        if key == "<<" and "<<" not in node.keys_at:
            frame.merges.append((value, mark if isinstance(value, Map | List) else key_mark))
        elif key is not None:
            node[key] = value
            node.values_at[key] = mark
            if value is UNUSABLE:
                node.incomplete_keys.add(key)

    def _is_run_together(self, key: str, key_mark: Mark, mark: Mark) -> bool:
        """Report `{a:1}`, where YAML takes key and value for one word; that is a key without a value."""
        found = _RUN_TOGETHER.fullmatch(key)
        if found is None or mark.end > mark.start or self.source.text[key_mark.start : key_mark.end] != key:
            return False
        message = f"a space is missing behind the colon of `{found[1]}`"
        self._fail("yaml-syntax", message, key_mark, f"write `{found[1]}: {excerpt(found[2])}`")
        return True

    def _keep(self, anchor: str | None, value: Any, mark: Mark, size: int) -> None:
        if anchor:
            self.anchors[anchor] = _Anchor(value, mark, size)
            self.anchor_marks[anchor] = mark

    def _merge(self, node: Map, value: Any, mark: Mark) -> None:
        """Copy what `<<` names into `node`; keys that stand there explicitly win (YAML merge key)."""
        for other in value if isinstance(value, List) else [value]:
            if other is UNUSABLE:
                node.is_incomplete = True
                return
            if not isinstance(other, Map):
                node.is_incomplete = True
                self._fail("merge-key", "`<<` takes a mapping or a list of mappings", mark, "write `<<: *anchor`")
                return
            self.aliased += len(other)
            for key in other:
                if key not in node:
                    node[key] = other[key]
                    node.keys_at[key] = other.keys_at[key]
                    node.values_at[key] = other.values_at[key]
        if self.aliased > MAX_ALIASED:
            self._fail("too-many-aliases", f"merge keys expand to more than {MAX_ALIASED:,} nodes", mark)
            raise Stop

    def _check_tag(self, event: Any, mark: Mark) -> bool:
        if event.tag:
            hint = "write the value without a tag; quote it to pass a string"
            negated = _NEGATED.match(self.source.text, mark.start)
            if negated and not event.tag.startswith("tag:"):
                hint = Hint(f'`!` starts a tag: quote the condition: "{excerpt(negated[0])}"', f'"{negated[0]}"')
            shown = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
            self._fail("yaml-tag", f"the tag `{excerpt(shown)}` is not supported", mark, hint)
        return bool(event.tag)


_NEGATED: Final = regex(r"!+ ?(?:\(|(?:inputs|tasks|item|workflow)\b|\w+\()(?:[^\s#\"{},]|[ \t]+(?![#\s]))*")
"""A condition that starts with `!`, on its line."""
_OF_NODES: Final = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_DIRECTIVE = regex(r"(?:[ \t]*(?:#[^\n]*)?\n)*(%\S+)")
_RUN_TOGETHER = regex(r"([\w.-]+):((?!//)\S.*)", re.DOTALL)
_PROPERTIES = regex(r"(?:[&!]\S*\s+)+")
