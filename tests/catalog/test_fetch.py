"""Fetching from servers and with references that mean harm: each is refused with a diagnostic, and reaches nothing."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY, Transpile
from tests.support.servers import Handler, Repository, Server, running, unused_port

LOAD = "implementation: {container: {image: 'alpine:3.20', command: [load]}}\n"
Problems = list[tuple[str, str]]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    folder = tmp_path / "desk"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    with running(tmp_path / "served") as server:
        yield server


@pytest.fixture
def repository(server: Server, tmp_path: Path) -> Repository:
    return Repository(server.repositories / "acme" / "components.git", tmp_path / "checkout")


@pytest.fixture
def lock(server: Server, transpile: Transpile) -> Callable[..., Problems]:
    """Lock a manifest with one reference: code and message of each problem, which stands at the reference."""

    def run(reference: str, *options: str, allow: bool = True) -> Problems:
        Path("pipeline.yaml").write_text(f'name: x\ntasks:\n  a:\n    component: "{reference}"\n')
        given = [*options, *(server.options if allow else [])]
        done = transpile("lock", "pipeline.yaml", "--format", "json", *given)
        assert done.code == (1 if done.problems else 0)
        assert Path("transpile.lock").exists() != bool(done.problems), "nothing is written when something is wrong"
        for each in done.problems:
            assert (each["file"], each["line"], bool(each["hint"])) == ("pipeline.yaml", 4, True)
        return [(each["code"], each["message"]) for each in done.problems]

    return run


# ------------------------------------------------------------------ where a host leads

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "192.0.2.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00:ec2::254", "ff02::1", "fec0::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """A name service: host → its answers, in turn; the last one stays. Other names are looked up as ever."""
    answers: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *rest: Any, **more: Any) -> Any:
        if host not in answers:
            return real(host, port, *rest, **more)
        given = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port)) for each in given]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return answers


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were connected to; nobody answers there."""
    tried: list[str] = []

    def refuse(address: tuple[str, int], **_: object) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("reference", ["https://inside.example/x.yaml", "inside.example/acme/components/x@v1"])
def test_addresses_that_are_not_public(
    reference: str, address: str, lock: Callable[..., Problems], names: dict[str, list[list[str]]], connected: list[str]
) -> None:
    names["inside.example"] = [["93.184.215.14", address]]
    says = f"`inside.example` has the address {address}, which is not on the public Internet"
    assert lock(reference, allow=False) == [("fetch-failed", says)]
    assert connected == []


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_addresses_that_are_public(
    address: str, lock: Callable[..., Problems], names: dict[str, list[list[str]]], connected: list[str]
) -> None:
    names["example.com"] = [[address]]
    says = "cannot fetch `https://example.com/x.yaml`: Connection refused"
    assert lock("https://example.com/x.yaml", allow=False) == [("fetch-failed", says)]
    assert connected == [address]


def test_the_address_that_was_checked_is_the_one_that_is_used(
    lock: Callable[..., Problems], names: dict[str, list[list[str]]], connected: list[str]
) -> None:
    """A name that answers with a public address first and with a private one when it is asked again."""
    names["rebind.example"] = [["93.184.215.14"], ["127.0.0.1"]]
    assert [code for code, _ in lock("https://rebind.example/x.yaml", allow=False)] == ["fetch-failed"]
    assert connected == ["93.184.215.14"]
    assert names["rebind.example"] == [["127.0.0.1"]], "asked once"


def test_git_connects_to_the_address_that_was_checked(
    server: Server, repository: Repository, lock: Callable[..., Problems], names: dict[str, list[list[str]]]
) -> None:
    """git itself would not find this host: it is told the address."""
    repository.commit({"load/component.yaml": LOAD}, tag="v1")
    host = f"only.here.invalid:{server.server_port}"
    names["only.here.invalid"] = [["127.0.0.1"], ["192.0.2.1"]]
    assert lock(f"{host}/acme/components/load@v1", "--allow-http", host) == []
    assert {headers["Host"] for _, _, headers in server.asked} == {host}


