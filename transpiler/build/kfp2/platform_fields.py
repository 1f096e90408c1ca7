"""The messages of kfp-kubernetes → keys of a task in a manifest. A function raises Unsaid for what no key can say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from transpiler.argo.labels import KEY
from transpiler.build.variables import optional
from transpiler.patterns import regex
from transpiler.read.plain_data import plain
from transpiler.read.yaml.nodes import List, Map

Said = dict[str, Any]


class Unsaid(Exception):  # noqa: N818 - becomes a diagnostic
    """What no key can say; the text is the hint."""


_NUMBER: Final = regex(r"[0-9]{1,9}")
_VARIABLE: Final = regex(r"[-._a-zA-Z][-._a-zA-Z0-9]*")
_VOLUME: Final = regex(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_OF_AN_INPUT: Final = "it depends on a value of the run: say it in the settings of the task, with a reference"


def _map(entry: Any) -> Map:
    if not isinstance(entry, Map):
        raise Unsaid
    return entry


def _text(entry: Map, key: str, *, needed: bool = True) -> str:
    value = entry.get(key)
    if isinstance(value, str) and value:
        return value
    if needed:
        raise Unsaid
    return ""


def _like(pattern: re.Pattern[str], text: str) -> str:
    """A name that Kubernetes takes."""
    if not pattern.fullmatch(text):
        raise Unsaid
    return text


def _number(value: Any) -> int:
    """A number that is not too large; protobuf writes those of 64 bits as texts in JSON."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise Unsaid
    return int(text)


def _name(entry: Map, direct: str, parameter: str) -> str:
    """A name that the file itself says, or as a constant."""
    if parameter in entry:
        value = _map(entry[parameter]).get("runtimeValue")
        if not isinstance(value, Map):
            raise Unsaid(_OF_AN_INPUT)
        return _text(value, "constant")
    return _text(entry, direct)


def _maps(entry: Map, key: str) -> Iterator[Map]:
    found = entry.get(key)
    yield from (_map(each) for each in found) if isinstance(found, List) else ()


def _variables(given: Any, kind: str) -> Said:
    """The variables that keys of a Secret or ConfigMap are."""
    entry = _map(given)
    name = _name(entry, f"{kind}Name", f"{kind}NameParameter")
    return {
        _like(_VARIABLE, _text(each, "envVar")): {kind: name, "key": _text(each, f"{kind}Key"), **optional(entry)}
        for each in _maps(entry, "keyToEnv")
    }


def _secret_env(given: Any) -> Said:
    return {"secrets": _variables(given, "secret")}


def _config_map_env(given: Any) -> Said:
    return {"env": _variables(given, "configMap")}


def _field_env(given: Any) -> Said:
    entry = _map(given)
    source = {"valueFrom": {"fieldRef": {"fieldPath": _text(entry, "fieldPath")}}}
    return {"env": {_like(_VARIABLE, _text(entry, "name")): source}}


def _volume(entry: Map, source: Said) -> Said:
    path = _text(entry, "mountPath")
    if not path.startswith("/") or ":" in path:
        raise Unsaid
    return {"volumes": {path: source}}


def _keys_volume(given: Any, kind: str) -> Said:
    """The volume of a Secret or ConfigMap."""
    entry = _map(given)
    return _volume(entry, {kind: _name(entry, f"{kind}Name", f"{kind}NameParameter"), **optional(entry)})


def _secret_volume(given: Any) -> Said:
    return _keys_volume(given, "secret")


def _config_map_volume(given: Any) -> Said:
    return _keys_volume(given, "configMap")


def _claim(given: Any) -> Said:
    entry = _map(given)
    if "constant" not in entry and "pvcNameParameter" not in entry:
        raise Unsaid(_OF_AN_INPUT)
    folder = _text(entry, "subPath", needed=False)
    claim = _name(entry, "constant", "pvcNameParameter")
    return _volume(entry, {"claim": claim, **({"subPath": folder} if folder else {})})


def _empty_dir(given: Any) -> Said:
    entry = _map(given)
    source = {key: text for key in ("medium", "sizeLimit") if (text := _text(entry, key, needed=False))}
    return _volume(entry, {"emptyDir": source, "name": _like(_VOLUME, _text(entry, "volumeName"))})


def _shared_memory(given: Any) -> Said:
    entry = _map(given)
    size = _text(entry, "size", needed=False)
    source = {"medium": "Memory", **({"sizeLimit": size} if size else {})}
    return {"volumes": {"/dev/shm": {"emptyDir": source, "name": _like(_VOLUME, _text(entry, "volumeName"))}}}  # noqa: S108


