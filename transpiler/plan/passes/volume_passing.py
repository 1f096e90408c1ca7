"""`artifacts`: files are passed through a volume, without an artifact repository.

A pass over the finished templates. Artifacts that tasks hand to each other become parameters that say where a file is
on the volume; DAGs hand these on as they handed the artifacts on. What a task is given as a text stays an artifact
(`raw`), which Argo writes without any repository. So a template that is given a text by one task and a file by
another comes out twice. Templates in Argo's own fields stay as they are.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterator
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from transpiler.argo.naming import Names
from transpiler.model.pipeline import ArtifactVolume
from transpiler.model.settings import Volume
from transpiler.plan.argo_objects import Node, parameter, ports
from transpiler.plan.expressions.engine_references import engine_path
from transpiler.plan.passes.volume_folder import VolumeFolder, artifacts_of, place_of
from transpiler.plan.passes.volume_mounts import mounted, moved_inputs, with_fields
from transpiler.plan.sources import Choice, Port, ports_in, source_of
from transpiler.plan.templates.loop_files import LoopFolder
from transpiler.plan.templates.planner import Templates


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
        """All templates, in their order; a second form of one follows the first."""
        written = defaultdict(list)
        hooked = (hook["template"] for hook in self.planned.hooks.values())
        for entry in (self.planned.entrypoint, self.planned.on_exit, *hooked):
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
            self.stored[name, output] = False  # a recursive template gives no information about itself
            template = self.known[name]
            found = next((each for each in artifacts_of(template, "outputs") if each["name"] == output), {})
            callees = _callees(template)
            sources = [(callees.get(each.task, ""), each.name) for each in ports_in(source_of(found)) if each.task]
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
        """The inputs with the folder of a loop → that folder on the volume."""
        inputs = {each["name"]: self.folder(each) for each in artifacts_of(self.template, "inputs")}
        return {name: folder for name, folder in inputs.items() if folder}

    def rewritten(self) -> Node:
        """The same DAG, handing on where files are."""
        dag = self.template["dag"]
        outputs = self.template.get("outputs", {})
        stay, paths = [], []
        for each in outputs.get("artifacts", []):
            found = self.found(each)
            if found is None:
                stay.append(each)
            else:
                source = {"parameter": found.tag} if isinstance(found, Port) else {"expression": found}
                paths.append(parameter(self.place.parameter(each["name"]), valueFrom=source))
        moved = dict.fromkeys(self.moved) | self.folders
        fields = {
            "inputs": moved_inputs(self.template, moved, self.place),
            "outputs": ports([*outputs.get("parameters", []), *paths], stay),
            "dag": {**dag, "tasks": [self.task(each) for each in dag["tasks"]]},
        }
        return with_fields(self.template, fields)

    def task(self, task: Node) -> Node:
        """A task and its hooks, each with the form of its template that fits its arguments."""
        result = self.call(task)
        if "hooks" in task:
            result["hooks"] = {name: self.call(hook) for name, hook in task["hooks"].items()}
        return result

    def call(self, call: Node) -> Node:
        """A task or hook with the paths of its files; unchanged if its template keeps artifacts."""
        callee = call.get("template", "")
        if not self.rewriting.is_own(callee):
            return dict(call)
        arguments = call.get("arguments", {})
        takes = {each["name"] for each in artifacts_of(self.rewriting.known[callee], "inputs")}
        given = {each["name"]: self.value(each) for each in arguments.get("artifacts", []) if each["name"] in takes}
        paths = {name: value for name, value in given.items() if value is not None}
        changed = ports(
            [
                *(self.in_folder(each) for each in arguments.get("parameters", [])),
                *(parameter(self.place.parameter(name), value) for name, value in paths.items()),
            ],
            [each for each in arguments.get("artifacts", []) if each["name"] not in paths],
        )
        with_arguments = {"arguments": changed} if "arguments" in call else {}
        return {**call, "template": self.rewriting.variant(callee, frozenset(paths)), **with_arguments}

    # ------------------------------------------------------------------ where a file is

    def value(self, artifact: Node) -> str | None:
        """Where an argument is on the volume; None when it is not there."""
        found = self.found(artifact)
        if isinstance(found, Port):
            return _if_there(found) if artifact.get("optional") else found.tag
        return None if found is None else self.folder(artifact) or f"{{{{={found}}}}}"

    def found(self, artifact: Node) -> Port | str | None:
        """The parameter or expression with the path of an artifact on the volume; None if it is not there."""
        folder, source = self.folder(artifact), source_of(artifact)
        if folder:
            return f"'{folder}'"
        ports = list(ports_in(source))
        if source is None or not ports or not all(self.is_moved(each) for each in ports):
            return None
        if isinstance(source, Choice):
            return source.over(self.on_volume).text
        port = self.on_volume(source)
        # A tag would be the value itself, and Argo takes only the name of a value here.
        return engine_path(port.path) if not port.task and source.name in self.folders else port

    def on_volume(self, port: Port) -> Port:
        """The parameter with the path of an artifact."""
        return port.parameter(self.place.parameter(port.name))

    def is_moved(self, port: Port) -> bool:
        """True for an input of the DAG, or an output of a task, that is on the volume."""
        if not port.task:
            return port.name in self.moved or port.name in self.folders
        return not self.rewriting.is_stored(self.callees.get(port.task, ""), port.name)

    def folder(self, artifact: Node) -> str:
        """The folder of a loop's files; empty for any other artifact."""
        key = artifact.get("s3", {}).get("key")
        return self.place.of_loop(key) if isinstance(key, LoopFolder) else ""

    def in_folder(self, argument: Node) -> Node:
        """An argument; the one that names the folder for a loop's files names one on the volume."""
        value = argument.get("value")
        return {**argument, "value": self.place.of_loop(value)} if isinstance(value, LoopFolder) else argument


def _if_there(port: Port) -> str:
    """The tag of a value that may be absent; the empty text then."""
    path = port.path if port.task else [(name, number > 0) for number, (name, _) in enumerate(port.path)]
    return f"{{{{={engine_path(path, may_be_absent=bool(port.task))} ?? ''}}}}"  # a task that failed has no `outputs`


def _callees(dag: Node) -> dict[str, str]:
    """Task → the template that it runs; none for one that lives in the cluster."""
    return {task["name"]: task.get("template", "") for task in dag.get("dag", {}).get("tasks", [])}


def _taken(dag: Node) -> Iterator[tuple[str, str]]:
    """Each output that a DAG hands on as an artifact: the template of its task, and its name."""
    callees = _callees(dag)
    calls = [each for task in dag["dag"]["tasks"] for each in (task, *task.get("hooks", {}).values())]
    given = [each for call in calls for each in call.get("arguments", {}).get("artifacts", [])]
    for artifact in (*given, *artifacts_of(dag, "outputs")):
        ports = ports_in(source_of(artifact))
        yield from ((callees[each.task], each.name) for each in ports if each.task in callees)
