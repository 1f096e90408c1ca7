"""Dataflow → templates: one for all calls that need the same, named in the order of first use. Expects no errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct, field

from transpiler.argo.merge import merged
from transpiler.argo.naming import Names, kebab, task_names
from transpiler.dataflow.collected import Handed, files_in_folders, handed_on
from transpiler.dataflow.instances import Dataflow, Instance
from transpiler.lower.reshape.exit_steps import Rows, rows_at_ends
from transpiler.model.component import Component
from transpiler.model.expressions.tree import Text
from transpiler.model.pipeline import Pipeline
from transpiler.model.settings import Volume
from transpiler.model.transport import Transport
from transpiler.plan.argo_objects import Node, identity, ports
from transpiler.plan.expressions.tags import Tags
from transpiler.plan.passes.images import Images
from transpiler.plan.templates.caches import with_cache
from transpiler.plan.templates.called import Called, called
from transpiler.plan.templates.container import container_template, input_ports
from transpiler.plan.templates.dag import Target, dag_template, without_conditions
from transpiler.plan.templates.descriptions import Described, described_by, with_description
from transpiler.plan.templates.entry import argument, entry_inputs
from transpiler.plan.templates.kept_tries import parted
from transpiler.plan.templates.loop_files import (
    FolderInputs,
    folder_inputs,
    folders_of,
    handed_in_argo,
    with_folders,
    with_inputs,
)
from transpiler.plan.templates.ports import PortMap, ports_of
from transpiler.plan.templates.storage import stored_outputs
from transpiler.plan.templates.template_settings import with_settings
from transpiler.plan.templates.volume_names import VolumeNames
from transpiler.resolve.environment import with_variables
from transpiler.resolve.program import RunHook
from transpiler.resolve.scope import Call, Scope


class Templates(Struct, frozen=True):
    """The templates of a pipeline, the entry first, and the other fields of its spec for them."""

    entrypoint: str
    on_exit: str
    hooks: Mapping[str, Node]
    """Hook of the run → its template, and when it runs."""
    templates: tuple[Node, ...]
    volumes: tuple[Volume, ...]
    """Volumes that each run makes a claim for."""
    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Template → each file that its component yields → the input that names the folder for the items of a loop, or "".

    Templates in Argo's own fields are missing here.
    """
    mounted: tuple[Node, ...] = ()
    """Volumes that exist, and that all pods can mount."""


def plan_templates(
    pipeline: Pipeline, traced: Dataflow, of_the_run: frozenset[str], images: Images, *, is_called: bool
) -> Templates:
    """Every template that the pipeline needs. `of_the_run` are the inputs that tasks read from the run's arguments.

    `is_called`: other Workflows call the template of the tasks.
    """
    names = VolumeNames(traced)
    scopes = [each.scope for each in traced.instances if each.scope is not None]
    rows = rows_at_ends(scopes) if pipeline.artifacts is None else {}  # files are passed through a volume only in DAGs
    name = kebab(pipeline.name, "pipeline")
    entry = pipeline.entrypoint or name
    return _Planner(name, entry, of_the_run, images, names, rows, is_called).plan(pipeline, traced)


class _Root(NamedTuple):
    """A DAG that the run starts beside its entry, and the place in the order of the first template that it calls."""

    name: str
    instance: Instance
    start: int


