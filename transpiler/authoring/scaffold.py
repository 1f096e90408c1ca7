"""Components to start from: complete, commented, and without a complaint of `transpile check`."""

from __future__ import annotations

from typing import Final

from transpiler.render.scalars import scalar

SHELL_IMAGE: Final = "alpine:3.20"

_SHELL: Final = """\
# A component: a step for pipelines. `transpile check` finds mistakes in it; `transpile schema component` prints every
# key, for completion in an editor.
name: {name}
description: Keeps the lines of a text that hold a word.
inputs:
  - name: text
    type: Text # a name of your own: an output goes only to inputs of its type
    description: The lines to search.
  - name: word
    type: String
    description: What a line must hold.
  - name: limit
    type: Integer
    optional: true # a task may leave it out; with `default: '10'` it would have a value then
    description: Keep at most so many lines.
outputs:
  - name: matches
    type: Text
    description: The lines that hold the word.
implementation:
  container:
    image: {image}
    command:
      - sh
      - -euc
      - |
        # The values come as $0, $1, ...: a value inside of this text could change what it does.
        text=$0 matches=$1 word=$2
        shift 2 # what is left are the optional arguments
        mkdir -p "$(dirname "$matches")" # nobody else makes the folder of an output
        grep -F -e "$word" "$@" "$text" > "$matches" || test $? = 1 # 1: no line holds the word
    args:
      - {{inputPath: text}} # the path of a file that holds the value: for data of any size
      - {{outputPath: matches}} # the path of the file that the program must write
      - {{inputValue: word}} # the value itself
      - if:
          cond: {{isPresent: limit}} # decided when a pipeline is compiled
          then: [-m, {{inputValue: limit}}]
"""

_PROGRAM: Final = """\
# A component: a step for pipelines. `transpile check` finds mistakes in it; `transpile schema component` prints every
# key, for completion in an editor.
name: {name}
description: What it does, in a sentence.
inputs:
  - name: table
    type: CSV # a name of your own: an output goes only to inputs of its type
    description: The rows to work on.
  - name: rate
    type: Float
    default: '0.1' # a text, whatever the type; without a default every task must pass a value
    description: How fast to go.
  - name: seed
    type: Integer
    optional: true # a task may leave it out
    description: Makes a run repeatable.
outputs:
  - name: model
    type: Model
    description: What comes out.
implementation:
  container:
    image: {image} # holds the program and all that it needs
    command: [{program}]
    args:
      - --table
      - {{inputPath: table}} # the path of a file that holds the value: for data of any size
      - --rate
      - {{inputValue: rate}} # the value itself, as a text
      - if:
          cond: {{isPresent: seed}} # decided when a pipeline is compiled
          then: [--seed, {{inputValue: seed}}]
      - --model
      - {{outputPath: model}} # the path of the file that the program must write; it makes the folder
"""


def shell_component(name: str, image: str | None) -> str:
    """A component whose program is a shell script in the file itself."""
    return _SHELL.format(name=scalar(name), image=scalar(image or SHELL_IMAGE))


def program_component(name: str, program: str, image: str) -> str:
    """A component whose program, in any language, is in its image."""
    quoted = scalar(program)
    in_brackets = f"'{program}'" if quoted == program and ":" in program else quoted
    return _PROGRAM.format(name=scalar(name), program=in_brackets, image=scalar(image))
