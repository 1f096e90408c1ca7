"""docs/language.md says of expressions what the compiler knows: it is made from the same table, and tried."""

from __future__ import annotations

import re
from typing import Final

from tests.conftest import REPOSITORY
from tests.language.expressions import semantics
from tests.language.expressions.printer import printed
from tests.language.expressions.test_examples import MEANT
from tests.language.expressions.test_parser import parsed
from transpiler.build.expressions.parser import PRECEDENCE
from transpiler.model.expressions.functions import FUNCTIONS, Function
from transpiler.rules import rule

SECTION: Final = (
    (REPOSITORY / "docs" / "language.md").read_text(encoding="utf-8").split("\n## Expressions\n")[1].split("\n## ")[0]
)


def row(name: str, function: Function) -> str:
    return f"| `{name}({function.arguments})` | {function.result.shown} | {function.meaning} |"


def test_every_function_is_documented() -> None:
    rows = "\n".join(row(name, function) for name, function in FUNCTIONS.items())
    assert rows in SECTION, f"the table of functions in docs/language.md should be:\n{rows}"


def test_every_operator_is_documented() -> None:
    cells = [line.replace("\\|", "|").split(" | ")[0] for line in SECTION.split("\n") if line.startswith("| `")]
    for operator in (*PRECEDENCE, "!", "?"):
        assert any(f" {operator} " in f" {re.sub('[`,]', ' ', cell)} " for cell in cells), operator


def test_every_example_of_the_section_is_an_expression() -> None:
    text = SECTION.split("| function |")[0]
    examples = re.findall(r"`([^`\n]*(?:[a-z]\(|inputs\.|tasks\.)[^`\n]*)`", text)
    assert examples
    for text in examples:
        node, report = parsed(text.removeprefix("${{").removesuffix("}}"))
        assert node is not None, (text, report.diagnostics)
        assert printed(node)


def test_every_function_has_a_meaning_and_an_example() -> None:
    assert semantics.FUNCTIONS.keys() == FUNCTIONS.keys()
    for name in FUNCTIONS:
        assert any(re.search(rf"\b{name}\(", text) for text in MEANT), name


def test_the_page_of_unknown_functions_names_all() -> None:
    page = " ".join(rule("unknown-function").why.split())
    for name, function in FUNCTIONS.items():
        assert f"`{name}({function.arguments})`" in page, name
