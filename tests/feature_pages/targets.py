"""`python -m tests.feature_pages.targets` writes docs/targets.md: features and versions of Argo, from the judges.

The sample of each row is compiled for each version, without the fields that the version lacks. Argo's validator of the
version must accept it, and its controller bring it to the same end as the newest. Needs Go.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from tests.argo.test_runs import SPECIAL, golden, in_the_cluster, load
from tests.conftest import REPOSITORY
from tests.feature_pages.rows import Row, folder_of, sections
from tests.judges import argo, go, later, runs
from transpiler import compile_pipeline
from transpiler.argo.versions import NEWEST, VERSIONS, fields_since, is_before
from transpiler.compiler import Compilation, compile_bytes
from transpiler.diagnostics import Diagnostic
from transpiler.workspace.options import Options

PAGE: Final = REPOSITORY / "docs" / "targets.md"
_HEAD: Final = """\
# Versions of Argo

`--argo 3.6`, `3.7`, `4.0` or `4.1` compiles a pipeline for clusters with that version of Argo Workflows; the default is
the newest. It is the version of the controller, as `argo version` prints it: `--argo v3.7.4` means 3.7.

```sh
transpile compile pipeline.yaml --argo 3.6
transpile check --argo 3.6
```

The manifest language is the same for all versions. What an older Argo does not know is written in its own form where
that means the same. Else the line is refused with `needs-newer-argo`, and the message names the version that brought
it.

## What 3.6 gets in a form of its own

| in a manifest | for 3.6 |
|---|---|
| `??` with the output of a task that may be skipped | an open path: `tasks['a'].outputs?.parameters?.['o'] ?? 'x'` |
| an output that may be missing, for an input with a default | an expression with the default in it |
| `item` of a loop | read as JSON, which 3.6 leaves escaped; lists that only a run knows become lists of strings |
| whole numbers and numbers in expressions | `int(...)` and `float(...)` |
| `description` of tasks, and their `workflows.argoproj.io/` annotations | left out: templates have no annotations |

Numbers above 2^53 in a list that only a run knows lose digits when a task takes them as a whole item.

## What is refused

Fields of Argo that a version lacks are in the table below. For 3.6 these are refused, too:

- the status of a loop as a value (`${{ tasks.LOOP.status }}` in an argument): 3.6 passes the text of the tag;
- `onExit` of a task beside a limit on pods (`parallelism`) that can delay it: 3.6 ends the run with an error.

## What differs

- A ConfigMap that an input reads (`valueFrom`) needs the label `workflows.argoproj.io/configmap-type: Parameter` in
  3.6.
- A mapping as an item with values of the run (`forEach: [{a: "${{ inputs.a }}"}]`) that a task takes whole has `<`, `>`
  and `&` with a backslash in front in 3.6.
- When somebody stops a run, an `onExit` of several tasks runs some more of them in 3.7 than in 4.0.
- Argo 3 installs its small resource definitions: a cluster refuses less than one with v4, before a run.

## Features

