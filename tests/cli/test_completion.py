"""`transpile completion`: shells complete with the script that it prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Transpile
from transpiler.cli.main import main

Write = Callable[[dict[str, str]], Path]
Complete = Callable[[str, list[str]], set[str]]

IN_BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_shtab_transpile transpile "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""
IN_FISH = 'source $argv[1]; complete -C (string join " " -- $argv[2..-1])'
IN_ZSH = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; fpath=($1:h \\$fpath); autoload -Uz compinit; compinit -u -D; echo re''ady"
zpty -r shell seen '*ready*'
zpty -w -n shell "$2"$'\\t'$'\\t'
sleep 2
while zpty -r -t shell line; do print -r -- "$line"; done
zpty -d shell
"""
ESCAPES = r"\x1b\[[0-9;?]*[A-Za-z]|[\x07\x08]"


@pytest.fixture
def complete(write: Write, transpile: Transpile, tmp_path: Path) -> Complete:
    """What a shell offers for words, the last of which is begun, in a folder with some files."""
    folder = write({"pipeline.yaml": "", "pipeline.prod.yaml": "", "pipeline.dev.yaml": "", "parts/x.txt": ""})

    def offered(shell: str, words: list[str]) -> set[str]:
        if shutil.which(shell) is None:
            assert not os.environ.get("TRANSPILE_REQUIRE_JUDGES"), f"{shell} is missing"
            pytest.skip(f"{shell} is not installed")
        script = tmp_path / "_transpile"
        script.write_text(transpile("completion", shell).stdout, encoding="utf-8")
        programs = {"bash": ["bash", "-c", IN_BASH, "bash"], "fish": ["fish", "--no-config", "-c", IN_FISH, "--"]}
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "dumb"}
        command = ["zsh", "-f", "-c", IN_ZSH, "zsh", str(script), " ".join(words)]
        if shell != "zsh":
            command = [*programs[shell], str(script), *words]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        lines = done.stdout.replace("\r", "\n").splitlines()
        if shell == "zsh":
            return {word for line in lines for word in re.sub(ESCAPES, " ", line).split()}
        assert done.returncode == 0, done.stderr
        return {line.partition("\t")[0].strip() for line in lines if line.strip()}

    return offered


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["transpile", "co"], {"compile", "component", "completion"}),
        (["transpile", "catalog", "d"], {"docs", "diff"}),
        (["transpile", "compile", "--kind", "W"], {"Workflow", "WorkflowTemplate"}),
        (["transpile", "explain", "cycl"], {"cycle"}),
        (["transpile", "diff", "--env", ""], {"dev", "prod"}),
        (["transpile", "check", "pipe"], {"pipeline.yaml", "pipeline.prod.yaml", "pipeline.dev.yaml"}),
    ],
    ids=["commands", "actions", "choices", "codes", "environments", "files"],
)
def test_a_shell_completes(shell: str, words: list[str], expected: set[str], complete: Complete) -> None:
    found = complete(shell, words)
    if shell == "zsh":  # of which all is seen that it shows on its screen
        assert expected <= found
    else:
        assert found == expected


def test_powershell_has_a_script_too(transpile: Transpile) -> None:
    result = transpile("completion", "powershell")
    assert "Register-ArgumentCompleter" in result.stdout


def test_an_unknown_shell(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["completion", "zhs"])
    assert end.value.code == 2
    assert "did you mean `zsh`?" in capfd.readouterr().err
