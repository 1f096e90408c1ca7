"""`transpile component` and `component_from_function`: what they write, what they leave alone, what they never do."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY, Transpile
from tests.support.containers import Container, Json, Ran
from transpiler import FunctionComponent, InputPath, InvalidFunction, OutputPath, component_from_function
from transpiler.authoring.api import UnknownFunction

Write = Callable[[dict[str, str]], Path]
SAMPLE = REPOSITORY / "samples" / "add"
FUNCTIONS = Path(__file__).parent / "functions"
DOUBLE = "def double(a: int) -> int:\n    return 2 * a\n"
PYTHON = Path(sys.executable)


def load(text: str) -> Json:
    return YAML(typ="safe", pure=True).load(text)


def imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ------------------------------------------------------------------ from-function: the command


@pytest.mark.parametrize("name", ["add", "subtract", "multiply"])
def test_the_components_of_the_sample_come_from_its_functions(name: str, transpile: Transpile) -> None:
    made = transpile("component", "from-function", SAMPLE / f"functions.py:{name}")
    assert made.code == 0
    assert made.stdout == (SAMPLE / "components" / name / "component.yaml").read_text(encoding="utf-8")
    assert made.stderr == ""


def test_the_workflow_of_the_sample_stays_small() -> None:
    assert (SAMPLE / "workflow.yaml").stat().st_size < 4_000


def test_a_file_is_written_once(transpile: Transpile, write: Write) -> None:
    folder = write({"steps.py": DOUBLE})
    command = ("component", "from-function", f"{folder / 'steps.py'}:double", "-o", folder / "c.yaml")
    first = transpile(*command)
    assert (first.code, first.stdout, first.stderr) == (0, "", f"wrote {folder / 'c.yaml'}\n")
    os.utime(folder / "c.yaml", (1, 1))
    assert transpile(*command).stderr == f"unchanged: {folder / 'c.yaml'}\n"
    assert (folder / "c.yaml").stat().st_mtime == 1
    assert transpile(*command, "--name", "Other", "-q").stderr == ""
    assert load((folder / "c.yaml").read_text())["name"] == "Other"
    assert {path.name for path in folder.iterdir()} == {"steps.py", "c.yaml"}


def test_nothing_is_written_when_there_is_an_error(transpile: Transpile, write: Write) -> None:
    folder = write({"steps.py": "def f(a) -> int:\n    return a\n", "c.yaml": "old"})
    result = transpile("component", "from-function", f"{folder / 'steps.py'}:f", "-o", folder / "c.yaml")
    assert result.code == 1
    assert "error[missing-annotation]: the parameter `a` has no type" in result.stderr
    assert (folder / "c.yaml").read_text() == "old"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["steps.py:duoble"], "did you mean `double`?"),
        (["steps.py:xyz"], "the functions are `double`"),
        (["steps.py:"], "`steps.py:FUNCTION`"),
        (["steps.py"], "`steps.py:FUNCTION`"),
        (["none.py:f"], "No such file"),
        ([".:f"], "Is a directory"),
        (["steps.py:double", "-o", "steps.py"], "is the file of the function"),
        (["steps.py:double", "-o", "steps.py/c.yaml"], "cannot write"),
        (["steps.py:double", "--base-image", " "], "printable"),
        (["steps.py:double", "--package", "a\nb"], "printable"),
        (["steps.py:double", "--name", ""], "printable"),
    ],
)
def test_wrong_usage(
    arguments: list[str], words: str, transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"steps.py": DOUBLE})
    monkeypatch.chdir(folder)
    result = transpile("component", "from-function", *arguments)
    assert (result.code, result.stdout) == (2, "")
    assert words in result.stderr
    assert (folder / "steps.py").read_text() == DOUBLE


def test_an_identifier_is_found_in_any_of_its_forms(transpile: Transpile, write: Write) -> None:
    folder = write({"steps.py": "def ﬁne(ﬁrst: int) -> int:\n    return ﬁrst\n"})
    for name in ("ﬁne", "fine"):
        made = transpile("component", "from-function", f"{folder / 'steps.py'}:{name}")
        assert load(made.stdout)["inputs"] == [{"name": "first", "type": "Integer"}]


def test_options(transpile: Transpile, write: Write) -> None:
    folder = write({"steps.py": DOUBLE})
    words = ["--base-image", "ghcr.io/x/y:1", "--package", "pandas==2", "--package", "it's>1", "--name", "Doubling: 2"]
    component = load(transpile("component", "from-function", f"{folder / 'steps.py'}:double", *words).stdout)
    container = component["implementation"]["container"]
    assert (component["name"], container["image"]) == ("Doubling: 2", "ghcr.io/x/y:1")
    shell, option, install, *python = container["command"]
    assert (shell, option, python[:3]) == ("sh", "-c", ["python3", "-u", "-c"])
    quiet = "PIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet --no-warn-script-location"
    packages = """'pandas==2' 'it'"'"'s>1'""".replace("'pandas==2'", "pandas==2")
    assert install == f'({quiet} {packages} || {quiet} {packages} --user) && "$0" "$@"'


def test_a_decorator_says_what_the_options_leave_out(transpile: Transpile, write: Write) -> None:
    decorator = '@dsl.component(base_image="python:3.9", packages_to_install=["pandas==2"])'
    folder = write({"steps.py": f"from kfp import dsl\n\n{decorator}\n{DOUBLE}"})
    said = transpile("component", "from-function", f"{folder / 'steps.py'}:double")
    assert (said.code, said.stderr) == (0, "")
    assert "image: python:3.9\n" in said.stdout
    assert "pandas==2" in said.stdout
    words = ["--base-image", "x", "--package", "y"]
    chosen = transpile("component", "from-function", f"{folder / 'steps.py'}:double", *words).stdout
    assert "image: x\n" in chosen
    assert "pandas" not in chosen


def test_packages_are_installed_before_the_function_runs(transpile: Transpile, write: Write, tmp_path: Path) -> None:
    folder = write(
        {
            "steps.py": 'def says() -> str:\n    print("runs")\n    return "done"\n',
            "fake": '#!/bin/sh\ncase "$*" in -m*--user*) echo "$@"; exit 0;; -m*) echo "$@"; exit 1;; esac\n'
            f'exec {PYTHON} "$@"\n',
        }
    )
    (folder / "fake").chmod(0o755)
    made = transpile("component", "from-function", f"{folder / 'steps.py'}:says", "--package", "a b").stdout
    ran = Container(load(made), {}, tmp_path / "run").run(folder / "fake")
    assert ran.outputs == {"Output": "done"}, ran.stderr
    pip = "-m pip install --quiet --no-warn-script-location a b"
    assert ran.stdout.splitlines() == [pip, f"{pip} --user", "runs"]


def test_a_file_by_hand_is_not_overwritten(transpile: Transpile, write: Write) -> None:
    folder = write({"s.py": "def f(a: int):\n    print(a)\n", "hand.yaml": "# mine\n", "empty.yaml": ""})
    command = ("component", "from-function", f"{folder / 's.py'}:f", "-o")
    refused = transpile(*command, folder / "hand.yaml")
    assert (refused.code, "--force overwrites it" in refused.stderr) == (2, True)
    assert (folder / "hand.yaml").read_text() == "# mine\n"
    assert transpile(*command, folder / "empty.yaml").code == 0
    assert transpile(*command, folder / "hand.yaml", "--force").code == 0
    assert transpile(*command, folder / "hand.yaml", "--base-image", "python:3.13").code == 0
    assert "image: python:3.13" in (folder / "hand.yaml").read_text()


# ------------------------------------------------------------------ from-function: the programs


def run(made: str, folder: Path, **arguments: str) -> Ran:
    return Container(load(made), arguments, folder).run(PYTHON)


def test_texts_that_look_like_options_arrive(transpile: Transpile, write: Write, tmp_path: Path) -> None:
    """KFP's programs refuse them: argparse takes a value that starts with `-` for an option."""
    source = "def both(a: str, b: str = None) -> list:\n    return [a, b]\n"
    made = transpile("component", "from-function", f"{write({'s.py': source}) / 's.py'}:both").stdout
    assert run(made, tmp_path / "1", a="--b", b="-x").outputs == {"Output": '["--b", "-x"]'}
    assert run(made, tmp_path / "2", a="").outputs == {"Output": '["", null]'}


