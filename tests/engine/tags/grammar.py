"""Random expressions, conditions and texts with tags; many of them are wrong."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.engine.tags.differences import table

NUMBERS = st.sampled_from(
    "0 1 2 3 7 10 -1 1.5 .5 2.0 1e3 1e21 1e-7 0x1F 0b11 0o17 1_000 9223372036854775807 100000000000 -0.0".split()
)
LETTERS = "ab1 ,.-é<&{}'\"\\/\n%$ßİ漢😀"
VALUES = {
    "s": "abc",
    "t": "a,b,c",
    "n": "3",
    "f": "2.5",
    "empty": "",
    "json": '{"a": [1, 2.5, "x", null, true], "b": {"c": "d"}}',
    "list": "[3, 1, 2]",
    "date": "2024-02-29T12:34:56Z",
    "inputs.parameters.a": "x",
    "inputs.parameters.my-p": "5",
    "tasks.t.outputs.result": "[1,2]",
    "tasks.none.outputs.parameters.o": None,
    "uni": "héllo <wörld> 😀",
}
NAMES = st.sampled_from(
    "s t n f empty json list date uni inputs tasks inputs.parameters.a inputs.parameters['my-p'] tasks.none.outputs"
    " tasks.none.outputs.parameters.o tasks.nope inputs?.nope?.x unknown $env".split()
)
OPERATORS = st.sampled_from(
    "+;-;*;/;%;==;!=;<;>;<=;>=;and;or;&&;||;??;in;contains;startsWith;endsWith;matches;..;|;not in;not contains".split(
        ";"
    )
)
ONE = (
    "len type abs ceil floor round int float string trim trimPrefix trimSuffix upper lower join max min mean median"
    " toJSON fromJSON toBase64 fromBase64 first last keys values toPairs fromPairs reverse uniq concat flatten sort"
    " bitnot asInt asFloat toJson duration date"
).split()
TWO = (
    "trim trimPrefix trimSuffix split splitAfter repeat join indexOf lastIndexOf hasPrefix hasSuffix max min get take"
    " concat sort bitand bitor bitxor bitnand bitshl bitshr bitushr date jsonpath"
).split()
THREE = "split splitAfter replace max concat date".split()
ASKING = "all none any one filter map count sum find findIndex findLast findLastIndex groupBy sortBy reduce".split()
SPRIG = (
    "trunc substr upper lower title repeat trimAll replace join splitList sortAlpha list dict first last uniq default"
    " empty coalesce ternary add sub mul div mod max min round floor ceil int64 float64 toString quote squote cat"
    " contains hasPrefix b64enc b64dec sha256sum toJson fromJson keys pick merge dig has without reverse typeOf kindOf"
    " regexMatch regexFind regexReplaceAll regexSplit semverCompare snakecase camelcase kebabcase abbrev initials"
    " indent wrap seq until untilStep atoi plural compact append slice chunk concat split urlParse base dir ext clean"
).split()


def quoted(text: str) -> str:
    """A text as a literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


TEXTS = st.text(LETTERS, max_size=5).map(quoted)
PATTERNS = st.sampled_from(
    ["'^a.c$'", "'[a-c]+'", "'('", "'a*?b'", "'(?i)ABC'", "'x|y'", "'\\\\d{2,3}'", "'^$'", "'[^,]+,'", "'\\\\bb\\\\b'"]
)
ATOMS = st.one_of(
    NUMBERS, TEXTS, NAMES, PATTERNS, st.sampled_from(["true", "false", "nil", "[]", "{}", "#", ".a", "#index", "#acc"])
)


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


