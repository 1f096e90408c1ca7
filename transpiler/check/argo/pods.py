"""The pods of Argo's own templates: containers, their names and commands, and mounted files."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from transpiler.argo.images import image_fault
from transpiler.check.argo.nodes import by_name, check_unique, name_of, place, ports, text_of, texts_below
from transpiler.check.argo.values import yaml_of
from transpiler.diagnostics import Related, Report
from transpiler.patterns import regex
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.cycles import Edges, report_cycles
from transpiler.suggest import suggestion

_RESERVED: Final = ("wait", "init", "supervisor")
_LABEL: Final = regex(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_PREFIXES: Final = ("artifact-plugin-", "init-artifact-")


def check_pod(
    template: Map, defaults: Map | None, volumes: Collection[str], report: Report, *, has_image: bool = False
) -> None:
    """The containers of a template. `defaults` are the `templateDefaults`, `volumes` those of the Workflow."""
    for kind in ("container", "script"):
        main = fields.mapping(template, kind)
        if main is not None:
            given = fields.mapping(defaults, kind) if defaults is not None else None
            if not has_image:
                _needs_image(template, kind, main, given, report)
            _command(template, kind, main, given, report)
    _helpers(template, report)
    _container_set(template, report)
    _resource(template, report)
    _mounts(template, volumes, report)
    _mounted_twice(template, report)


def _needs_image(template: Map, kind: str, main: Map, defaults: Map | None, report: Report) -> None:
    given = defaults if defaults is not None else {}
    if not main.get("image") and not (main.hides("image") or template.hides("image")) and not given.get("image"):
        report.error(
            "argo-field",
            f"the {kind} has no image",
            template.key_span(kind),
            "write its `image`",
        )
    _image(main, report)


def _command(template: Map, kind: str, main: Map, defaults: Map | None, report: Report) -> None:
    at = template.key_span(kind)
    defaults_ = defaults if defaults is not None else {}
    if (
        not main.get("command")
        and not (main.hides("command") or template.hides("command"))
        and not defaults_.get("command")
    ):
        hint = "write the command; without it, Argo looks it up in the image's registry during the run"
        report.warning("missing-command", f"the {kind} has no `command`", at, hint)


def _helpers(template: Map, report: Report) -> None:
    """Sidecars and init containers share the pod with Argo's own containers."""
    for helper in check_helpers(template, report):
        _has_image(helper, report)


def check_helpers(part: Map, report: Report) -> list[Map]:
    """The names of sidecars and init containers of a template, or of a part of one."""
    helpers = [*fields.mappings(part, "initContainers"), *fields.mappings(part, "sidecars")]
    check_unique(helpers, "containers", report)
    for helper in helpers:
        _named(helper, (*_RESERVED, "main"), report)
    return helpers


def _named(container: Map, reserved: Collection[str], report: Report) -> None:
    """The name of a container in the pod."""
    name = name_of(container)
    if name in reserved or name.startswith(_PREFIXES):
        message = f"`{name}` is the name of one of Argo's own containers"
        report.error("argo-value", message, place(container), "rename it")
    elif name and "{{" not in name and not _LABEL.fullmatch(name):
        hint = "the name of a container has lower-case letters, digits and `-`, at most 63"
        report.error("invalid-name", f"`{name}` is not a valid name", place(container), hint)


def _has_image(container: Map, report: Report) -> None:
    """A whole container runs an image."""
    if not container.get("image") and not container.hides("image"):
        message = f"container `{name_of(container)}` has no image"
        report.error("argo-field", message, place(container), "write its `image`")
    _image(container, report)


def _image(container: Map, report: Report) -> None:
    image = text_of(container, "image")
    fault = image_fault(image) if image else ""
    if fault:
        report.error("wrong-value", f"`{image}` is not a valid image name", container.value_span("image"), fault)


