"""The settings of a task: retries, pod, storage of artifacts. `defaults` of a pipeline have the same form.

A value may contain references if Argo can insert values there; they become inputs of the template.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from transpiler.diagnostics import Span
from transpiler.model.argo_data import Slot, Tree
from transpiler.model.expressions.tree import Expression, Text
from transpiler.model.values import Literal, Value
from transpiler.read.yaml.nodes import Map


class Named(Struct, frozen=True):
    """A setting of a name: an environment variable, a resource, a volume."""

    name: str
    span: Span
    value: Value


class LastTry(Struct, frozen=True):
    """A condition over the last try (`lastRetry.exitCode`, and its number `retries`), which can use no other names."""

    IS_OPAQUE = True

    expression: Expression


class Retry(Struct, frozen=True):
    """`retry`. `limit` counts further attempts; durations are Argo's (`30s`, `5m`)."""

    limit: Value | None = None
    policy: str = ""
    duration: str = ""
    factor: str = ""
    max_duration: str = ""
    cap: str = ""
    expression: LastTry | None = None


class SecretKey(Struct, frozen=True):
    """An environment variable whose value is a key of a Secret."""

    name: str
    span: Span
    secret: Value
    key: str
    is_optional: bool = False


class VariablesFrom(Struct, frozen=True):
    """An item of `envFrom`: all keys of a Secret or ConfigMap as variables, in Kubernetes' fields."""

    span: Span
    source: Tree


class Cache(Struct, frozen=True):
    """`cache`: results of equal inputs are used again, for at most `max_age`; empty: never, whatever `defaults` say.

    `key` empty: made from the inputs.
    """

    max_age: str
    span: Span
    key: Value | None = None
    config_map: str = ""


class Resource(Struct, frozen=True):
    """A resource of the pod: request and limit, as quantities."""

    name: str
    span: Span
    request: Value | None = None
    limit: Value | None = None
    written: tuple[tuple[Literal, Span], ...] = ()
    """Each of its literal quantities, with its position."""


class Volume(Struct, frozen=True):
    """A volume at a mount path. `source` is Kubernetes' volume source; None for `size`, a claim created by the run.

    `called` is the default from which a name is derived when `name` is empty.
    """

    path: str
    span: Span
    name: str
    called: str
    source: Tree | None = None
    size: str = ""
    storage_class: str = ""
    access_modes: tuple[str, ...] = ("ReadWriteOnce",)
    read_only: bool = False
    sub_path: Value | None = None
    written: Map | None = None
    """The mapping in the manifest; None for a volume of the compiler."""

    @property
    def claim(self) -> str:
        """The identity of a claim: the name, or otherwise the mount path, which starts with a `/`."""
        return self.name or self.path


class Storage(Struct, frozen=True):
    """Where and how an output's artifact is stored: fields of Argo's artifact."""

    output: str
    span: Span
    fields: Tree


class Removal(Struct, frozen=True):
    """A default that a task takes off: the keys that lead to it. `is_null` is False for `{}` and `[]`."""

    path: tuple[str, ...]
    span: Span
    is_null: bool = True


class Settings(Struct, frozen=True):
    """The settings of a task. Empty values are unset."""

    image: Value | None = None
    image_pull_policy: Value | None = None
    retry: Retry | None = None
    timeout: Value | None = None
    cache: Cache | None = None
    resources: tuple[Resource, ...] = ()
    env: tuple[Named | tuple[str, Tree], ...] = ()
    secrets: tuple[SecretKey, ...] = ()
    env_from: tuple[VariablesFrom, ...] = ()
    volumes: tuple[Volume, ...] = ()
    node_selector: tuple[Named, ...] = ()
    tolerations: Tree | None = None
    service_account: Value | None = None
    security_context: Tree | None = None
    labels: tuple[Named, ...] = ()
    annotations: tuple[Named, ...] = ()
    storage: tuple[Storage, ...] = ()
    keep_files: bool | None = None
    """True when files are stored that nothing uses."""
    argo_template: Tree | None = None
    argo_container: Tree | None = None
    argo_task: Tree | None = None
    own: tuple[Slot, ...] = ()
    """The texts with references in a template of the task's own."""
    spans: tuple[tuple[str, Span], ...] = ()
    """Key → its position, for keys that do not apply to every kind of task."""
    removed: tuple[Removal, ...] = ()
    """The defaults that do not count; once those are merged, the ones of them that nothing had set."""

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__ if name not in PLACES)

    @property
    def named(self) -> Iterator[Named]:
        """The entries of every key that maps names to values, in the order of the table."""
        for key in KEYS:
            if key.is_by_name:
                yield from (each for each in getattr(self, key.field) if isinstance(each, Named))

    @property
    def single(self) -> Iterator[tuple[str, Value]]:
        """Every key that has a single value, with that."""
        for key in KEYS:
            value = getattr(self, key.field)
            if isinstance(value, (Literal, Text)):
                yield key.name, value

    @property
    def is_retried(self) -> bool:
        """True when there may be several tries."""
        own = self.argo_template.data if self.argo_template is not None else {}
        return self.retry is not None or own.get("retryStrategy") is not None

    @property
    def settled(self) -> Settings:
        """The settings without those that only remove `defaults`."""
        is_off = self.cache is not None and not self.cache.max_age
        return replace(self, cache=None) if is_off else self


class Key(Struct, frozen=True):
    """A key of a task that is a setting."""

    name: str
    field: str
    """The field of Settings that holds it."""
    is_by_name: bool = False
    """True for a mapping of names, whose entries a task merges over those of `defaults`, or removes."""
    argo: str = ""
    """The field of Argo's template that a single value becomes as a whole."""
    container: str = ""
    """The field of the program's container, likewise."""


KEYS: Final = (
    Key("image", "image", container="image"),
    Key("imagePullPolicy", "image_pull_policy", container="imagePullPolicy"),
    Key("retry", "retry", argo="retryStrategy"),
    Key("timeout", "timeout", argo="timeout"),
    Key("cache", "cache", argo="memoize"),
    Key("resources", "resources", is_by_name=True),
    Key("env", "env", is_by_name=True),
    Key("secrets", "secrets", is_by_name=True),
    Key("envFrom", "env_from"),
    Key("volumes", "volumes", is_by_name=True),
    Key("nodeSelector", "node_selector", is_by_name=True),
    Key("tolerations", "tolerations"),
    Key("serviceAccountName", "service_account", argo="serviceAccountName"),
    Key("securityContext", "security_context", argo="securityContext"),
    Key("labels", "labels", is_by_name=True),
    Key("annotations", "annotations", is_by_name=True),
    Key("outputs", "storage", is_by_name=True),
    Key("keepFiles", "keep_files"),
)
NO_SETTINGS: Final = Settings()
PLACES: Final = frozenset(["spans", "removed"])
"""Fields that are only positions."""
