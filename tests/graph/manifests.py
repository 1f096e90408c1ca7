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


def nested(seed: int, tasks: int = 30) -> str:
    """Groups in groups, with values and orders across their borders."""
    chance = Random(seed)
    lines = ["name: nested", "components:"]
    run = "implementation: {container: {image: 'alpine:3.20', command: [a, {inputPath: i}, {outputPath: o}]}}"
    ports = "inputs: [{name: i, optional: true}], outputs: [{name: o, type: CSV}]"
    lines += [f"  one: {{name: One, {ports}, {run}}}", "tasks:"]
    left = [tasks]

    def fill(indent: str, depth: int, known: tuple[str, ...]) -> list[str]:
        """The tasks of a group, and their names; those of the groups around it can be used too."""
        own: list[str] = []
        for _ in range(chance.randint(1, 4)):
            name = f"t{left[0]}"
            left[0] -= 1
            usable = [*known, *own]
            if depth < 3 and left[0] > 3 and chance.random() < 0.4:
                lines.append(f"{indent}{name}:")
                lines.append(f"{indent}  tasks:")
                inner = fill(indent + "    ", depth + 1, tuple(usable))
                lines.append(f"{indent}  outputs: {{o: '${{{{ tasks.{chance.choice(inner)}.outputs.o }}}}'}}")
            else:
                value = f"i: '${{{{ tasks.{chance.choice(usable)}.outputs.o }}}}'" if usable else ""
                after = f", after: [{chance.choice(own)}]" if own and chance.random() < 0.3 else ""
                lines.append(f"{indent}{name}: {{component: one, arguments: {{{value}}}{after}}}")
            own.append(name)
        return own

    while left[0] > 0:
        fill("  ", 0, ())
    return "\n".join(lines) + "\n"
