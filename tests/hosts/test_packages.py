"""The packages of a release: what is in them, and that they work where they are installed."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.hosts.repositories import copy_of_ours
from tests.judges import ci

NEEDED = {
    "transpiler/py.typed",
    "transpiler/rules/cycle.md",
    "transpiler/schemas/pipeline.schema.json",
    "transpiler/schemas/component.schema.json",
    "transpiler/schemas/argo.schema.json",
}
PACKAGE_INDEX = pytest.mark.skipif(ci.python() is None, reason="needs a package index, which .ci/run has")


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An sdist of our files without Git, and a wheel of that sdist."""
    source, target = copy_of_ours(tmp_path_factory.mktemp("source")), tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return target


def test_a_wheel_for_every_python_and_system(packages: Path) -> None:
    (wheel,) = packages.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = next(archive.read(name).decode() for name in names if name.endswith("/METADATA"))
    assert names >= NEEDED
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"transpiler", "argo_transpile"}
    assert "Requires-Python: >=3.11" in metadata
    assert "License-Expression: Apache-2.0" in metadata


def test_an_sdist_has_all_that_a_wheel_needs_and_the_tests(packages: Path) -> None:
    (sdist,) = packages.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        assert all(member.isfile() or member.isdir() for member in archive.getmembers())
    assert names >= {"LICENSE", "README.md", "pyproject.toml", "schemas/pipeline.schema.json", "tests/conftest.py"}
    assert not [name for name in names if name.startswith((".venv", ".cache", ".git/"))]


def install(folder: Path, *words: str | Path) -> Path:
    """The command, in a fresh environment with what `pip install` makes of these words."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *words], check=True, capture_output=True, timeout=600)
    subprocess.run([*pip, "check"], check=True, capture_output=True)
    return folder / "bin" / "transpile"


def use(command: Path, folder: Path) -> None:
    """Check and compile samples, far away from our files; what is deprecated is an error."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TRANSPILE"))}
    environment["PYTHONWARNINGS"] = "error::DeprecationWarning"
    samples = REPOSITORY / "samples"
    version = subprocess.run([command, "--version"], check=True, capture_output=True, text=True, env=environment)
    assert "YAML reader: libyaml" in version.stdout
    for words in (
        ["check", "--strict", samples / "add", samples / "ml", samples / "pipelines"],
        ["compile", samples / "add" / "pipeline.yaml", "-o", folder / "workflow.yaml"],
        ["explain", "cycle"],
        ["catalog", "docs", samples / "add", "-o", folder / "site"],
    ):
        subprocess.run([command, *words], cwd=folder, env=environment, check=True, capture_output=True, timeout=300)
    made = (folder / "workflow.yaml").read_text(encoding="utf-8").partition("\n")[2]
    assert made == (samples / "add" / "workflow.yaml").read_text(encoding="utf-8").partition("\n")[2]


@PACKAGE_INDEX
@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_a_package_works_where_it_is_installed(kind: str, packages: Path, tmp_path: Path) -> None:
    use(install(tmp_path / "environment", next(packages.glob(kind))), tmp_path)


@PACKAGE_INDEX
def test_the_lowest_versions_of_dependencies_do(packages: Path, tmp_path: Path) -> None:
    lowest = subprocess.run([sys.executable, REPOSITORY / ".ci" / "lowest.py"], check=True, capture_output=True)
    (tmp_path / "constraints.txt").write_bytes(lowest.stdout)
    wheel = next(packages.glob("*.whl"))
    use(install(tmp_path / "environment", "--constraint", tmp_path / "constraints.txt", wheel), tmp_path)
