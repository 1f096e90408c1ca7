"""With what programs run on this machine: the executor, and what a cluster would have."""

from __future__ import annotations

import argparse
from pathlib import Path

from transpiler.cli.usage import UsageError
from transpiler.executors.images.options import Options
from transpiler.local.given import from_env_files, named
from transpiler.local.session import Means


def means_of(given: argparse.Namespace) -> Means:
    """What the command line says. Raises RunError, UsageError."""
    secrets = from_env_files(given.env_file)
    for name, values in named(given.secret, "--secret").items():
        secrets[name] = {**secrets.get(name, {}), **values}
    if given.store and not Path(given.store).is_dir():
        raise UsageError(f"--store: there is no folder `{given.store}`")
    store = Path(given.store).resolve() if given.store else None
    config_maps = named(given.config_map, "--config-map")
    return Means(given.executor, given.max_parallel, secrets, config_maps, _options(given), store)


def _options(given: argparse.Namespace) -> Options:
    """Words for containers. Raises UsageError."""
    pairs = [word.partition("=") for word in given.task_option]
    for name, _, word in pairs:
        if not name or not word:
            raise UsageError(f"--task-option: `{name}` needs a word: --task-option {name or 'TASK'}=--gpus=all")
    return Options(tuple(given.container_option), tuple((name, word) for name, _, word in pairs))
