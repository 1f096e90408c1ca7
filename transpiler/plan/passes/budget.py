"""The sizes of the objects of a pipeline, and the largest parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from transpiler.argo.limits import MAX_OBJECT_BYTES
from transpiler.plan.argo_objects import Node, json_bytes, workflow_spec

BETWEEN = "values between nested DAGs"


class Budget(Struct, frozen=True):
    """Sizes as stored by an API server, compact JSON in UTF-8: of each object, and of the largest parts."""

    objects: tuple[int, ...]
    expensive: tuple[tuple[str, int, int], ...]
    """Of more than one object may have, the three that take most.

    Each is a template with all tasks that call it, its bytes, and the number of those tasks.
    """

    @property
    def total(self) -> int:
        """The bytes of all objects."""
        return sum(self.objects)

    @property
    def percent(self) -> int:
        """The bytes of all objects as a percentage of the limit of one, rounded up."""
        return -(-self.total * 100 // MAX_OBJECT_BYTES)


def budget(objects: Sequence[Node]) -> Budget:
    """The sizes of objects."""
    sizes = tuple(map(json_bytes, objects))
    return Budget(sizes, _expensive(objects) if sum(sizes) > MAX_OBJECT_BYTES else ())


def _expensive(objects: Sequence[Node]) -> tuple[tuple[str, int, int], ...]:
    templates = [template for node in objects for template in workflow_spec(node).get("templates", [])]
    dags = {template["name"] for template in templates if "dag" in template}
    sizes: Counter[str] = Counter()
    tasks: Counter[str] = Counter()
    for template in templates:
        if "dag" not in template:
            sizes[template["name"]] += json_bytes(template)
            continue
        own = json_bytes(template)
        for task in template["dag"]["tasks"]:
            name, size = _called(task), json_bytes(task)
            if name not in dags:
                own -= size
                sizes[name] += size
                tasks[name] += 1
        sizes[BETWEEN] += own
    most = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:3]
    return tuple((name, size, tasks[name]) for name, size in most)


def _called(task: Node) -> str:
    return str(task.get("template") or task.get("templateRef", {}).get("template") or task["name"])
