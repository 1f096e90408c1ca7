"""The graph of a pipeline, in the user's own terms: what the compiler splits or wraps is one node here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Diagnostic, Span
from transpiler.graph.line import Line
from transpiler.runs.states import RunStates, State

SEPARATOR: Final = "/"
"""Between the names in the id of a node."""
BAND: Final = "band"
"""The kind of a frame that nobody wrote: a range of tasks of a frame that is too large."""
SECTIONS: Final = ("tasks", "entries", "hooks", "onExit")
"""The keys of a manifest that hold tasks. The ids of all but the first start with `@KEY`."""


class Port(Struct, frozen=True):
    """An input or output of a task or pipeline. `value` is the argument as written, or the value of an output."""

    name: str
    type: str
    span: Span
    description: str = ""
    default: str | None = None
    required: bool = False
    value: str | None = None


class Fact(Struct, frozen=True):
    """What a task says of how it runs: a key of the manifest, and its value in short."""

    key: str
    text: str


class Node(Struct, frozen=True):
    """A task as one place of the pipeline has it: a task of a component that is used twice is two nodes."""

    id: str
    """The names of the tasks around it and its own, with `/` between them."""
    name: str
    section: str
    parent: str
    """The id of the frame that it is in; empty at the top."""
    kind: str
    """`task`; of a frame `group`, `pipeline` or `graph` (a component made of tasks), or `band`."""
    work: str
    """What runs: a kind of Argo's templates, such as `container`; `approval` for a `suspend` that somebody ends;
    `cluster` for a template in the cluster; empty for a frame, and if a mistake hides it."""
    title: str
    """The name of its component; empty for a group."""
    reference: str
    """The reference to that, as written."""
    image: str
    description: str
    span: Span
    """The key of the task."""
    lines: tuple[int, int]
    """The first and last line of the task in that file, from 1."""
    defined: Span | None
    """The component that it runs."""
    facts: tuple[Fact, ...] = ()
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    hook_of: str = ""
    """The id of the task that it is a hook of."""
    problems: tuple[Diagnostic, ...] = ()
    unopened: int = 0
    """Tasks of a frame that are left out: it holds itself, or the graph would be too large."""

    @property
    def is_frame(self) -> bool:
        """True for a node that holds others."""
        return self.kind != "task"

    def fact(self, key: str) -> str:
        """What it says under a key; empty if it says nothing."""
        return next((each.text for each in self.facts if each.key == key), "")


class End(Struct, frozen=True):
    """One end of an edge: the id of a node, empty for the pipeline itself, and what of it.

    The port of a source is `inputs.NAME` (of a frame or the pipeline), `outputs.NAME`, `item.NAME`, `status` and other
    facts; for an order the result that is asked for, or empty. That of a target is the key with the reference:
    `arguments.NAME`, `when`, `forEach`, `settings`, `after`, `depends`, `onExit`, `outputs.NAME`.
    """

    node: str
    port: str
    span: Span


class Edge(Struct, frozen=True):
    """A value that flows between two nodes, or an order."""

    source: End
    target: End
    type: str
    """Its type as components write it; empty for an order."""
    how: str
    """`parameter`, `artifact`, `parameter and artifact`, `order`, `unknown` (a mistake hides it)."""
    is_negated: bool = False
    """True for an order that asks for anything but the result."""


class Mark(Struct, frozen=True):
    """What happened to a node: its phase in a run, or its change between two versions.

    `kind` is a phase of Argo's, in lower case, or `waiting`; or `added`, `removed`, `changed`. `text` says more.
    """

    kind: str
    text: str = ""


class Graph(Struct, frozen=True, dict=True):
    """A pipeline. Nodes come in the order of the files, frames before what they hold."""

    name: str
    manifest: str
    """The manifest, as messages print it."""
    kind: str
    """The kind of Argo's object that it compiles to."""
    description: str
    schedule: tuple[str, ...]
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    problems: tuple[Diagnostic, ...] = ()
    """The mistakes that are not in a node."""
    secrets: tuple[Span, ...] = ()
    """Where files have what looks like a secret; its values are stars."""
    marks: Mapping[str, Mark] = {}
    """Id of a node → its mark."""
    line_marks: Mapping[tuple[str, str], str] = {}
    """Ids of the ends of a line → its mark: `added`, `removed` or `changed`."""
    run: RunStates | None = None
    """The run that its marks tell of."""
    states: Mapping[str, State] = {}
    """Id of a node → what happened to it in the run."""
    lines: tuple[Line, ...] | None = None
    """All lines, in a graph of two versions: what neither version passes has none. None: they follow from the edges."""

    def node(self, name: str) -> Node:
        """The node of an id. Raises KeyError."""
        return self.by_id[name]

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """The nodes by their ids."""
        return {each.id: each for each in self.nodes}

    @cached_property
    def below(self) -> dict[str, tuple[Node, ...]]:
        """The nodes that each frame holds, by its id; those at the top by the empty text."""
        found: dict[str, list[Node]] = {}
        for each in self.nodes:
            found.setdefault(each.parent, []).append(each)
        return {name: tuple(nodes) for name, nodes in found.items()}
