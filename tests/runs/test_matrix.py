"""Every way in which a task can run, combined: each pod lands on the task that made it, and decides how that went.

Each pod says which task it is: the first word that it is passed is the path of its task in the manifest, and the items
of the loops around it. So what `states_of` makes of the names of nodes is compared with what the pods themselves say.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from tests.judges import go, runs
from tests.judges.runs import Deed
from tests.runs.went import Asked, Went, pipeline, went
from tests.support.pairs import all_pairs, pairs_of, pairwise
from transpiler.lower import lower
from transpiler.lower.partition import bounds, split
from transpiler.runs.states import WORST_FIRST

Json = Any
Choice = tuple[str, ...]

WAYS: Final = {
    "home": (
        "tasks", "group", "looped group", "limited group", "hooked group", "retried group", "group in a loop of groups",
        "sub-pipeline", "looped sub-pipeline", "onExit", "group in onExit", "hook of the run",
        "hook of a task", "exit handler of a loop",
    ),
    "loop": ("", "texts", "mappings", "limited", "given", "results"),
    "retry": ("", "retry"),
    "hook": ("", "exit", "running", "both"),
    "may": ("", "mayFail"),
    "kept": ("", "cache"),
    "pods": ("", "first tries fail", "all fail", "first item fails"),
    "split": ("", "split"),
    "again": ("", "again", "retry", "resubmit"),
}  # fmt: skip
ITEMS: Final = "|${{ item }}"


@pytest.fixture(autouse=True)
def controller() -> None:
    if runs.program() is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")


def is_possible(chosen: dict[str, str]) -> bool:
    """A limit of items at the end of a run is refused (`held-back`); in a hook of the run it ends the controller."""
    return chosen["loop"] != "limited" or chosen["home"] not in {"onExit", "group in onExit", "hook of the run"}


# ---------------------------------------------------------------------- manifests


def me(path: str, items: str = "") -> Json:
    """What runs a task whose pods say where it stands."""
    return {"component": "e", "arguments": {"t": f"{path}{items}"}}


def subject(chosen: dict[str, str], path: str, items: str) -> dict[str, Json]:
    """The task `t` as it was chosen, and tasks around it; `items` are those of loops around."""
    own = "" if not chosen["loop"] else "|${{ item.k }}" if chosen["loop"] == "mappings" else "|${{ own }}"
    task: Json = me(f"{path}t", f"{items}{own}")
    task |= {"after": ["before"]}
    loops: Json = {
        "texts": {"in": ["a", "b).onExit", "c(0)"], "as": "own"},
        "mappings": [{"k": "a", "l": 1}, {"k": "b.hooks.x", "l": 2}],
        "limited": {"in": ["a", "b"], "as": "own"},
        "given": {"in": "${{ tasks.list.output }}", "as": "own"},
        "results": {"in": ["a", "b"], "as": "own"},
    }
    task |= {"forEach": loops[chosen["loop"]]} if chosen["loop"] else {}
    task |= {"parallelism": 1} if chosen["loop"] == "limited" else {}
    task |= {"retry": 2} if chosen["retry"] else {}
    task |= {"mayFail": True} if chosen["may"] else {}
    task |= {"cache": "1h"} if chosen["kept"] else {}
    task |= {"onExit": me(f"{path}t.exit", items)} if chosen["hook"] in {"exit", "both"} else {}
    if chosen["hook"] in {"running", "both"}:
        task["hooks"] = {"seen": {"when": "tasks.t.status == 'Running'", **me(f"{path}t.seen", items)}}
    uses = "${{ len(tasks.t.results) }}" if chosen["loop"] == "results" else ""
    return {
        "before": me(f"{path}before", items),
        "t": task,
        "then": {**me(f"{path}then", items), "after": ["t"]},
        "alone": me(f"{path}alone", items),
        "never": {**me(f"{path}never", items), "when": "1 == 2"},
        "failed": {**me(f"{path}failed", items), "depends": "t.Failed"},
        **({"list": {**me(f"{path}list", items), "component": "l"}} if chosen["loop"] == "given" else {}),
        **({"uses": {"component": "e", "arguments": {"t": f"{path}uses{items}|{uses}"}}} if uses else {}),
    }


def asked(chosen: dict[str, str]) -> Asked:
    """The run of a combination."""
    home = chosen["home"]
    if home == "tasks":
        made: Json = pipeline(subject(chosen, "", ""))
        beside: Json = {}
    else:
        made, beside = HOMES[home](chosen)
    deeds: dict[str, dict[str, Deed]] = {
        "": {},
        "first tries fail": {r".*\bt(\(\d:[^.]*\))?(\.t(\(\d:[^.]*\))?)*(\.tries)?\(0\)": Deed(exit=1)},
        "all fail": {r".*\bt(\(.*)?": Deed(exit=3), r".*\.t\.t(\(.*)?": Deed(exit=3)},
        "first item fails": {r".*\(0:.*\b(t|tries)(\(\d\))?": Deed(exit=1)},
    }
    pods = {r".*\blist(\(.*)?": Deed(outputs={"o": '["a", "b(1"]'}), **deeds[chosen["pods"]]}
    again = chosen["again"]
    return Asked(made, beside, pods, again=again == "again", then=again * (again in {"retry", "resubmit"}))


def _group(chosen: dict[str, str], **more: Json) -> tuple[Json, Json]:
    items = "|${{ outer }}" if "forEach" in more else ""
    group = {"tasks": subject(chosen, "g/", items), "after": ["x"], **more}
    return pipeline({"x": me("x"), "g": group, "y": {**me("y"), "after": ["g"]}}), {}


def _groups(chosen: dict[str, str]) -> tuple[Json, Json]:
    inner = {
        "forEach": {"in": ["p", "q"], "as": "inner"},
        "tasks": subject(chosen, "g/h/", "|${{ outer }}|${{ inner }}"),
    }
    outer = {"forEach": LOOP, "tasks": {"h": inner, "i": me("g/i", "|${{ outer }}")}}
    return pipeline({"g": outer}), {}


def _called(chosen: dict[str, str], **more: Json) -> tuple[Json, Json]:
    sub = pipeline(subject(chosen, "${{ inputs.who }}/", "${{ inputs.items }}"), name="sub")
    sub["inputs"] = {"who": {"type": "String"}, "items": {"default": ""}}
    calls = {
        each: {
            "pipeline": "./sub.yaml",
            "arguments": {"who": each} | ({"items": "|${{ outer }}"} if more else {}),
            **more,
        }
        for each in ("one", "two")
    }
    return pipeline(calls), {"sub.yaml": sub}


LOOP: Final = {"in": ["v", "w.x(1)"], "as": "outer"}
HOMES: Final[Json] = {
    "group": _group,
    "looped group": lambda chosen: _group(chosen, forEach=LOOP),
    "limited group": lambda chosen: _group(chosen, forEach=LOOP, parallelism=1),
    "hooked group": lambda chosen: _group(chosen, forEach=LOOP, onExit=me("g.exit")),
    "retried group": lambda chosen: _group(chosen, retry=1),
    "group in a loop of groups": _groups,
    "sub-pipeline": _called,
    "looped sub-pipeline": lambda chosen: _called(chosen, forEach=LOOP),
    "onExit": lambda chosen: (pipeline({"x": me("x")}, onExit=subject(chosen, "@onExit/", "")), {}),
    "group in onExit": lambda chosen: (
        pipeline({"x": me("x")}, onExit={"g": {"tasks": subject(chosen, "@onExit/g/", "")}}), {}
    ),
    "hook of the run": lambda chosen: (
        pipeline(
            {"x": me("x")},
            hooks={"h": {"when": "workflow.status == 'Running'", "tasks": subject(chosen, "@hooks/h/", "")}},
        ),
        {},
    ),
    "hook of a task": lambda chosen: (
        pipeline({"x": {**me("x"), "hooks": {"h": {"when": "true", "tasks": subject(chosen, "x.h/", "")}}}}), {}
    ),
    "exit handler of a loop": lambda chosen: (
        pipeline({
            "x": {**me("x", ITEMS), "forEach": ["i", "j"], "onExit": {"tasks": subject(chosen, "x.exit/", "")}}
        }),
        {},
    ),
}  # fmt: skip


# ---------------------------------------------------------------------- what the pods say


def told(node: Json) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The path and the items that a pod says that it is; None for a node that is passed nothing."""
    given = {each["name"]: each.get("value", "") for each in node.get("inputs", {}).get("parameters", [])}
    is_it = node["type"] in {"Pod", "Skipped"} or node.get("memoizationStatus", {}).get("hit")
    if not is_it or "t" not in given:
        return None
    path, *items = given["t"].split("|")
    return tuple(path.split("/")), tuple(items)


