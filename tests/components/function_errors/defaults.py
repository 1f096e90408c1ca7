import os
from typing import Dict, List

from kfp.components import InputPath, OutputPath

ROWS = 100


def function(
    out_path: OutputPath("CSV"),
    text_for_int: int = "5",  # ! wrong-default
    bool_for_int: int = True,  # ! wrong-default
    float_for_int: int = 1.5,  # ! wrong-default
    text_for_float: float = "1",  # ! wrong-default
    int_for_text: str = 5,  # ! wrong-default
    int_for_bool: bool = 0,  # ! wrong-default
    dict_for_list: list = {},  # ! wrong-default
    list_for_dict: dict = [],  # ! wrong-default
    text_for_list: list = "[1]",  # ! wrong-default
    tuple_for_list: list = (1, 2),  # ! wrong-default
    int_for_own: "URI" = 5,  # ! wrong-default
    constant: int = ROWS,  # ! wrong-default
    computed: str = os.getcwd(),  # ! wrong-default
    product: int = 60 * 60,  # ! wrong-default
    joined: str = f"a{1}",  # ! wrong-default
    function: int = lambda: 1,  # ! wrong-default
    raw: str = b"x",  # ! wrong-default
    numbers: Dict[str, int] = {1: 2},  # ! wrong-default
    deep: List[dict] = [{"a": [{1, 2}]}],  # ! wrong-default
    pickled: "Base64Pickle" = "x",  # ! wrong-default
    tag: str = "{{workflow.name}}",  # ! argo-tag
    bell: str = "\a",  # ! control-character
    surrogate: str = "\ud800",  # ! control-character
    path: InputPath("CSV") = "/tmp/x",  # ! wrong-default
    result_path: OutputPath("CSV") = None,  # ! wrong-default
    _path: InputPath() = None,  # ! invalid-name
    _file: OutputPath() = None,  # ! wrong-default invalid-name
):
    pass