def _ephemeral(given: Any) -> Said:
    entry = _map(given)
    storage = _text(entry, "storageClassName", needed=False)
    metadata = plain(entry["metadata"]) if isinstance(entry.get("metadata"), Map) else {}
    modes = plain(entry["accessModes"]) if isinstance(entry.get("accessModes"), List) else []
    spec = {
        "accessModes": [str(each) for each in modes],
        **({"storageClassName": storage} if storage else {}),
        "resources": {"requests": {"storage": _text(entry, "size")}},
    }
    claim = {**({"metadata": metadata} if metadata else {}), "spec": spec}
    source = {"ephemeral": {"volumeClaimTemplate": claim}}
    return _volume(entry, {"source": source, "name": _like(_VOLUME, _text(entry, "volumeName"))})


def _texts(entry: Map, key: str) -> Said:
    found = entry.get(key)
    return {_like(KEY, name): str(value) for name, value in found.items()} if isinstance(found, Map) else {}


def _node_selector(given: Any) -> Said:
    entry = _map(given)
    if "nodeSelectorJson" in entry:
        selector = _constant(entry, "nodeSelectorJson")
        return {"nodeSelector": {_like(KEY, name): str(each) for name, each in selector.items()}}
    return {"nodeSelector": _texts(entry, "labels")}


def _constant(entry: Map, key: str) -> Said:
    """A mapping that the file says as a constant; another one is a value of the run."""
    value = _map(entry[key]).get("runtimeValue")
    found = value.get("constant") if isinstance(value, Map) else None
    if not isinstance(found, Map):
        raise Unsaid(_OF_AN_INPUT)
    constant: Said = plain(found)
    return constant


def _toleration(given: Any) -> Said:
    entry = _map(given)
    if "tolerationJson" in entry:
        return {"tolerations": [_constant(entry, "tolerationJson")]}
    texts = {key: text for key in ("key", "operator", "value", "effect") if (text := _text(entry, key, needed=False))}
    seconds = {"tolerationSeconds": _number(entry["tolerationSeconds"])} if "tolerationSeconds" in entry else {}
    return {"tolerations": [{**texts, **seconds}]}


def _metadata(given: Any) -> Said:
    entry = _map(given)
    return {key: _texts(entry, key) for key in ("labels", "annotations") if key in entry}


def _pull_policy(given: Any) -> Said:
    if given not in ("Always", "Never", "IfNotPresent"):
        raise Unsaid
    return {"imagePullPolicy": given}


def _deadline(given: Any) -> Said:
    return {"timeout": f"{_number(given)}s"}


def _security_context(given: Any) -> Said:
    entry = _map(given)
    context: Said = {key: _number(entry[key]) for key in ("runAsUser", "runAsGroup") if key in entry}
    if isinstance(entry.get("runAsNonRoot"), bool):
        context["runAsNonRoot"] = entry["runAsNonRoot"]
    return {"argo": {"container": {"securityContext": context}}}


def _node_affinity(given: Any) -> Said:
    entry = _map(given)
    if "nodeAffinityJson" in entry:
        return _affinity({"nodeAffinity": _constant(entry, "nodeAffinityJson")})
    term = {key: plain(entry[key]) for key in ("matchExpressions", "matchFields") if isinstance(entry.get(key), List)}
    if "weight" in entry:
        preferred = [{"weight": _number(entry["weight"]), "preference": term}]
        return _affinity({"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}})
    required = {"nodeSelectorTerms": [term]}
    return _affinity({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}})


def _affinity(said: Said) -> Said:
    return {"argo": {"template": {"affinity": said}}}


def _pull_secret(_given: Any) -> Said:
    raise Unsaid("Argo pulls images for a whole run: write `imagePullSecrets: [NAME]` at the top of the manifest")


SAID: Final[Mapping[str, Callable[[Any], Said]]] = {
    "activeDeadlineSeconds": _deadline,
    "configMapAsEnv": _config_map_env,
    "configMapAsVolume": _config_map_volume,
    "emptyDirMounts": _empty_dir,
    "enabledSharedMemory": _shared_memory,
    "fieldPathAsEnv": _field_env,
    "genericEphemeralVolume": _ephemeral,
    "imagePullPolicy": _pull_policy,
    "imagePullSecret": _pull_secret,
    "nodeAffinity": _node_affinity,
    "nodeSelector": _node_selector,
    "podMetadata": _metadata,
    "pvcMount": _claim,
    "secretAsEnv": _secret_env,
    "secretAsVolume": _secret_volume,
    "securityContext": _security_context,
    "tolerations": _toleration,
}
"""Key of an executor's configuration → the keys of a task that mean the same; a list is read entry by entry."""
