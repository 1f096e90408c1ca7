"""Questions to a cluster through kubectl, with short time limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from transpiler import programs
from transpiler.cluster.access import Access
from transpiler.cluster.refusals import ClusterError, object_in, refusal
from transpiler.plan.argo_objects import Node
from transpiler.programs import ProgramError

_REQUEST: Final = "--request-timeout=5s"
_SECONDS: Final = 20.0
"""kubectl asks several times: what there is, and then the object."""


class Queries(Struct, frozen=True):
    """kubectl, and the cluster that it asks. All methods raise ClusterError."""

    path: str
    access: Access

    def text(self, *words: str, namespace: str = "") -> str:
        """What a command prints."""
        done = self._run([*words, _REQUEST], namespace)
        if done.code != 0:
            raise refusal("kubectl", done.errors or done.text)
        return done.text.strip()

    def json(self, *words: str, namespace: str = "") -> Node:
        """What a command prints, as an object; `{}` for nothing."""
        text = self.text(*words, "--output=json", namespace=namespace)
        return object_in(text, "kubectl") if text else {}

    def may(self, verb: str, resource: str, namespace: str, user: str = "") -> bool:
        """True if the user, or another one, may do something. kubectl tells `no` by its exit code too."""
        whom = [f"--as={user}"] if user else []
        done = self._run(["auth", "can-i", verb, resource, *whom, _REQUEST], namespace)
        if "doesn't have a resource type" in done.errors:
            raise ClusterError(f"the cluster has no {resource}, so it cannot tell")
        answer = done.text.strip().splitlines()[-1:] or [""]
        if answer[0].split(" ")[0] not in {"yes", "no"}:
            raise refusal("kubectl", done.errors or done.text)
        return answer[0].startswith("yes")

    def _run(self, words: Sequence[str], namespace: str) -> programs.Done:
        access = self.access.within(namespace)
        try:
            return programs.run([self.path, *words, *access.words], seconds=_SECONDS)
        except ProgramError as error:
            raise ClusterError(str(error), "the cluster does not answer in time", is_passing=True) from error


def text_at(node: Any, *keys: str) -> str:
    """The text below some keys of an answer; empty if there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, str) else ""