def test_an_optional_parameter_without_default_is_none(transpile: Transpile, write: Write, tmp_path: Path) -> None:
    source = (
        "from typing import Optional\ndef f(a: Optional[int], /, b: 'str | None', *, c: None | bool) -> list:\n"
        "    return [a, b, c]\n"
    )
    made = transpile("component", "from-function", f"{write({'s.py': source}) / 's.py'}:f").stdout
    assert run(made, tmp_path / "1").outputs == {"Output": "[null, null, null]"}
    assert run(made, tmp_path / "2", a="1", b="2", c="no").outputs == {"Output": '[1, "2", false]'}


def test_annotated_names_a_type_or_a_path(transpile: Transpile, write: Write) -> None:
    source = (
        "def f(table: Annotated[str, InputPath('CSV')], options: Annotated[dict, 'Options'], "
        "count: 'Annotated[int, Ge(1)]' = 1) -> Annotated[str, 'URI']:\n    return table\n"
    )
    made = load(transpile("component", "from-function", f"{write({'s.py': source}) / 's.py'}:f").stdout)
    assert made["inputs"] == [
        {"name": "table", "type": "CSV"},
        {"name": "options", "type": "Options"},
        {"name": "count", "type": "Integer", "default": "1"},
    ]
    assert made["outputs"] == [{"name": "Output", "type": "URI"}]
    assert "json.loads(sys.argv[2])" in str(made)


