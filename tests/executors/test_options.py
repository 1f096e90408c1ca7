"""Words for containers: of all, of a task by its path, and of a template."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.executors.bench import pod
from transpiler.executors.images.options import Options

OPTIONS = Options(("-a",), (("prepare/clean", "-b"), ("task", "-c"), ("clean", "-d")))


@pytest.mark.parametrize(
    ("name", "template", "words"),
    [
        ("p.prepare.clean", "x", ["-a", "-b"]),
        ("p.prepare(0:a.b)(1).clean(2:c)(0)", "x", ["-a", "-b"]),
        ("p.clean", "task", ["-a", "-c", "-d"]),
        ("p", "x", ["-a"]),
    ],
)
def test_a_task_gets_its_words_last(name: str, template: str, words: list[str]) -> None:
    assert OPTIONS.of(replace(pod(["x"]), name=name, template=template)) == words
