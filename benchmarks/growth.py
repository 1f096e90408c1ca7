"""`python -m benchmarks.growth`: how the time of compiling grows with the size of a manifest, shape by shape.

Each shape is a manifest of `n` of something. CPU seconds of compiling are measured in a process of their own, the best
of some, and between two sizes the exponent: 1 is proportional, 2 is the square. With `--against FOLDER` a second
checkout of this project is measured beside this one, such as one of an older commit.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
COMPONENTS: Final = """\
components:
  work:
    inputs: [{name: a}, {name: b, optional: true}]
    outputs: [{name: o}]
    implementation:
      container:
        image: alpine:3
        command: [work, {inputValue: a}, {if: {cond: {isPresent: b}, then: [{inputValue: b}]}}, {outputPath: o}]
  read:
    inputs: [{name: f}]
    outputs: [{name: o}]
    implementation: {container: {image: 'alpine:3', command: [read, {inputPath: f}, {outputPath: o}]}}
"""
MEASURE: Final = """\
import gc, sys, time
from pathlib import Path
from transpiler import compile_bytes

path = Path(sys.argv[1])
data, best = path.read_bytes(), None
compile_bytes("p.yaml", b"name: x\\ntasks: {}\\n", path.parent)
gc.disable()
for _ in range(int(sys.argv[2])):
    start = time.process_time()
    compile_bytes("p.yaml", data, path.parent)
    took = time.process_time() - start
    best = took if best is None else min(best, took)
