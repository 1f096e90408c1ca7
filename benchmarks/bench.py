"""`python -m benchmarks.bench`: how fast `transpile` is, as ratios of processes that ran side by side.

Times in seconds say more about the machine than about the program, so each row compares two things in one run.
Processes are measured whole, start-up included, and the two sides of a row take turns: what slows the machine down
for a while slows both. In a turn the shorter one runs several times, and their mean is the time of the turn, so that
chance favours neither. The best turn of each side counts, since nothing makes a program faster than it is. The median
of the ratios of all turns stands beside it: far from it on a machine too busy to tell. Wall time is what a user waits;
CPU time is what the program costs.

How time grows with the tasks shows only after start-up, which takes many times as long as 100 tasks, and no two
start-ups take the same. So for these rows a turn is one process that runs the command for every manifest, and what a
manifest of one task takes in it is subtracted.

The peers are compared with when their interpreters are at hand: those that TRANSPILE_KFP_PYTHON, TRANSPILE_KFP2_PYTHON
and TRANSPILE_HERA_PYTHON name, or environments in the store of the judges, which TRANSPILE_REQUIRE_JUDGES=1 installs.
Runs where there is os.wait4: not on Windows. The exit code is 0 however slow the program is, and 1 when a row cannot be
computed for another reason than a missing tool.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from statistics import fmean, median
from typing import Final, NamedTuple

from benchmarks.peers import PEERS, Peer

ROOT: Final = Path(__file__).resolve().parents[1]
SAMPLE: Final = ROOT / "samples" / "add" / "pipeline.yaml"
COMPONENT: Final = "components/add"
MAX_BYTES_PER_TASK: Final = 256
MAX_SLOW_TURNS: Final = 5
"""Turns of kfp compiling, which takes many seconds each."""

AFTER_START: Final = """\
import os, sys, time
from transpiler.cli.main import main

main(["compile", sys.argv[1], "-o", os.devnull])
for manifest in sys.argv[1:]:
    wall, cpu = time.perf_counter(), time.process_time()
    if main(["compile", manifest, "-o", os.devnull]):
        sys.exit(f"cannot compile {manifest}")
    print(time.perf_counter() - wall, time.process_time() - cpu)
"""
"""A process that says how long the command took for each manifest, the first of which it compiles once before."""


class Unmeasurable(Exception):  # noqa: N818 - one row's end, not a fault of this script
    """A row that cannot be computed, and why."""


# ---------------------------------------------------------------------------------------------- measuring


class Sample(NamedTuple):
    """The seconds of one process: wall, and CPU (user and system); and its most memory in MB (10^6 bytes)."""

    wall: float
    cpu: float
    peak: float = 0.0

    def of(self, clock: str) -> float:
        """The seconds of one of CLOCKS."""
        return self.wall if clock == "wall" else self.cpu


@dataclass(frozen=True)
class Command:
    """A process to measure, so many `times` a turn; what it prints goes to `output`."""

    arguments: tuple[str, ...]
    output: Path | None = None
    times: int = 1

    def repeated(self, times: int) -> Command:
        """The same command, so many times a turn: about as long as what it is compared with."""
        return replace(self, times=times)


@dataclass(frozen=True)
class Timing:
    """What the runs of one command took, turn by turn; a turn's time is the mean of its runs."""

    turns: tuple[tuple[Sample, ...], ...]

    def best(self, clock: str) -> float:
        """The `wall` or `cpu` seconds of the best turn."""
        return min(self.means(clock))

    @property
    def peak(self) -> float:
        """The most memory of all runs, in MB."""
        return max(sample.peak for turn in self.turns for sample in turn)

    def means(self, clock: str) -> list[float]:
        """The mean seconds of each turn."""
        return [fmean(sample.of(clock) for sample in turn) for turn in self.turns]


def measure(commands: Sequence[Command], turns: int) -> list[Timing]:
    """Run the commands in turn, after one turn that warms caches and does not count."""
    for command in commands:
        run(command)
    took = [_turn(commands) for _ in range(turns)]
    return [Timing(turns_of_one) for turns_of_one in zip(*took, strict=True)]


def _turn(commands: Sequence[Command]) -> list[tuple[Sample, ...]]:
    """What each command took, one after the other, until each has run as often as it asks."""
    took: list[list[Sample]] = [[] for _ in commands]
    for again in range(max(command.times for command in commands)):
        for command, samples in zip(commands, took, strict=True):
            if again < command.times:
                samples.append(run(command))
    return [tuple(samples) for samples in took]


