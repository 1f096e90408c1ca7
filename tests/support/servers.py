"""Servers on this machine for the tests of fetching: files over HTTP, Git repositories through git's own backend."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answer = Callable[["Handler"], None]
NOBODY = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


class Handler(BaseHTTPRequestHandler):
    """Answers with what the test put at a path, else with a Git repository."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        given = self.server.files.get(self.path)
        if callable(given):
            given(self)
        elif given is not None:
            self.send(200, {}, given)
        else:
            self.git()

    do_POST = do_GET  # noqa: N815 - http.server's name for it

    def send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def git(self) -> None:
        """`git http-backend`, which is a CGI program."""
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            capture_output=True,
            check=False,
            timeout=60,
            env={
                "PATH": os.environ["PATH"],
                **NOBODY,
                "GIT_PROJECT_ROOT": str(self.server.repositories),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            },
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        self.send(int(fields.pop("Status", "200").split()[0]), fields, content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Server(ThreadingHTTPServer):
    """A server on the loopback: `files` says what stands at a path, `asked` what was asked for."""

    daemon_threads = True

    def __init__(self, repositories: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.repositories = repositories
        self.files: dict[str, bytes | Answer] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def options(self) -> list[str]:
        """What lets `lock` and `vendor` reach it."""
        return ["--allow-http", self.host]

    def handle_error(self, request: object, client_address: object) -> None:
        """The other side may hang up: that is what some tests are about."""


@contextmanager
def running(repositories: Path) -> Iterator[Server]:
    server = Server(repositories)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


class Repository:
    """A bare repository that a server shows, and a checkout beside it to write commits in."""

    def __init__(self, bare: Path, checkout: Path) -> None:
        self.bare, self.checkout = bare, checkout
        bare.parent.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--bare", str(bare), folder=bare.parent)
        checkout.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main", str(checkout))

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder or self.checkout,
            env={**os.environ, **NOBODY},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str], *, tag: str = "", message: str = "x") -> str:
        """Commit files on `main`, and tag that; the hash."""
        for name, text in files.items():
            path = self.checkout / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self.push(tag, message)

    def push(self, tag: str = "", message: str = "x") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        if tag:
            self.git("tag", "--force", tag)
        self.git("push", "--quiet", "--force", str(self.bare), "main", "--tags")
        return self.git("rev-parse", "HEAD")

    def remove(self) -> None:
        shutil.rmtree(self.bare)


def unused_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
