"""`docs/features.md`: tables of the rows; and a page for each sample: its manifest beside what it compiles to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tests.feature_pages.rows import ASIDE, Row, Section, feature_samples, folder_of, sections

_TABLES: Final = """\
# Features

Everything that Argo Workflows v4.1 and Kubeflow Pipelines can do, and how a manifest says it. The last column is a
manifest beside the Workflow that it compiles to; each of these is compiled in the tests, and judged by Argo's own
validator. A row of Argo names the fields that the Workflow then has.

<!-- Made from features.yaml and the samples by `python -m tests.feature_pages`. -->
"""
_LEFT: Final = """\
## What is left

Nothing that Argo has. These fields have no row, because no manifest should say them:

| field | why |
|---|---|
"""
_OF_KFP: Final = """
Only KFP's own backend could do these:

| feature of KFP | why |
|---|---|
| metadata of artifacts, lineage, metrics in its UI | its metadata store keeps them; here an artifact is a file |
| experiments and runs of its API | its server keeps them; here a run is a Workflow, a schedule a CronWorkflow |
| its V2 placeholders for the pipeline root and job (`{{$.pipeline_root}}`, …) | its launcher fills them in |

`kfp.local` runs pipelines without a cluster; there is no such runner here. Programs are plain containers, so a single
task runs with any container engine.
"""


def features_page() -> str:
    """The tables of all rows."""
    parts = [_TABLES, "\n".join(f"- [{each.title}](#{each.anchor})" for each in sections()), ""]
    for section in sections():
        parts += [f"## {section.title}", "", "\n".join(_table(section)), ""]
    left = "\n".join(f"| `{field}` | {why} |" for field, why in ASIDE.items())
    return "\n".join(parts) + f"\n{_LEFT}{left}\n{_OF_KFP}"


def _table(section: Section) -> Iterator[str]:
    yield from ("| feature | in a manifest | sample |", "|---|---|---|")
    for row in section.rows:
        yield f"| {_cell(row.feature)} | {_cell(row.says)} | {_link(row)} |"


def _cell(text: str) -> str:
    """A text in a table, where a bar would end the column, in code too."""
    return text.replace("|", "\\|")


def _link(row: Row) -> str:
    return f"[{row.sample}]({page_of(row.sample)})"


def page_of(sample: str) -> str:
    """Where a sample is shown, as `docs/features.md` links it."""
    own = sample in feature_samples()
    return f"features/{sample}.md" if own else f"../samples/{sample}/pipeline.yaml"


def sample_page(sample: str) -> str:
    """A sample: what it shows, its manifest and the Workflow side by side, and the rows that name it."""
    folder = folder_of(sample)
    comment, manifest = _parts((folder / "pipeline.yaml").read_text(encoding="utf-8"))
    workflow = (folder / "workflow.yaml").read_text(encoding="utf-8")
    parts = [f"# {title(sample)}", "", comment, "", _columns("pipeline.yaml", manifest, "workflow.yaml", workflow)]
    for path in sorted(folder.glob("*.yaml")):
        if path.name not in {"pipeline.yaml", "workflow.yaml"}:
            parts += [f"Beside it stands `{path.name}`:", "", _code(path.read_text(encoding="utf-8")), ""]
    source = f"../../samples/features/{sample}"
    parts += ["It shows:", "", *_shown(sample), "", f"The files: [samples/features/{sample}]({source}).", ""]
    return "\n".join([*parts, f"<!-- Made from {source} by `python -m tests.feature_pages`. -->", ""])


def title(sample: str) -> str:
    """The name of a sample in words."""
    words = sample.replace("argo-4-1", "Argo 4.1").replace("-", " ")
    return words[0].upper() + words[1:]


def _parts(manifest: str) -> tuple[str, str]:
    """The comment on top of a manifest as text, and the rest."""
    found = re.match(r"((?:#.*\n)+)", manifest)
    assert found is not None, "a sample starts with a comment"
    comment = "\n".join(line.removeprefix("#").strip() for line in found[1].splitlines())
    return comment, manifest[found.end() :]


def _columns(left_name: str, left: str, right_name: str, right: str) -> str:
    """Two files side by side. The empty lines let Markdown see the code in the HTML of the table."""
    head = f"<tr><th>{left_name}</th><th>{right_name}</th></tr>"
    cells = "\n</td>\n<td>\n".join(f"\n{_code(text)}\n" for text in (left, right))
    return f'<table>\n{head}\n<tr valign="top">\n<td>\n{cells}\n</td>\n</tr>\n</table>\n'


def _code(text: str) -> str:
    assert "```" not in text
    return f"```yaml\n{text.strip(chr(10))}\n```"


def _shown(sample: str) -> Iterator[str]:
    for section in sections():
        for row in section.rows:
            if row.sample == sample:
                yield f"- [{section.title}](../features.md#{section.anchor}): {row.feature}: {row.says}"