def test_a_string_keeps_its_margin_in_a_function_that_has_one(
    transpile: Transpile, write: Write, tmp_path: Path
) -> None:
    body = 'text = """\nnone\n    four\n          ten\n"""\n        if True:\n            return text\n'
    folder = write({"s.py": f"if True:\n    def f() -> str:\n        {body}\n"})
    made = transpile("component", "from-function", f"{folder / 's.py'}:f").stdout
    assert run(made, tmp_path / "run").outputs == {"Output": "\nnone\n    four\n          ten\n"}


def test_the_text_of_the_function_is_kept(transpile: Transpile, write: Write) -> None:
    source = '''@decorator
def f(
    a: int,  # the first
    b : "Optional[str]"   =   None,
    *,
    c: list = [1,
               2],
) -> int:
    # a comment
    """Not a docstring."""

    x: int = (a  +  1)  # odd   spacing
    return x
'''
    expected = """def f(
    a,  # the first
    b=None,
    *,
    c=[1,
               2],
):
    # a comment
    \"\"\"Not a docstring.\"\"\"

    x: int = (a  +  1)  # odd   spacing
    return x
"""
    made = load(transpile("component", "from-function", f"{write({'s.py': source}) / 's.py'}:f").stdout)
    assert f"\n\n\n{expected}\n\n" in made["implementation"]["container"]["command"][3]


@pytest.mark.parametrize("path", sorted(FUNCTIONS.glob("*.py")), ids=lambda path: path.stem)
def test_only_annotations_and_decorators_are_gone(path: Path, transpile: Transpile) -> None:
    functions = [each for each in ast.walk(ast.parse(path.read_bytes())) if isinstance(each, ast.FunctionDef)]
    for function in functions:
        result = transpile("component", "from-function", f"{path}:{function.name}", "--format", "json")
        if result.code == 0:
            program = load(result.stdout)["implementation"]["container"]["command"][3].replace("$$", "$")
            made = next(each for each in ast.parse(program).body if getattr(each, "name", "") == function.name)
            assert ast.dump(made) == ast.dump(bare(function))


