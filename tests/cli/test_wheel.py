"""What people install: the wheel holds everything that the command needs, wherever it is called from."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import REPOSITORY

RUN = """
import sys
sys.path.insert(0, sys.argv[1])
import transpiler
from transpiler.cli.main import main
assert transpiler.__file__.startswith(sys.argv[1])
sys.exit(main(sys.argv[2:]))
"""


def test_the_wheel_works_from_anywhere(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(REPOSITORY)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    wheel = next(tmp_path.glob("argo_transpile-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    for arguments, words in (
        (["schema", "pipeline"], "Pipeline manifest"),
        (["explain", "cycle"], "Wrong"),
        (["init", str(tmp_path / "project")], ""),
        (["catalog", "docs", str(REPOSITORY / "samples" / "add"), "-o", str(tmp_path / "site of all")], ""),
        (["compile", str(REPOSITORY / "samples" / "add" / "pipeline.yaml")], "kind: Workflow"),
    ):
        done = subprocess.run(
            [sys.executable, "-I", "-c", RUN, str(tmp_path / "site"), *arguments],
            check=True,
            capture_output=True,
            text=True,
            cwd="/",
            timeout=60,
        )
        assert words in done.stdout
    assert (tmp_path / "site of all" / "index.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_script_sees_the_types(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import transpiler\nreveal_type(transpiler.analyze('x.yaml').edges)\ntranspiler.nothing\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(script)]
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=300).stdout
    assert (REPOSITORY / "transpiler" / "py.typed").is_file()
    assert "tuple[transpiler.bindings.edges.Edge, ...]" in said
    assert 'has no attribute "nothing"' in said
