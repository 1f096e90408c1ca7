"""The names and paths of a component's inputs and outputs in Argo. Both are unique within their component."""

from __future__ import annotations

from msgspec import Struct

from transpiler.argo.naming import Names, file_name, port_name
from transpiler.model.component import Component


class PortMap(Struct, frozen=True):
    """Original name → name in Argo, and → path in the container."""

    inputs: dict[str, str]
    outputs: dict[str, str]
    input_paths: dict[str, str]
    output_paths: dict[str, str]


def ports_of(component: Component) -> PortMap:
    """The ports of a component. KFP lets `a b` and `a-b` share one name or file; here the second gets a suffix."""
    inputs = [given.name for given in component.inputs]
    outputs = [given.name for given in component.outputs]
    container = component.implementation.container
    fixed = container.fixed_paths if container is not None else {}
    return PortMap(
        inputs=_named(inputs),
        outputs=_named(outputs),
        input_paths=_filed(inputs, "/tmp/inputs"),  # noqa: S108 - a path in the container, as KFP has it
        output_paths=_filed(outputs, "/tmp/outputs") | fixed,  # noqa: S108
    )


def _named(names: list[str]) -> dict[str, str]:
    taken = Names()
    return {name: taken.unique(port_name(name)) for name in names}


def _filed(names: list[str], folder: str) -> dict[str, str]:
    taken = Names(delimiter="_")
    return {name: f"{folder}/{taken.unique(file_name(name))}/data" for name in names}