def _call(names: list[str], count: int, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(inner, min_size=count, max_size=count).map(", ".join)
    return st.tuples(st.sampled_from(names), arguments).map(lambda parts: f"{parts[0]}({parts[1]})")


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    listed = st.lists(inner, max_size=4).map(", ".join)
    return st.one_of(
        st.tuples(inner, OPERATORS, inner).map(" ".join),
        st.tuples(inner, OPERATORS, inner).map(" ".join).map("({})".format),
        _call(ONE, 1, inner),
        _call(TWO, 2, inner),
        _call(THREE, 3, inner),
        st.tuples(st.sampled_from(ASKING), inner, inner).map(lambda parts: "{}({}, {})".format(*parts)),
        st.tuples(st.sampled_from(ASKING), inner, inner).map(lambda parts: "{1} | {0}({2})".format(*parts)),
        st.tuples(st.sampled_from(SPRIG), listed).map(lambda parts: "sprig.{}({})".format(*parts)),
        listed.map("[{}]".format),
        st.tuples(inner, inner).map(lambda parts: "{{a: {}, b: {}}}".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "{}[{}]".format(*parts)),
        st.tuples(inner, inner, inner).map(lambda parts: "{}[{}:{}]".format(*parts)),
        st.tuples(inner, st.sampled_from([".a", "?.a", "?.b?.c", "[0]", "?.[1]", ".b.c"])).map("".join),
        st.tuples(inner, inner, inner).map(lambda parts: "{} ? {} : {}".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "{} ?: {}".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "let v = {}; v + {}".format(*parts)),
        st.tuples(inner, inner, inner).map(lambda parts: "if {} {{ {} }} else {{ {} }}".format(*parts)),
        _joined(st.sampled_from(["-", "!", "not ", "+"]), inner),
        inner.map("({})".format),
        inner.map("fromJSON({})".format),
        st.tuples(inner, inner).map("; ".join),
    )


EXPRESSIONS = st.recursive(ATOMS, _larger, max_leaves=6)
"""Expressions with the names of VALUES."""

_WORDS = st.sampled_from(
    "a b prod 1 2 10 1.5 true false 'a b' \"x\" '2024-01-01' 0x1F nil v1.2 a_b é [x-y] 'prod' Succeeded".split(" ")
)
_SIGNS = st.sampled_from("== != < > <= >= && || + - * / % ** & | ^ << >> =~ !~ in , ? : ??".split())
CONDITIONS = st.recursive(
    _WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, _SIGNS, inner).map(" ".join),
        st.tuples(inner, _SIGNS, inner).map(" ".join),
        inner.map("({})".format),
        _joined(st.sampled_from("!-~"), inner),
        st.tuples(inner, inner).map("".join),
    ),
    max_leaves=8,
)
"""Conditions as `when` has them once its tags are replaced."""

_INSIDE = st.one_of(
    st.sampled_from(
        ["s", " n ", "tasks.t.outputs.result", "tasks.x.y", "item", "none", "nope", "=s", "= asInt(n) + 1"]
    ),
    st.sampled_from(["=item", "=tasks.none.outputs.parameters.o", "=nope", "={", "=1 < 2", "=s + '&'", "a-{{s", "="]),
    EXPRESSIONS.map("={}".format),
)
TAGGED = st.lists(
    st.one_of(_INSIDE.map("{{{{{}}}}}".format), st.text(LETTERS, max_size=4), st.sampled_from(["{{", "}}"])), max_size=4
).map("".join)
"""Texts with tags in them."""


def _form(text: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A text with `{}` for each of these."""
    return st.tuples(*parts).map(lambda found: text.format(*found))


def fitting(depth: int, kind: str) -> st.SearchStrategy[str]:
    """Expressions of a kind (text, number, truth, list), whose parts are nearly always of the right ones."""
    if not depth:
        return _LEAVES[kind]
    return st.one_of(_LEAVES[kind], *(_made(form, depth) for form in _FORMS[kind]))


def _made(form: str, depth: int) -> st.SearchStrategy[str]:
    """A form with expressions for its letters: T text, N number, B truth, L list, A any of these, I small number."""
    kinds = {"T": "text", "N": "number", "B": "truth", "L": "list"}
    parts: list[st.SearchStrategy[str]] = []
    for letter in form.split("§")[1::2]:
        if letter == "A":
            parts.append(st.deferred(lambda: st.one_of(*(fitting(depth - 1, each) for each in kinds.values()))))
        elif letter == "I":
            parts.append(st.sampled_from("0 1 2 3 -1 5 -2 100".split()))
        else:
            parts.append(st.deferred(lambda kind=kinds[letter]: fitting(depth - 1, kind)))  # type: ignore[misc]
    pieces = (piece.replace("{", "{{").replace("}", "}}") for piece in form.split("§")[::2])
    return _form("{}".join(pieces), *parts)


_LEAVES = {
    "text": st.one_of(TEXTS, st.sampled_from("s t n f empty json list date uni inputs.parameters['my-p']".split())),
    "number": st.one_of(NUMBERS, st.sampled_from(["asInt(n)", "asFloat(f)", "len(s)", "float(f)"])),
    "truth": st.sampled_from(["true", "false", "s == t", "n in ['3', '4']"]),
    "list": st.sampled_from(
        ["[1, 2, 3]", "['a', 'b']", "[]", "fromJSON(list)", "split(t, ',')", "1..4", "[1, 'a', nil, 2.5]", "[[1], [2]]"]
    ),
}
_FORMS = {kind: table(f"forms_{kind}") for kind in _LEAVES}
FITTING = st.one_of(*(fitting(2, kind) for kind in _FORMS))
"""Expressions that mostly have a value."""