def numbers(name: str) -> tuple[int, ...]:
    """The numbers of tries and items in the name of a node: later tries have higher ones."""
    return tuple(int(each) for each in re.findall(r"\((\d+)[:)]", name))


def decided(workflow: Json) -> dict[tuple[str, ...], Counter[str]]:
    """Path → phase → how many items of it ended so, as their last pods did."""
    last: dict[tuple[tuple[str, ...], tuple[str, ...]], Json] = {}
    for node in sorted(workflow["status"].get("nodes", {}).values(), key=lambda each: numbers(each["name"])):
        said = told(node)
        if said is not None:
            last[said] = node
    found: dict[tuple[str, ...], Counter[str]] = {}
    for (path, _), node in last.items():
        is_reused = node.get("message", "").startswith("original pod")
        found.setdefault(path, Counter())["Succeeded" if is_reused else node["phase"]] += 1
    return found


LEFT_OUT: Final = {"Skipped", "Omitted", "Waiting", "NotStarted"}


def assert_lands(one: Went) -> None:
    """Every node of every state of a run belongs to the task that made it."""
    for workflow, states in zip(one.workflows, one.all, strict=True):
        assert (states.unknown, states.unknown_names) == (0, ())
        homes = one.homes(workflow)
        for node in workflow["status"].get("nodes", {}).values():
            said, name = told(node), node["name"]
            if said is not None:
                assert homes[name] == said[0], name
            elif node["type"] == "Pod":
                pytest.fail(f"{name} says nothing")


