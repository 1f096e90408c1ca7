"""The order of keys has no meaning in YAML: every mapping of a document is read as if its keys were sorted.

So no later stage can let the order of a file change what comes out. Two mappings keep the order of the file, which is
a part of what they say: variables of `env` may refer to those before them (Kubernetes' rule), and a form that asks
for the `inputs` of a document shows them in the order of its author.
"""

from __future__ import annotations

from typing import Final

from transpiler.read.yaml.nodes import Map, all_nodes

_ORDERED: Final = "env"
_ORDERED_AT_THE_TOP: Final = "inputs"


def sort_keys(document: Map) -> None:
    """Sort the keys of a document's mappings in place, but for those whose order has a meaning."""
    ordered = {id(document[_ORDERED_AT_THE_TOP])} if _ORDERED_AT_THE_TOP in document else set()
    mappings = [node for node in all_nodes(document) if isinstance(node, Map)]
    ordered |= {id(node[_ORDERED]) for node in mappings if _ORDERED in node}
    for mapping in mappings:
        if id(mapping) not in ordered:
            mapping.sort()
