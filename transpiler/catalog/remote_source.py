"""A remote reference → the location of the component, and the path of its local copy. Opens no files.

References are validated character by character: they reach `git`, an HTTP server and the file system.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from transpiler.catalog.files import COMPONENT_FILE, SUFFIXES, Unreadable
from transpiler.model.task import ComponentReference
from transpiler.patterns import regex

VENDOR: Final = PurePosixPath("vendor/components")
"""The folder for copies of remote components, below the root."""

_HOST: Final = (
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]{1,5})?"
)
_MAX_LENGTH: Final = 4_096
"""As long as Linux allows a path to be."""
_GIT: Final = regex(r"(?P<host>[^/@\s]*\.[^/@\s]*)/(?P<path>[^@]+)@(?P<ref>.+)", re.DOTALL)
_WITHOUT_REF: Final = regex(r"[\w-]+(\.[\w-]+)+(:\d+)?/[^@]+")
_SEGMENT: Final = regex(r"(?![- ])[A-Za-z0-9_.+~=,() -]{1,100}(?<![. ])")
_REF: Final = regex(r"[A-Za-z0-9_][A-Za-z0-9_.+/-]{0,99}")
_NO_REF: Final = regex(r"\.\.|//|/\.|\.lock(/|$)|[./]$|/-")
"""Refs that match `_REF` but are refused by `git check-ref-format`."""
_URL: Final = regex(rf"https?://(?P<host>{_HOST})(?P<path>/[!$-;=@-Z_a-z~]*)(?P<query>\?[!$-;=?-Z_a-z~]*)?")
_USER: Final = regex(r"(?!ssh://[^/?#:@]*@)(?:[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*|[^/@\s]*:[^/@\s]+)@")
_SECRET_QUERY: Final = regex(
    r"(?i)[?&]([^=&]*[-_])?(token|sig|signature|password|passwd|secret|credential|auth|(api|access)[-_]?key)="
)
_SSH: Final = regex(r"[\w.-]+@[\w.-]+:|\w+::")
_UNQUOTED: Final = regex(r"[^A-Za-z0-9_.+~-]")


class GitSource(Struct, frozen=True):
    """`host/owner/repo/sub/path@ref`: a file in a Git repository that is read over https."""

    host: str
    repository: str
    path: str
    """As in the reference: a folder stands for its component.yaml; empty, for that of the repository's top folder."""
    ref: str

    @property
    def key(self) -> str:
        """The reference, in the one form that the lock uses."""
        return f"{'/'.join(filter(None, (self.host, self.repository, self.path)))}@{self.ref}"

    @property
    def file(self) -> str:
        """The path of the file in the repository."""
        return _file(self.path)

    @property
    def name(self) -> str:
        """The fallback name of a component without a name."""
        return _name(self.file) or self.repository.rpartition("/")[2].removesuffix(".git")

    @property
    def copy(self) -> PurePosixPath:
        """The path of the copy, below the root."""
        return _copy(*self.key.replace(":", "%3A").split("/"), COMPONENT_FILE)

    def is_beside(self, key: str) -> bool:
        """True for the key of a file in the same repository, at the same ref."""
        place, _, ref = key.partition("@")
        own = f"{self.host}/{self.repository}/"
        is_other = ".git/" in f"{place}/".removeprefix(own)
        return ref == self.ref and f"{place}/".startswith(own) and not is_other

    def beside(self, path: str) -> GitSource:
        """The target of a relative path in this file: a file of the same repository, at the same ref."""
        return replace(self, path=_folder(_relative(self.file, path)))


class UrlSource(Struct, frozen=True):
    """`https://…`: a file that an HTTP server gives."""

    url: str

    @property
    def key(self) -> str:
        """The reference, in the one form that the lock uses."""
        return self.url

    @property
    def name(self) -> str:
        """The fallback name of a component without a name."""
        return _name(self.url.partition("?")[0].partition("://")[2])

    @property
    def copy(self) -> PurePosixPath:
        """The path of the copy, below the root: the same path as on the server."""
        _, _, rest = self.url.partition("://")
        return _copy(*map(_quoted, _split(rest)))

    def beside(self, path: str) -> UrlSource:
        """The target of a relative path in this file: a file of the same server."""
        head, _, rest = self.url.partition("?")[0].partition("://")
        host, _, own = rest.partition("/")
        return UrlSource(f"{head}://{host}/{_file(_relative(own, path)).replace(' ', '%20')}")


Remote = GitSource | UrlSource


def remote_source(reference: ComponentReference) -> Remote | None:
    """Where the reference leads to on another machine; None when it names something here.

    Raises Unreadable for one that leads elsewhere in a way that is not supported.
    """
    if "sha256:" in reference.tag:
        return None  # an invalid digest is reported by the locator
    text = reference.url or (f"{reference.name}@{reference.tag}" if reference.tag else reference.name)
    if len(text) > _MAX_LENGTH:
        raise Unreadable("remote-reference", f"a reference has at most {_MAX_LENGTH:,} characters", _FORMS)
    if _USER.match(text) or _SECRET_QUERY.search(text):
        hint = "delete and revoke them; published components need none, and others belong in a catalog folder"
        raise Unreadable("secret-in-manifest", "the url contains credentials", hint)
    if reference.url:
        return _url_source(reference.url)
    if "://" in text or _SSH.match(text):
        raise Unreadable("remote-reference", f"`{text}` does not use https", _FORMS)
    found = _GIT.fullmatch(text)
    return _git_source(found, text) if found and "/" in found["path"] else None


