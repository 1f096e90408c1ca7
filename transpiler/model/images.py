"""Images of an environment: a name or pattern, and what takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec import Struct

from transpiler.diagnostics import Span

DOCKER_HUB: Final = "docker.io/"
_LIBRARY: Final = "docker.io/library/"


class ImageName(NamedTuple):
    """An image in its two parts. The name is as containerd reads it: `python` is `docker.io/library/python`."""

    name: str
    rest: str
    """`:TAG`, `@DIGEST`, both or nothing."""


class ImageRule(Struct, frozen=True):
    """An entry of `images`."""

    pattern: str
    replacement: str
    span: Span

    @property
    def order(self) -> tuple[bool, int, str]:
        """The most specific first: names before patterns, the longest of both first."""
        return "*" in self.pattern, -len(self.pattern), self.pattern

    def applied(self, image: str) -> str | None:
        """The image that takes the place of another one; None if the entry is not about it."""
        return self._in_pattern(image) if "*" in self.pattern else self._by_name(image)

    def _by_name(self, image: str) -> str | None:
        mine, its = parted(self.pattern), parted(image)
        if its is None or mine is None or mine.name != its.name or (mine.rest and mine.rest != its.rest):
            return None
        new = parted(self.replacement)
        return self.replacement + ("" if new is None or new.rest else its.rest)

    def _in_pattern(self, image: str) -> str | None:
        before, _, after = self.pattern.partition("*")
        for form in (image, _written_out(image)):
            literal = form.partition("{{")[0]
            is_it = literal.startswith(before) and form.endswith(after) and len(form) >= len(before) + len(after)
            if is_it and (not after or "{{" not in form):
                return self.replacement.replace("*", form[len(before) : len(form) - len(after)])
        return None


def renamed(image: str, rules: Sequence[ImageRule]) -> str:
    """The image that the most specific rule makes of one. The rules come in their order."""
    return next((new for rule in rules if (new := rule.applied(image)) is not None), image)


def parted(image: str) -> ImageName | None:
    """The parts of an image; None if its name is known only in the run."""
    image = image.strip()
    path, at, digest = image.partition("@")
    slash = path.rfind("/")
    colon = path.find(":", slash + 1)
    name, tag = (path[:colon], path[colon:]) if colon >= 0 else (path, "")
    return None if "{{" in name or not name else ImageName(_normal(name), f"{tag}{at}{digest}")


def _written_out(image: str) -> str:
    """An image with its registry."""
    parts = parted(image)
    return image if parts is None else parts.name + parts.rest


def _normal(name: str) -> str:
    first, slash, _ = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        name = name.removeprefix("index.")
        return name.replace(DOCKER_HUB, _LIBRARY, 1) if name.count("/") == 1 and name.startswith(DOCKER_HUB) else name
    return f"{DOCKER_HUB}{name}" if slash else f"{_LIBRARY}{name}"
