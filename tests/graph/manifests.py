"""Manifests of any size."""

from __future__ import annotations

from random import Random

_COMPONENTS = ("load", "clean", "train", "score", "count", "say")


def many(tasks: int) -> str:
    """Tasks that wait for one to three of the sixty before them."""
    chance = Random(tasks)
    after = [
        sorted({chance.randrange(max(0, n - 60), n) for _ in range(chance.choice([1, 2, 3]))}) for n in range(1, tasks)
    ]
    return _manifest([[], *after], [chance.choice(_COMPONENTS) for _ in range(tasks)])


def chain(tasks: int) -> str:
    """Tasks that wait for each other in a row."""
    return _manifest([[n - 1] if n else [] for n in range(tasks)], ["say"] * tasks)


def _manifest(after: list[list[int]], components: list[str]) -> str:
    lines = ["name: many", "components:"]
    for name in _COMPONENTS:
        run = f"implementation: {{container: {{image: 'alpine:3.20', command: [{name}]}}}}"
        lines.append(f"  {name}: {{name: {name.title()}, {run}}}")
    lines.append("tasks:")
    for number, (before, name) in enumerate(zip(after, components, strict=True)):
        waits = f", after: [{', '.join(f'task-{each}' for each in before)}]" if before else ""
        lines.append(f"  task-{number}: {{component: {name}{waits}}}")
    return "\n".join(lines) + "\n"


def doubling(levels: int) -> dict[str, str]:
    """Sub-pipelines that each call the next one twice: 2 to the power of `levels` tasks. File name → text."""
    say = "{name: Say, implementation: {container: {image: 'alpine:3.20', command: [echo]}}}"
    files = {f"level-{levels}.yaml": f"name: level-{levels}\ntasks: {{say: {{component: {say}}}}}\n"}
    for level in range(levels):
        call = f"{{pipeline: ./level-{level + 1}.yaml}}"
        files[f"level-{level}.yaml"] = f"name: level-{level}\ntasks:\n  one: {call}\n  two: {call}\n"
    return files