def lacks_ref(name: str) -> bool:
    """True for a name that is a Git reference but for its `@ref`."""
    return len(name) <= _MAX_LENGTH and bool(_WITHOUT_REF.fullmatch(name)) and name.count("/") > 1


_FORMS: Final = "write host/owner/repo/path@ref, or https://host/path/component.yaml"


def _git_source(found: re.Match[str], text: str) -> GitSource:
    host, ref = found["host"].lower(), found["ref"]
    segments = found["path"].split("/")
    if not _is_host(host):
        raise Unreadable("remote-reference", f"`{host}` in `{text}` is not a host", _FORMS)
    for segment in segments:
        if not _SEGMENT.fullmatch(segment) or segment.lower() == ".git":
            message = f"`{segment}` in `{text}` is not a valid part of a path in a Git repository"
            raise Unreadable("remote-reference", message, _FORMS)
    if not _REF.fullmatch(ref) or _NO_REF.search(ref):
        raise Unreadable("remote-reference", f"`{ref}` in `{text}` is not a tag, branch or commit", _FORMS)
    ends = [number for number, segment in enumerate(segments, 1) if number > 1 and segment.endswith(".git")]
    end = ends[0] if ends else 2
    return GitSource(host, "/".join(segments[:end]), _folder("/".join(segments[end:])), ref)


def _url_source(url: str) -> UrlSource:
    if not url.startswith(("https://", "http://")):
        local = "write a path or a catalog name as a string, or as `name:`; it is not a url"
        hint = _FORMS if "://" in url else local
        raise Unreadable("remote-reference", f"`{url}` is not an https url", hint)
    found = _URL.fullmatch(url)
    segments = _split(found["path"] + (found["query"] or "")) if found else []
    if (
        not found
        or not _is_host(found["host"])
        or any(set(each) <= {"."} or len(_quoted(each)) > 200 for each in segments)
    ):
        hint = "write https://host/path/component.yaml, with special characters as %XX"
        raise Unreadable("remote-reference", f"`{url}` is not the url of a file", hint)
    return UrlSource(url.replace(found["host"], found["host"].lower(), 1))


def _is_host(text: str) -> bool:
    name, _, port = text.partition(":")
    return bool(re.fullmatch(_HOST, text)) and len(name) < 254 and (not port or 0 < int(port) < 65536)


def _split(path: str) -> list[str]:
    """The segments of a path, the last one with the query; an empty one is `.`, which is refused."""
    head, mark, query = path.partition("?")
    segments = [each or "." for each in head.removeprefix("/").split("/")]
    return [*segments[:-1], segments[-1] + mark + query]


def _relative(file: str, path: str) -> str:
    """A path beside a file, without leaving the top folder; empty for the top folder itself."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
    if joined == ".":
        return ""
    sound = all(each in {"", ".", ".."} or _SEGMENT.fullmatch(each) for each in path.split("/"))
    if not sound or joined.startswith(("../", "/")) or joined == "..":
        message = f"`{path}` leads outside the repository or server of the component that names it"
        raise Unreadable("outside-root", message, "a remote component can use only files beside it")
    return joined


def _file(path: str) -> str:
    """The file at a path; a folder stands for its component.yaml."""
    return path if path.endswith((".yaml", ".yml")) else posixpath.join(path, COMPONENT_FILE)


def _name(file: str) -> str:
    """The name of a file, or of its folder if that is more specific; empty in the top folder."""
    path = PurePosixPath(file)
    return path.parent.name if path.name == COMPONENT_FILE else path.stem


def _folder(path: str) -> str:
    """A path in one form: the component.yaml of a folder is written as the folder."""
    return "" if path == COMPONENT_FILE else path.removesuffix(f"/{COMPONENT_FILE}")


def _copy(*segments: str) -> PurePosixPath:
    """A path below the folder of copies, which is never that of a folder on the way to another copy.

    Only files have a YAML extension: others get a `%23` (a url contains no `#`), and folders with one a `%2F`.
    """
    *folders, file = segments
    return VENDOR.joinpath(*map(_folder_name, folders), file if _is_yaml(file) else f"{file}%23")


def _folder_name(segment: str) -> str:
    if segment.lower() == ".git":
        return f"%2E{segment[1:]}"  # Git would take it for a repository
    return f"{segment}%2F" if _is_yaml(segment) else segment


def _is_yaml(name: str) -> bool:
    return PurePosixPath(name.lower()).suffix in SUFFIXES


def _quoted(segment: str) -> str:
    return _UNQUOTED.sub(lambda found: f"%{ord(found.group()):02X}", segment)
