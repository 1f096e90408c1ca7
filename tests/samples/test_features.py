"""Every feature of Argo and KFP has a row, every row a sample that shows it; what is made from them is up to date."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY, Transpile
from tests.feature_pages.__main__ import DOCS, documents
from tests.feature_pages.fields import definitions, fields_in, fields_of
from tests.feature_pages.keys import SCHEMAS
from tests.feature_pages.rows import ASIDE, Row, feature_samples, folder_of, sections
from tests.judges.later import later_fields

ROWS = [row for section in sections() for row in section.rows]
NEWER = REPOSITORY.parent / "shared" / "argo"
"""The resource definitions of the newest Argo, where they are at hand."""
OF_ARGO = """
ArchiveStrategy Arguments Artifact ArtifactGC ArtifactRepositoryRef ArtifactoryArtifact AzureArtifact Backoff BasicAuth
Cache ClientCertAuth ContainerSetRetryStrategy ContainerSetTemplate ContinueOn Counter CreateS3BucketOptions
CronWorkflowSpec DAGTask DAGTemplate Data DataSource Event ExecutorConfig ExecutorPlugin ExecutorPluginSidecar
ExecutorPluginSpec GCSArtifact Gauge GitArtifact HDFSArtifact HTTP HTTPArtifact HTTPAuth HTTPBodySource HTTPHeader
HTTPHeaderSource Header Histogram Inputs LabelValueFrom LifecycleHook ManifestFrom Memoize Metadata MetricLabel Metrics
Mutex OAuth2Auth OAuth2EndpointParam OSSArtifact OSSLifecycleRule ObjectMeta Outputs Parameter PluginArtifact PodGC
PodResourceClaim Prometheus RawArtifact ResourceTemplate RetryAffinity RetryStrategy S3Artifact S3EncryptionOptions
SemaphoreRef Sequence StopStrategy Submit SuspendTemplate SyncDatabaseRef Synchronization TTLStrategy TarStrategy
Template TemplateRef TransformationStep ValueFrom VolumeClaimGC WorkflowEventBindingSpec WorkflowLevelArtifactGC
WorkflowMetadata WorkflowSpec WorkflowStep WorkflowTemplateRef
""".split()
"""Types of Argo's own, and not of Kubernetes: all of their fields have rows."""


def objects(path: Path) -> list[dict[str, Any]]:
    return list(YAML(typ="safe", pure=True).load_all(path))


# ------------------------------------------------------------------ the rows


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.sample}: {row.feature}"[:60])
def test_the_sample_of_a_row_has_the_fields_that_it_names(row: Row, transpile: Transpile) -> None:
    folder = folder_of(row.sample)
    if row.file:
        (found,) = objects(folder / row.file)
    elif row.kind:
        kind = [] if row.kind == "CronWorkflow" else ["--kind", row.kind]
        found = transpile("compile", folder / "pipeline.yaml", *kind).workflow
        assert found["kind"] == row.kind
    else:
        (found,) = objects(folder / "workflow.yaml")
    assert sorted(set(row.shows) - fields_in(found)) == []


def test_every_field_of_argo_has_a_row() -> None:
    shown = {field for row in ROWS for field in row.shows}
    assert sorted({field for name in OF_ARGO for field in fields_of(name)} - shown) == sorted(ASIDE)


def test_the_fields_of_rows_are_fields() -> None:
    for field in (field for row in ROWS for field in row.shows):
        assert field in fields_of(field.partition(".")[0]), field


def test_every_row_of_argo_names_fields() -> None:
    assert [row.feature for row in ROWS if not row.shows and not row.kind] == []


# ------------------------------------------------------------------ the samples


@pytest.mark.parametrize("sample", feature_samples())
def test_a_sample_is_small_and_says_what_it_is(sample: str, transpile: Transpile) -> None:
    manifest = (folder_of(sample) / "pipeline.yaml").read_text(encoding="utf-8")
    comment = re.match(r"((?:# .*\n)+)name: ", manifest)
    assert comment is not None
    assert len(comment[1].splitlines()) <= 2
    assert len(manifest.splitlines()) <= 65
    assert transpile("check", folder_of(sample) / "pipeline.yaml", "--format", "json").problems == []


def test_every_sample_has_a_row() -> None:
    assert sorted(set(feature_samples()) - {row.sample for row in ROWS}) == []


def test_an_event_binding_has_the_fields_of_argo() -> None:
    (binding,) = objects(folder_of("events") / "binding.yaml")
    schema = {"$ref": "#/$defs/WorkflowEventBinding", "$defs": definitions()}
    assert list(Draft202012Validator(schema).iter_errors(binding)) == []


def test_fields_of_the_newest_argo_are_accepted_by_its_definitions() -> None:
    definition = NEWER / "crd-Workflow.json"
    (workflow,) = objects(folder_of("argo-4-1") / "workflow.yaml")
    assert {field.partition(".")[2] for field in fields_in(workflow)} & later_fields()
    if not definition.exists():
        pytest.skip("the definitions of the newest Argo are not at hand")
    found = Draft202012Validator(json.loads(definition.read_bytes())).iter_errors(workflow)
    assert [error.message for error in found] == []


# ------------------------------------------------------------------ what is made from them


def test_the_pages_are_what_they_are_made_of() -> None:
    made = documents()
    pages = [*(DOCS / "features").glob("*.md"), *(DOCS / f"{name}.md" for name in ("features", "cli", *SCHEMAS))]
    kept = {path: path.read_text(encoding="utf-8") for path in pages}
    assert sorted(kept.keys() ^ made.keys()) == [], "run: python -m tests.feature_pages"
    assert [path.name for path in made if kept[path] != made[path]] == [], "run: python -m tests.feature_pages"


def test_links_lead_somewhere() -> None:
    for path, text in documents().items():
        for link in re.findall(r"\]\(([^)#]+)", text):
            assert (path.parent / link).exists(), f"{path.name}: {link}"
