# Odd formatting: the text of a function is kept, but for what must go.
import functools
from typing import Callable, Dict, List, NamedTuple, Optional


def spread(  # a comment behind the bracket
        a   :   int   ,     # the first: an int
        b:
            int
              =
                2, # -> not an arrow
        c : (
            Optional[  # : not a colon
                int
            ]
        ) = ( 3 ),
) -> (  # -> the arrow is on the line above
    NamedTuple('Outputs', [
        ('x', int),  # : ) ->
        ('y', int),
    ])
)   :   # the colon
    # a comment of the body

    x = a + b ; y = c   
    return (
        x,
        y,
    )  # behind the end


def tabs(a: int,	b:	int = 1) -> int:
	if a:
		# tab
		return a	+	b
	return	b


def one_line(a: int) -> int: return a + 1  # comment


def semicolons(a: int) -> int: b = a; c = b; return b + c


def continued \
        (a: int, \
         b: int) \
        -> \
        int:
    return a \
        + b


def docstring_with_blanks(a: int) -> int:
    """Blanks stand at the end of the next line.   

    And here:	
    """
    return a


def strings_keep_theirs(a: str) -> str:
    text = """
  indented   
	tab	
end"""
    return text + a


def nested(numbers: List[int], power: int = 2) -> List[int]:
    from functools import reduce

    def outer(value: int, *rest: Dict[str, int], key: "Unknown[" = None, **more: List[int]) -> List[int]:
        class Inner:
            size = power

            def method(self, other: "Inner" = None) -> "Inner":
                return value ** self.size

        async def never(x: int) -> int:
            return x

        return Inner().method()

    values: List[int] = [outer(number) for number in numbers]
    doubled = list(map(lambda value, *, by=2: value * by, values))
    return doubled + [reduce(lambda a, b: a + b, doubled, 0)]


def decorated(factor: int) -> Callable:
    return lambda function: function


@decorated(
    factor=2,
)
@decorated(3)
def stacked(a: int) -> int:
    # decorators are gone
    return a


def lambda_inside(a: int, b: int = -1) -> str:
    compute = lambda x, y=lambda: 0: (x, y())  # noqa
    return str([compute(a), {k: v for k, v in zip("ab", [a, b])}, [z for y in [[a]] for z in y], (w := a) + w])


def f_strings(name: str, width: int = 10) -> str:
    return f"{name:>{width}}|{name!r}|{{{name}}}|" rf"\d{name}" + f'''
{name}
   trailing   
'''


def globals_of_its_own(a: int) -> int:
    global counter
    counter = a

    def increase():
        global counter
        counter += 1

    increase()
    return counter


def recursive(n: int) -> int:
    return 1 if n < 2 else n * recursive(n - 1)


def many_statements(command: str) -> str:
    words = command.split()
    try:
        first, *rest = words
    except ValueError as error:
        return f"none: {type(error).__name__}"
    for index, word in enumerate(rest):
        first += f" {index}{word}"
    else:
        first += "."
    with open("/dev/null") as nothing:
        first += nothing.read()
    del rest
    return first


if True:
    def under_if(a: int) -> int:
        """Stands at no margin,
        with a second line."""
        if a:
            return a  # at eight
        return 0


RUNS = {
    "spread": [{"a": "1"}, {"a": "1", "b": "5", "c": "6"}],
    "tabs": [{"a": "1"}, {"a": "0", "b": "7"}],
    "one_line": [{"a": "1"}],
    "semicolons": [{"a": "1"}],
    "continued": [{"a": "1", "b": "2"}],
    "docstring_with_blanks": [{"a": "1"}],
    "strings_keep_theirs": [{"a": "1"}],
    "nested": [{"numbers": "[1, 2, 3]"}, {"numbers": "[2]", "power": "3"}],
    "stacked": [{"a": "1"}],
    "lambda_inside": [{"a": "1"}],
    "f_strings": [{"name": "x"}],
    "globals_of_its_own": [{"a": "1"}],
    "recursive": [{"n": "5"}],
    "many_statements": [{"command": "a b c"}, {"command": ""}],
    "under_if": [{"a": "1"}],
}


def last(a: int) -> int:
    return a  # no newline behind this