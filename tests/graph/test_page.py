"""The page of a graph as a file: what it holds, and that nothing of a manifest is markup in it."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.catalog.test_catalog_docs import ATTACKS, hostile_component
from tests.conftest import REPOSITORY, Transpile
from tests.graph.pages import NESTED, SAMPLES, folder_of, large, page_of, parsed

MANIFESTS = sorted(SAMPLES.rglob("pipeline.yaml"))


TEXTS = (*ATTACKS, "x" * 1_000, "\u2066\u202e\u200b\u00a0")


def hostile(folder: Path) -> Path:
    """A manifest in which every name and text is an attack, and one name has 10,000 characters."""
    tasks = [f"  ? {'y' * 10_000}\n  : {{component: ./c0}}"]
    for number, text in enumerate(TEXTS):
        (folder / f"c{number}").mkdir(parents=True)
        (folder / f"c{number}" / "component.yaml").write_text(hostile_component(text), encoding="utf-8")
        said = json.dumps(text)
        given = f"arguments: {{{said}: {said}}}, when: {said}, after: [{said}], timeout: {said}"
        tasks.append(f"  {said}: {{component: ./c{number}, description: {said}, {given}}}")
        tasks.append(f"  t{number}: {{component: ./c{number}, description: {said}, arguments: {{{said}: {said}}}}}")
        tasks.append(f"  g{number}: {{forEach: [{said}], tasks: {{{said}: {{component: ./c{number}}}}}}}")
    path, said = folder / "pipeline.yaml", json.dumps(ATTACKS[1])
    head = f"name: {said}\ndescription: {said}\ninputs: {{{said}: {{type: {said}, default: {said}}}}}\ntasks:\n"
    path.write_text(head + "\n".join(tasks), encoding="utf-8")
    return path


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.name)
def test_each_task_has_a_row_a_box_and_its_templates(transpile: Transpile, manifest: Path, tmp_path: Path) -> None:
    compiled = transpile("compile", manifest)
    page = parsed(page_of(manifest, tmp_path / "page.html"))
    data, nodes = page.data, {node["id"]: node for node in page.data["graph"]["nodes"]}
    assert {given["data-row"] for _, given in page.elements if "data-row" in given} == set(nodes)
    assert set(nodes) <= {given["data-id"] for _, given in page.elements if "data-id" in given}
    assert {line["source"] for line in data["lines"].values()} <= {"", *nodes, "@onExit", "@hooks", "@entries"}
    objects = list(YAML(typ="safe", pure=True).load_all(compiled.stdout))
    specs = [each["spec"].get("workflowSpec", each["spec"]) for each in objects]
    templates = {template["name"]: template for spec in specs for template in spec.get("templates", [])}
    shown = {name: YAML(typ="safe", pure=True).load(text) for name, text in data["compiled"]["templates"].items()}
    assert shown == {name: templates[name] for name in shown}
    in_cluster = {name for name, node in nodes.items() if node["work"] == "cluster"}
    assert set(data["compiled"]["used"]) | in_cluster >= set(nodes), "each task says what it compiles to"
    for name, used in data["compiled"]["used"].items():
        image = nodes[name]["image"] if name in nodes else ""
        if image and "${{" not in image:
            assert any(image in json.dumps(shown[each]) for each in used), (name, used)


def test_a_manifest_with_mistakes_has_a_page_with_each_of_them(transpile: Transpile, tmp_path: Path) -> None:
    for manifest in sorted((REPOSITORY / "tests" / "language" / "errors").glob("[c-f]*.yaml")):
        told = transpile("compile", manifest, "--format", "json").problems
        target = tmp_path / f"{manifest.stem}.html"
        result = transpile("graph", manifest, "-o", target, "-q")
        assert result.code == (1 if any(each["severity"] == "error" for each in told) else 0), result.stderr
        if target.exists():
            graph = parsed(target).data["graph"]
            marked = [each for node in graph["nodes"] for each in node["problems"]] + graph["problems"]
            assert {(each["code"], each["line"]) for each in marked} == {(each["code"], each["line"]) for each in told}


def test_the_policy_allows_only_the_own_style_and_script(tmp_path: Path) -> None:
    for name, manifest in (("hostile", hostile(tmp_path / "a")), ("nested", folder_of(tmp_path / "b", NESTED))):
        page = parsed(page_of(manifest, tmp_path / f"{name}.html", code=1 if name == "hostile" else 0))
        policy = page.policy
        for kind in ("style", "script"):
            digests = [sha256(text.encode()).digest() for what, text in page.inline if what == kind]
            assert set(policy[f"{kind}-src"].split()) == {f"'sha256-{b64encode(each).decode()}'" for each in digests}
        assert {key: policy[key] for key in ("default-src", "base-uri", "form-action", "img-src")} == {
            "default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "img-src": "data:",
        }  # fmt: skip


def test_no_text_of_a_manifest_is_markup(tmp_path: Path) -> None:
    page = parsed(page_of(hostile(tmp_path / "a"), tmp_path / "page.html", code=1))
    assert len(page.data["graph"]["nodes"]) == 1 + 4 * len(TEXTS)
    usual = parsed(page_of(folder_of(tmp_path / "b", NESTED), tmp_path / "usual.html"))
    tags = {tag for tag, _ in page.elements}
    assert tags <= {tag for tag, _ in usual.elements} | {"circle", "h2", "strong"}
    assert [tag for tag, _ in page.elements].count("script") == 3
    known = {name for _, given in usual.elements for name in given}
    for tag, given in page.elements:
        assert set(given) <= known | {"r", "text-anchor"}, (tag, given)
        assert not [name for name in given if name.startswith("on") or name == "style"]
        assert all(given[name].startswith(("#", "data:,")) for name in ("href", "src") if name in given)
    assert not set("\u202e\u2066\x1b\u200b") & set(page.text)
    assert "attacked()" in page.text


def test_the_same_manifest_gives_the_same_page(tmp_path: Path) -> None:
    manifest = folder_of(tmp_path / "a", NESTED)
    one, other = (page_of(manifest, tmp_path / f"{name}.html").read_bytes() for name in ("one", "other"))
    assert one == other


def test_what_is_too_large_opens_folded(transpile: Transpile, tmp_path: Path) -> None:
    manifest = folder_of(tmp_path, large(50, 20))
    result = transpile("graph", manifest, "-o", tmp_path / "page.html")
    assert "note: 1,000 tasks are folded when the page opens" in result.stderr
    page = parsed(tmp_path / "page.html")
    assert len(page.data["closed"]) == 50
    assert len([1 for _, given in page.elements if "data-row" in given]) == 1_050


def test_ranges_of_tasks_are_frames_but_no_rows(tmp_path: Path) -> None:
    """A chain has no frames, and no tasks side by side."""
    given = 'arguments: {data: "${{ tasks.t%d.output }}"}'
    rows = [f"  t{n}: {{component: clean{', ' + given % (n - 1) if n else ''}}}" for n in range(400)]
    manifest = folder_of(tmp_path, "\n".join(["name: chain", "tasks:", *rows, ""]))
    page = parsed(page_of(manifest, tmp_path / "page.html"))
    assert [given["data-row"] for _, given in page.elements if "data-row" in given] == [f"t{n}" for n in range(400)]
    assert {node["kind"] for node in page.data["graph"]["nodes"]} == {"task", "band"}


def test_names_that_nobody_may_use_have_ids_of_their_own(tmp_path: Path) -> None:
    names = "{g/a: *a, g: {tasks: {a: *a}}, '@inputs': *a, '@hooks': *a, '': *a}"
    manifest = folder_of(tmp_path, f"name: x\nx-a: &a {{component: load}}\ntasks: {names}\n")
    page_of(manifest, tmp_path / "page.html", code=1)
    ids = [node["id"] for node in parsed(tmp_path / "page.html").data["graph"]["nodes"]]
    assert ids == ["g/a", "g", "g/a'", "@inputs'", "@hooks'", "'"]