def bare(function: ast.FunctionDef) -> ast.FunctionDef:
    """The same without decorators and annotations, and with docstrings without blanks at the ends of lines."""
    function.decorator_list = []
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines = node.value.value.split("\n")
            ends = [*(line.rstrip() for line in lines[:-1]), lines[-1]]
            node.value.value = "\n".join(ends)
    return function


def test_the_program_needs_no_new_python(transpile: Transpile) -> None:
    path = FUNCTIONS / "outputs.py"
    for name in ("every_kind", "inline", "one_in_a_tuple", "nothing_at_all"):
        made = load(transpile("component", "from-function", f"{path}:{name}").stdout)
        ast.parse(made["implementation"]["container"]["command"][3], feature_version=(3, 6))


def test_docstrings_describe(transpile: Transpile, write: Write) -> None:
    google = '''    """Trains a model.

    Slowly.

    Args:
        rows (int): How many,
            at most: 10.
        rate: How *fast*.
            Very.

        unknown: Not a parameter.
    Returns:
        The model.
    """
'''
    rest = '''    """
    Trains a model.

    Slowly.

    :param rows: How many,
        at most: 10.
    :param float rate: How *fast*.
        Very.
    :type rows: int
    :returns: The model.
    """
'''
    for docstring in (google, rest):
        source = f"def f(rows: int, rate: float) -> str:\n{docstring}    return ''\n"
        made = load(transpile("component", "from-function", f"{write({'s.py': source}) / 's.py'}:f").stdout)
        assert made["description"] == "Trains a model.\n\nSlowly."
        assert [each["description"] for each in made["inputs"]] == ["How many, at most: 10.", "How *fast*. Very."]


# ------------------------------------------------------------------ nothing is run


def test_the_file_is_never_imported_or_run(transpile: Transpile, write: Write, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    touch = f"open({str(trace)!r}, 'w')"
    source = (
        f"import no_such_module\n{touch}\nraise SystemExit(1)\n@{touch}.write\n"
        f"def f(a: int, b: 'eval(1)' = None) -> int:\n    {touch}\n    return a\n"
        f"def g(a: {touch} = 1, b: int = {touch}) -> {touch}:\n    return a\n"
    )
    folder = write({"evil.py": source})
    assert transpile("component", "from-function", f"{folder / 'evil.py'}:f").code == 0
    assert transpile("component", "from-function", f"{folder / 'evil.py'}:g").code == 1
    assert not trace.exists()
    assert "evil" not in sys.modules
    compile(source, "evil.py", "exec")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "usage"),
        (b"\xff\xfe", "not-utf8"),
        (b"# -*- coding: latin-1 -*-\ns = '\xe9'\n", "not-utf8"),
        (b"def f(a: int) -> int:\n    return a\0\n", "python-syntax"),
        (b"#" * 600_000, "too-large"),
        (b"def f(a: int) -> int:\n" + b"    a += 1\n" * 11_000 + b"    return a\n", "too-large"),
        (b"x = " + b"-" * 100_000 + b"1", "too-deep"),
        (b"x = " + b"+".join([b"a"] * 100_000), "too-deep"),
        (b"x = " + b"(" * 1_000, "python-syntax"),
        (b"x = " + b"9" * 5_000, "python-syntax"),
        (b"def f(a: int = 0x" + b"f" * 5_000 + b") -> int:\n    return a\n", "wrong-default"),
        (b"def f(a: int) -> int:\n    return " + b" + ".join([b"a"] * 500) + b"\n", ""),
        (b"\xef\xbb\xbfdef f(a: int) -> int:\r    return a\r", ""),
        (b"\x0cdef f(a: int) -> int:\n    \x0c\n    return a\n\x0c\n", ""),
        (b"def f(a: int) -> str:\n    return '\x1b[31m\xe2\x80\xae\x7f' + \"\\d\"\n", ""),
    ],
)
def test_any_bytes_get_an_answer(data: bytes, code: str, transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "s.py").write_bytes(data)
    made = transpile("component", "from-function", f"{tmp_path / 's.py'}:f", "--format", "json")
    if code == "usage":
        assert (made.code, made.stdout) == (2, "")
    elif code:
        assert [each["code"] for each in made.problems] == [code]
        assert made.code == 1
    else:
        assert made.code == 0, made.stderr
        (tmp_path / "component.yaml").write_text(made.stdout, encoding="utf-8")
        assert transpile("check", tmp_path / "component.yaml", "-q").code == 0
        assert run(made.stdout, tmp_path / "run", a="2").code == 0