def test_hosts_that_are_allowed_are_named_with_their_port(server: Server, lock: Callable[..., Problems]) -> None:
    server.files["/x.yaml"] = LOAD.encode()
    url = f"http://{server.host}/x.yaml"
    assert lock(url, allow=False) == [("remote-reference", f"`{url}` is not an https url")]
    assert [code for code, _ in lock(url, "--allow-host", server.host, allow=False)] == ["remote-reference"]
    assert [code for code, _ in lock(url, "--allow-http", "127.0.0.1", allow=False)] == ["remote-reference"]
    assert server.asked == []
    assert lock(url) == []


def test_an_https_url_of_a_host_that_is_asked_over_http(server: Server, transpile: Transpile) -> None:
    Path("pipeline.yaml").write_text(f"name: x\ntasks: {{a: {{component: 'https://{server.host}/x.yaml'}}}}\n")
    (problem,) = transpile("lock", "--format", "json", *server.options).problems
    assert "is an https url, but --allow-http selects" in problem["message"]
    assert problem["hint"] == f"write http://, or remove --allow-http {server.host}"


def test_a_number_is_an_address_too(server: Server, lock: Callable[..., Problems]) -> None:
    for host in ("2130706433", "0x7f.1", "127.1", "localhost"):
        ((code, message),) = lock(f"https://{host}:{server.server_port}/x.yaml", allow=False)
        assert (code, "not on the public Internet" in message) == ("fetch-failed", True), host
    assert server.asked == []


# ------------------------------------------------------------------ what an HTTP server answers


def raw(data: bytes) -> Callable[[Handler], None]:
    def answer(handler: Handler) -> None:
        handler.wfile.write(data)

    return answer


def redirect(to: str) -> Callable[[Handler], None]:
    return lambda handler: handler.send(302, {"Location": to}, b"")


def chunked(count: int) -> Callable[[Handler], None]:
    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for _ in range(count):
            handler.wfile.write(b"10000\r\n" + b"#" * 0x10000 + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    return answer


def lying(handler: Handler) -> None:
    """Promises less than it sends, then more."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(10**15))
    handler.end_headers()
    handler.wfile.write(b"#" * 2_000_000)
    handler.close_connection = True


def drip(start: bytes, stop: threading.Event) -> Callable[[Handler], None]:
    """A byte now and then, so that no single read takes long."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(start)
        while not stop.wait(0.05):
            handler.wfile.write(b"#")

    return answer


def test_redirects(server: Server, lock: Callable[..., Problems]) -> None:
    host, url = server.host, f"http://{server.host}/x.yaml"
    server.files |= {
        "/x.yaml": redirect("/y.yaml"),
        "/y.yaml": redirect(f"http://{host}/z.yaml"),
        "/z.yaml": LOAD.encode(),
    }
    assert lock(url) == []
    Path("transpile.lock").unlink()
    for place in (
        "http://169.254.169.254/latest/meta-data/",
        "https://example.com/x.yaml",
        f"http://127.0.0.1:{unused_port()}/x.yaml",
        f"http://localhost:{server.server_port}/z.yaml",
        f"http://bob:hunter2@{host}/z.yaml",
        f"https://{host}/z.yaml",
        "file:///etc/passwd",
        "//example.com/x",
        "ftp://example.com/x",
    ):
        server.files["/x.yaml"] = redirect(place)
        ((code, message),) = lock(url)
        assert code == "fetch-failed"
        assert "redirect" in message or "302" in message, place
        assert "hunter2" not in message
    server.files["/x.yaml"] = redirect("/x.yaml")
    server.asked.clear()
    assert [code for code, _ in lock(url)] == ["fetch-failed"]
    assert len(server.asked) < 10


def test_sizes(server: Server, lock: Callable[..., Problems]) -> None:
    answers: list[bytes | Callable[[Handler], None]] = [b"#" * 1_048_577, chunked(40), chunked(1_000_000), lying]
    for number, answer in enumerate(answers):
        server.files[f"/{number}.yaml"] = answer
        url = f"http://{server.host}/{number}.yaml"
        assert lock(url) == [("fetch-failed", f"cannot fetch `{url}`: more than 1,048,576 bytes")]


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: ", b""]
)
def test_a_server_that_drips(start: bytes, server: Server, lock: Callable[..., Problems]) -> None:
    stop = threading.Event()
    server.files["/x.yaml"] = drip(start, stop)
    url = f"http://{server.host}/x.yaml"
    assert lock(url, "--timeout", "0.5") == [("fetch-failed", f"cannot fetch `{url}`: the time limit is exceeded")]
    stop.set()


