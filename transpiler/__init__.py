"""Write Kubernetes pipelines as YAML: a manifest and component.yaml files in, an Argo Workflow out."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes as long to import as the rest of `transpile --help`
    from typing import Any

    from transpiler.analysis import Analysis, analyze, analyze_bytes, check_component
    from transpiler.authoring.api import FunctionComponent, InvalidFunction, component_from_function
    from transpiler.authoring.markers import InputPath, OutputPath
    from transpiler.bindings.bindings import Bindings, Definition, Kind, Use
    from transpiler.bindings.edges import Edge, End
    from transpiler.compiler import Compilation, compile_analysis, compile_bytes, compile_pipeline
    from transpiler.diagnostics import Diagnostic, Edit, Fix, Related, Source, Span
    from transpiler.model.transport import Transport
    from transpiler.read.yaml.lookup import Found, Part
    from transpiler.resolve.program import Program
    from transpiler.resolve.scope import Call, Scope
    from transpiler.workspace.options import Options

__version__ = "0.1.0"
__all__ = [
    "Analysis",
    "Bindings",
    "Call",
    "Compilation",
    "Definition",
    "Diagnostic",
    "Edge",
    "Edit",
    "End",
    "Fix",
    "Found",
    "FunctionComponent",
    "InputPath",
    "InvalidFunction",
    "Kind",
    "Options",
    "OutputPath",
    "Part",
    "Program",
    "Related",
    "Scope",
    "Source",
    "Span",
    "Transport",
    "Use",
    "__version__",
    "analyze",
    "analyze_bytes",
    "check_component",
    "compile_analysis",
    "compile_bytes",
    "compile_pipeline",
    "component_from_function",
]
_MODULES = {
    "analysis": ("Analysis", "analyze", "analyze_bytes", "check_component"),
    "authoring.api": ("FunctionComponent", "InvalidFunction", "component_from_function"),
    "authoring.markers": ("InputPath", "OutputPath"),
    "bindings.bindings": ("Bindings", "Definition", "Kind", "Use"),
    "bindings.edges": ("Edge", "End"),
    "compiler": ("Compilation", "compile_analysis", "compile_bytes", "compile_pipeline"),
    "model.transport": ("Transport",),
    "diagnostics": ("Diagnostic", "Edit", "Fix", "Related", "Source", "Span"),
    "read.yaml.lookup": ("Found", "Part"),
    "resolve.program": ("Program",),
    "resolve.scope": ("Call", "Scope"),
    "workspace.options": ("Options",),
}
"""Module → the names that it exports."""
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


if not TYPE_CHECKING:  # a type checker would take any name for one that there is

    def __getattr__(name: str) -> Any:
        """Import a module when one of its names is first asked for: `transpile --help` needs none of them."""
        if name not in _HOMES:
            raise AttributeError(f"module 'transpiler' has no attribute {name!r}")
        return getattr(import_module(f"transpiler.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
