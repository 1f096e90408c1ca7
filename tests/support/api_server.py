"""A Kubernetes API server, as far as `kubectl` and `argo` need one to talk about runs: it keeps objects in memory.

It answers discovery, the OpenAPI documents that `kubectl create` asks for, reviews of access, and GET, LIST and POST of
objects. It judges names, namespaces and duplicates as a real one does; Argo's fields are judged elsewhere.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

Node = dict[str, Any]

RESOURCES: Final[Mapping[str, tuple[tuple[str, str, bool], ...]]] = {
    "v1": (
        ("namespaces", "Namespace", False),
        ("serviceaccounts", "ServiceAccount", True),
        ("configmaps", "ConfigMap", True),
        ("secrets", "Secret", True),
        ("persistentvolumeclaims", "PersistentVolumeClaim", True),
    ),
    "apps/v1": (("deployments", "Deployment", True),),
    "apiextensions.k8s.io/v1": (("customresourcedefinitions", "CustomResourceDefinition", False),),
    "authorization.k8s.io/v1": (
        ("selfsubjectaccessreviews", "SelfSubjectAccessReview", False),
        ("subjectaccessreviews", "SubjectAccessReview", False),
    ),
}
ARGO: Final = "argoproj.io/v1alpha1"
OF_ARGO: Final = (
    ("workflows", "Workflow", True),
    ("workflowtemplates", "WorkflowTemplate", True),
    ("cronworkflows", "CronWorkflow", True),
    ("clusterworkflowtemplates", "ClusterWorkflowTemplate", False),
    ("workflowtaskresults", "WorkflowTaskResult", True),
)
_PATH: Final = re.compile(r"/(?:api/(v1)|apis/([^/]+/[^/]+))(?:/namespaces/([^/]+)(?=/.))?/([^/]+)(?:/([^/]+))?")


@dataclass
class Cluster:
    """What there is in the cluster, and what it was asked."""

    objects: dict[tuple[str, str, str], Node] = field(default_factory=dict)
    """Resource, namespace and name → the object."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each request."""
    posted: list[Node] = field(default_factory=list)
    has_argo: bool = True
    forbidden: set[tuple[str, str]] = field(default_factory=set)
    """Verb and resource of what the user may not do."""
    refused: set[tuple[str, str, str]] = field(default_factory=set)
    """User, verb and resource of what somebody else may not do."""
    status: Callable[[Node, int], Node] | None = None
    """The status of a run when it is asked for the nth time."""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    times: dict[str, int] = field(default_factory=dict)

    def put(self, resource: str, node: Node) -> Node:
        """Keep an object."""
        metadata = node["metadata"]
        self.objects[resource, metadata.get("namespace", ""), metadata["name"]] = node
        return node

    def namespace(self, *names: str) -> None:
        """Make namespaces, each with the service account that Kubernetes makes."""
        for name in names:
            self.put("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
            account = {"name": "default", "namespace": name}
            self.put("serviceaccounts", {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account})

    @property
    def resources(self) -> dict[str, tuple[tuple[str, str, bool], ...]]:
        return {**RESOURCES, **({ARGO: OF_ARGO} if self.has_argo else {})}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster: Cluster

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.cluster.asked.append(("GET", path))
        self._read()
        found = self._discovery(path)
        if path == "/openapi/v2":
            self._send_bytes(200, b"", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
        elif found is not None:
            self._send(200, found)
        else:
            self._object(path)

    def do_POST(self) -> None:
        path, _, query = self.path.partition("?")
        self.cluster.asked.append(("POST", path))
        node = json.loads(self._read())
        match = _PATH.fullmatch(path)
        if match is None or match[4] not in self._known(match):
            self._status(404, "NotFound", "the server could not find the requested resource")
        elif match[4].endswith("accessreviews"):
            self._send(201, self._review(node))
        else:
            self._create(match[3] or "", match[4], node, is_kept="dryRun=All" not in query)

    def _read(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    # ------------------------------------------------------------------ discovery

    def _discovery(self, path: str) -> Node | None:
        resources = self.cluster.resources
        groups = [each for each in resources if "/" in each]
        if path == "/version":
            return {"major": "1", "minor": "31", "gitVersion": "v1.31.4", "platform": "linux/amd64"}
        if path == "/api":
            return {"kind": "APIVersions", "versions": ["v1"]}
        if path == "/apis":
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group(each) for each in groups]}
        if path == "/openapi/v3":
            places = ["api/v1", *(f"apis/{each}" for each in groups)]
            return {"paths": {each: {"serverRelativeURL": f"/openapi/v3/{each}"} for each in places}}
        if path.startswith("/openapi/v3/"):
            version = path.removeprefix("/openapi/v3/").partition("/")[2]
            return _openapi(version, resources.get(version, ()))
        version = path.removeprefix("/api/") if path.startswith("/api/") else path.removeprefix("/apis/")
        if version in resources:
            listed = [
                {"name": name, "singularName": kind.lower(), "kind": kind, "namespaced": namespaced, "verbs": _VERBS}
                for name, kind, namespaced in resources[version]
            ]
            return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": listed}
        return None

    def _known(self, match: re.Match[str]) -> dict[str, str]:
        return {name: kind for name, kind, _ in self.cluster.resources.get(match[1] or match[2], ())}

    # ------------------------------------------------------------------ objects

    def _object(self, path: str) -> None:
        match = _PATH.fullmatch(path)
        if match is None or match[4] not in self._known(match):
            self._status(404, "NotFound", "the server could not find the requested resource")
            return
        namespace, resource, name = match[3] or "", match[4], match[5]
        if self._is_forbidden("get" if name else "list", resource, namespace):
            return
        if name is None:
            self._list(match, namespace, resource)
        elif (resource, namespace, name) in self.cluster.objects:
            self._send(200, self._now(resource, self.cluster.objects[resource, namespace, name]))
        else:
            self._status(404, "NotFound", f'{_qualified(match)} "{name}" not found')

    def _list(self, match: re.Match[str], namespace: str, resource: str) -> None:
        kind = self._known(match)[resource]
        found = [
            each
            for (other, home, _), each in self.cluster.objects.items()
            if other == resource and namespace in ("", home)
        ]
        items = [{key: value for key, value in each.items() if key not in {"kind", "apiVersion"}} for each in found]
        self._send(200, {"kind": f"{kind}List", "apiVersion": match[1] or match[2], "metadata": {}, "items": items})

    def _now(self, resource: str, node: Node) -> Node:
        if resource != "workflows" or self.cluster.status is None:
            return node
        name = node["metadata"]["name"]
        self.cluster.times[name] = self.cluster.times.get(name, 0) + 1
        return {**node, "status": self.cluster.status(node, self.cluster.times[name])}

    def _create(self, namespace: str, resource: str, node: Node, *, is_kept: bool) -> None:
        if self._is_forbidden("create", resource, namespace):
            return
        metadata = node.setdefault("metadata", {})
        if namespace and ("namespaces", "", namespace) not in self.cluster.objects:
            self._status(404, "NotFound", f'namespaces "{namespace}" not found')
            return
        if "name" not in metadata and "generateName" in metadata:
            metadata["name"] = f"{metadata['generateName']}{next(self.cluster.numbers):05}"
        name = metadata["name"]
        if (resource, namespace, name) in self.cluster.objects:
            self._status(409, "AlreadyExists", f'{resource}.argoproj.io "{name}" already exists')
            return
        if namespace:
            metadata["namespace"] = namespace
        if is_kept:
            self.cluster.posted.append(node)
            self.cluster.put(resource, node)
        self._send(201, node)

    def _review(self, node: Node) -> Node:
        asked = node["spec"]["resourceAttributes"]
        what = (asked.get("verb", ""), asked.get("resource", ""))
        user = self.headers.get("Impersonate-User")
        allowed = (user, *what) not in self.cluster.refused if user else what not in self.cluster.forbidden
        return {**node, "status": {"allowed": allowed}}

    def _is_forbidden(self, verb: str, resource: str, namespace: str) -> bool:
        if (verb, resource) not in self.cluster.forbidden:
            return False
        where = f' in the namespace "{namespace}"' if namespace else " at the cluster scope"
        message = f'{resource} is forbidden: User "ann" cannot {verb} resource "{resource}"{where}'
        self._status(403, "Forbidden", message)
        return True

    # ------------------------------------------------------------------ answers

    def _status(self, code: int, reason: str, message: str) -> None:
        status = {"kind": "Status", "apiVersion": "v1", "status": "Failure"}
        self._send(code, {**status, "message": message, "reason": reason, "code": code})

    def _send(self, code: int, node: Node) -> None:
        self._send_bytes(code, json.dumps(node).encode(), "application/json")

    def _send_bytes(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


_VERBS: Final = ["create", "get", "list", "patch", "delete"]


def _group(version: str) -> Node:
    name, _, number = version.partition("/")
    each = {"groupVersion": version, "version": number}
    return {"name": name, "versions": [each], "preferredVersion": each}


def _qualified(match: re.Match[str]) -> str:
    group = (match[2] or "").partition("/")[0]
    return f"{match[4]}.{group}" if group else match[4]


def _openapi(version: str, resources: tuple[tuple[str, str, bool], ...]) -> Node:
    """That each kind takes `fieldValidation`: kubectl leaves the judgement to the server then."""
    group, number = ("", version) if version == "v1" else version.split("/")
    parameter = {"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}
    paths = {}
    for name, kind, namespaced in resources:
        where = "/namespaces/{namespace}" if namespaced else ""
        operation = {
            "operationId": f"write{kind}",
            "parameters": [parameter],
            "responses": {},
            "x-kubernetes-group-version-kind": {"group": group, "version": number, "kind": kind},
        }
        paths[f"/apis/{version}{where}/{name}/{{name}}"] = {"patch": operation}
        paths[f"/apis/{version}{where}/{name}"] = {"post": operation}
    return {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.31.4"}, "paths": paths}


@contextmanager
def api_server(cluster: Cluster, kubeconfig: Path) -> Iterator[str]:
    """Serve a cluster on this machine, and write the kubeconfig of it; its address."""
    handler = type("Handler", (_Handler,), {"cluster": cluster})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    kubeconfig.write_text(json.dumps(kubeconfig_of(address)), encoding="utf-8")
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()


def kubeconfig_of(address: str, namespace: str = "argo") -> Node:
    """A kubeconfig with one context, `test`."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": {"server": address}}],
        "users": [{"name": "ann", "user": {"token": "secret-token-of-ann"}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "ann", "namespace": namespace}}],
        "current-context": "test",
    }
