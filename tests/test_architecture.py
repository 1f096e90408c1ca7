"""What ARCHITECTURE.md and CONTRIBUTING.md claim of the code: its stages in their order, and where things stand."""

from __future__ import annotations

import re

import pytest

from tests.conftest import REPOSITORY
from tests.test_layers import PACKAGE, WAY

ARCHITECTURE = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8")
MAP = ARCHITECTURE.split("```")[1]
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|toml))`")


def test_the_map_has_the_stages_in_their_order() -> None:
    assert re.findall(r"^  (\w+)", MAP.partition("\n\n")[0], re.MULTILINE) == list(WAY)


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_path_is_there(page: str) -> None:
    """A path counts from the repository or the package; a bare name is a file of the room named before it."""
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    room, missing = PACKAGE, []
    for path in PATH.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        found = [home / path for home in (REPOSITORY, PACKAGE, room) if (home / path).exists()]
        if not found and not re.search(r"[A-Z]{4}", path):  # NAME stands for any
            missing.append(path)
        elif found:
            room = found[0] if found[0].is_dir() else found[0].parent
    assert not missing


def test_it_is_short() -> None:
    assert len(ARCHITECTURE.splitlines()) < 230
