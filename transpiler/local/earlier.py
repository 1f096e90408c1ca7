"""An earlier run of the same pipeline: the ends of its tasks, in the terms of a new run.

Ids of nodes and keys of files have the name of the run in them, and hashes of names of nodes, which start with it.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from transpiler.engine.names import node_id, pod_name
from transpiler.engine.protocol import Pod
from transpiler.local.again import worth_keeping
from transpiler.local.chosen import Way, way_of
from transpiler.local.folder import Kept, Plan, RunFolder
from transpiler.local.replay import replayed
from transpiler.runs.nodes import nodes_of, text

_CUT: Final = re.compile(r"[-._][^-._]*\Z")


class Found(Struct, frozen=True):
    """An end of an earlier run, in the terms of a new one, and the way to its task."""

    kept: Kept
    way: Way


class _Terms(Struct, frozen=True):
    """What of a pod and its end has names of the run in it. Values are what the program has left: they stay."""

    pod: Pod
    node: str
    files: dict[str, str]
    reads: dict[str, list[float]]


class Earlier:
    """A run that may have something for a new one."""

    def __init__(self, folder: RunFolder, plan: Plan) -> None:
        """Read its journal. Raises RunError, and RefusedError for one that this version cannot read."""
        self.name, self._folder = plan.info.name, folder
        replay = replayed(folder, plan)
        workflow = replay.engine.workflow()
        self._nodes = nodes_of(workflow)
        self._kept = worth_keeping(replay.pods, replay.ends, workflow, replay.taken_over)
        self._ways: dict[str, Way] = {}
        for key, kept in self._kept.items():
            node = replay.engine.node(kept.pod.name)
            self._ways[key] = way_of(node) if node is not None else ()

    def found(self, run: str) -> dict[str, Found]:
        """Its ends by the ids of the nodes in a new run of that name."""
        words = self._words(run)
        found = {}
        for key, kept in self._kept.items():
            terms = _Terms(kept.pod, key, kept.end.files, kept.reads)
            new = msgspec.json.decode(_written(msgspec.json.encode(terms).decode(), self.name, words), type=_Terms)
            keys = {new.files[name]: old for name, old in kept.end.files.items()}
            end = replace(kept.end, node=new.node, files=new.files)
            mine = Kept(new.pod, end, new.reads, kept.run or self.name, str(self._folder.path), keys)
            found[new.node] = Found(mine, self._ways[key])
        return found

    def _words(self, run: str) -> dict[str, str]:
        """Words with the name of this run in them → those of the new one."""
        words = {self.name: run}
        for node in self._nodes.values():
            name, template = text(node.get("name")), text(node.get("templateName"))
            new = name.replace(self.name, run)  # an item of a loop may be that name too
            words[node_id(self.name, name)] = node_id(run, new)
            words[pod_name(self.name, name, template)] = pod_name(run, new, template)
        return words


def _written(text: str, name: str, words: dict[str, str]) -> str:
    """A text with other words: the longest start of each word that is known."""

    def other(found: re.Match[str]) -> str:
        word = found[0]
        while word not in words:
            word = _CUT.sub("", word)
        return words[word] + found[0][len(word) :]

    return re.sub(rf"(?<![\w.-]){re.escape(name)}[\w.-]*", other, text)