def test_other_answers(server: Server, lock: Callable[..., Problems]) -> None:
    url = f"http://{server.host}/x.yaml"
    answers: list[tuple[Callable[[Handler], None], str]] = [
        (lambda handler: handler.send(404, {}, b"\x1b[31mno"), "the server answered 404 Not Found"),
        (
            lambda handler: handler.send(401, {"WWW-Authenticate": "Basic realm=x"}, b""),
            "the server answered 401 Unauthorized",
        ),
        (lambda handler: handler.send(500, {}, b""), "the server answered 500 Internal Server Error"),
        (lambda handler: handler.send(799, {}, b""), "the server answered 799"),
        (lambda handler: setattr(handler, "close_connection", True), "the server closed the connection"),
        (raw(b"SSH-2.0-x\r\n\r\n"), "the server does not speak HTTP"),
    ]
    for answer, reason in answers:
        server.files["/x.yaml"] = answer
        assert lock(url) == [("fetch-failed", f"cannot fetch `{url}`: {reason}")]
    dead = f"127.0.0.1:{unused_port()}"
    says = f"cannot fetch `http://{dead}/x.yaml`: Connection refused"
    assert lock(f"http://{dead}/x.yaml", "--allow-http", dead) == [("fetch-failed", says)]
    ((code, message),) = lock("https://no-such-host.invalid/x.yaml")
    assert (code, message.startswith("the host `no-such-host.invalid` is not found")) == ("fetch-failed", True)


def test_what_is_no_component(server: Server, transpile: Transpile) -> None:
    """What comes is read like any component: mistakes stand at its lines, named as the copy would be."""
    server.files["/x.yaml"] = b"<!DOCTYPE html>\n<html><title>Log in</title></html>\n"
    Path("pipeline.yaml").write_text(f"name: x\ntasks:\n  a:\n    component: 'http://{server.host}/x.yaml'\n")
    done = transpile("lock", "--format", "json", *server.options)
    assert [(each["file"].rpartition("/")[2], each["line"]) for each in done.problems] == [("x.yaml", 1)]
    assert [each["file"] for each in done.problems[0]["related"]] == ["pipeline.yaml"]
    assert not Path("transpile.lock").exists()


def test_no_credentials_are_sent_or_kept(
    server: Server, lock: Callable[..., Problems], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files["/x.yaml"] = LOAD.encode()
    Path(".netrc").write_text("machine 127.0.0.1 login bob password hunter2\n")
    monkeypatch.setenv("HOME", str(Path.cwd()))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused_port()}")
    assert lock(f"http://{server.host}/x.yaml") == []
    Path("transpile.lock").unlink()
    ((_, _, headers),) = server.asked
    assert set(headers) == {"Host", "User-Agent", "Accept-Encoding", "Connection"}
    for url in (f"http://bob:hunter2@{server.host}/x.yaml", f"http://{server.host}/x.yaml?sig=hunter2"):
        assert lock(url) == [("secret-in-manifest", "the url contains credentials")]
    assert len(server.asked) == 1


def test_credentials_are_not_shown_by_other_mistakes(transpile: Transpile, server: Server) -> None:
    Path("pipeline.yaml").write_text("name: x\ntasks:\n  a: {componnet: 'https://bob:hunter2@example.com/x.yaml'}\n")
    for form in ("text", "concise", "json"):
        done = transpile("lock", "--format", form, *server.options)
        assert done.code == 1
        assert "hunter2" not in done.stdout + done.stderr