`yes`: the sample of the feature is compiled to the same Workflow as for the newest version. `own form`: to another one,
with the same meaning. `no`, or `without` some fields: these are refused at their line (names and descriptions for
Argo's UI are left out). For each version, Argo's own validator accepts the rest of the sample, and its own controller
runs it, with simulated pods, to the same end. The judges are JUDGES. Go's proxy has no module of
v4.1, so its column is judged by NEWEST, without the fields that v4.1 brought.

<!-- Made from features.yaml, the samples and the judges by `python -m tests.feature_pages.targets`. -->
"""


class Compiled(NamedTuple):
    """A sample for a version, and whether the newest version gets the same."""

    text: str
    is_same: bool


class Subject(NamedTuple):
    """A sample as a kind of object."""

    folder: Path
    kind: str


def page() -> str:
    """The whole page. Raises AssertionError where a judge does not accept, and NoJudgeError without judges."""
    rows = [row for section in sections() for row in section.rows]
    subjects = list(dict.fromkeys(_subject(row) for row in rows))
    found = {version: _judged(version, subjects) for version in VERSIONS}
    parts = [_head()]
    for section in sections():
        parts += [
            f"### {section.title}",
            "",
            f"| feature | {' | '.join(VERSIONS)} |",
            "|---" * (len(VERSIONS) + 1) + "|",
        ]
        parts += [f"| {_feature(row)} | {' | '.join(_cells(row, found))} |" for row in section.rows]
        parts.append("")
    return "\n".join(parts)


def _head() -> str:
    judges = _and([go.release(each) for each in go.VERSIONS])
    return _HEAD.replace("JUDGES", judges).replace("NEWEST", go.release(go.NEWEST))


def _subject(row: Row) -> Subject:
    kind = row.kind or load(folder_of(row.sample) / "workflow.yaml")[-1]["kind"]
    return Subject(folder_of(row.sample), kind)


def _feature(row: Row) -> str:
    return row.feature.replace("|", "\\|")


def _and(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _cells(row: Row, found: Mapping[str, Mapping[Subject, Compiled]]) -> Iterator[str]:
    subject = _subject(row)
    for version in VERSIONS:
        lacking = [field for field in row.shows if _is_lacking(field, version)]
        if lacking and len(lacking) == len(row.shows):
            yield "no"
        elif lacking:
            yield "without " + ", ".join(f"`{field.partition('.')[2]}`" for field in lacking)
        else:
            yield "yes" if found[version][subject].is_same else "own form"


def _is_lacking(field: str, version: str) -> bool:
    kind, _, name = field.partition(".")
    return is_before(version, fields_since().get((kind, name), VERSIONS[0]))


def _judged(version: str, subjects: Iterable[Subject]) -> dict[Subject, Compiled]:
    """Each sample as it is compiled for a version, accepted and run by the judges of it."""
    compiled = {subject: _compiled(subject, version) for subject in subjects}
    texts = {subject: found.text for subject, found in compiled.items()}
    judge = version if version in go.VERSIONS else go.NEWEST
    with TemporaryDirectory() as folder:
        files = {}
        for number, (subject, text) in enumerate(texts.items()):
            path = Path(folder) / f"{number}.yaml"
            path.write_text("\n---\n".join([text, *map(json.dumps, _cluster(subject))]), encoding="utf-8")
            files[subject] = later.as_known(path) if version == NEWEST else path
        verdicts = argo.verdicts(list(files.values()), judge)
    refused = {subject: verdicts[path] for subject, path in files.items() if verdicts[path]}
    assert not refused, f"{version}: {refused}"
    asked = {subject: golden(_name(subject), load(text)) for subject, text in texts.items()}
    running = {subject: run for subject, run in asked.items() if run is not None}
    for subject, went in zip(running, runs.reports(list(running.values()), judge), strict=True):
        expected = SPECIAL.get(_name(subject), {}).get("phase", "Succeeded")
        assert went["phase"] in {expected, "Succeeded"}, f"{version}: {subject} {went}"
    return compiled


def _name(subject: Subject) -> str:
    return subject.folder.relative_to(REPOSITORY).as_posix()


def _cluster(subject: Subject) -> list[Any]:
    return in_the_cluster(_name(subject))


def _compiled(subject: Subject, version: str) -> Compiled:
    """A sample without the fields that the version lacks."""
    manifest, options = subject.folder / "pipeline.yaml", Options(argo=version, kind=subject.kind)
    data, found = manifest.read_bytes(), compile_pipeline(manifest, options)
    if found.text is None:
        data = _without(manifest, _refusals(found))
        found = compile_bytes(str(manifest), data, subject.folder, options)
    newest = compile_bytes(str(manifest), data, subject.folder, Options(kind=subject.kind))
    assert found.text is not None, found.diagnostics
    return Compiled(found.text, found.text == newest.text)


def _refusals(found: Compilation) -> list[Diagnostic]:
    errors = [each for each in found.diagnostics if each.severity == "error"]
    assert {each.code for each in errors} == {"needs-newer-argo"}, errors
    return errors


def _without(manifest: Path, refused: list[Diagnostic]) -> bytes:
    """A manifest without the keys that are refused, and without what is empty then."""
    yaml = YAML()
    document = yaml.load(manifest)
    _take_out(document, {(each.span.line - 1, each.span.column - 1) for each in refused})
    text = io.BytesIO()
    yaml.dump(document, text)
    return text.getvalue()


def _take_out(node: Any, places: set[tuple[int, int]]) -> None:
    if isinstance(node, CommentedMap):
        for key in list(node):
            if tuple(node.lc.key(key)) in places:
                del node[key]
                continue
            was_full = bool(node[key]) if isinstance(node[key], (CommentedMap, CommentedSeq)) else False
            _take_out(node[key], places)
            if was_full and not node[key]:
                del node[key]
    elif isinstance(node, CommentedSeq):
        for each in node:
            _take_out(each, places)
        for each in [each for each in node if isinstance(each, CommentedMap) and not each]:
            node.remove(each)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
