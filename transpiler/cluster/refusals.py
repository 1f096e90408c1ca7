"""What `kubectl` and `argo` answer: an object; or the errors of Go and Kubernetes as they are → what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node

DOCTOR: Final = "`transpile doctor` shows what is set up"


class ClusterError(Exception):
    """A call that failed. `hint` says what to do; both texts hold what a cluster said: print them through `safe`."""

    def __init__(self, message: str, hint: str = "", *, is_passing: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.is_passing = is_passing
        """True if the same call may work in a moment."""

    @property
    def exists_already(self) -> bool:
        """True if there is an object of that name."""
        return _EXISTS.search(self.message) is not None


_EXISTS: Final = regex(r"\(AlreadyExists\)|already exists")
_NOISE: Final = regex(r'^error: |error when creating "STDIN": |^FATA\[\S*\] ?|^Error: (?=.)')
_LOGGED: Final = regex(r'time=(?:"[^"]*"|\S+) level=\w+ msg="((?:[^"\\]|\\.)*)"(?: error="((?:[^"\\]|\\.)*)")?')
"""A line of argo's log, which is all that argo 3 says of an error."""
_LOGS: Final = r"[EWI]\d{4} |Warning: "
_MAX: Final = 600

_HINTS: Final = (
    (
        regex(r"no matches for kind|doesn't have a resource type|could not find the requested resource"),
        f"Argo Workflows is not installed in this cluster, or is of another version; {DOCTOR}",
    ),
    (
        regex(r'namespaces "?([^" ]+)"? not found'),
        "create it: `kubectl create namespace {1}`; or pass another one with `--namespace`",
    ),
    (
        regex(r"does not match the namespace"),
        "delete `namespace` in the manifest's `argo`, or pass the same with `--namespace`",
    ),
    (
        regex(r"\(Forbidden\)|forbidden|PermissionDenied"),
        "ask for a role that allows it, or use another namespace; `kubectl auth can-i --list` tells what you may do",
    ),
    (
        regex(r"\(Unauthorized\)|must be logged in|Unauthenticated|token not valid|credentials"),
        "log in to the cluster again, or pass another `--context`",
    ),
    (
        regex(r"unable to connect|connection to the server|connection refused|no such host|i/o timeout|TLS handshake"),
        "check that the cluster runs and can be reached: `kubectl cluster-info`; `kubectl config get-contexts`",
    ),
    (
        regex(r"context .*(does not exist|was not found)|no context exists"),
        "`kubectl config get-contexts` lists the contexts",
    ),
    (
        regex(r"invalid configuration|stat .*: no such file|error loading config file"),
        "pass the file of the cluster with `--kubeconfig`, or set KUBECONFIG",
    ),
    (
        regex(r"unknown field|strict decoding|ValidationError"),
        f"the cluster has another version of Argo than the Workflow is written for: pass it with `--argo`; {DOCTOR}",
    ),
    (
        regex(r"request is too large|Too long: must have at most|etcdserver: request"),
        "the Workflow is too large for the cluster: pass shorter values, or move tasks to pipelines of their own",
    ),
    (_EXISTS, "choose another name, or delete the object"),
)
_PASSING: Final = regex(
    r"(?i)unable to connect|connection re|i/o timeout|TLS handshake|has not ended|\(ServiceUnavailable\)|"
    r"\(InternalError\)|\(TooManyRequests\)|EOF|etcdserver: (?:leader|request timed)"
)


def object_in(answer: str | bytes, program: str) -> Node:
    """The object that a program prints as JSON. Raises ClusterError."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ClusterError(f"{program}: the answer is not an object in JSON")
    return found


def refusal(program: str, errors: str) -> ClusterError:
    """The error of a program, from what it printed."""
    text = _reason(errors.splitlines())
    return ClusterError(f"{program}: {text}", hint(text), is_passing=_PASSING.search(errors) is not None)


def hint(text: str) -> str:
    """What to do about a text of an error."""
    for pattern, advice in _HINTS:
        found = pattern.search(text)
        if found:
            return advice.replace("{1}", found[1]) if "{1}" in advice else advice
    return ""


def _reason(lines: Iterable[str]) -> str:
    """The lines that tell, on one line: warnings and the logs of a client only where there is nothing else."""
    said = [line.strip() for line in lines if line.strip() and not re.match(_LOGS, line)]
    logged = [found for line in said if (found := _LOGGED.match(line))]
    told = [_NOISE.sub("", line) for line in said if not _LOGGED.match(line)]
    told = told or [re.sub(r"\\(.)", r"\1", ": ".join(filter(None, found.groups()))) for found in logged]
    text = " ".join(dict.fromkeys(told)) or "it failed, and said nothing"
    return text if len(text) <= _MAX else f"{text[:_MAX]}..."
