# ! in the comments of this file: a name is reported once, where it is used first.
import json
from . import sibling
from ..above import cousin as relative
import os.path as paths
from math import pi, tau as circle

LIMIT = 10
first, (second, *others) = 1, (2, 3)
annotated: int = 5
for loop in range(3):
    pass
try:
    import fast as engine
except ImportError:
    engine = None


class Helper:
    pass


def helper():
    return LIMIT


def function(text: str, number: int = 0) -> str:
    import sys
    from .near import nearby  # ! name-outside
    print(nearby, sibling.x, relative)  # ! name-outside name-outside

    print(sys.argv, json.dumps(text))  # ! name-outside
    json.loads("1")
    paths.join("a")  # ! name-outside
    area = pi * number + circle  # ! name-outside name-outside
    rows = [LIMIT for each in range(3)]  # ! name-outside
    helper()  # ! name-outside
    Helper()  # ! name-outside
    total = first + second + others[0] + annotated + loop  # ! name-outside name-outside name-outside name-outside name-outside
    engine.start()  # ! name-outside
    nmber = numbr + 1  # ! name-outside
    counter += 1  # ! name-outside
    print(__file__)  # ! name-outside

    class Inner:
        field = 1
        same = field

        def method(self):
            return field  # ! name-outside

    def inner(a=default, *, b=fallback):  # ! name-outside name-outside
        return a, b, inner, text, Inner, __name__, __class__

    @decorator  # ! name-outside
    def other(x: Unknown) -> Missing:
        variable: Unknown = 1
        return variable

    try:
        pass
    except Specific as error:  # ! name-outside
        print(error)
    print([y for x in xs for y in x if y])  # ! name-outside
    print(x, (z := 1), z)  # ! name-outside
    with opened() as (file, *more):  # ! name-outside
        print(file, more)
    match text:
        case {"a": a, **rest}:
            print(a, rest)
        case [b, *c]:
            print(b, c)
        case Point(d) | d:  # ! name-outside
            print(d)
    print(f"{text} {missing!r:>{width}}")  # ! name-outside name-outside
    return (lambda p, *q, r=1, **s: (p, q, r, s, function))(unknown)  # ! name-outside
