"""A real `kubectl` as a judge of what is sent to a cluster: any version of the last years will do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess


class NoKubectlError(Exception):
    """There is no kubectl here, and judges are required."""


def is_at_hand() -> bool:
    """True if there is a kubectl on PATH. Raises NoKubectlError where judges are required and there is none."""
    found = shutil.which("kubectl") is not None
    if not found and os.environ.get("TRANSPILE_REQUIRE_JUDGES"):
        raise NoKubectlError("no kubectl on PATH: apt-get install kubernetes-client")
    return found


def version() -> tuple[int, int]:
    """The version of the kubectl on PATH, such as 1.31."""
    done = subprocess.run(["kubectl", "version", "--client", "--output=json"], capture_output=True, check=True)
    found = json.loads(done.stdout)["clientVersion"]
    return int(found["major"]), int(re.sub(r"\D", "", found["minor"]))