class _Planner(Struct):
    """Names templates in the order of first use, and writes one for all calls that need the same."""

    name: str
    """The name of the pipeline, as those of objects are."""
    entry_name: str
    """The name of the template of its tasks."""
    of_the_run: frozenset[str]
    images: Images
    """Image → its final name, which is part of a cached program."""
    volume_names: VolumeNames
    rows: Mapping[Scope, Rows]
    """The scopes that are steps."""
    is_called: bool
    taken: Names = field(default_factory=Names)
    targets: dict[tuple[Instance, Call], Target] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    """The identity of a template → its name."""
    order: list[tuple[str, Node, Instance]] = field(default_factory=list)
    """Each template in order of first use. A DAG is written when all that it calls has a name."""
    roots: list[_Root] = field(default_factory=list)
    ports: dict[Component, PortMap] = field(default_factory=dict)
    containers: dict[tuple[Instance, frozenset[tuple[str, Transport]], frozenset[str]], Node] = field(
        default_factory=dict
    )
    volumes: dict[str, Volume] = field(default_factory=dict)
    described: dict[str, set[Described]] = field(default_factory=dict)
    """Template → the tasks that call it."""
    files: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def plan(self, pipeline: Pipeline, traced: Dataflow) -> Templates:
        """The entry DAG, then the others after their first user; last the exit handler and the hooks of the run."""
        if not pipeline.is_library:
            self.taken.unique(self.entry_name)
        if traced.entries is not None:
            for name in traced.entries.callees:
                self.taken.unique(name)
            self.assign(traced.entries)
        self.assign(traced.entry)
        exit_name = self.beside(traced.on_exit, f"{self.name}-exit") if traced.on_exit else ""
        hooks = {hook: self.beside(each, kebab(f"{pipeline.name}-{hook.name}", "hook")) for hook, each in traced.hooks}
        tags = self.tags(traced.entry, self.of_the_run)
        entry = self.dag(traced.entry, tags, entry_inputs(pipeline, tags, is_called=self.is_called))
        written = [{"name": name, **self.written(template, callee)} for name, template, callee in self.order]
        entries = self.called_entries(traced.entries) if traced.entries is not None else {}
        written = [entries[each["name"]].with_values(each) if each["name"] in entries else each for each in written]
        ends = [*(each.start for each in self.roots), len(written)]
        templates = [*([] if pipeline.is_library else [{"name": self.entry_name, **entry}]), *written[: ends[0]]]
        for root, end in zip(self.roots, ends[1:], strict=True):
            templates += [{"name": root.name, **self.root(root.instance)}, *written[root.start : end]]
        tries: dict[str, str] = {}
        templates = list(parted(templates, self.taken, tries))
        templates = [with_description(each, self.described.get(each["name"], ())) for each in templates]
        self.files |= {tries[name]: files for name, files in self.files.items() if name in tries}
        self.files |= {name: {} for name in (self.entry_name, *(root.name for root in self.roots))}
        started = {hook.name: {"template": name, "expression": self.condition(hook)} for hook, name in hooks.items()}
        entrypoint, claims = "" if pipeline.is_library else self.entry_name, tuple(self.volumes.values())
        return Templates(entrypoint, exit_name, started, tuple(templates), claims, self.files)

    # ------------------------------------------------------------------ beside the entry

    def beside(self, instance: Instance, name: str) -> str:
        """Name the DAG of an exit handler or a hook of the run, and all that it calls."""
        root = _Root(self.taken.unique(name), instance, len(self.order))
        self.roots.append(root)
        self.assign(instance)
        return root.name

    def root(self, instance: Instance) -> Node:
        """Such a DAG. It reads the arguments of the run, and has inputs for hidden ones, which are none."""
        assert instance.scope is not None
        hidden = [each for each in instance.scope.inputs if each.hidden and each.name in instance.takes]
        tags = self.tags(instance, _arguments_of_the_run(instance.scope))
        node = self.dag(instance, tags, ports(map(argument, hidden)))
        return without_conditions(node) if instance.scope.is_hook else node

    def condition(self, hook: RunHook) -> str:
        """When a hook of the run starts, as Argo's engine reads it."""
        assert hook.call.task.when is not None
        instance = Instance(None, hook.scope, frozenset())
        return self.tags(instance, _arguments_of_the_run(hook.scope)).compiler.logic(hook.call.task.when)

    # ------------------------------------------------------------------ names

    def assign(self, entry: Instance) -> None:
        """Give every call below an instance its template, depth first, each DAG once."""
        waiting = _calls_of(entry)
        while waiting:
            caller, handed, call, callee = waiting.pop()
            if self.target(caller, handed, call, callee):
                waiting += _calls_of(callee)

    def target(self, caller: Instance, handed: Handed, call: Call, callee: Instance) -> bool:
        """Determine the template of a call; True if it is a DAG that has not been used yet."""
        component = call.component
        assert component is not None
        names, settings = self.ports_of(component), call.task.settings
        if component.implementation.is_in_cluster:
            self.targets[caller, call] = Target("", {each.name: each.name for each in component.inputs}, {})
            return False
        stored = files_in_folders(call, callee, handed)
        keys = folder_inputs(stored, names, is_item=call.loop is not None)
        template, stay = self.leaf(call, callee, names, keys), keys.folders
        files = {each["name"]: stay.get(each["name"], "") for each in template.get("outputs", {}).get("artifacts", [])}
        extras: dict[str, Text] = {}
        scope = caller.scope
        if settings and scope is not None:
            inside = (*names.inputs.values(), *keys.names) if callee.scope is not None else ()
            settings = self.volume_names.named(settings, template)
            template, extras = with_settings(template, settings, names.outputs, scope, inside)
            if settings.cache:
                template, more = with_cache(template, settings.cache, f"{self.name}-cache", self.images, scope)
                extras |= more
            self.volumes |= {each.name: each for each in settings.volumes if each.source is None}
        key = identity(template) + (f" {id(callee)}" if callee.scope is not None else "")
        is_raw = component.implementation.argo_node is not None
        key += " raw" if is_raw else ""
        is_entry = scope is not None and scope.is_library
        is_new = is_entry or key not in self.named
        name = call.task.name if is_entry else self.named.get(key, "")
        if is_new:
            name = name or self.taken.unique(kebab(component.name, "component"))
            self.named.setdefault(key, name)
            self.order.append((name, template, callee))
            if not is_raw:
                self.files[name] = files
        self.described.setdefault(name, set()).add(described_by(call.task))
        self.targets[caller, call] = Target(name, names.inputs, extras, keys)
        return is_new and callee.scope is not None

    def called_entries(self, entries: Instance) -> dict[str, Called]:
        """Entry of a library → what its inputs are when its callers leave them out."""
        tags, found = self.tags(entries, frozenset()), dict[str, Called]()
        for call, _ in entries.called:
            assert call.component is not None
            target = self.targets[entries, call]
            settings = {name: tags.written(text) for name, text in target.extras.items()}
            found[target.template] = called(call.component, call.scope, target.inputs, settings)
        return found

    def leaf(self, call: Call, callee: Instance, names: PortMap, inputs: FolderInputs) -> Node:
        """The template of a component, with inputs that name where a loop stores its files; empty for a DAG."""
        component = call.component
        if callee.scope is not None or component is None:
            return {}
        if component.implementation.container is None:
            template = dict(component.implementation.argo_fields)
        else:
            template = self.container(callee, names, stored_outputs(call, callee), with_variables(call))
        return with_folders(template, inputs) if inputs.folders else template

    def container(
        self, callee: Instance, names: PortMap, stored: Mapping[str, Transport], as_they_are: frozenset[str]
    ) -> Node:
        """The template of a container, made once for all tasks that need the same."""
        key = callee, frozenset(stored.items()), as_they_are
        if key not in self.containers:
            self.containers[key] = container_template(callee, names, stored, as_they_are)
        return self.containers[key]

    def ports_of(self, component: Component) -> PortMap:
        """The names of a component's inputs and outputs."""
        if component not in self.ports:
            self.ports[component] = ports_of(component)
        return self.ports[component]

    # ------------------------------------------------------------------ DAGs

    def written(self, template: Node, callee: Instance) -> Node:
        """The body of a template: a given one, or the DAG of a group, sub-pipeline or graph component."""
        if callee.scope is None:
            return template
        assert callee.component is not None
        tags = self.tags(callee, frozenset(), is_retried="retryStrategy" in template)
        inputs = input_ports(callee, self.ports_of(callee.component), tags.written, tags.program)
        inputs = with_inputs(inputs, tags.folders)
        return merged(self.dag(callee, tags, inputs), template)

    def dag(self, instance: Instance, tags: Tags, inputs: Node) -> Node:
        """A DAG with its inputs."""
        outputs = self.ports_of(instance.component).outputs if instance.component else {}
        rows = self.rows.get(instance.scope, []) if instance.scope is not None else []
        return dag_template(instance, tags, self.targets, inputs, outputs, rows)

    def tags(self, instance: Instance, of_the_run: frozenset[str], *, is_retried: bool = False) -> Tags:
        """How the tasks of a DAG name its inputs, and each other's outputs."""
        scope = instance.scope
        assert scope is not None
        tasks = task_names(scope.calls)
        outputs = {task: self.output_names(call) for task, call in scope.calls.items()}
        root = "steps" if scope in self.rows else "tasks"
        if instance.component is None:
            names = {given.name: given.name for given in scope.inputs}
            return Tags(
                scope, tasks, names, outputs, of_the_run, instance.absent, inputs_are_artifacts=False, root=root
            )
        own = self.ports_of(instance.component)
        return Tags(
            scope,
            tasks,
            own.inputs,
            outputs,
            absent=instance.absent,
            root=root,
            is_retried=is_retried,
            folders=folders_of(instance, own),
            handed=handed_in_argo(instance, own, outputs),
        )

    def output_names(self, call: Call) -> dict[str, str]:
        """Output → its name in Argo, for the component of a call; empty where these are the same."""
        assert call.component is not None
        return {} if call.implementation.keeps_names else self.ports_of(call.component).outputs


def _calls_of(caller: Instance) -> list[tuple[Instance, Handed, Call, Instance]]:
    """The calls of a DAG, the first one last, with the files that the DAG hands on."""
    handed: Handed = handed_on(caller)
    return [(caller, handed, *each) for each in caller.called][::-1]


def _arguments_of_the_run(scope: Scope) -> frozenset[str]:
    return frozenset(given.name for given in scope.inputs if not given.hidden)
