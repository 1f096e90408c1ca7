"""Argo's own fields keep their types on the way out, except where Argo takes texts alone."""

from __future__ import annotations

from transpiler.diagnostics import Report, Source
from transpiler.read.plain_data import plain
from transpiler.read.yaml.document import read_document

RAW = """
parallelism: 3
suspend: false
defaultMode: 0o644
image: "3"
labels: {on: "yes", y: 'true'}
empty: {}
buckets: [0.5, 1]
parameters:
- {name: a, value: 1}
- {name: b, value: 1.10, default: true, enum: [1, 0x10, x], description: 1}
- {name: c, valueFrom: {path: /x, default: 12345678901234567890}}
- {name: d, value: "{{=1+1}}"}
- {name: e, value: .5}
resources: {limits: {cpu: 0.5, memory: 1Gi, example.com/gpu: 2}}
sizeLimit: 1.5
withItems: [1, 1.5, {limits: {cpu: 0.5}, parameters: [{value: 1}]}, [true]]
plugin: {mine: {parameters: [{value: 1}]}}
"""


def test_types() -> None:
    report = Report()
    assert plain(read_document(Source("raw", RAW), report)) == {
        "parallelism": 3,
        "suspend": False,
        "defaultMode": 420,
        "image": "3",
        "labels": {"on": "yes", "y": "true"},
        "empty": {},
        "buckets": [0.5, 1],
        "parameters": [
            {"name": "a", "value": "1"},
            {"name": "b", "value": "1.10", "default": "true", "enum": ["1", "16", "x"], "description": "1"},
            {"name": "c", "valueFrom": {"path": "/x", "default": "12345678901234567890"}},
            {"name": "d", "value": "{{=1+1}}"},
            {"name": "e", "value": ".5"},
        ],
        "resources": {"limits": {"cpu": "0.5", "memory": "1Gi", "example.com/gpu": 2}},
        "sizeLimit": "1.5",
        "withItems": [1, 1.5, {"limits": {"cpu": 0.5}, "parameters": [{"value": 1}]}, [True]],
        "plugin": {"mine": {"parameters": [{"value": 1}]}},
    }
    assert report.diagnostics == ()
