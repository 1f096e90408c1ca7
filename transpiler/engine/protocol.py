"""What the engine and those who run pods tell each other: plain data, which JSON can carry.

The engine never calls an executor. A *driver* hands events to `Engine.step` and carries out the orders that it gets:

    driver:  step([], now)                     → Start(a pod), Start(another), …, wake
    driver:  step([Began(node)], now)          → …
    driver:  step([Ended(node, "Failed", …)])  → Start(a second try), …, has_ended

The rules:

- Each `Start` names a node that never started before. The executor answers with one `Ended`, whatever happens to the
  pod, with at most one `Began` before it. An executor that cannot start a pod says `Ended` with the phase Error.
- After `Stop` of a node the executor ends its pod, and says `Ended` as for any other; that may cross with an `Ended`
  that is on its way. A second `Ended` of a node, or one that the engine does not wait for, changes nothing.
- `Ask` is a node that waits for somebody: `Supplied` answers it.
- At `Orders.wake` (None: never) something is due, and the driver calls `step` again with `Woke`, earlier if it likes.
- `stuck` tells that nothing runs, is due or is asked, and yet the run has not ended: the driver gives up.
- Once `has_ended` is true no pod is running or wanted, and `step` changes nothing any more.

Times are seconds from the epoch, in UTC. Names of nodes are Argo's: ids are unique, and fit a file name.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from transpiler.engine.sources import key_of
from transpiler.plan.argo_objects import Node

PodKind = Literal["container", "script", "containerSet", "resource", "data", "http", "plugin"]
"""The last four only where all pods pretend: see `Engine`. What runs `http` and `plugin` in a cluster is no pod."""
PodPhase = Literal["Succeeded", "Failed", "Error"]


class InputFile(Struct, frozen=True):
    """A file or folder that has to be in a pod before it starts.

    `source` is one of `{"key": …}`, which is an artifact that a pod of this run has stored under that key, or a folder
    of such; `{"raw": {"data": …}}`, a text; any other location in Argo's fields (`{"http": {"url": …}}`); or None, for
    an optional file that nobody passes: then `path` does not exist.
    """

    name: str
    path: str
    source: Node | None = None
    is_optional: bool = False
    mode: int | None = None
    """The permissions of the file, as chmod takes them; None leaves them."""
    is_recursive: bool = False
    """True if `mode` is for all files of a folder."""
    archive: Node | None = None
    """How it is packed where `source` is no key of this run, in Argo's fields; None: find out."""

    @property
    def key(self) -> str:
        """The key that a pod of this run stores it under, if one does; empty for what is in no store."""
        return key_of(self.source or {})


class OutputFile(Struct, frozen=True):
    """A file or folder that a pod leaves, and where it goes: `key` names it in this run."""

    name: str
    path: str
    key: str
    is_optional: bool = False
    archive: Node | None = None
    """As Argo has it; None is a packed folder: a reader gets a file as a file, and a folder as a folder."""
    location: Node | None = None
    """A location in Argo's fields that the Workflow names for it; None for Argo's default store."""
    global_name: str = ""


class OutputValue(Struct, frozen=True):
    """A value that a pod leaves in a file, without one line break at its end."""

    name: str
    path: str
    """Empty for what is no file: a value of a resource, or of a plugin."""
    default: str | None = None
    """What it is when there is no such file; None: the pod ends with the phase Error."""
    global_name: str = ""


class Inputs(Struct, frozen=True):
    """What a pod is given: the values stand in `Pod.spec` already."""

    values: dict[str, str] = {}
    files: tuple[InputFile, ...] = ()


class Outputs(Struct, frozen=True):
    """What a pod has to leave."""

    values: tuple[OutputValue, ...] = ()
    files: tuple[OutputFile, ...] = ()


