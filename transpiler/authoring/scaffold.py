"""Components to start from: complete, commented, and without a complaint of `transpile check`."""

from __future__ import annotations

from typing import Final

from transpiler.render.scalars import scalar

SHELL_IMAGE: Final = "alpine:3.20"

_SHELL: Final = """\
# A component: a step for pipelines. `transpile check` finds mistakes in it; `transpile schema component` prints every
# key, for completion in an editor.
name: {name}
description: Keeps the lines of a text that contain a word.
inputs:
  - name: text
    type: Text # a type of your own: an output can be passed only to inputs of its type
    description: The lines to search.
  - name: word
    type: String
    description: The word that a line must contain.
  - name: limit
    type: Integer
    optional: true # a task need not pass it; `default: '10'` would give it a value
    description: The maximum number of lines to keep.
outputs:
  - name: matches
    type: Text
    description: The lines that contain the word.
implementation:
  container:
    image: {image}
    command:
      - sh
      - -euc
      - |
        # The values are passed as $0, $1, ...: a value inserted into this script could change what it does.
        text=$0 matches=$1 word=$2
        shift 2 # the remaining arguments are the optional ones
        mkdir -p "$(dirname "$matches")" # the program itself must create the folder of an output
        grep -F -e "$word" "$@" "$text" > "$matches" || test $? = 1 # 1: no line contains the word
    args:
      - {{inputPath: text}} # the path of a file that contains the value: for data of any size
      - {{outputPath: matches}} # the path of the file that the program must write
      - {{inputValue: word}} # the value itself
      - if:
          cond: {{isPresent: limit}} # evaluated when the pipeline is compiled
          then: [-m, {{inputValue: limit}}]
"""

_PROGRAM: Final = """\
# A component: a step for pipelines. `transpile check` finds mistakes in it; `transpile schema component` prints every
# key, for completion in an editor.
name: {name}
description: The purpose of the component, in a sentence.
inputs:
  - name: table
    type: CSV # a type of your own: an output can be passed only to inputs of its type
    description: The rows to work on.
  - name: rate
    type: Float
    default: '0.1' # a string, whatever the type; without a default, every task must pass a value
    description: The learning rate.
  - name: seed
    type: Integer
    optional: true # a task need not pass it
    description: Makes a run repeatable.
outputs:
  - name: model
    type: Model
    description: The result.
implementation:
  container:
    image: {image} # contains the program and everything that it needs
    command: [{program}]
    args:
      - --table
      - {{inputPath: table}} # the path of a file that contains the value: for data of any size
      - --rate
      - {{inputValue: rate}} # the value itself, as a string
      - if:
          cond: {{isPresent: seed}} # evaluated when the pipeline is compiled
          then: [--seed, {{inputValue: seed}}]
      - --model
      - {{outputPath: model}} # the path of the file that the program must write, with its folder
"""


def shell_component(name: str, image: str | None) -> str:
    """A component whose program is a shell script in the file itself."""
    return _SHELL.format(name=scalar(name), image=scalar(image or SHELL_IMAGE))


def program_component(name: str, program: str, image: str) -> str:
    """A component whose program, in any language, is in its image."""
    quoted = scalar(program)
    in_brackets = f"'{program}'" if quoted == program and ":" in program else quoted
    return _PROGRAM.format(name=scalar(name), program=in_brackets, image=scalar(image))
