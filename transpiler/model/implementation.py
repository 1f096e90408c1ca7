"""The implementation of a component: the interface of all kinds of callees, and the most common kind, a container."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.model.argo_data import Slot
from transpiler.model.command_line import CommandLine, command_line
from transpiler.model.placeholders import CommandPart
from transpiler.model.ports import Output
from transpiler.model.transport import Transport
from transpiler.read.yaml.nodes import Map


class Implementation(Struct, frozen=True):
    """The implementation of a component. Each kind of callee is a subclass, which overrides the differing properties.

    The properties here are those of an unknown callee, because a mistake in it is reported.
    """

    # ------------------------------------------------------------------ kind

    @property
    def kind(self) -> str:
        """The field of Argo's template that determines its type; empty if that is unknown here."""
        return ""

    @property
    def is_graph(self) -> bool:
        """True for a callee made of tasks."""
        return False

    @property
    def is_in_cluster(self) -> bool:
        """True for a template in the cluster: only its uses show its inputs and outputs."""
        return False

    @property
    def container(self) -> Container | None:
        """The container whose command line the compiler writes; None for any other kind."""
        return None

    @property
    def argo_node(self) -> Map | None:
        """The template as the manifest writes it in Argo's own fields; None for any other kind."""
        return None

    @property
    def argo_fields(self) -> Mapping[str, Any]:
        """The same as plain data; empty for any other kind."""
        return {}

    @property
    def argo_slots(self) -> tuple[Slot, ...]:
        """The texts with references in it, where nothing gives them a meaning."""
        return ()

    @property
    def program(self) -> str:
        """The Argo field with the user's only container; empty if there is none, or several."""
        return ""

    @property
    def is_of_several(self) -> bool:
        """True for a template in Argo's own fields that calls other templates."""
        return False

    @property
    def takes_defaults(self) -> bool:
        """True when `defaults` of the pipeline count for a task that calls it."""
        return True

    # ------------------------------------------------------------------ inputs and outputs

    def declared(self, kind: str) -> list[Mapping[str, Any]]:
        """The output `parameters` or `artifacts` of a template in Argo's own fields."""
        outputs = self.argo_fields.get("outputs")
        found = outputs.get(kind) if isinstance(outputs, dict) else None
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    @property
    def keeps_names(self) -> bool:
        """True if its inputs and outputs have the same names in Argo as in the manifest."""
        return False

    def takes(self, inputs: Iterable[str], absent: Collection[str]) -> dict[str, Transport]:  # noqa: ARG002
        """Input → how it is taken, for those that are taken when some are absent. A graph asks its tasks."""
        return {}

    def default_output(self, outputs: Sequence[Output]) -> str | None:
        """The output that `.output` of a task names: the only one; None if that is ambiguous."""
        declared = [each for each in outputs if not each.is_printed] or outputs
        return declared[0].name if len(declared) == 1 else None

    def yields_file(self, output: Output) -> bool | None:  # noqa: ARG002
        """True for an output that Argo has as a file only, False for a value only; None where its users decide."""
        return None

    def may_write(self, output: str) -> bool:  # noqa: ARG002
        """True unless it is known that no file or value ever becomes that output."""
        return True


NO_IMPLEMENTATION: Final = Implementation()
"""The implementation of a component that could not be read, which is reported."""


class FileOutput(Struct, frozen=True):
    """An entry of `fileOutputs`: the program writes the output to a fixed path."""

    name: str
    path: str
    span: Span


class Container(Implementation, frozen=True):
    """`implementation.container`. `command` is None when the file has none, `image` when it has no usable one."""

    image: str | None
    image_span: Span
    command: tuple[CommandPart, ...] | None
    args: tuple[CommandPart, ...]
    env: tuple[tuple[str, str], ...] = ()
    file_outputs: tuple[FileOutput, ...] = ()

    @property
    def kind(self) -> str:
        """The template that the compiler writes for it."""
        return "container"

    @property
    def container(self) -> Container:
        """Itself."""
        return self

    @property
    def parts(self) -> tuple[CommandPart, ...]:
        """All parts of its command line, as written."""
        return (*(self.command or ()), *self.args)

    @property
    def fixed_paths(self) -> dict[str, str]:
        """Output → the path that `fileOutputs` fixes for it."""
        return {fixed.name: fixed.path for fixed in self.file_outputs}

    def command_line(self, absent: Collection[str] = ()) -> CommandLine:
        """The command line with its placeholders decided, where some inputs are absent."""
        return command_line(self.command, self.args, frozenset(absent))

    def takes(self, inputs: Iterable[str], absent: Collection[str]) -> dict[str, Transport]:
        """The inputs and outputs in the command line, by value and by path."""
        line = self.command_line(absent)
        found = dict.fromkeys(inputs, Transport.NONE)
        for way, names in ((Transport.VALUE, line.by_value), (Transport.PATH, line.by_path)):
            found |= {name: found[name] | way for name in found.keys() & names}
        return {name: way for name, way in found.items() if way}