print(best)
"""


def pipeline(tasks: Sequence[str], head: str = "") -> str:
    """A manifest of these tasks, each a line or more."""
    return f"name: p\n{head}{COMPONENTS}tasks:\n" + "".join(f"  {task}\n" for task in tasks)


def work(number: int, value: str = "1", more: str = "") -> str:
    """A task that takes a value."""
    return f't{number}: {{component: work, arguments: {{a: "{value}"}}{more}}}'


def output(name: str) -> str:
    """A reference to what a task yields."""
    return f"${{{{ tasks.{name}.output }}}}"


def reading(name: str, first: str, other: str) -> str:
    """A task that takes the file of one of two others."""
    return f'{name}: {{component: read, arguments: {{f: "${{{{ tasks.{first}.output ?? tasks.{other}.output }}}}"}}}}'


def file_choices(count: int) -> str:
    """Each third of the tasks takes the file of one of two others."""
    tasks = []
    for number in range(count // 3):
        tasks += [
            f"a{number}: {{component: work, arguments: {{a: '1'}}, when: \"inputs.m == 'x'\"}}",
            f"b{number}: {{component: work, arguments: {{a: '1'}}}}",
            reading(f"c{number}", f"a{number}", f"b{number}"),
        ]
    return pipeline(tasks, "inputs: {m: x}\n")


def shared_file_choices(count: int) -> str:
    """Each second task takes the file of the one before it, or else that of the first."""
    tasks = ["first: {component: work, arguments: {a: '1'}}"]
    for number in range(count // 2):
        tasks += [
            f"a{number}: {{component: work, arguments: {{a: '1'}}, when: \"inputs.m == 'x'\"}}",
            reading(f"c{number}", f"a{number}", "first"),
        ]
    return pipeline(tasks, "inputs: {m: x}\n")


def unknown_tasks(count: int) -> str:
    """Each task names one that is not there."""
    return pipeline([work(number, output(f"u{number}")) for number in range(count)])


def unknown_predecessors(count: int) -> str:
    """The same by `after`."""
    return pipeline([work(number, more=f", after: [u{number}]") for number in range(count)])


def unknown_inputs(count: int) -> str:
    """Each task names an input that is not there, of as many that are."""
    inputs = "inputs:\n" + "".join(f"  i{number}: a\n" for number in range(count))
    return pipeline([work(number, f"${{{{ inputs.j{number} }}}}") for number in range(count)], inputs)


def unknown_components(count: int) -> str:
    """Each task names a component that is not there, of as many that are."""
    return many_components(count).replace("{component: c", "{component: d")


def random_values(count: int) -> str:
    """Each task takes the values of two random ones before it."""
    chance, tasks = random.Random(1), [work(0)]
    for number in range(1, count):
        a, b = (output(f"t{chance.randrange(number)}") for _ in "ab")
        tasks.append(f't{number}: {{component: work, arguments: {{a: "{a}", b: "{b}"}}}}')
    return pipeline(tasks)


def random_order(count: int) -> str:
    """Each task waits for twenty random ones before it."""
    chance, tasks = random.Random(2), []
    for number in range(count):
        before = sorted(chance.sample(range(number), min(number, 20)))
        tasks.append(work(number, more=f", after: [{', '.join(f't{each}' for each in before)}]"))
    return pipeline(tasks)


def groups_of_twenty(count: int) -> str:
    """Groups that use twenty tasks or groups around them."""
    tasks = [work(number) for number in range(20)]
    for number in range(count // 3):
        names = [f"t{each}" for each in range(20)] if number < 20 else [f"g{number - each - 1}" for each in range(20)]
        used = " ".join(map(output, names))
        tasks.append(
            f'g{number}: {{tasks: {{w: {{component: work, arguments: {{a: "{used}"}}}}, '
            f'v: {{component: work, arguments: {{a: "{output("w")}"}}}}}}, outputs: {{o: "{output("v")}"}}}}'
        )
    return pipeline(tasks)


def deep_groups(count: int) -> str:
    """Groups in groups, 25 deep, in each a task that uses the outermost."""
    inner = ""
    for depth in range(25):
        inner = f'{{tasks: {{w{depth}: {{component: work, arguments: {{a: "{output("s")}"}}}}' + (
            f", g{depth}: {inner}}}}}" if inner else "}}"
        )
    tasks = ["s: {component: work, arguments: {a: '1'}}"]
    return pipeline([*tasks, *(f"o{number}: {inner}" for number in range(count // 25))])


def many_components(count: int) -> str:
    """As many components as tasks."""
    container = "{implementation: {container: {image: 'alpine:3', command: [c%d]}}}"
    components = "".join(f"  c{number}: {container % number}\n" for number in range(count))
    return f"name: p\ncomponents:\n{components}tasks:\n" + "".join(
        f"  t{number}: {{component: c{number}}}\n" for number in range(count)
    )


def many_inputs(count: int) -> str:
    """As many inputs as tasks."""
    inputs = "inputs:\n" + "".join(f"  i{number}: a\n" for number in range(count))
    return pipeline([work(number, f"${{{{ inputs.i{number} }}}}") for number in range(count)], inputs)


def one_text(count: int) -> str:
    """One text with the values of all tasks."""
    last = work(count, " ".join(output(f"t{number}") for number in range(count)))
    return pipeline([*(work(number) for number in range(count)), last])


def wrong_types(count: int) -> str:
    """Each task passes a text for a number."""
    component = (
        "components: {w: {inputs: [{name: a, type: Integer}], "
        "implementation: {container: {image: 'a:1', command: [w, {inputValue: a}]}}}}\n"
    )
    tasks = "".join(f"  t{number}: {{component: w, arguments: {{a: x}}}}\n" for number in range(count))
    return f"name: p\n{component}tasks:\n{tasks}"


def conditions(count: int) -> str:
    """A chain of tasks that may each be skipped."""
    tasks = [work(0)]
    for number in range(1, count):
        value = f"${{{{ tasks.t{number - 1}.output ?? 'none' }}}}"
        tasks.append(work(number, value, ", when: \"inputs.m == 'x'\""))
    return pipeline(tasks, "inputs: {m: x}\n")


def loops(count: int) -> str:
    """Loops with limits of their own."""
    more = ", forEach: [a, b], parallelism: 1"
    return pipeline([work(number, "${{ item }}", more) for number in range(count)])


def exits(count: int) -> str:
    """Tasks with exit handlers."""
    more = ", onExit: {component: work, arguments: {a: '2'}}"
    return pipeline([work(number, more=more) for number in range(count)])


def statuses(count: int) -> str:
    """A chain of tasks that ask how the one before ended."""
    tasks = [work(0)]
    for number in range(1, count):
        before = f"t{number - 1}"
        more = f', depends: "{before}.Succeeded || {before}.Failed"'
        tasks.append(work(number, f"${{{{ tasks.{before}.status }}}}", more))
    return pipeline(tasks)


def volumes(count: int) -> str:
    """A chain of files on a volume."""
    files = [
        f't{number}: {{component: read, arguments: {{f: "{output(f"t{number - 1}")}"}}}}' for number in range(1, count)
    ]
    return pipeline([work(0), *files], "artifacts: {size: 1Gi}\n")


def sub_pipelines(count: int) -> str:
    """As many manifests, each called once; `main` writes them."""
    return pipeline([f"p{number}: {{pipeline: ./s{number}.yaml}}" for number in range(count)])


def sub_pipeline(number: int) -> str:
    """One of them."""
    tasks = [work(0, f"${{{{ inputs.v }}}} {number}"), work(1, output("t0"))]
    return pipeline(tasks, "inputs: {v: a}\n").replace("name: p\n", f"name: s{number}\n") + (
        f'outputs: {{o: "{output("t1")}"}}\n'
    )


SHAPES: Final[Sequence[Callable[[int], str]]] = (
    *(file_choices, shared_file_choices, unknown_tasks, unknown_predecessors, unknown_inputs, unknown_components),
    *(random_values, random_order, groups_of_twenty, deep_groups, many_components, many_inputs, one_text, wrong_types),
    *(conditions, loops, exits, statuses, volumes, sub_pipelines),
)


def seconds(manifest: Path, checkout: Path, turns: int) -> float:
    """The CPU seconds that a checkout takes for a manifest."""
    command = [sys.executable, "-c", MEASURE, str(manifest), str(turns)]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def row(shape: Callable[[int], str], sizes: Sequence[int], checkouts: Sequence[Path], folder: Path, turns: int) -> str:
    """The times of a shape, and the exponent between each two sizes."""
    cells = []
    for checkout in checkouts:
        took = []
        for size in sizes:
            path = folder / f"{shape.__name__}-{size}.yaml"
            path.write_text(shape(size), encoding="utf-8")
            took.append(seconds(path, checkout, turns))
        pairs = zip(sizes, took, sizes[1:], took[1:], strict=False)
        exponents = " ".join(f"{log(later / first) / log(large / small):.2f}" for small, first, large, later in pairs)
        cells += [*(f"{each:.3f} s" for each in took), exponents]
    return f"| {shape.__name__.replace('_', ' ')} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", help="some of the shapes, by name (default: all)")
    parser.add_argument("--sizes", type=int, nargs="+", default=[150, 600, 2400])
    parser.add_argument("--turns", type=int, default=2, help="times that each is measured, of which the best counts")
    parser.add_argument("--against", type=Path, help="another checkout, whose times come first")
    given = parser.parse_args()
    checkouts = [*([given.against.resolve()] if given.against else []), ROOT]
    heads = [*(f"{size:,}" for size in given.sizes), "exponent"]
    print("| shape |", " | ".join(heads * len(checkouts)), "|")
    print("|---|" + "--:|" * len(heads) * len(checkouts))
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(max(given.sizes)):
            (folder / f"s{number}.yaml").write_text(sub_pipeline(number), encoding="utf-8")
        for shape in SHAPES:
            if not given.shapes or shape.__name__ in given.shapes:
                print(row(shape, given.sizes, checkouts, folder, given.turns), flush=True)


if __name__ == "__main__":
    main()
