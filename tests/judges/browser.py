"""A real browser as a judge: Debian's Chromium without a window, driven through chromedriver (W3C WebDriver).

The protocol is JSON over HTTP on this machine, so it needs no library. What the browser complains about on its console,
and what it asks a network for, is kept and can be asked.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.request import ProxyHandler, Request, build_opener

PROGRAMS: Final = ("chromium", "chromedriver")
_FLAGS: Final = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
).split()
_OPENER: Final = build_opener(ProxyHandler({}))  # the driver is on this machine, whatever the environment says
KEYS: Final = {
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Down": "\ue015",
    "Up": "\ue013",
    "Left": "\ue012",
    "Right": "\ue014",
    "Tab": "\ue004",
}


class NoBrowserError(Exception):
    """There is no browser here, and judges are required."""


def is_at_hand() -> bool:
    """Can a browser be started here? Raises NoBrowserError where judges are required and it cannot."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing and os.environ.get("TRANSPILE_REQUIRE_JUDGES"):
        raise NoBrowserError(f"no {' and '.join(missing)} on PATH: apt-get install chromium chromium-driver")
    return not missing


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser with a fresh profile, ended with the block."""
    command = ["chromedriver", "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as driver:
        try:
            assert driver.stdout is not None
            port = next(found[1] for line in driver.stdout if (found := re.search(r"successfully on port (\d+)", line)))
            started = Browser(f"http://127.0.0.1:{port}", profile)
            try:
                yield started
            finally:
                started.call("DELETE", "")
        finally:
            driver.terminate()


class Browser:
    """One window."""

    def __init__(self, driver: str, profile: Path) -> None:
        """Open a window, with its console and network events kept."""
        self._driver = f"{driver}/session"
        self._session = ""
        wanted = {
            "goog:chromeOptions": {
                "binary": shutil.which(PROGRAMS[0]),
                "args": [*_FLAGS, f"--user-data-dir={profile}"],
            },
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        self._session = f"/{self.call('POST', '', {'capabilities': {'alwaysMatch': wanted}})['sessionId']}"

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One WebDriver command; its value."""
        data = None if method != "POST" else json.dumps(body or {}).encode()
        request = Request(
            f"{self._driver}{self._session}{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with _OPENER.open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def devtools(self, command: str, **parameters: Any) -> Any:
        """One command of the DevTools protocol."""
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, address: str) -> None:
        """Go to an address, and wait until it is loaded."""
        self.call("POST", "/url", {"url": address})

    @property
    def address(self) -> str:
        """Where the window is."""
        return str(self.call("GET", "/url"))

    def run(self, script: str, *arguments: Any) -> Any:
        """What a function body returns that runs in the page."""
        return self.call("POST", "/execute/sync", {"script": script, "args": arguments})

    def press(self, *keys: str) -> None:
        """Press keys, by name or character, one after the other."""
        presses = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": presses}]})

    def click(self, selector: str) -> None:
        """Click the first element that a CSS selector finds."""
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})
        self.call("POST", f"/element/{next(iter(found.values()))}/click")

    def resize(self, width: int, height: int) -> None:
        """Show the page at a size, as a device of that size would."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )

    def prefer(self, scheme: str) -> None:
        """Ask for `light` or `dark` colours."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.devtools("Emulation.setEmulatedMedia", features=features)

    def complaints(self) -> list[str]:
        """What has come to the console since the last call."""
        return [each["message"] for each in self.call("POST", "/se/log", {"type": "browser"})]

    def requests(self) -> list[str]:
        """The addresses that were asked for since the last call, those on the disk too."""
        events = [
            json.loads(each["message"])["message"] for each in self.call("POST", "/se/log", {"type": "performance"})
        ]
        asked = [
            event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"
        ]
        return [address for address in asked if not address.startswith("data:")]

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """Save what the window shows, or the whole page, as PNG."""
        taken = self.devtools("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(taken))


@contextmanager
def quiet(window: Browser) -> Iterator[None]:
    """A window as it is at first; at the end it has complained of nothing, and asked for nothing but opened files."""
    window.resize(1280, 900)
    window.prefer("light")
    window.open("about:blank")
    window.complaints()
    window.requests()
    yield
    assert window.complaints() == []
    assert [address for address in window.requests() if not address.startswith(("file:", "about:"))] == []
