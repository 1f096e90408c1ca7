"""`python -m benchmarks.engine`: what a task costs in `transpile test`, and in `transpile run`.

CPU of the whole command, with the processes that it starts, beside that of the compilation alone (`transpile check`):
tasks as a manifest may have them, in one case with fakes. `run` runs `true` for each task, in turns with a loop that
starts the same programs.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

Json = Any
Shape = Callable[[int], Json]

_WORK: Final[Json] = {
    "inputs": [{"name": "a"}],
    "outputs": [{"name": "o"}],
    "implementation": {
        "container": {"image": "alpine:3", "command": ["work", {"inputValue": "a"}, {"outputPath": "o"}]}
    },
}
_LEAF: Final[Json] = {"name": "leaf", "container": {"image": "alpine:3", "command": ["work"]}}
_TRUE: Final[Json] = {"implementation": {"container": {"image": "alpine:3", "command": ["true"]}}}


def _task(value: str = "x", **more: Json) -> Json:
    return {"component": "work", "arguments": {"a": value}, **more}


def _manifest(tasks: Json, **more: Json) -> Json:
    return {"name": "bench", "components": {"work": _WORK}, "tasks": tasks, **more}


def _each(count: int, **more: Json) -> Json:
    return {f"t{number}": _task(**more) for number in range(count)}


def _chain(count: int) -> Json:
    return _manifest({f"t{n}": {**_task(), **({"after": [f"t{n - 1}"]} if n else {})} for n in range(count)})


def _values(count: int) -> Json:
    return _manifest({f"t{n}": _task(f"${{{{ tasks.t{n - 1}.output }}}}" if n else "x") for n in range(count)})


def _steps(count: int) -> Json:
    rows = [[{"name": f"s{n}-{m}", "template": "leaf"} for m in range(100)] for n in range(count // 100)]
    return _manifest({"s": {"template": {"steps": rows}}}, argo={"spec": {"templates": [_LEAF]}})


SHAPES: Final[dict[str, Shape]] = {
    "fan": lambda count: _manifest(_each(count)),
    "fan, `parallelism: 10`": lambda count: _manifest(_each(count), argo={"spec": {"parallelism": 10}}),
    "chain": _chain,
    "chain, a value from each to the next": _values,
    "loop": lambda count: _manifest({"t": _task("${{ item }}", forEach=list(range(count)))}),
    "loop, `parallelism: 10`": lambda count: _manifest(
        {"t": _task("${{ item }}", forEach=list(range(count)))}, argo={"spec": {"parallelism": 10}}
    ),
    "steps, 100 at a time": _steps,
    "each with `retry`": lambda count: _manifest(_each(count, retry={"limit": 2})),
}


def cpu(words: Sequence[str]) -> float:
    """The CPU seconds of a command, and of all that it has started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _written(folder: Path, manifest: Mapping[str, Json]) -> str:
    path = folder / "pipeline.yaml"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "pipeline.test.yaml").write_text("cases: {it: {}}\n", encoding="utf-8")
    return str(path)


def rehearsals(folder: Path, count: int, turns: int) -> None:
    """Print the table of `transpile test`."""
    print(f"| {count:,} tasks | `check` | `test` |\n|---|--:|--:|")
    for name, shape in SHAPES.items():
        path = _written(folder, shape(count))
        program = [sys.executable, "-m", "transpiler"]
        checked = min(cpu([*program, "check", path]) for _ in range(turns))
        tested = min(cpu([*program, "test", path]) for _ in range(turns))
        print(f"| {name} | {checked:.1f} s | {tested:.1f} s |")


def runs(folder: Path, count: int, turns: int) -> None:
    """Print what a task of `transpile run` costs beside starting its program."""
    tasks = {f"t{number}": {"component": "true"} for number in range(count)}
    path = _written(folder, {"name": "bench", "components": {"true": _TRUE}, "tasks": tasks})
    program = [sys.executable, "-m", "transpiler", "run", path, "--executor", "process", "--run-dir", str(folder / "r")]
    loop = f"import subprocess\nfor _ in range({count}): subprocess.run(['true'])"
    ran, started = (
        min(cpu(words) for _ in range(turns)) * 1000 / count for words in (program, [sys.executable, "-c", loop])
    )
    print(f"| {count:,} programs | CPU of each |\n|---|--:|")
    print(f"| `transpile run --executor process` | {ran:.1f} ms |\n| a loop in Python | {started:.1f} ms |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--turns", type=int, default=2, help="times that each is measured, of which the best counts")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rehearsals(Path(folder), given.tasks, given.turns)
        print()
        runs(Path(folder), given.programs, given.turns)


if __name__ == "__main__":
    main()
