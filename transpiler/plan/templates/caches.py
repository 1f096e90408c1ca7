"""`cache` → where Argo keeps the results of a template, and the key that it keeps them under."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from transpiler.argo.naming import Names
from transpiler.argo.quantities import go_duration
from transpiler.model.expressions.tree import Text
from transpiler.model.settings import Cache
from transpiler.model.values import Literal
from transpiler.plan.argo_objects import Node, identity
from transpiler.plan.passes.images import Images, in_template
from transpiler.plan.templates.setting_inputs import SettingInputs, input_names, with_inputs
from transpiler.resolve.scope import Scope

_KEY: Final = r"[a-zA-Z0-9][-a-zA-Z0-9]*"
"""A valid cache key in Argo (workflow/controller/cache)."""


def with_cache(
    template: Node, cache: Cache, cache_name: str, images: Images, scope: Scope
) -> tuple[Node, dict[str, Text]]:
    """A template with cached results, and the arguments that its key needs.

    The cache key contains the program, so that two programs never share a result.
    """
    extras = SettingInputs(Names(input_names(template)), scope)
    digest = sha256(identity(in_template(template, images.of) if images else template).encode()).hexdigest()[:16]
    fields = {
        "key": _key(digest, cache, template, extras),
        "maxAge": go_duration(cache.max_age),
        "cache": {"configMap": {"name": cache.config_map or cache_name}},
    }
    return {**with_inputs(template, extras), "memoize": fields}, extras.passed


def _key(digest: str, cache: Cache, template: Node, extras: SettingInputs) -> str:
    if isinstance(cache.key, Literal):
        text = str(cache.key.value)
        return f"{digest}-{text if re.fullmatch(_KEY, text) else sha256(text.encode()).hexdigest()}"
    if isinstance(cache.key, Text):
        return f"{digest}-{_hashed(_value(extras.input('cache-key', cache.key)))}"
    values = [_value(each["name"]) for each in template.get("inputs", {}).get("parameters", [])]
    return f"{digest}-{_hashed('toJson([' + ', '.join(values) + '])')}" if values else digest


def _value(name: str) -> str:
    return f"inputs.parameters['{name}']"


def _hashed(value: str) -> str:
    return f"{{{{=sprig.sha256sum({value})}}}}"
