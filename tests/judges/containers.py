"""Real container engines as judges: podman and docker, each with a store of its own, and an image from Debian.

The image has Python and busybox, and stands for images that the samples name. debootstrap fetches their packages
and what these need, and only unpacks them, which takes a quarter of the minute that a whole system takes. Another image
has busybox alone: each container gets a copy of the files of its image, for that works on every file system.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from tests.judges import store

SMALL: Final = "localhost/transpile-test:1"
"""The image of busybox alone."""
LARGE: Final = "localhost/transpile-python:1"
TAGS: Final = {"alpine:3.20": False, "python:3.12-slim": True, "python:3.12-alpine": True}
"""Images of samples, for which ours stand: True for the one with Python."""
PROGRAMS: Final = {"podman": ("podman", "runc"), "docker": ("docker", "dockerd")}
_MIRROR: Final = "http://deb.debian.org/debian"
_KEYS: Final = "/usr/share/keyrings/debian-archive-keyring.gpg"
_SCRIPT: Final = """\
mirror_style release
download_style apt
finddebs_style from-indices
variants - minbase
work_out_debs () { required="busybox-static python3"; base=""; }
first_stage_install () { extract $required; }
second_stage_install () { :; }
"""
_FOLDERS: Final = {"tmp": 0o1777, "dev": 0o755, "proc": 0o755, "sys": 0o755, "var": 0o755, "var/tmp": 0o1777}
"""Empty folders of an image, and their permissions."""
_LEFT_OUT: Final = ("debootstrap", "usr/include", "usr/share", "boot", *_FOLDERS)
_PATIENCE: Final = 60.0


class NoEngineError(Exception):
    """There is no such engine here, or it does not work, and judges are required."""


def unusable(name: str) -> str:
    """Why an engine cannot be used here, or the empty text. Raises NoEngineError where judges are required."""
    needed = (*PROGRAMS[name], *(() if _image_is_there() else ("debootstrap",)))
    missing = [each for each in needed if _path(each) is None]
    why = f"no {' and '.join(missing)} on PATH" if missing else ""
    if not why and _image() is None:
        why = "the image is not made yet: TRANSPILE_REQUIRE_JUDGES=1 makes it"
    if not why and name == "docker" and not _may_be_root():
        why = "dockerd has to be started by root"
    if why and os.environ.get("TRANSPILE_REQUIRE_JUDGES"):
        raise NoEngineError(f"{why}: apt-get install podman runc debootstrap docker.io")
    return why


@contextmanager
def started(name: str, home: Path) -> Iterator[Mapping[str, str]]:
    """An engine with a store in a folder and the image: the variables that let its program find it."""
    with _podman(home) if name == "podman" else _docker(home) as variables:
        environment = {**os.environ, **variables}
        image = _image()
        assert image is not None
        _run([name, "import", str(image), LARGE], environment)
        with NamedTemporaryFile(suffix=".tar") as small:
            _write_small(image, small)
            _run([name, "import", small.name, SMALL], environment)
        for tag, has_python in TAGS.items():
            full = f"docker.io/library/{tag}" if name == "podman" else tag
            _run([name, "tag", LARGE if has_python else SMALL, full], environment)
        yield variables


@contextmanager
def _podman(home: Path) -> Iterator[Mapping[str, str]]:
    """podman keeps all in files, so there is nothing to start."""
    home.mkdir(parents=True)
    (home / "storage.conf").write_text(
        f'[storage]\ndriver = "vfs"\ngraphroot = "{home}/store"\nrunroot = "{home}/run"\n', encoding="utf-8"
    )
    (home / "containers.conf").write_text(
        '[engine]\ncgroup_manager = "cgroupfs"\nruntime = "runc"\nevents_logger = "file"\n'
        f'tmp_dir = "{home}/tmp"\n'
        '[containers]\nnetns = "none"\nlog_driver = "k8s-file"\n'
        'default_ulimits = ["nofile=1000:1000", "nproc=1000:1000"]\n',
        encoding="utf-8",
    )
    (home / "registries.conf").write_text('unqualified-search-registries = ["docker.io"]\n', encoding="utf-8")
    yield {
        "CONTAINERS_STORAGE_CONF": str(home / "storage.conf"),
        "CONTAINERS_CONF": str(home / "containers.conf"),
        "CONTAINERS_REGISTRIES_CONF": str(home / "registries.conf"),
    }


@contextmanager
def _docker(home: Path) -> Iterator[Mapping[str, str]]:
    """A daemon of docker without a network, ended with the block."""
    home.mkdir(parents=True)
    (home / "daemon.json").write_text("{}", encoding="utf-8")
    words = [f"--config-file={home}/daemon.json", f"--data-root={home}/data", f"--exec-root={home}/exec"]
    words += [f"--pidfile={home}/pid", f"--host=unix://{home}/socket", f"--group={os.getgid()}"]
    words += ["--storage-driver=vfs", "--iptables=false", "--ip6tables=false", "--bridge=none"]
    variables = {"DOCKER_HOST": f"unix://{home}/socket", "DOCKER_CONFIG": str(home / "client")}
    with (home / "log").open("wb") as log:
        command = _as_root(["dockerd", *words])
        daemon = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            _wait_for(daemon, variables, home / "log")
            yield variables
        finally:
            subprocess.run(_as_root(["kill", str(daemon.pid)]), check=False)
            daemon.wait(_PATIENCE)


def _wait_for(daemon: subprocess.Popen[bytes], variables: Mapping[str, str], log: Path) -> None:
    """Wait until a daemon answers. Raises NoEngineError with the end of its log."""
    until = time.monotonic() + _PATIENCE
    while subprocess.run(
        ["docker", "ps"], env={**os.environ, **variables}, capture_output=True, check=False
    ).returncode:
        if daemon.poll() is not None or time.monotonic() > until:
            raise NoEngineError(f"dockerd does not answer: {log.read_text(encoding='utf-8')[-1000:]}")
        time.sleep(0.1)


def _run(words: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoEngineError(f"{' '.join(words)}: {done.stderr.strip()[-1000:]}")


# ---------------------------------------------------------------------- the image


def _image() -> Path | None:
    """The archive of the image, if it is there or judges are required."""
    return store.at_hand("container-image", _content(), _make_image, "Fetching packages of Debian for an image")


def _image_is_there() -> bool:
    return store.place("container-image", _content()).exists()


def _content() -> bytes:
    return f"{_SCRIPT} {_LEFT_OUT} {_FOLDERS}".encode()


def _make_image(target: Path) -> None:
    root, script = target.with_name("container-root"), target.with_name("container-script")
    _run(_as_root(["rm", "-rf", str(root)]), os.environ)
    script.write_text(_SCRIPT, encoding="utf-8")
    words = ["debootstrap", "--foreign", "--variant=minbase", f"--keyring={_KEYS}"]
    try:
        _run(_as_root([*words, "bookworm", str(root), _MIRROR, str(script)]), os.environ)
        with tarfile.open(target, "w") as archive:
            archive.add(root, "", filter=_kept)
            _add_links(archive, root)
    finally:
        script.unlink()
        _run(_as_root(["rm", "-rf", str(root)]), os.environ)


def _kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """A file of the image; None for one that no sample needs."""
    member.uid = member.gid = 0
    return None if member.name.startswith(_LEFT_OUT) else member


def _add_links(archive: tarfile.TarFile, root: Path) -> None:
    """The programs of busybox, `python`, and empty folders."""
    listed = subprocess.run([root / "bin" / "busybox", "--list"], capture_output=True, text=True, check=True).stdout
    links = {f"bin/{name}": "busybox" for name in listed.split() if not (root / "bin" / name).exists()}
    for name, target in {**links, "usr/bin/python": "python3"}.items():
        link = tarfile.TarInfo(name)
        link.type, link.linkname = tarfile.SYMTYPE, target
        archive.addfile(link)
    for name, mode in _FOLDERS.items():
        folder = tarfile.TarInfo(name)
        folder.type, folder.mode = tarfile.DIRTYPE, mode
        archive.addfile(folder)


def _write_small(image: Path, target: IO[bytes]) -> None:
    """The image of busybox alone, made of the other one."""
    with tarfile.open(image) as whole, tarfile.open(fileobj=target, mode="w") as archive:
        for member in whole:
            if member.name.startswith("bin/") or member.name in _FOLDERS:
                archive.addfile(member, whole.extractfile(member) if member.isfile() else None)
    target.flush()


# ---------------------------------------------------------------------- root


def _may_be_root() -> bool:
    return os.getuid() == 0 or subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0


def _as_root(words: list[str]) -> list[str]:
    path = [_path(words[0]) or words[0], *words[1:]]
    return path if os.getuid() == 0 else ["sudo", "-n", *path]


def _path(program: str) -> str | None:
    """A program, which may stand where only root looks."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
