"""How tasks end, as a matrix: what runs, what tries it again, what runs beside or behind it, who waits, whether it may
fail, how it goes.

A case is a manifest with a task `v`, and what must come of it, said without the compiler. The tests run enough for
each pair of values; `python -m tests.support.life_cycles` runs all in Argo's controller, which takes half an hour.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from ruamel.yaml import YAML

from tests.judges import go, runs
from tests.judges.runs import Deed, Run
from transpiler.compiler import Compilation, compile_pipeline
from transpiler.workspace.options import Options

Json = Any

ECHO: Final = {
    "inputs": [{"name": "t", "type": "String"}],
    "outputs": [{"name": "o", "type": "String"}],
    "implementation": {"container": {"image": "alpine", "command": ["echo", {"inputValue": "t"}, {"outputPath": "o"}]}},
}


def echo(text: str, **more: Json) -> Json:
    """A task that yields a text."""
    return {"component": "echo", "arguments": {"t": text}, **more}


_POD: Final = {"container": {"image": "alpine", "command": ["echo", "work"]}}
_SCRIPT: Final = {"script": {"image": "alpine", "command": ["echo", "work"], "source": "echo"}}
_FROM_FILE: Final = {"parameters": [{"name": "o", "valueFrom": {"path": "/tmp/o"}}]}
_TRIED: Final = {"retryStrategy": {"limit": "1"}}


def _from(tag: str) -> Json:
    return {"parameters": [{"name": "o", "valueFrom": {"parameter": f"{{{{{tag}.w.outputs.parameters.o}}}}"}}]}


_INLINE: Final = {"name": "w", "inline": {**_POD, "outputs": _FROM_FILE}}
_DAG: Final = {"dag": {"tasks": [_INLINE]}, "outputs": _from("tasks")}
_STEPS: Final = {"steps": [[_INLINE]], "outputs": _from("steps")}
_GROUP: Final = {"tasks": {"w": echo("work")}, "outputs": {"o": "${{ tasks.w.output }}"}}
_SUB: Final = {"name": "sub", **_GROUP, "components": {"echo": ECHO}}
_ITEMS: Final = echo("${{ item }}", forEach=["work", "other"])
_CALL: Final = {"templateRef": {"name": "library", "template": "work"}}


def _library(**template: Json) -> Json:
    spec = {"templates": [{"name": "work", **template}, {"name": "pod", **_POD, "outputs": _FROM_FILE}]}
    kind = {"apiVersion": "argoproj.io/v1alpha1", "kind": "WorkflowTemplate"}
    return {**kind, "metadata": {"name": "library"}, "spec": spec}


_CALLED_DAG: Final = {"dag": {"tasks": [{"name": "w", "template": "pod"}]}, "outputs": _from("tasks")}

SHAPES: Final[Mapping[str, Json]] = {
    "plain": echo("work"),
    "cached": echo("work", cache="1h"),
    "when": echo("work", when="inputs.go == 'yes'"),
    "loop": _ITEMS,
    "limited loop": {**_ITEMS, "parallelism": 1},
    "group": _GROUP,
    "nested group": {"tasks": {"w": _GROUP}, "outputs": {"o": "${{ tasks.w.outputs.o }}"}},
    "sub-pipeline": {"pipeline": "./sub.yaml"},
    "raw": {"template": {**_POD, "outputs": _FROM_FILE}},
    "raw script": {"template": {**_SCRIPT, "outputs": _FROM_FILE}},
    "raw tries": {"template": {**_POD, **_TRIED, "outputs": _FROM_FILE}},
    "raw dag": {"template": _DAG},
    "raw dag tries": {"template": {**_DAG, **_TRIED}},
    "raw steps": {"template": _STEPS},
    "cluster": _CALL,
    "cluster tries": _CALL,
    "cluster dag": _CALL,
}
"""What runs. Where it fails, the pod that is passed `work` does."""
CLUSTER: Final[Mapping[str, Json]] = {
    "cluster": _library(**_POD, outputs=_FROM_FILE),
    "cluster tries": _library(**_POD, **_TRIED, outputs=_FROM_FILE),
    "cluster dag": _library(**_CALLED_DAG),
}
RETRIES: Final[Mapping[str, tuple[Json, Json]]] = {
    "none": ({}, {}),
    "own": ({"retry": 1}, {}),
    "template": ({"argo": {"template": _TRIED}}, {}),
    "defaults": ({}, {"defaults": {"retry": 1}}),
    "spec": ({}, {"argo": {"spec": _TRIED}}),
    "template defaults": ({}, {"argo": {"spec": {"templateDefaults": _TRIED}}}),
}
"""What tries it again: keys of the task, and of the manifest."""
_BYE: Final = echo("bye")
HOOKS: Final[Mapping[str, Json]] = {
    "none": {},
    "exit": {"onExit": _BYE},
    "exit tries": {"onExit": {**_BYE, "retry": 1}},
    "exit group": {"onExit": {"tasks": {"c": _BYE, "d": echo("ciao", after=["c"])}}},
    "exit when": {"onExit": {**_BYE, "when": "tasks.v.status == 'Failed'"}},
    "exit output": {"onExit": echo("bye ${{ tasks.v.outputs.o ?? 'none' }}")},
    "running": {"hooks": {"k": {**_BYE, "when": "tasks.v.status == 'Running'"}}},
    "succeeded": {"hooks": {"k": {**_BYE, "when": "tasks.v.status == 'Succeeded'"}}},
    "both": {"hooks": {"k": {**_BYE, "when": "tasks.v.status == 'Running'"}}, "onExit": echo("end")},
}
WAITS: Final[Mapping[str, Json]] = {
    "nobody": {},
    "after": echo("next", after=["v"]),
    "output": echo("${{ string(tasks.v.outputs.o) }} next"),
    "failed": echo("next", depends="v.Failed"),
    "status": echo("is ${{ tasks.v.status }}"),
    "when failed": echo("next", after=["v"], when="tasks.v.status == 'Failed'"),
    "around": echo("next", after=["g"]),
}
"""Who waits for it; `around`: for a group that it is in."""
FAILURES: Final = ("fails", "may fail")
"""Whether a failure of the task is one of the run."""
OUTCOMES: Final[Mapping[str, Mapping[str, Deed]]] = {
    "well": {},
    "badly once": {">work": Deed(exit=1, once=True)},
    "badly": {">work": Deed(exit=1)},
}


@dataclass(frozen=True)
class Case:
    """One manifest of the matrix."""

    shape: str
    retry: str
    hook: str
    wait: str
    failure: str = "fails"

    @property
    def may_fail(self) -> bool:
        """True when the run goes on though the task fails."""
        return self.failure == "may fail"

    @property
    def values(self) -> tuple[str, ...]:
        """What is combined."""
        return self.shape, self.retry, self.hook, self.wait, self.failure

    @property
    def manifest(self) -> Json:
        """The manifest, or None for what cannot be said."""
        own, of_all = RETRIES[self.retry]
        called = self.shape.startswith("cluster")
        if own and (called or self.shape in {"raw dag", "raw steps", "raw tries", "raw dag tries"}):
            return None
        if self.retry == "template" and self.shape.startswith("raw"):
            return None
        task = {**SHAPES[self.shape], **own, **HOOKS[self.hook], **({"mayFail": True} if self.may_fail else {})}
        waits = WAITS[self.wait]
        may_lack = self.may_fail and "loop" not in self.shape
        if self.wait == "output" and (self.shape == "when" or may_lack):
            waits = echo("${{ tasks.v.outputs.o ?? 'none' }} next")
        tasks = {"g": {"tasks": {"v": task}}} if self.wait == "around" else {"v": task}
        tasks |= {"s": waits} if waits else {}
        inputs = {"inputs": {"go": "yes"}} if self.shape == "when" else {}
        at_the_end = echo("run ${{ workflow.status }}")
        return {"name": "m", **inputs, **of_all, "components": {"echo": ECHO}, "tasks": tasks, "onExit": at_the_end}

    @property
    def is_tried_again(self) -> bool:
        """True when a failure of the task is tried again."""
        if self.shape.endswith("tries") or self.retry in {"own", "template", "spec", "template defaults"}:
            return True
        calls = self.shape in {"raw dag", "raw steps", "sub-pipeline"} or self.shape.startswith("cluster")
        return self.retry == "defaults" and not calls

    @property
    def is_refused(self) -> bool:
        """True where no Workflow does what is said: Argo tries everything again, or asks no hook in time."""
        in_its_dag = self.wait not in {"nobody", "around"} or self.may_fail
        if self.retry in {"spec", "template defaults"} and self.hook != "none":
            return in_its_dag or not self.hook.startswith("exit")
        if self.shape == "cached" and self.retry == "template defaults":
            return in_its_dag
        is_one = self.shape in {"plain", "when", "raw", "raw script"} and not self.is_tried_again
        return self.hook == "succeeded" and in_its_dag and not is_one

    def compiled(self, version: str = "") -> Compilation | None:
        """What the compiler makes of it, for a version of Argo."""
        manifest = self.manifest
        if manifest is None:
            return None
        with TemporaryDirectory() as folder:
            for name, content in {"pipeline.yaml": manifest, "sub.yaml": _SUB}.items():
                Path(folder, name).write_text(json.dumps(content), encoding="utf-8")
            return compile_pipeline(Path(folder, "pipeline.yaml"), Options(argo=version))


@dataclass(frozen=True)
class Trial:
    """A case, and how it goes: an outcome, or `kept`, when its results are in the cache."""

    case: Case
    outcome: str
    run: Run = field(compare=False)

    def faults(self, went: Json) -> list[str]:
        """What came otherwise than it must."""
        if went["phase"] == "Running":
            return ["the run never ends"]
        return [*self._of_the_run(went), *self._of_hooks(_said(went)), *self._of_the_task(went)]

    @property
    def fails(self) -> bool:
        """True when the task fails in the end."""
        return self.outcome == "badly" or (self.outcome == "badly once" and not self.case.is_tried_again)

    def _of_the_run(self, went: Json) -> Iterator[str]:
        said, wait = _said(went), self.case.wait
        wanted = not self.fails or self.case.may_fail if wait in {"after", "output", "around"} else self.fails
        if wait == "status":
            if f"is {'Failed' if self.fails else 'Succeeded'}" not in said:
                yield f"who asks for the status: {said}"
        elif wait != "nobody" and any(each.endswith("next") for each in said) != wanted:
            yield f"who waits {'does not run' if wanted else 'runs'}"
        phase = "Failed" if self.fails and wait not in {"failed", "status", "when failed"} else "Succeeded"
        if self.fails and (wait == "when failed" or self.case.may_fail):
            phase = "Succeeded"
        if went["phase"] != phase or f"run {phase}" not in said:
            yield f"the run is {went['phase']} {went['message']}, and its end hears {said}, not {phase}"

    def _of_hooks(self, said: list[str]) -> Iterator[str]:
        hook, is_loop = self.case.hook, "loop" in self.case.shape
        is_pod = self.case.shape in {"plain", "cached", "when", "raw", "raw script", "cluster"}
        starts_at_once = not is_pod or self.case.is_tried_again or self.case.shape == "cluster"
        if self.outcome == "kept":
            starts_at_once = False  # it never runs
        wanted = {
            "exit": True,
            "exit tries": True,
            "exit group": True,
            "exit when": self.fails,
            "running": starts_at_once or None,
            "both": starts_at_once or None,
            "succeeded": not self.fails,
        }.get(hook)
        if self.case.shape == "cluster" and self.case.wait == "nobody" and not self.case.is_tried_again:
            wanted = None if hook in {"running", "both"} else wanted  # pods of the simulation never run, they end
        if wanted is not None and ("bye" in said) != wanted:
            yield f"the hook {'does not run' if wanted else 'runs'}"
        if hook == "exit group" and "ciao" not in said:
            yield "the second task of the hook does not run"
        if hook == "both" and "end" not in said:
            yield "onExit does not run"
        if hook == "exit output" and not is_loop and ("bye none" in said) != self.fails:
            yield f"onExit hears {said}"

    def _of_the_task(self, went: Json) -> Iterator[str]:
        name = r"(run\(\d\)\.)?g(\(\d\))?\.v" if self.case.wait == "around" else r"(run\(\d\)\.)?v"
        is_limited = self.case.shape == "limited loop" or ("loop" in self.case.shape and self.case.hook != "none")
        name += r"(\(\d\))?\.v" if is_limited and self.case.may_fail else ""  # the group around it succeeds
        tried = [phase for node, phase in (went["phases"] or {}).items() if re.fullmatch(name, node)]
        if ("Failed" if self.fails else "Succeeded") not in tried:
            yield f"the task is {tried}"


def _said(went: Json) -> list[str]:
    return [(pod["words"][1:] or [""])[0] for pod in went["pods"]]


# ---------------------------------------------------------------------- choosing and running


def all_cases() -> list[Case]:
    """Each that can be said."""
    found = (Case(*each) for each in product(SHAPES, RETRIES, HOOKS, WAITS, FAILURES))
    return [case for case in found if case.manifest is not None]


def for_each_pair(cases: Sequence[Case]) -> list[Case]:
    """Few cases, in which each two values that go together stand together once."""

    def pairs(case: Case) -> set[tuple[object, ...]]:
        return set(combinations(enumerate(case.values), 2))

    left = set().union(*map(pairs, cases))
    chosen: list[Case] = []
    while left:
        best = max(cases, key=lambda case: len(pairs(case) & left))
        left -= pairs(best)
        chosen.append(best)
    return chosen


def trials(case: Case, compilation: Compilation) -> list[Trial]:
    """The runs of a case that compiles."""
    objects = list(YAML(typ="safe", pure=True).load_all(compilation.text))
    cluster = [CLUSTER[case.shape]] if case.shape in CLUSTER else []
    found = [Trial(case, name, Run([*cluster, *objects], {}, deeds)) for name, deeds in OUTCOMES.items()]
    return [*found, Trial(case, "kept", Run(objects, again=True))] if case.shape == "cached" else found


def all_reports(asked: Sequence[Run], at_once: int = 8, version: str = go.NEWEST) -> list[Json]:
    """How each run went; most of the time of a run is spent on waiting, so several go on at once."""
    size = min(100, len(asked) // at_once + 1)
    chunks = [asked[start : start + size] for start in range(0, len(asked), size)]
    with ThreadPoolExecutor(at_once) as pool:
        return [went for chunk in pool.map(partial(runs.reports, version=version), chunks) for went in chunk]


def main(words: Sequence[str]) -> None:
    """Run all cases that have all of some values, and print what is wrong."""
    cases = [case for case in all_cases() if set(words) <= set(case.values)]
    tried: list[Trial] = []
    told: list[object] = []
    for case in cases:
        compilation = case.compiled()
        assert compilation is not None
        if (compilation.text is None) != case.is_refused:
            told.append(("refused" if compilation.text is None else "not refused", case, compilation.diagnostics))
        if compilation.text is not None:
            tried += trials(case, compilation)
    went = all_reports([each.run for each in tried])
    wrong = [(each, found) for each, run in zip(tried, went, strict=True) if (found := each.faults(run))]
    told += [*wrong, f"{len(cases)} manifests, {len(tried)} runs, {len(wrong)} wrong"]
    sys.stdout.write("".join(f"{each}\n" for each in told))


if __name__ == "__main__":
    main(sys.argv[1:])
