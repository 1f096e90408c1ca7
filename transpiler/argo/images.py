"""The names of images, as container runtimes read them (distribution/reference)."""

from __future__ import annotations

from typing import Final

from transpiler.diagnostics import Hint
from transpiler.patterns import regex

_PART: Final = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL: Final = r"[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?"
_HOST: Final = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:]+\])"
_IMAGE: Final = regex(
    rf"(?:{_HOST}(?::[0-9]+)?/)?{_PART}(?:/{_PART})*"
    r"(?::[A-Za-z0-9_][-.A-Za-z0-9_]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]+)?"
)
_PLACEHOLDER: Final = regex(
    r"<[^<>]*>|\$\{?\(?[A-Za-z_]\w*\)?\}?|\[[A-Z_ -]+\]|%[A-Z_]+%"
    r"|[A-Z_]*(?:PLACEHOLDER|CHANGE_?ME|TODO|YOUR_?|PROJECT_ID)[A-Z_]*"
)
"""What templates and tutorials have in place of a name."""
FORM: Final = "write REGISTRY/NAME:TAG, with lower-case letters, digits, `.`, `_`, `-` and `/`"


def placeholder_in(image: str) -> str:
    """What stands in an image for a name that somebody has to fill in; empty if there is none."""
    found = _PLACEHOLDER.search(image)
    return found[0] if found else ""


def image_fault(image: str) -> str:
    """The hint for an image name that is invalid for container runtimes; empty for a valid one."""
    if "{{" in image or _IMAGE.fullmatch(image.strip()):
        return ""
    placeholder = placeholder_in(image)
    if placeholder:
        return f"`{placeholder}` is a placeholder that nobody has filled: write the real name in its place"
    if any(each.isspace() for each in image.strip()):
        return "write it without spaces: REGISTRY/NAME:TAG"
    name = image.partition("@")[0]
    first, slash, rest = name.partition("/")
    is_host = slash and (first == "localhost" or "." in first or ":" in first or first != first.lower())
    path = (rest if is_host else name).partition(":")[0]
    lower = image.replace(path, path.lower(), 1)
    if not _IMAGE.fullmatch(lower):
        return FORM
    return Hint(f"only the tag may have upper-case letters: write `{lower}`", lower, image, is_safe=True)