def test_no_escape_of_the_file_reaches_the_terminal(write: Write) -> None:
    folder = write({"s.py": "def f(\u202eevil, b: '\x1b[31m' = 1):\n    return é\x9b\n"})
    for form in ("text", "concise"):
        command = [sys.executable, "-m", "transpiler", "component", "from-function", f"{folder / 's.py'}:f"]
        done = subprocess.run([*command, "--format", form], capture_output=True, check=False, cwd=REPOSITORY)
        assert done.returncode == 1
        assert not {"\x1b", "\u202e", "\x9b"} & set(done.stderr.decode())


# ------------------------------------------------------------------ the Python API


def halve(table_path: InputPath("CSV"), model_path: OutputPath("Model"), rate: float = 0.5) -> float:  # type: ignore[valid-type]
    """Halve a rate."""
    with open(table_path) as table, open(model_path, "w") as model:  # noqa: PTH123
        model.write(table.read())
    return rate / 2


def test_a_function_at_hand(transpile: Transpile) -> None:
    made = component_from_function(halve, base_image="python:3.13", packages_to_install=["a"])
    assert isinstance(made, FunctionComponent)
    command = ("component", "from-function", f"{__file__}:halve", "--base-image", "python:3.13", "--package", "a")
    assert made.text == transpile(*command).stdout
    assert load(made.text)["inputs"][1] == {"name": "rate", "type": "Float", "default": "0.5"}


def test_a_function_of_a_file(tmp_path: Path) -> None:
    target = tmp_path / "component.yaml"
    made = component_from_function(f"{SAMPLE / 'functions.py'}:add", output_component_file=target)
    assert made.text == target.read_text() == (SAMPLE / "components" / "add" / "component.yaml").read_text()
    with pytest.raises(TypeError):
        made(1, 2)


def test_a_decorator_writes_the_component_and_leaves_the_function(write: Write) -> None:
    folder = write(
        {
            "steps.py": "from transpiler import component_from_function\n\n"
            "@component_from_function(output_component_file=__file__ + '.yaml', annotations={'author': 'me: I'})\n"
            "def double(a: int) -> int:\n    return 2 * a\n\n"
            "@component_from_function\ndef triple(a: int) -> int:\n    return 3 * a\n"
        }
    )
    module = imported(folder / "steps.py")
    assert (module.double(4), module.triple(a=4)) == (8, 12)
    assert (folder / "steps.py.yaml").read_text() == module.double.text
    assert load(module.double.text)["metadata"] == {"annotations": {"author": "me: I"}}
    assert load(module.triple.text)["name"] == "Triple"


def test_a_function_within_another_may_not_use_what_is_around_it() -> None:
    outside = 5

    def good(a: int) -> int:
        return a

    def bad(a: int, b) -> int:  # type: ignore[no-untyped-def] # noqa: ANN001
        return a + int(b) + outside

    program: str = load(component_from_function(good).text)["implementation"]["container"]["command"][3]
    assert "\n\n\ndef good(a):\n    return a\n" in program
    with pytest.raises(InvalidFunction, match=r"parameter `b` has no type") as raised:
        component_from_function(bad)
    assert [each.code for each in raised.value.diagnostics] == ["missing-annotation", "name-outside"]
    assert {Path(each.span.source.name).name for each in raised.value.diagnostics} == {Path(__file__).name}