# ------------------------------------------------------------------ what a repository holds


def test_what_is_no_file(repository: Repository, server: Server, lock: Callable[..., Problems], tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("password: [hunter2\n")
    top = repository.checkout
    repository.commit({"load/component.yaml": LOAD, "large.yaml": "#" * 1_048_577})
    (top / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (top / "folder").symlink_to("load")
    (top / "dir.yaml").mkdir()
    (top / "dir.yaml" / "x").write_text("x")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'0' * 39}1,sub.yaml")
    repository.push(tag="v1")
    remote = f"{server.host}/acme/components/"
    for name, reason in (
        ("link.yaml", "`link.yaml` is a symbolic link"),
        ("dir.yaml", "`dir.yaml` is a folder"),
        ("folder", "there is no file `folder/component.yaml`"),
        ("laod", "there is no file `laod/component.yaml`"),
    ):
        assert lock(f"{remote}{name}@v1") == [("fetch-failed", f"`{remote}{name}@v1`: {reason}")]
    assert lock(f"{remote}large.yaml@v1") == [
        ("fetch-failed", f"`{remote}large.yaml@v1` has more than 1,048,576 bytes")
    ]
    assert lock(f"{remote}load@v2") == [("fetch-failed", f"`{remote}load@v2`: there is no tag or branch `v2`")]
    ((code, message),) = lock(f"{remote}load@{'0' * 40}")
    assert (code, "the server does not provide commit 0000" in message) == ("fetch-failed", True)
    ((code, message),) = lock(f"{server.host}/acme/nothing/load@v1")
    assert (code, "not found" in message) == ("fetch-failed", True)


def test_a_blob_is_no_commit(repository: Repository, server: Server, lock: Callable[..., Problems]) -> None:
    repository.commit({"load/component.yaml": LOAD}, tag="v1")
    blob = repository.git("rev-parse", "HEAD:load/component.yaml")
    reference = f"{server.host}/acme/components/load@{blob}"
    assert [code for code, _ in lock(reference)] == ["fetch-failed"]


def test_partial_and_whole_fetches(repository: Repository, server: Server, lock: Callable[..., Problems]) -> None:
    """A server that can leave blobs out sends one file; one that cannot sends the commit."""
    repository.commit({"load/component.yaml": LOAD, "a/component.yaml": LOAD + "#" * 1000}, tag="v1")
    for value in ("false", "true"):
        repository.git("config", "uploadpack.allowFilter", value, folder=repository.bare)
        assert lock(f"{server.host}/acme/components/load@v1") == []
        Path("transpile.lock").unlink()


def test_a_path_cannot_leave_the_repository(repository: Repository, server: Server, transpile: Transpile) -> None:
    for number, path in enumerate(("../../../x.yaml", "../../etc/passwd", "./a\\\\b", "../.git/../../config")):
        graph = f'implementation: {{graph: {{tasks: {{a: {{componentRef: {{name: "{path}"}}}}}}}}}}\n'
        repository.commit({"graph/component.yaml": graph}, tag=f"v{number}")
        Path("pipeline.yaml").write_text(
            f"name: x\ntasks:\n  a: {{component: '{server.host}/acme/components/graph@v{number}'}}\n"
        )
        done = transpile("lock", "--format", "json", *server.options)
        assert [each["code"] for each in done.problems] == ["outside-root"], path
        assert done.problems[0]["file"].endswith("graph@v0/component.yaml".replace("0", str(number)))


def test_names_of_a_component_from_elsewhere_mean_no_files_here(
    repository: Repository, server: Server, transpile: Transpile
) -> None:
    graph = "implementation: {graph: {tasks: {a: {componentRef: {name: secret.yaml}}}}}\n"
    repository.commit({"graph/component.yaml": graph, "graph/secret.yaml": LOAD}, tag="v1")
    Path("secret.yaml").write_text(LOAD)
    Path("pipeline.yaml").write_text(f"name: x\ntasks:\n  a: {{component: '{server.host}/acme/components/graph@v1'}}\n")
    done = transpile("lock", "--format", "json", *server.options)
    assert [each["code"] for each in done.problems] == ["missing-component"]


# ------------------------------------------------------------------ git, and what surrounds it


@pytest.mark.parametrize(
    "reference",
    [
        "--upload-pack=touch MARK;/acme/components@v1",
        "--upload-pack=touch MARK",
        "ext::sh -c touch% MARK",
        "ext::sh -c touch% MARK/a.b/c/d@v1",
        "127.0.0.1/acme/components/x@--upload-pack=touch MARK",
        "127.0.0.1/acme/components/x@$(touch MARK)",
        "127.0.0.1/acme/components/x@v1;touch MARK",
        "127.0.0.1/acme/$(touch MARK)/x@v1",
        "127.0.0.1/acme/--upload-pack=touch/x@v1",
        "file:///etc/passwd",
        "file://SERVED/acme/components.git",
        "git@127.0.0.1:acme/components/x@v1",
        "ssh://-oProxyCommand=touch MARK/x",
        "-oProxyCommand=touch.MARK/acme/components@v1",
        "https://-oProxyCommand=touch/x.yaml",
    ],
)
def test_references_that_would_run_something(
    reference: str, repository: Repository, server: Server, transpile: Transpile, tmp_path: Path
) -> None:
    repository.commit({"component.yaml": LOAD}, tag="v1")
    mark = tmp_path / "mark"
    text = reference.replace("MARK", str(mark)).replace("SERVED", str(server.repositories))
    Path("pipeline.yaml").write_text(f'name: x\ntasks:\n  a:\n    component: "{text}"\n')
    done = transpile("lock", "--format", "json", "--allow-http", "127.0.0.1", *server.options)
    ((code, line),) = [(each["code"], each["line"]) for each in done.problems]
    assert (code in {"remote-reference", "missing-component"}, line) == (True, 4)
    assert not mark.exists()
    assert server.asked == []


def test_settings_of_the_user_count_for_nothing(
    repository: Repository,
    server: Server,
    lock: Callable[..., Problems],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    repository.commit({"load/component.yaml": LOAD}, tag="v1")
    mark = tmp_path / "mark"
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {mark}\n")
    evil.chmod(0o755)
    (tmp_path / ".gitconfig").write_text(
        f'[core]\n\tfsmonitor = {evil}\n\tsshCommand = {evil}\n[credential]\n\thelper = "!{evil}"\n'
        f'[url "file://{tmp_path}/"]\n\tinsteadOf = http://{server.host}/\n[http]\n\tproxy = http://127.0.0.1:1\n'
    )
    for name, value in {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "GIT_ASKPASS": str(evil),
        "GIT_PROXY_COMMAND": str(evil),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{tmp_path}/.insteadOf",
        "GIT_CONFIG_VALUE_0": f"http://{server.host}/",
        "GIT_CONFIG_PARAMETERS": f"'core.fsmonitor'='{evil}'",
        "GIT_TEMPLATE_DIR": str(tmp_path),
        "GIT_DIR": str(tmp_path),
        "http_proxy": "http://127.0.0.1:1",
        "ALL_PROXY": "http://127.0.0.1:1",
    }.items():
        monkeypatch.setenv(name, value)
    assert lock(f"{server.host}/acme/components/load@v1") == []
    assert not mark.exists()


def test_git_servers_that_mean_harm(server: Server, repository: Repository, lock: Callable[..., Problems]) -> None:
    repository.commit({"load/component.yaml": LOAD}, tag="v1")
    reference = f"{server.host}/acme/components/load@v1"
    stop = threading.Event()
    slow = drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n\r\n001e#", stop)
    asks = "/acme/components{}/info/refs?service=git-upload-pack"
    other = f"http://localhost:{server.server_port}"
    for answer, reason in (
        (redirect(f"{other}{asks.format('.git')}"), "302"),
        (redirect("http://169.254.169.254/info/refs?service=git-upload-pack"), "302"),
        (lambda handler: handler.send(401, {"WWW-Authenticate": "Basic realm=x"}, b""), "could not read Username"),
        (b"<html>Log in</html>", "this is not a repository"),
        (slow, "the time limit is exceeded"),
    ):
        server.files |= {asks.format(".git"): answer, asks.format(""): answer}
        server.asked.clear()
        options = ["--timeout", "0.5"] if answer is slow else []
        ((code, message),) = lock(reference, *options)
        assert (code, reason in message) == ("fetch-failed", True), message
        assert {headers["Host"] for _, _, headers in server.asked} == {server.host}
    stop.set()


def test_a_repository_without_end(
    server: Server, repository: Repository, lock: Callable[..., Problems], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transpiler.fetch.command.MAX_REPOSITORY", 300_000)
    noise = os.urandom(1_000_000).hex()
    repository.commit({"load/component.yaml": LOAD, "noise": noise}, tag="v1")
    reference = f"{server.host}/acme/components/load@v1"
    assert lock(reference) == [("fetch-failed", f"cannot fetch `{reference}`: more than 300,000 bytes")]


@pytest.mark.parametrize("version", ["2.36.1", "1.8", "what"])
def test_an_old_git(
    version: str, lock: Callable[..., Problems], server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho git version {version}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    says = "git is too old: references to Git hosts need git 2.37 or newer"
    assert lock(f"{server.host}/acme/components/load@v1") == [("fetch-failed", says)]
    program.unlink()
    ((code, message),) = lock(f"{server.host}/acme/components/load@v1")
    assert (code, message) == ("fetch-failed", "cannot run `git`: No such file or directory")
    assert server.asked == []


def test_a_host_that_fails_is_asked_once(server: Server, transpile: Transpile) -> None:
    tasks = "".join(f"  t{number}: {{component: 'http://{server.host}/x.yaml'}}\n" for number in range(5))
    Path("pipeline.yaml").write_text(f"name: x\ntasks:\n{tasks}")
    server.files["/x.yaml"] = lambda handler: handler.send(500, {}, b"")
    done = transpile("lock", "--format", "json", *server.options)
    assert [each["line"] for each in done.problems] == [3, 4, 5, 6, 7]
    assert len(server.asked) == 1


# ------------------------------------------------------------------ https


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_certificates(
    server: Server,
    repository: Repository,
    lock: Callable[..., Problems],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    extra = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *extra], check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.files["/x.yaml"] = LOAD.encode()
    repository.commit({"load/component.yaml": LOAD}, tag="v1")
    url, reference = f"https://{server.host}/x.yaml", f"{server.host}/acme/components/load@v1"
    allowed = ["--allow-host", server.host]
    ((code, message),) = lock(url, *allowed, allow=False)
    assert (code, "its certificate is invalid" in message) == ("fetch-failed", True)
    ((code, message),) = lock(reference, *allowed, allow=False)
    assert (code, "certificate" in message) == ("fetch-failed", True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("GIT_SSL_CAINFO", str(certificate))
    for each in (url, reference):
        assert lock(each, *allowed, allow=False) == []
        Path("transpile.lock").unlink()
    assert "repository: https://" in (lock(reference, *allowed, allow=False) or Path("transpile.lock").read_text())


def test_progress_is_for_people(server: Server, repository: Repository) -> None:
    """On a terminal each fetch is announced; elsewhere nothing is."""
    repository.commit({"load/component.yaml": LOAD}, tag="v1")
    Path("pipeline.yaml").write_text(f"name: x\ntasks:\n  a: {{component: '{server.host}/acme/components/load@v1'}}\n")
    command = [sys.executable, "-m", "transpiler", "lock", *server.options]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == "wrote transpile.lock (1 component)\n"
    shown, terminal = os.openpty()
    subprocess.run(command, env=environment, stderr=terminal, check=True, timeout=60)
    os.close(terminal)
    said = os.read(shown, 10_000).decode()
    os.close(shown)
    assert f"asking {server.host}/acme/components for v1" in said