def assert_went(one: Went) -> None:
    """At the end each task is as its last pods were, and counts as often as the DAG that it is in ran."""
    end, pods = one.end, decided(one.workflows[-1])
    for path, phases in pods.items():
        state = end.states[path]
        assert {phase: number for phase, number in state.counts.items() if phase not in LEFT_OUT} == phases, path
        assert state.phase == min(state.counts, key=WORST_FIRST.index)
        if path[-1] == "alone":
            others = [(*path[:-1], name) for name in ("before", "then", "never", "failed")]
            counted = {each: sum(end.states[each].counts.values()) for each in others}
            assert set(counted.values()) == {sum(phases.values())}, counted
    failed = {path for path, phases in pods.items() if set(phases) & {"Failed", "Error"}}
    assert {each.path for each in end.failures if each.is_cause} <= failed
    assert {path for path, state in end.states.items() if state.phase in {"Failed", "Error"}} >= failed


# ---------------------------------------------------------------------- all of them

CASES: Final = pairwise(WAYS, is_possible)


@pytest.mark.parametrize("chosen", CASES, ids=lambda each: ", ".join(filter(None, each.values())))
def test_a_pod_lands_on_its_task(chosen: dict[str, str], tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if chosen["split"]:
            few_in_a_dag(patch)
        (one,) = went([asked(chosen)], tmp_path)
        assert_lands(one)
        if one.end.has_ended:
            assert_went(one)


@pytest.mark.parametrize("version", go.VERSIONS[:-1])
def test_older_controllers_name_their_nodes_alike(version: str, tmp_path: Path) -> None:
    if runs.program(version) is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")
    chosen = [each for each in CASES if not each["split"]][::3]
    for each in went([asked(one) for one in chosen], tmp_path, version):
        assert_lands(each)
        if each.end.has_ended:
            assert_went(each)


def test_a_run_that_retries_everything(tmp_path: Path) -> None:
    """Argo tries DAGs again too, those of the compiler's own among them: the first try of one counts no more."""
    plain, first = dict.fromkeys(WAYS, ""), r".*\bt(\(\d:[^)]*\))?\(0\)\.t.*"
    wanted = [
        asked({**plain, "home": home, "loop": loop, "pods": pods})
        for home, loop in product(("tasks", "looped group"), ("", "limited", "results"))
        for pods in ("first tries fail", "")
    ]
    for number, one in enumerate(wanted):
        one.manifest["argo"] = {"spec": {"templateDefaults": {"retryStrategy": {"limit": "1"}}}}
        wanted[number] = one if number % 2 == 0 else replace(one, pods={**one.pods, first: Deed(exit=1)})
    for found in went(wanted, tmp_path):
        assert_lands(found)
        assert_went(found)


def few_in_a_dag(patch: pytest.MonkeyPatch) -> None:
    """Split DAGs of more than four tasks."""
    for module in (lower, split):
        patch.setattr(module, "MAX_TASKS", 4)
    patch.setattr(bounds, "FEW_APART", 1)
    patch.setattr(bounds, "MOST_APART", 2)


def test_the_combinations_have_every_pair_that_is_possible() -> None:
    missing = all_pairs(WAYS) - set().union(*map(pairs_of, CASES))
    homes = ("onExit", "group in onExit", "hook of the run")
    assert missing == {frozenset([("home", home), ("loop", "limited")]) for home in homes}
