"""What a function does not say itself of the component that is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

DEFAULT_IMAGE: Final = "python:3.12-slim"


class Settings(Struct, frozen=True):
    """`image`, empty: what a decorator says, else the default. `name`, empty: made from the function's."""

    image: str = ""
    packages: tuple[str, ...] = ()
    name: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)
