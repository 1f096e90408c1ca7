"""`kubectl` and `argo` as one interface: create an object, ask for a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from msgspec import Struct

from transpiler import programs
from transpiler.cluster.access import SECONDS, Access
from transpiler.cluster.refusals import ClusterError, object_in, refusal
from transpiler.plan.argo_objects import Node
from transpiler.programs import ProgramError
from transpiler.render.render import render

PROGRAMS: Final = ("kubectl", "argo")


class Created(Struct, frozen=True):
    """An object in the cluster."""

    kind: str
    name: str
    namespace: str
    is_new: bool = True
    """False if the same object was there."""


class Client(Struct, frozen=True):
    """A program that talks to a cluster; each is a subclass, with its own words. Calls raise ClusterError."""

    name: ClassVar[str] = ""

    path: str
    access: Access
    seconds: float = SECONDS

    def creating(self, node: Node, /, *, is_trial: bool) -> list[str]:
        """The words of the command that creates an object, which it reads from its standard input."""
        raise NotImplementedError

    def asking(self, run: Created) -> list[str]:
        """The words of the command that prints a run as JSON."""
        raise NotImplementedError

    def following(self, run: Created) -> list[str]:
        """The words that a person types to follow a run."""
        raise NotImplementedError

    def create(self, node: Node, *, is_trial: bool = False) -> Created:
        """Create an object; `is_trial` lets the cluster judge it, and nothing more.

        The name of a part of a pipeline has a digest of its content: one that exists is the same.
        """
        try:
            made = self._json(self.creating(node, is_trial=is_trial), render(node).encode())
        except ClusterError as error:
            metadata = node["metadata"]
            if node["kind"] == "Workflow" or not error.exists_already:
                raise
            return Created(node["kind"], metadata["name"], metadata.get("namespace", ""), is_new=False)
        metadata = made.get("metadata") or {}
        name = metadata.get("name") or metadata.get("generateName") or node["metadata"].get("generateName", "")
        return Created(node["kind"], str(name), str(metadata.get("namespace") or self.access.namespace))

    def workflow(self, run: Created) -> Node:
        """A run as the cluster has it now."""
        return self._json(self.asking(run))

    def call(self, words: Sequence[str], stdin: bytes = b"") -> bytes:
        """What a command prints."""
        try:
            done = programs.run([self.path, *words], stdin=stdin, seconds=self.seconds)
        except ProgramError as error:
            hint = "the cluster does not answer in time; try again"
            raise ClusterError(str(error), hint, is_passing=True) from error
        if done.code != 0:
            raise refusal(self.name, done.errors or done.text)
        return done.output

    def _json(self, words: Sequence[str], stdin: bytes = b"") -> Node:
        return object_in(self.call(words, stdin), self.name)


class Kubectl(Client, frozen=True):
    """`kubectl`: talks to the cluster itself."""

    name: ClassVar[str] = "kubectl"

    def creating(self, _: Node, /, *, is_trial: bool) -> list[str]:
        """`kubectl create`: for names that the cluster makes, and without a copy of the object in an annotation."""
        trial = ["--dry-run=server"] if is_trial else []
        return ["create", "--filename=-", "--output=json", *trial, *self.access.words]

    def asking(self, run: Created) -> list[str]:
        """`kubectl get`, of the full name: others have a resource `workflows` too."""
        access = self.access.within(run.namespace)
        return ["get", "workflows.argoproj.io", "--output=json", *access.words, "--", run.name]

    def following(self, run: Created) -> list[str]:
        """Prints a line for each change of phase."""
        access = self.access.within("")
        return ["kubectl", "get", "workflow", run.name, "-n", run.namespace, "--watch", *access.words]


class Argo(Client, frozen=True):
    """`argo`: talks to the cluster, or to an Argo server (ARGO_SERVER)."""

    name: ClassVar[str] = "argo"

    def creating(self, node: Node, /, *, is_trial: bool) -> list[str]:
        """`argo submit` for a Workflow, `argo template create` for what it calls."""
        verbs = {"Workflow": ["submit"], "WorkflowTemplate": ["template", "create"]}
        if is_trial and node["kind"] != "Workflow":
            hint = "use `--with kubectl`, or `--dry-run`"
            raise ClusterError(
                "argo: it cannot try a WorkflowTemplate, which this pipeline has beside its Workflow", hint
            )
        trial = ["--server-dry-run"] if is_trial else []
        return [*verbs[node["kind"]], "--output=json", *trial, *self.access.words, "-"]

    def asking(self, run: Created) -> list[str]:
        """`argo get`, which unpacks large runs, and finds them in the archive."""
        access = self.access.within(run.namespace)
        return ["get", "--output=json", *access.words, "--", run.name]

    def following(self, run: Created) -> list[str]:
        """Shows the tasks as a tree."""
        access = self.access.within("")
        return ["argo", "watch", run.name, "-n", run.namespace, *access.words]


def choose(wanted: str, access: Access, *, has_server: bool) -> Client:
    """The wanted program, or the one that is there; `argo` first where it has a server. Raises ClusterError."""
    order = (wanted,) if wanted else PROGRAMS[::-1] if has_server else PROGRAMS
    for name in order:
        path = programs.find(name)
        if path is not None:
            return Kubectl(path, access) if name == "kubectl" else Argo(path, access)
    hint = (
        "install kubectl (https://kubernetes.io/docs/tasks/tools/), or use another machine; "
        "`transpile submit --dry-run` prints what would be sent"
    )
    raise ClusterError(f"there is no `{' or '.join(order)}` on PATH", hint)