def measure_after_start(manifests: Mapping[Path, int], turns: int) -> list[Timing]:
    """Compile each manifest so many times a turn, all in one process. The first is the one to subtract."""
    longest = max(manifests.values())
    order = [path for again in range(longest) for path, times in manifests.items() if again < times]
    took = [_after_start(order) for _ in range(turns)]
    return [Timing(tuple(tuple(turn[path]) for turn in took)) for path in manifests]


def _after_start(order: Sequence[Path]) -> dict[Path, list[Sample]]:
    with tempfile.NamedTemporaryFile() as output:
        run(Command((sys.executable, "-c", AFTER_START, *map(str, order)), Path(output.name)))
        lines = output.read().decode().splitlines()
    took: dict[Path, list[Sample]] = {path: [] for path in order}
    for path, line in zip(order, lines, strict=True):
        wall, cpu = line.split()
        took[path].append(Sample(float(wall), float(cpu)))
    return took


def run(command: Command) -> Sample:
    """Run a command to its end. Raises Unmeasurable when that is not exit code 0."""
    with (command.output or Path(os.devnull)).open("wb") as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.arguments, cwd=ROOT, env=_environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().rpartition("\n")[2]
            raise Unmeasurable(f"`{' '.join(command.arguments)}` ended with {process.returncode}: {last}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1_024 / 1_000_000)


def _environment() -> Mapping[str, str]:
    """As users have it: with compiled modules on the disk, and nothing of the caller's Python in a foreign one."""
    ours = {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"}
    return {name: value for name, value in os.environ.items() if name not in ours}


# ---------------------------------------------------------------------------------------------- what is compared


def transpile(*arguments: str | Path, output: Path | None = None) -> Command:
    """The command `transpile` of this checkout, under the interpreter that runs this script."""
    return Command((sys.executable, "-m", "transpiler", *map(str, arguments)), output)


def imports(python: Path, module: str) -> Command:
    """A process that imports a module and does nothing with it."""
    return Command((str(python), "-c", f"import {module}"))


class Pipelines:
    """Manifests over one component, written into a folder as they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.component = folder / COMPONENT / "component.yaml"
        shutil.copytree(SAMPLE.parent / COMPONENT, folder / COMPONENT)

    def manifest(self, name: str, tasks: Sequence[str]) -> Path:
        """A manifest with these tasks."""
        path = self.folder / f"{name}.yaml"
        path.write_text("".join([f"name: {name}\ntasks:\n", *tasks]), encoding="utf-8")
        return path

    def chain(self, count: int) -> Path:
        """Each task adds 1 to what the one before it yields."""
        references = ["1", *(_output(number) for number in range(count - 1))]
        return self.manifest(f"chain-{count}", [_task(number, text) for number, text in enumerate(references)])

    def fan_out(self, count: int) -> Path:
        """One task, and `count` that take its output."""
        return self.manifest("fan-out", [_task(0, "1"), *(_task(number + 1, _output(0)) for number in range(count))])

    def fan_in(self, count: int) -> Path:
        """`count` tasks, and one that waits for all of them."""
        names = ", ".join(f"t{number}" for number in range(count))
        tasks = [_task(number, "1") for number in range(count)]
        return self.manifest("fan-in", [*tasks, _task(count, "1"), f"    after: [{names}]\n"])

    def collect(self, count: int) -> Path:
        """`count` tasks, and one that takes all their outputs in one text."""
        references = ",".join(f"${{{{ tasks.t{number}.output }}}}" for number in range(count))
        tasks = [_task(number, "1") for number in range(count)]
        return self.manifest("collect", [*tasks, _task(count, f'"{references}"')])

    def compiling(self, manifest: Path) -> Command:
        """`transpile compile` of a manifest, into a file."""
        return transpile("compile", manifest, output=manifest.with_suffix(".workflow.yaml"))


def _task(number: int, a: str) -> str:
    return f"  t{number}:\n    component: {COMPONENT}\n    arguments: {{a: {a}, b: 1}}\n"


def _output(number: int) -> str:
    return f'"${{{{ tasks.t{number}.output }}}}"'


# ---------------------------------------------------------------------------------------------- the table

HEAD: Final = ("what", "", "ours", "theirs", "ratio", "median", "target", "met")
Row = tuple[str, str, str, str, str, str, str, str]
CLOCKS: Final = ("wall", "cpu")


@dataclass(frozen=True)
class Target:
    """What a ratio of two times must be; `limit` 0 asks for nothing. `faster` divides theirs by ours."""

    limit: float = 0
    faster: bool = False
    strict: bool = False

    def ratio(self, ours: float, theirs: float) -> float:
        """The number that the target is about; infinite when noise has eaten a time."""
        above, below = (theirs, ours) if self.faster else (ours, theirs)
        return above / below if below > 0 else inf

    def __str__(self) -> str:
        if not self.limit:
            return "-"
        if self.faster:
            return f"at least {self.limit:g}x faster" if self.limit > 1 else "faster"
        return f"{'below' if self.strict else 'at most'} {self.limit:g}x"

    def met(self, ratio: float) -> str:
        """`yes` or `NO`; `?` on a machine too busy to tell."""
        if not self.limit:
            return "-"
        if ratio == inf:
            return "?"
        within = ratio > self.limit if self.faster else ratio < self.limit
        return "yes" if within or (ratio == self.limit and not self.strict) else "NO"


def compared(what: str, times: Sequence[Timing], target: Target) -> Iterator[Row]:
    """A row for each clock. `times` are ours, theirs and, if there is one, the start-up to take off both."""
    ours, theirs, *base = times
    for clock in CLOCKS:
        start = base[0].best(clock) if base else 0.0
        mine, other = ours.best(clock) - start, theirs.best(clock) - start
        best = target.ratio(mine, other)
        starts = base[0].means(clock) if base else [0.0] * len(ours.turns)
        turns = zip(ours.means(clock), theirs.means(clock), starts, strict=True)
        middle = median(target.ratio(left - taken, right - taken) for left, right, taken in turns)
        shown = (f"{mine:.3f} s", f"{other:.3f} s", f"{best:.2f}x", f"{middle:.2f}x")
        yield what, clock, *shown, str(target), target.met(best)


def single(what: str, value: str, target: str, met: str = "-") -> Row:
    """A row of one number, or of none."""
    return what, "", value, "-", "-", "-", target, met


def table(rows: Sequence[Row]) -> str:
    """The rows under their heads, aligned: words to the left, numbers to the right."""
    lines = [HEAD, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    head, *shown = [_line(line, widths) for line in lines]
    return "\n".join([head, "-" * len(head), *shown])


def _line(cells: Row, widths: Sequence[int]) -> str:
    padded = [f"{cell:{side}{width}}" for cell, side, width in zip(cells, "<<>>>><<", widths, strict=True)]
    return "  ".join(padded).rstrip()


# ---------------------------------------------------------------------------------------------- the benchmarks


@dataclass(frozen=True)
class Bench:
    """What every benchmark needs."""

    pipelines: Pipelines
    turns: int
    peers: Mapping[Peer, Path | None]
    """Each with its interpreter, where that is at hand."""


def help_text(bench: Bench) -> Iterator[Row]:
    """`--help` against an interpreter that does nothing."""
    script = Path(sysconfig.get_path("scripts")) / "transpile"
    asked = {"python -m transpiler --help": transpile("--help")}
    if script.exists():
        asked["transpile --help"] = Command((str(script), "--help"))
    commands = [Command((sys.executable, "-c", "pass")), *asked.values()]
    bare, *took = measure([command.repeated(5) for command in commands], bench.turns)
    for name, ours in zip(asked, took, strict=True):
        yield from compared(f"{name} against python -c pass", [ours, bare], Target(4, strict=True))


def peer_imports(bench: Bench) -> Iterator[Row]:
    """Compiling a small pipeline against the mere start of each peer."""
    for peer, python in bench.peers.items():
        what = f"compile samples/add against import of {peer.name}"
        if python is None:
            yield single(what, "-", "skipped: not at hand")
            continue
        sides = [transpile("compile", SAMPLE).repeated(2), imports(python, peer.module)]
        yield from compared(what, measure(sides, bench.turns), Target(1, faster=True, strict=True))


def peer_chains(bench: Bench) -> Iterator[Row]:
    """Chains of several lengths, each compiler as a whole process: time and peak memory."""
    for peer, python in bench.peers.items():
        for tasks, limit in peer.faster.items() if python is not None else ():
            assert python is not None
            theirs = Command(peer.arguments(python, bench.pipelines.folder, bench.pipelines.component, tasks))
            ours = bench.pipelines.compiling(bench.pipelines.chain(tasks)).repeated(4 if tasks == 1_000 else 1)
            took = measure([ours, theirs], min(bench.turns, MAX_SLOW_TURNS))
            what = f"chain of {tasks:,} tasks against {peer.name}"
            yield from compared(what, took, Target(limit, faster=True))
            yield peak(what, *took)


def peak(what: str, ours: Timing, theirs: Timing) -> Row:
    """A row of the most memory that a process of each side takes."""
    mine, other = ours.peak, theirs.peak
    met = "yes" if mine < other else "NO"
    return what, "memory", f"{mine:.0f} MB", f"{other:.0f} MB", f"{other / mine:.2f}x", "-", "less", met


def instructions(_bench: Bench) -> Iterator[Row]:
    """The instructions of a start, which no load of the machine changes: counted by valgrind, where it is at hand."""
    for what, arguments, limit in (
        ("compile samples/add", ("compile", str(SAMPLE)), 560),
        ("transpile --help", ("--help",), 100),
    ):
        script = str(Path(sysconfig.get_path("scripts")) / "transpile")
        if shutil.which("valgrind") is None:
            yield single(f"instructions of {what}", "-", "skipped: no valgrind")
            continue
        run(Command((sys.executable, script, *arguments)))
        counted = _instructions((sys.executable, script, *arguments)) / 1_000_000
        met = "yes" if counted <= limit else "NO"
        yield single(f"instructions of {what}", f"{counted:.0f} M", f"at most {limit} M", met)


def _instructions(command: Sequence[str]) -> int:
    with tempfile.NamedTemporaryFile() as log:
        tool = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
        fixed = {**_environment(), "PYTHONHASHSEED": "0"}
        done = subprocess.run(
            [*tool, f"--log-file={log.name}", *command], check=False, capture_output=True, env=fixed, cwd=ROOT
        )
        found = re.search(r"refs:\s*([\d,]+)", log.read().decode(errors="replace"))
    if done.returncode or found is None:
        raise Unmeasurable(f"valgrind cannot count the instructions of `{' '.join(command)}`")
    return int(found[1].replace(",", ""))


def linear(bench: Bench) -> Iterator[Row]:
    """Chains of growing length: time grows with the tasks, and no faster."""
    chains = {size: bench.pipelines.chain(size) for size in (1, 100, 1_000, 30_000)}
    times = dict(zip(chains.values(), (10, 30, 5, 1), strict=True))
    took = dict(zip(chains, measure_after_start(times, min(bench.turns, MAX_SLOW_TURNS)), strict=True))
    for small, large, limit in ((100, 1_000, 12), (1_000, 30_000, 42), (100, 30_000, 530)):  # exponents of 1.1
        what = f"chain of {large:,} tasks against {small:,}, after start-up"
        yield from compared(what, [took[large], took[small], took[1]], Target(limit))


def size(bench: Bench) -> Iterator[Row]:
    """The output that a task costs."""
    command = bench.pipelines.compiling(bench.pipelines.chain(1_000))
    run(command)
    each = command.output.stat().st_size / 1_000 if command.output else 0.0
    met = "yes" if each <= MAX_BYTES_PER_TASK else "NO"
    yield single("chain of 1,000 tasks, output a task", f"{each:.0f} bytes", f"at most {MAX_BYTES_PER_TASK} bytes", met)


def shapes(bench: Bench) -> Iterator[Row]:
    """Other shapes of 1,000 tasks against the chain, for information."""
    pipelines = bench.pipelines
    named = {
        "fan-out": pipelines.fan_out(1_000),
        "fan-in by `after`": pipelines.fan_in(1_000),
        "fan-in by one text": pipelines.collect(1_000),
    }
    manifests = [pipelines.chain(1), pipelines.chain(1_000), *named.values()]
    start, chain, *others = measure_after_start(dict.fromkeys(manifests, 3), bench.turns)
    for name, took in zip(named, others, strict=True):
        yield from compared(f"{name} of 1,000 against chain, after start-up", [took, chain, start], Target())


BENCHMARKS: Final = (help_text, instructions, peer_imports, peer_chains, linear, size, shapes)


def rows_of(bench: Bench) -> tuple[list[Row], list[str]]:
    """All rows, and why others are missing."""
    rows: list[Row] = []
    problems: list[str] = []
    for benchmark in BENCHMARKS:
        try:
            rows.extend(benchmark(bench))
        except (Unmeasurable, OSError) as problem:
            problems.append(f"{benchmark.__name__}: {problem}")
    return rows, problems


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Print how fast transpile is, as ratios of processes side by side.")
    parser.add_argument("--turns", type=int, default=9, help="turns of each process (default: 9)")
    turns = max(parser.parse_args().turns, 1)
    peers = {peer: peer.environment.python() for peer in PEERS}
    with tempfile.TemporaryDirectory(prefix="transpile-bench-") as folder:
        rows, problems = rows_of(Bench(Pipelines(Path(folder)), turns, peers))
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {turns} turns: the best of each side, their")
    print("ratio, and the median of the ratios of all turns\n")
    print(table(rows))
    for problem in problems:
        print(f"not computed: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
