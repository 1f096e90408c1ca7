"""`artifacts`: files pass through a volume, and no artifact repository is needed.

A pass over the finished templates. Artifacts that tasks hand to each other become parameters that say where a file is
on the volume; DAGs hand these on as they handed the artifacts on. What a task is given as a text stays an artifact
(`raw`), which Argo writes without any repository. So a template that is given a text by one task and a file by
another comes out twice. Templates in Argo's own fields stay as they are.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from transpiler.argo.naming import Names
from transpiler.model.pipeline import ArtifactVolume
from transpiler.model.settings import Volume
from transpiler.plan.expressions.engine_references import engine_path
from transpiler.plan.nodes import Node, parameter, ports
from transpiler.plan.passes.volume_mounts import mounted, moved_inputs, with_fields
from transpiler.plan.passes.volume_place import VolumeFolder, artifacts_of, place_of
from transpiler.plan.templates.loop_files import OF_A_DAG
from transpiler.plan.templates.templates import Templates

_TAG: Final = re.compile(r"((?:inputs|tasks\.([-\w]+)\.outputs)\.)artifacts(\.)([-\w]+)")
_NAME: Final = re.compile(r"((?:inputs|tasks\['([-\w]+)'\]\.outputs)\.)artifacts(\[')([-\w]+)")
"""How an artifact is named in a tag, and in an expression: by its task (none for an input of the DAG) and its name."""


def on_a_volume(planned: Templates, volume: ArtifactVolume) -> Templates:
    """The templates of a pipeline whose files are on a volume, and the volume."""
    place = place_of(planned, volume)
    templates = tuple(_Rewriting(planned, place).templates())
    if volume.claim:
        claimed = {"name": place.volume, "persistentVolumeClaim": {"claimName": volume.claim}}
        return replace(planned, templates=templates, mounted=(*planned.mounted, claimed))
    made = Volume(
        "", volume.span, place.volume, "", None, volume.size, storage_class=volume.storage_class,
        access_modes=volume.access_modes,
    )  # fmt: skip
    return replace(planned, templates=templates, volumes=(*planned.volumes, made))


class _Rewriting:
    """Writes each template anew, once for each set of inputs that are files on the volume."""

    def __init__(self, planned: Templates, place: VolumeFolder) -> None:
        self.planned = planned
        self.place = place
        self.known: dict[str, Node] = {template["name"]: template for template in planned.templates}
        self.names = Names(self.known)
        self.stored: dict[tuple[str, str], bool] = {}
        self.variants: dict[str, dict[frozenset[str], str]] = {}
        """Template → inputs that it takes from the volume → the name of that form of it."""
        self.waiting: deque[tuple[str, frozenset[str]]] = deque()
        self.wanted: dict[str, set[str]] = defaultdict(set)
        """Template → its outputs that some DAG hands on."""
        for template in planned.templates:
            if self.is_own(template["name"]) and "dag" in template:
                for callee, output in _taken(template):
                    self.wanted[callee].add(output)

    def templates(self) -> Iterator[Node]:
        """All templates, in the order that they had; a second form of one behind the first."""
        written = defaultdict(list)
        for entry in (self.planned.entrypoint, self.planned.on_exit):
            if entry:
                self.variant(entry, frozenset())
        while self.waiting:
            name, moved = self.waiting.popleft()
            node = self.rewritten(self.known[name], moved)
            written[name].append({**node, "name": self.variants[name][moved]})
        for template in self.planned.templates:
            yield from written.get(template["name"], [template])

    def variant(self, name: str, moved: frozenset[str]) -> str:
        """The name of the form of a template that takes these inputs from the volume."""
        forms = self.variants.setdefault(name, {})
        if moved not in forms:
            forms[moved] = self.names.unique(name) if forms else name
            self.waiting.append((name, moved))
        return forms[moved]

    def is_own(self, name: str) -> bool:
        """True for a template that is made from a component or a group, and not one in Argo's own fields."""
        return name in self.planned.files

    def rewritten(self, template: Node, moved: Collection[str]) -> Node:
        """A template whose inputs `moved` are on the volume, and so are its outputs."""
        name = template["name"]
        if "dag" in template:
            return _Dag(self, template, moved).rewritten()
        return mounted(template, moved, self.planned.files[name], self.wanted[name], self.place)

    def is_stored(self, name: str, output: str) -> bool:
        """True for an output that stays an artifact: of a template in Argo's own fields, or handed on from one."""
        if not self.is_own(name):
            return True
        if (name, output) not in self.stored:
            self.stored[name, output] = False  # what a template takes from itself is no reason
            template = self.known[name]
            found = next((each for each in artifacts_of(template, "outputs") if each["name"] == output), {})
            callees = _callees(template)
            sources = [(callees.get(task, ""), each) for task, each in _sources(found) if task]
            self.stored[name, output] = bool(sources) and all(self.is_stored(*each) for each in sources)
        return self.stored[name, output]


