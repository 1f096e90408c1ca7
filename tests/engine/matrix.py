"""Every place in which a pod can run, with everything that can befall it there, and who asks how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.judges.runs import Deed, Run
from tests.support.pairs import Chosen, pairwise

Json = Any
_FAULTS: Final = ("deleted", "init", "wait", "evicted", "no image", "unknown")
WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "place": (
        "task", "item", "limited item", "step", "item of steps", "DAG", "steps", "retried DAG", "exit of a task",
        "hook of a task", "hook while it runs", "onExit", "DAG of onExit", "hook of the run",
    ),
    "pod": ("", "exit", "first exit", "first init", *_FAULTS),
    "retry": ("", "OnFailure", "OnError", "Always", "OnTransientError", "expression", "backoff", "backoff for a time"),
    "goes on": ("", "error", "failed"),
    "time": ("", "timeout", "deadline of the pod", "deadline of the run"),
    "takes": ("0", "2", "5"),
    "stop": ("", "Stop 1", "Stop 2", "Stop 4", "Terminate 1", "Terminate 3"),
    "also": ("", "lock", "wait", "kept", "kept before", "kept too long", "parallelism", "fails fast"),
    "order": ("1", "2", "3"),
}  # fmt: skip
_ASKED: Final = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted")
_OF_LOOPS: Final = ("AnySucceeded", "AllFailed")
_RETRY: Final[Mapping[str, Json]] = {
    "expression": {"limit": "2", "expression": "lastRetry.status == 'Error' || lastRetry.exitCode == '3'"},
    "backoff": {"limit": "2", "retryPolicy": "Always", "backoff": {"duration": "1", "factor": "2"}},
    "backoff for a time": {
        "limit": "9", "retryPolicy": "Always", "backoff": {"duration": "1s", "factor": 2, "maxDuration": "6s"}
    },
}  # fmt: skip


def is_possible(chosen: Chosen) -> bool:
    """The controller itself ends where a limit holds back what has a parent already: a hook, or an item."""
    return chosen["also"] != "parallelism" or not any(
        word in chosen["place"] for word in ("hook", "exit", "onExit", "item")
    )


def cases() -> dict[str, Run]:
    """All combinations of two ways, by what they are."""
    return {", ".join(filter(None, each.values())): _run(each) for each in pairwise(WAYS, is_possible)}


def _run(chosen: Chosen) -> Run:
    spec: Json = {"entrypoint": "main", "templates": [_leaf("leaf"), _subject(chosen)]}
    _PLACES[chosen["place"]](chosen, spec)
    if chosen["time"] == "deadline of the run":
        spec["activeDeadlineSeconds"] = 4
    if chosen["also"] == "parallelism":
        spec["parallelism"] = 1
    workflow = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": {"name": "w"}, "spec": spec}
    how, _, after = chosen["stop"].partition(" ")
    return Run(
        [workflow],
        {},
        {">subject": _deed(chosen), ".*": Deed(seconds=1)},
        again=chosen["also"].startswith("kept "),
        order=int(chosen["order"]),
        stop_after=int(after) if after else None,
        how=how or "Stop",
        between=60 if chosen["also"] == "kept too long" else 0,
    )


def _deed(chosen: Chosen) -> Deed:
    pod, seconds = chosen["pod"], int(chosen["takes"])
    once, _, what = pod.rpartition(" ") if pod.startswith("first") else ("", "", pod)
    exits = what == "exit"
    return Deed(exit=3 * exits, once=bool(once), fault="" if exits else what, seconds=seconds)


def _leaf(name: str, word: str = "{{inputs.parameters.t}}") -> Json:
    return {
        "name": name,
        "inputs": {"parameters": [{"name": "t", "default": "none"}]},
        "outputs": {"parameters": [{"name": "o", "valueFrom": {"path": "/tmp/o"}, "globalName": f"g-{name}"}]},
        "container": {"image": "alpine", "command": ["echo", word]},
    }


def _subject(chosen: Chosen) -> Json:
    """The template that it is about."""
    template = _leaf("subject", "subject")
    retry, also = chosen["retry"], chosen["also"]
    if retry:
        template["retryStrategy"] = _RETRY.get(retry, {"limit": "1", "retryPolicy": retry})
    if chosen["time"] == "timeout":
        template["timeout"] = "4s"
    if chosen["time"] == "deadline of the pod":
        template["activeDeadlineSeconds"] = 3
    if also == "lock":
        template["synchronization"] = {"mutexes": [{"name": "m"}]}
    if also.startswith("kept"):
        template["memoize"] = {"key": "k-{{inputs.parameters.t}}", "cache": {"configMap": {"name": "c"}}}
        template["memoize"]["maxAge"] = "40s"
    return template


def _around(chosen: Chosen, **subject: Json) -> list[Json]:
    """The subject as a task, with tasks that ask how it ended."""
    task = {"name": "t", "template": "subject", **subject}
    others = [{"name": "beside", "template": "subject" if chosen["also"] == "lock" else "leaf"}]
    if chosen["also"] == "wait":
        others.append({"name": "waits", "template": "wait"})
    if chosen["goes on"]:
        task["continueOn"] = {chosen["goes on"]: True}
        return [task, *others, {"name": "then", "template": "leaf", "dependencies": ["t"]}]
    asked = (*_ASKED, *(_OF_LOOPS if "withItems" in subject else ()))
    others += [{"name": each.lower(), "template": "leaf", "depends": f"t.{each}"} for each in asked]
    return [task, *others, {"name": "then", "template": "leaf", "depends": "t"}]


def _dag(chosen: Chosen, spec: Json, name: str, **subject: Json) -> Json:
    template: Json = {"name": name, "dag": {"tasks": _around(chosen, **subject)}}
    if chosen["also"] == "fails fast":
        template["failFast"] = True
    spec["templates"] += [{"name": "wait", "suspend": {}}, template]
    return template


def _steps(chosen: Chosen, spec: Json, name: str, **subject: Json) -> None:
    step = {"name": "t", "template": "subject", **subject}
    if chosen["goes on"]:
        step["continueOn"] = {chosen["goes on"]: True}
    first = [step, {"name": "beside", "template": "leaf"}]
    if chosen["also"] == "wait":
        first.append({"name": "waits", "template": "wait"})
    then = [{"name": "then", "template": "leaf"}]
    spec["templates"] += [{"name": "wait", "suspend": {"duration": "3"}}, {"name": name, "steps": [first, then]}]


def _calls(chosen: Chosen, spec: Json, **more: Json) -> None:
    """A DAG that calls the template `inner`, which has the subject."""
    inner = next(each for each in spec["templates"] if each["name"] == "inner")
    inner.update(more)
    around = _around({**chosen, "also": ""}, template="inner")
    spec["templates"].append({"name": "main", "dag": {"tasks": around}})


def _in_dag(chosen: Chosen, spec: Json, **more: Json) -> None:
    _dag(chosen, spec, "inner")
    _calls(chosen, spec, **more)


def _in_steps(chosen: Chosen, spec: Json) -> None:
    _steps(chosen, spec, "inner")
    _calls(chosen, spec)


def _hooked(chosen: Chosen, spec: Json, **hook: Json) -> None:
    """The subject is a hook of a task."""
    name = "exit" if "expression" not in hook else "h"
    _dag(chosen, spec, "main", template="leaf", hooks={name: {"template": "subject", **hook}})


def _exit(chosen: Chosen, spec: Json, template: str) -> None:
    """The subject is the handler of the exit of the run, or in it."""
    spec["onExit"] = template
    if template == "inner":
        _dag(chosen, spec, "inner")
    tasks = [{"name": "a", "template": "leaf"}, {"name": "b", "template": "leaf", "depends": "a"}]
    spec["templates"].append({"name": "main", "dag": {"tasks": tasks}})


def _hook(chosen: Chosen, spec: Json) -> None:
    spec["hooks"] = {"h": {"template": "subject", "expression": "workflow.status == 'Running'"}}
    _dag(chosen, spec, "main", template="leaf")


_ITEMS: Final = ["x", "y", "z"]
_VALUE: Final = {"parameters": [{"name": "t", "value": "{{item}}"}]}
_PLACES: Final[Mapping[str, Callable[[Chosen, Json], object]]] = {
    "task": lambda chosen, spec: _dag(chosen, spec, "main"),
    "item": lambda chosen, spec: _dag(chosen, spec, "main", withItems=_ITEMS, arguments=_VALUE),
    "limited item": lambda chosen, spec: _dag(chosen, spec, "main", withItems=_ITEMS, arguments=_VALUE).update(
        parallelism=2
    ),
    "step": lambda chosen, spec: _steps(chosen, spec, "main"),
    "item of steps": lambda chosen, spec: _steps(chosen, spec, "main", withItems=_ITEMS, arguments=_VALUE),
    "DAG": _in_dag,
    "steps": _in_steps,
    "retried DAG": lambda chosen, spec: _in_dag(chosen, spec, retryStrategy={"limit": "1", "retryPolicy": "Always"}),
    "exit of a task": _hooked,
    "hook of a task": lambda chosen, spec: _hooked(chosen, spec, expression="tasks.t.status == 'Succeeded'"),
    "hook while it runs": lambda chosen, spec: _hooked(chosen, spec, expression="tasks.t.status == 'Running'"),
    "onExit": lambda chosen, spec: _exit(chosen, spec, "subject"),
    "DAG of onExit": lambda chosen, spec: _exit(chosen, spec, "inner"),
    "hook of the run": _hook,
}