class Pod(Struct, frozen=True):
    """A pod that is to run: a template whose tags are all replaced."""

    node: str
    """The id of its node: `p-x-1234567890`."""
    name: str
    """The name of its node, in words of the Workflow: `p-x.train(0:a)`."""
    template: str
    kind: PodKind
    spec: Node
    """The template in Argo's fields: `container` (or `script`, `containerSet`), `volumes`, `metadata`, …

    `podSpecPatch` of the Workflow is under `workflow.podSpecPatch`, and comes before that of the template.
    """
    inputs: Inputs
    outputs: Outputs
    wants_result: bool
    """True if somebody reads what it prints."""
    deadline: float | None = None
    """Seconds from its start after which the executor ends it: then it is Failed, with this message of Kubernetes:
    `Pod was active on the node longer than the specified deadline`."""


# ---------------------------------------------------------------------- orders


class Start(Struct, frozen=True, tag=True):
    """Run a pod."""

    pod: Pod


class Stop(Struct, frozen=True, tag=True):
    """End the pod of a node."""

    node: str
    why: str


class Ask(Struct, frozen=True, tag=True):
    """A node waits until somebody says that the run goes on."""

    node: str
    name: str
    wants: tuple[str, ...] = ()
    """The names of the values to supply."""
    inputs: tuple[Node, ...] = ()
    """Its inputs as Argo's parameters: `description` and `enum` tell what may be supplied."""
    until: float | None = None
    """When it goes on by itself, with the defaults of what nobody supplied."""


Order = Start | Stop | Ask


class Orders(Struct, frozen=True):
    """What is to be done after a step, in this order."""

    orders: tuple[Order, ...] = ()
    wake: float | None = None
    has_ended: bool = False
    stuck: str = ""
    """Why the run will never end by itself, though nothing runs: Argo's controller would wait for ever."""


# ---------------------------------------------------------------------- events


class Began(Struct, frozen=True, tag=True):
    """The container of a pod runs."""

    node: str
    at: float


class Ended(Struct, frozen=True, tag=True):
    """A pod has ended. Failed: its program did; Error: what is around the program, such as a file that is not there."""

    node: str
    at: float
    phase: PodPhase
    exit_code: int | None = None
    message: str = ""
    values: dict[str, str] = {}
    """Name → text, of those values that it has left; after a failure too."""
    files: dict[str, str] = {}
    """Name → key, of those files that it has left."""
    result: str | None = None
    """What it printed, without one line break at its end; None where `wants_result` is false."""
    containers: dict[str, int] = {}
    """Name → exit code, of each container of a `containerSet`; `exit_code` is that of `main`."""


class Woke(Struct, frozen=True, tag=True):
    """Time has passed."""

    at: float


class Supplied(Struct, frozen=True, tag=True):
    """Somebody answers an `Ask`. `fails`: the node fails with `message`."""

    node: str
    at: float
    values: dict[str, str] = {}
    fails: bool = False
    message: str = ""


class Stopped(Struct, frozen=True, tag=True):
    """Somebody ends the run. Stop: exit handlers still run; Terminate: nothing does."""

    at: float
    how: Literal["Stop", "Terminate"]


Event = Began | Ended | Woke | Supplied | Stopped


# ---------------------------------------------------------------------- a run


class Kept(Struct, frozen=True):
    """A result that a cache holds: Argo's outputs of a node, and when it was put there."""

    outputs: Node
    node: str
    created: float


class RunInfo(Struct, frozen=True):
    """What a run is called, and what is there before it: all that the engine cannot know by itself."""

    name: str
    created: float
    uid: str = "00000000-0000-0000-0000-000000000000"
    namespace: str = "default"
    memo: dict[str, dict[str, Kept]] = {}
    """The name of a cache → key → result."""
    scheduled: float | None = None
    """When a CronWorkflow would have started it."""


class Refusal(Struct, frozen=True):
    """Something in an object that the engine does not do. `path`: keys and indices from the object."""

    object: int
    """Which of the objects."""
    path: tuple[str | int, ...]
    message: str


class RefusedError(Exception):
    """A run that cannot be done here as a cluster would, for these reasons; nothing has started."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, each.path))}: {each.message}" for each in refusals))
        self.refusals = refusals
