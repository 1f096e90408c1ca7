"""The template of objects: compiled ahead by Jinja, and quoting by construction."""

from __future__ import annotations

from inspect import unwrap
from pathlib import Path

import jinja2
import pytest
from ruamel.yaml import YAML

from transpiler.render import object_template
from transpiler.render.precompile import compiled
from transpiler.render.render import TEMPLATE, _template, environment, render

NODE = {
    "kind": "Workflow",
    "on": {"a: b": "x\ny", "empty": {}, "none": [], "list": [["a", {"b": [1, True, None]}], {"on": "on", "c": "d"}]},
    "spec": [{"text": "  indented\n\n", "other": "#"}, "a\tb\x07", 0.5],
}


def test_the_compiled_template_is_what_jinja_makes_of_its_source() -> None:
    if jinja2.__version__ != object_template.JINJA:
        pytest.skip(f"compiled by Jinja {object_template.JINJA}, and {jinja2.__version__} is installed")
    made = Path(object_template.__file__).read_text(encoding="utf-8")
    assert made == compiled(), "run: python -m transpiler.render.precompile > transpiler/render/object_template.py"


def test_the_source_and_the_compiled_template_give_one_text() -> None:
    assert environment().get_template(TEMPLATE).render(object=NODE) == render(NODE)


def test_another_jinja_compiles_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = render(NODE)
    monkeypatch.setattr(object_template, "JINJA", "0.0")
    monkeypatch.setattr(object_template, "root", None)
    monkeypatch.setattr("transpiler.render.render._template", unwrap(_template))
    assert render(NODE) == expected


def test_every_reader_gets_back_what_was_rendered() -> None:
    assert YAML(typ="safe", pure=True).load(render(NODE)) == NODE


@pytest.mark.parametrize("value", [object(), {1}, (1,), b"x"])
def test_what_yaml_has_no_scalar_for_is_a_fault(value: object) -> None:
    with pytest.raises(TypeError, match=type(value).__name__):
        render({"a": [{"b": value}]})
