"""The command line of `completion`."""

from __future__ import annotations

import argparse

EXAMPLES = """\
to install it:
  bash        transpile completion bash > ~/.local/share/bash-completion/completions/transpile
  zsh         transpile completion zsh > ~/.zfunc/_transpile     with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc
  fish        transpile completion fish > ~/.config/fish/completions/transpile.fish
  powershell  transpile completion powershell >> $PROFILE

for this session alone:
  eval "$(transpile completion bash)"
"""
SHELLS = ("bash", "zsh", "fish", "powershell")


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument("shell", metavar="SHELL", choices=SHELLS, help=f"one of {', '.join(SHELLS)}")
