"""Write Kubernetes pipelines as YAML: a manifest and component.yaml files in, an Argo Workflow out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transpiler.authoring.api import FunctionComponent, InvalidFunction, component_from_function
    from transpiler.authoring.markers import InputPath, OutputPath
    from transpiler.compiler import Compilation, Options, compile_bytes, compile_pipeline
    from transpiler.diagnostics import Diagnostic

__version__ = "0.1.0"
__all__ = [
    "Compilation",
    "Diagnostic",
    "FunctionComponent",
    "InputPath",
    "InvalidFunction",
    "Options",
    "OutputPath",
    "__version__",
    "compile_bytes",
    "compile_pipeline",
    "component_from_function",
]
_MODULES = {
    "Diagnostic": "diagnostics",
    "FunctionComponent": "authoring.api",
    "InputPath": "authoring.markers",
    "InvalidFunction": "authoring.api",
    "OutputPath": "authoring.markers",
    "component_from_function": "authoring.api",
}
"""Where a name lives, when not in the compiler."""


def __getattr__(name: str) -> Any:
    """Import the compiler when it is first asked for: `transpile --help` needs none of it."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"transpiler.{_MODULES.get(name, 'compiler')}"), name)
