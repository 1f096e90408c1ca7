# Names that are no plain ASCII words, or that programs use themselves.
def größe(länge: float, breite: float = 2.0) -> float:
    """Fläche – mit Umlauten: 日本語 🎉."""
    π = 3  # ein Kommentar
    return länge * breite * π


def ﬁne(ﬁrst: int, 名前: str = "x") -> str:
    """The first letters are ligatures, which Python reads as `fi`."""
    return f"{ﬁrst} {名前}"


def __private__(a: int) -> int:
    return a


def lower_Upper_2(a: int) -> int:
    """Several   words."""
    return a


def write(output: str, result: int, arguments: list, sys: int, os: str, argv: str, file: str) -> str:
    return f"{output} {result} {arguments} {sys} {os} {argv} {file}"


def result(result: int) -> int:
    def result_of(result):
        return result + 1

    return result_of(result)


def shadows(int: str, str: int, list: bool) -> dict:
    return {"int": int, "str": str, "list": list}


def dollars(a: str) -> str:
    # $$ and $(HOME) reach the program as they are: $$$ $(a b) $a
    return "$$ $(HOME) $$(X) " + a


def letters(_: int, __: int, l: int, O: int) -> int:
    return _ + __ + l + O


RUNS = {
    "größe": [{"länge": "1.5"}, {"länge": "1", "breite": "3"}],
    "fine": [{"first": "1"}, {"first": "1", "名前": "ü"}],
    "__private__": [{"a": "1"}],
    "lower_Upper_2": [{"a": "1"}],
    "write": [
        {"output": "o", "result": "1", "arguments": "[]", "sys": "2", "os": "p", "argv": "v", "file": "f"},
    ],
    "result": [{"result": "1"}],
    "shadows": [{"int": "a", "str": "1", "list": "no"}],
    "dollars": [{"a": "x"}],
    "letters": [{"_": "1", "__": "2", "l": "3", "O": "4"}],
}
