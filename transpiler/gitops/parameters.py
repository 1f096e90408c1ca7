"""The parameters of an Application of Argo CD → an order, and what Argo CD announces of them.

Argo CD sets ARGOCD_APP_PARAMETERS to a JSON list of names with a text, a list or a mapping, and ARGOCD_ENV_NAME to each
variable of the Application (argo-cd, `ApplicationSourcePluginParameters`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from transpiler.gitops.order import LISTS, SET, TEXTS, Order, OrderError, unknown

PARAMETERS: Final = "ARGOCD_APP_PARAMETERS"
SOURCE_PATH: Final = "ARGOCD_APP_SOURCE_PATH"
_VARIABLE: Final = "ARGOCD_ENV_"
_FORMS: Final[dict[str, tuple[str, type]]] = {
    **dict.fromkeys(TEXTS, ("string", str)),
    **dict.fromkeys(LISTS, ("array", list)),
    SET: ("map", dict),
}
"""Parameter → the key that holds its value, and the type of that."""
_TITLES: Final = {
    "manifests": "Manifests, or folders that have them; by default all in the folder of the Application",
    "environment": "The environment, whose values file stands beside each manifest",
    "values": "Further values files, from the folder of the Application; later ones win",
    "set": "Single values, such as inputs.rows",
    "kind": "Workflow, WorkflowTemplate, ClusterWorkflowTemplate or CronWorkflow; by default a template or cron",
    "argo": "The version of Argo Workflows in the cluster, such as 3.7",
}


def order_of(variables: Mapping[str, str]) -> Order:
    """The order that the variables of the process give; parameters win over variables. Raises OrderError."""
    given = _given(variables.get(PARAMETERS, ""))
    texts = {word: variables.get(_VARIABLE + word.upper(), "") for word in TEXTS}
    texts |= {word: given[word] for word in TEXTS if given.get(word)}
    lists = {word: given.get(word, ()) for word in LISTS}
    return Order.of(texts, {**lists, "manifests": lists["manifests"] or ["."]}, given.get(SET, {}))


def _given(text: str) -> dict[str, Any]:
    """Name → value. Raises OrderError for JSON, or values, that Argo CD would not write."""
    try:
        listed: Any = json.loads(text or "[]") or []
    except (ValueError, RecursionError) as error:
        raise OrderError(f"{PARAMETERS} is not JSON") from error
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise OrderError(f"{PARAMETERS} is not a list of parameters")
    return {str(each.get("name")): _value(str(each.get("name")), each) for each in listed}


def _value(name: str, parameter: Mapping[str, Any]) -> Any:
    if name not in _FORMS:
        raise unknown(name, _FORMS)
    key, form = _FORMS[name]
    value = parameter.get(key)
    parts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
    if not isinstance(value, form) or not all(isinstance(each, str) for each in parts):
        raise OrderError(f"the parameter `{name}` is not {_called(key)}", name)
    return value


def _called(key: str) -> str:
    return {"string": "a `string`", "array": "an `array` of texts", "map": "a `map` of texts"}[key]


def announcements(environments: Iterable[str] = ()) -> list[dict[str, Any]]:
    """What Argo CD shows of each parameter; `environments` are those that its folder has."""
    names = ", ".join(environments)
    return [
        {
            "name": name,
            "title": name,
            "tooltip": _TITLES[name] + (f": {names}" if names and name == "environment" else ""),
            "collectionType": _FORMS[name][0],
        }
        for name in _TITLES
    ]


def root_of(folder: Path, source_path: str) -> Path | None:
    """The root of Argo CD's copy of a repository, which may have no `.git`; None where the path does not tell.

    The folder of an Application is that path below the root, or, if Argo CD copies only a part, the end of it.
    """
    above = folder
    for part in reversed(PurePosixPath(source_path).parts):
        if above.name != part:
            break
        above = above.parent
    return above if source_path and above != folder else None
