"""What people install: the wheel holds everything that the command needs, wherever it is called from."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import REPOSITORY


def test_the_wheel_works_from_anywhere(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(REPOSITORY)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    wheel = next(tmp_path.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    for arguments, words in (
        (["schema", "pipeline"], "Pipeline manifest"),
        (["explain", "cycle"], "Wrong"),
        (["compile", str(REPOSITORY / "samples" / "add" / "pipeline.yaml")], "kind: Workflow"),
    ):
        command = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); from transpiler.cli.main import main; "
        done = subprocess.run(
            [sys.executable, "-c", f"{command}import transpiler; assert 'site' in transpiler.__file__; sys.exit(main({arguments!r}))"],
            check=True, capture_output=True, text=True, cwd="/", timeout=60,
        )  # fmt: skip
        assert words in done.stdout