class _Dag(Struct, frozen=True, dict=True):
    """A DAG template, some of whose inputs are files on the volume."""

    rewriting: _Rewriting
    template: Node
    moved: Collection[str]

    @property
    def place(self) -> VolumeFolder:
        return self.rewriting.place

    @cached_property
    def callees(self) -> dict[str, str]:
        return _callees(self.template)

    @cached_property
    def folders(self) -> dict[str, str]:
        """The inputs that stand for the folder of a loop → that folder on the volume."""
        inputs = {each["name"]: self.folder(each) for each in artifacts_of(self.template, "inputs")}
        return {name: folder for name, folder in inputs.items() if folder}

    def rewritten(self) -> Node:
        """The same DAG, handing on where files are."""
        dag = self.template["dag"]
        outputs = self.template.get("outputs", {})
        stay, paths = [], []
        for each in outputs.get("artifacts", []):
            source = self.value_from(each)
            if source is None:
                stay.append(each)
            else:
                paths.append(parameter(self.place.parameter(each["name"]), valueFrom=source))
        moved = dict.fromkeys(self.moved) | self.folders
        fields = {
            "inputs": moved_inputs(self.template, moved, self.place),
            "outputs": ports([*outputs.get("parameters", []), *paths], stay),
            "dag": {**dag, "tasks": [self.task(each) for each in dag["tasks"]]},
        }
        return with_fields(self.template, fields)

    def task(self, task: Node) -> Node:
        """A task and its hooks, each with the form of its template that takes what it is given."""
        result = self.call(task)
        if "hooks" in task:
            result["hooks"] = {name: self.call(hook) for name, hook in task["hooks"].items()}
        return result

    def call(self, call: Node) -> Node:
        """A task or hook, given where its files are; as it is when its template keeps artifacts."""
        callee = call.get("template", "")
        if not self.rewriting.is_own(callee):
            return dict(call)
        arguments = call.get("arguments", {})
        takes = {each["name"] for each in artifacts_of(self.rewriting.known[callee], "inputs")}
        given = {each["name"]: self.value(each) for each in arguments.get("artifacts", []) if each["name"] in takes}
        paths = {name: value for name, value in given.items() if value is not None}
        changed = ports(
            [
                *(self.in_folder(each, callee) for each in arguments.get("parameters", [])),
                *(parameter(self.place.parameter(name), value) for name, value in paths.items()),
            ],
            [each for each in arguments.get("artifacts", []) if each["name"] not in paths],
        )
        with_arguments = {"arguments": changed} if "arguments" in call else {}
        return {**call, "template": self.rewriting.variant(callee, frozenset(paths)), **with_arguments}

    # ------------------------------------------------------------------ where a file is

    def value(self, artifact: Node) -> str | None:
        """Where an argument is on the volume; None when it is not there."""
        source = self.value_from(artifact)
        if source is None:
            return None
        if "parameter" in source and artifact.get("optional"):
            return _if_there(source["parameter"])
        if "parameter" in source:
            return str(source["parameter"])
        folder = self.folder(artifact)
        return folder or f"{{{{={source['expression']}}}}}"

    def value_from(self, artifact: Node) -> Node | None:
        """Where an artifact is on the volume, as Argo's `valueFrom`; None when it is not there."""
        folder = self.folder(artifact)
        if folder:
            return {"expression": f"'{folder}'"}
        sources = list(_sources(artifact))
        if not sources or not all(self.is_moved(*each) for each in sources):
            return None
        if "from" in artifact and sources[0][1] in self.folders and not sources[0][0]:
            # A tag would be the value itself, and Argo takes only the name of a value here.
            return {"expression": f"inputs.parameters['{self.place.parameter(sources[0][1])}']"}
        if "from" in artifact:
            return {"parameter": _TAG.sub(self.renamed, artifact["from"])}
        return {"expression": _NAME.sub(self.renamed, artifact["fromExpression"])}

    def renamed(self, name: re.Match[str]) -> str:
        """The name of an artifact → the name of the parameter that says where it is."""
        return f"{name[1]}parameters{name[3]}{self.place.parameter(name[4])}"

    def is_moved(self, task: str, name: str) -> bool:
        """True for an input of the DAG, or an output of a task, that is on the volume."""
        if not task:
            return name in self.moved or name in self.folders
        return not self.rewriting.is_stored(self.callees.get(task, ""), name)

    def folder(self, artifact: Node) -> str:
        """The folder of a loop's files; empty for any other artifact."""
        key = artifact.get("s3", {}).get("key", "")
        return self.place.of_loop(key) if key.startswith(OF_A_DAG) else ""

    def in_folder(self, argument: Node, callee: str) -> Node:
        """An argument; the one that names the folder for a loop's files names one on the volume."""
        if argument["name"] in self.rewriting.planned.files[callee].values():
            return {**argument, "value": self.place.of_loop(argument["value"])}
        return argument


def _if_there(tag: str) -> str:
    """The tag of a value that may be absent; the empty text then."""
    path = [(name, number > 0) for number, name in enumerate(tag.strip("{}").split("."))]
    return f"{{{{={engine_path(path)} ?? ''}}}}"


def _callees(dag: Node) -> dict[str, str]:
    """Task → the template that it runs; none for one that lives in the cluster."""
    return {task["name"]: task.get("template", "") for task in dag.get("dag", {}).get("tasks", [])}


def _taken(dag: Node) -> Iterator[tuple[str, str]]:
    """Each output that a DAG hands on as an artifact: the template of its task, and its name."""
    callees = _callees(dag)
    calls = [each for task in dag["dag"]["tasks"] for each in (task, *task.get("hooks", {}).values())]
    given = [each for call in calls for each in call.get("arguments", {}).get("artifacts", [])]
    for artifact in (*given, *artifacts_of(dag, "outputs")):
        yield from ((callees[task], name) for task, name in _sources(artifact) if task in callees)


def _sources(artifact: Node) -> Iterator[tuple[str, str]]:
    """The artifacts that one comes from: the task (empty for an input of the DAG), and its name."""
    text = artifact.get("from", "") + artifact.get("fromExpression", "")
    for pattern in (_TAG, _NAME):
        yield from ((found[2] or "", found[4]) for found in pattern.finditer(text))
