"""The properties of a component that its function does not contain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

DEFAULT_IMAGE: Final = "python:3.12-slim"


class Settings(Struct, frozen=True):
    """An empty `image`: that of a decorator, or the default. An empty `name`: derived from the function."""

    image: str = ""
    packages: tuple[str, ...] = ()
    name: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)