def test_what_has_no_source_is_refused(write: Write) -> None:
    with pytest.raises(TypeError, match="not a function defined with"):
        component_from_function(len)
    with pytest.raises(UnknownFunction):
        component_from_function(lambda a: a)
    with pytest.raises(UnknownFunction, match="no function `f`"):
        component_from_function(f"{write({'s.py': ''}) / 's.py'}:f")
    with pytest.raises(InvalidFunction, match="python-syntax"):
        component_from_function(f"{write({'s.py': 'def'}) / 's.py'}:f")
    with pytest.raises(OSError, match="No such file"):
        component_from_function("no-such.py:f")
    with pytest.raises(ValueError, match="FUNCTION"):
        component_from_function("steps.py")


# ------------------------------------------------------------------ new


def test_a_new_shell_component_is_right_and_runs(transpile: Transpile, tmp_path: Path) -> None:
    target = tmp_path / "component.yaml"
    assert transpile("component", "new", "Keep: lines", "--shell", "-o", target).stderr == f"wrote {target}\n"
    checked = transpile("check", target, "--format", "json")
    assert (checked.code, checked.problems) == (0, [])
    component = load(target.read_text())
    assert (component["name"], component["implementation"]["container"]["image"]) == ("Keep: lines", "alpine:3.20")
    text = "a word\nnone\n-m word\n"
    for number, (arguments, expected) in enumerate(
        [({"word": "word"}, "a word\n-m word\n"), ({"word": "-m", "limit": "1"}, "-m word\n"), ({"word": "x"}, "")]
    ):
        ran = Container(component, {"text": text, **arguments}, tmp_path / str(number)).run(PYTHON)
        assert (ran.code, ran.outputs) == (0, {"matches": expected}), ran.stderr
    assert Container(component, {"text": text, "word": "w", "limit": "x"}, tmp_path / "wrong").run(PYTHON).code != 0


def test_a_new_component_for_any_program(transpile: Transpile, tmp_path: Path) -> None:
    target = tmp_path / "component.yaml"
    words = ["Train", "--program", "/app/train:fast", "--image", "ghcr.io/x/train:1.0"]
    assert transpile("component", "new", *words, "-o", target).code == 0
    checked = transpile("check", target, "--format", "json")
    assert (checked.code, checked.problems) == (0, [])
    container = load(target.read_text())["implementation"]["container"]
    assert (container["image"], container["command"]) == ("ghcr.io/x/train:1.0", ["/app/train:fast"])
    assert transpile("component", "new", *words).stdout == target.read_text()


def test_new_overwrites_nothing_unless_asked(transpile: Transpile, tmp_path: Path) -> None:
    target = tmp_path / "component.yaml"
    target.write_text("mine")
    refused = transpile("component", "new", "x", "-o", target)
    assert (refused.code, target.read_text()) == (2, "mine")
    assert "--force" in refused.stderr
    assert transpile("component", "new", "x", "-o", target, "--force").code == 0
    assert target.read_text().startswith("# A component")
    assert transpile("component", "new", "x", "--program", "p").code == 2
    assert transpile("component", "new", "x\ny").code == 2


@pytest.mark.parametrize("name", ["yes", "1e3", "a: b", "# x", "{{ x }}", "ü", "'\"", "-", "*a", "[x]", "null"])
def test_any_name_is_kept(name: str, transpile: Transpile, tmp_path: Path) -> None:
    for number, words in enumerate((["--shell"], ["--program", name, "--image", "alpine:3"])):
        target = tmp_path / f"{number}.yaml"
        assert transpile("component", "new", *words, "-o", target, "--", name).code == 0
        assert load(target.read_text())["name"] == name
        assert [each["code"] for each in transpile("check", target, "--format", "json").problems] == []


def test_only_what_is_needed_is_imported() -> None:
    script = (
        "import sys; from transpiler.cli.main import main; main(sys.argv[1:]); "
        "sys.exit(str({'networkx', 'jinja2', 'jsonschema', 'ruamel'} & {*sys.modules} or 'nothing heavy'))"
    )
    for words in (["from-function", str(SAMPLE / "functions.py") + ":add"], ["new", "x"]):
        command = [sys.executable, "-c", script, "component", *words]
        done = subprocess.run(command, capture_output=True, check=False, cwd=REPOSITORY, text=True)
        assert done.stderr == "nothing heavy\n"