def _container_set(template: Map, report: Report) -> None:
    found = fields.mapping(template, "containerSet")
    if found is None or found.hides("containers"):
        return
    containers = fields.mappings(found, "containers")
    if not containers and "containers" in found:
        report.error(
            "argo-field", "the container set is empty", found.key_span("containers"), "write at least one container"
        )
    named = by_name(containers)
    check_unique(containers, "containers", report)
    edges: Edges = {}
    for container in containers:
        _named(container, _RESERVED, report)
        _has_image(container, report)
        for other, span in texts_below(container.get("dependencies")):
            if other in named:
                edges[other, name_of(container)] = span
            else:
                hint = suggestion(other, named, "containers") or "correct the name"
                report.error("argo-reference", f"there is no container `{other}`", span, hint)
    report_cycles(list(named), edges, report)
    has_ports = ports(template, "inputs", "artifacts") or fields.mapping(template, "outputs")
    if has_ports and named and "main" not in named and not any(each.has_mistakes for each in containers):
        message = "inputs and outputs need a container named `main`"
        report.error("argo-field", message, template.key_span("containerSet"), "name one of the containers `main`")


def _resource(template: Map, report: Report) -> None:
    resource = fields.mapping(template, "resource")
    if resource is None:
        return
    span = template.key_span("resource")
    needs_one = text_of(resource, "action") not in {"get", "delete"} and not resource.hides("action")
    if "manifest" in resource and "manifestFrom" in resource:
        related = (Related("the other", resource.key_span("manifest")),)
        message = "a resource has one manifest: `manifest` or `manifestFrom`"
        report.error("argo-field", message, resource.key_span("manifestFrom"), "keep one of them", related)
    elif (
        needs_one
        and not {"manifest", "manifestFrom"} & resource.keys()
        and not resource.hides("manifest", "manifestFrom")
    ):
        report.error("argo-field", "the resource has no manifest", span, "write it as a string in `manifest`")
    manifest = text_of(resource, "manifest")
    if manifest and yaml_of(manifest) is None:
        hint = "correct it; a value that contains a {{tag}} must be quoted"
        report.error("argo-value", "the manifest is not valid YAML", resource.value_span("manifest"), hint)
    source = fields.mapping(resource, "manifestFrom")
    artifact = fields.mapping(source, "artifact") if source is not None else None
    known = by_name(ports(template, "inputs", "artifacts"))
    if artifact is not None and name_of(artifact) and name_of(artifact) not in known:
        hint = suggestion(name_of(artifact), known, "artifacts") or "add it to the `inputs`"
        report.error("argo-reference", f"there is no artifact `{name_of(artifact)}`", place(artifact), hint)


def _containers(template: Map) -> Iterator[Map]:
    """Every mapping of a template that has `volumeMounts`."""
    for kind in ("container", "script", "containerSet"):
        found = fields.mapping(template, kind)
        if found is not None:
            yield found
            yield from fields.mappings(found, "containers")
    for kind in ("initContainers", "sidecars"):
        yield from fields.mappings(template, kind)


def _mounts(template: Map, volumes: Collection[str], report: Report) -> None:
    """Kubernetes refuses a pod that mounts an undefined volume. A patch of the pod may define volumes."""
    patch = text_of(template, "podSpecPatch")
    if "volumes" in patch or "{{" in patch or not fields.is_complete(template.get("volumes")):
        return
    known = dict.fromkeys((*volumes, *by_name(fields.mappings(template, "volumes"))))
    for container in _containers(template):
        for mount in fields.mappings(container, "volumeMounts"):
            name = name_of(mount)
            if name and "{{" not in name and name not in known:
                hint = suggestion(name, known, "volumes") or "add it to `volumes`"
                report.error("argo-reference", f"there is no volume `{name}`", place(mount), hint)


def _mounted_twice(template: Map, report: Report) -> None:
    """Argo mounts an input artifact at its path, where a volume may already be mounted."""
    main = fields.mapping(template, "container")
    mounted = {
        text_of(mount, "mountPath"): mount
        for mount in (fields.mappings(main, "volumeMounts") if main is not None else ())
    }
    for artifact in ports(template, "inputs", "artifacts"):
        other = mounted.get(text_of(artifact, "path"))
        if other is not None:
            related = (Related("the volume", other.value_span("mountPath")),)
            message = f"a volume is already mounted at `{text_of(artifact, 'path')}`"
            report.error("argo-value", message, artifact.value_span("path"), "write another path", related)
