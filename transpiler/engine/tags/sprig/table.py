"""All functions of sprig that Argo has: all but `env` and `expandenv`."""

from __future__ import annotations

from transpiler.engine.tags.sprig.collections import COLLECTIONS
from transpiler.engine.tags.sprig.dates import DATES, DATES_NOW
from transpiler.engine.tags.sprig.numbers import NUMBERS
from transpiler.engine.tags.sprig.others import OTHERS
from transpiler.engine.tags.sprig.random import ABSENT, RANDOM, absent
from transpiler.engine.tags.sprig.strings import STRINGS
from transpiler.engine.tags.sprig.typed import typed
from transpiler.engine.tags.values import Function


def sprig_functions() -> dict[str, Function]:
    """Name → function."""
    pure = {**STRINGS, **NUMBERS, **COLLECTIONS, **DATES, **OTHERS}
    found = {name: typed(name, signature, call) for name, (signature, call) in pure.items()}
    for name, (signature, call) in {**DATES_NOW, **RANDOM}.items():
        found[name] = typed(name, signature, call, needs_run=True)
    return found | {name: Function(name, absent(name)) for name in ABSENT}
