"""Write Kubernetes pipelines as YAML: a manifest and component.yaml files in, an Argo Workflow out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transpiler.compiler import Compilation, Options, compile_bytes, compile_pipeline
    from transpiler.diagnostics import Diagnostic

__version__ = "0.1.0"
__all__ = ["Compilation", "Diagnostic", "Options", "__version__", "compile_bytes", "compile_pipeline"]


def __getattr__(name: str) -> Any:
    """Import the compiler when it is first asked for: `transpile --help` needs none of it."""
    if name not in __all__:
        raise AttributeError(name)
    from transpiler import compiler, diagnostics  # noqa: PLC0415

    return getattr(diagnostics if name == "Diagnostic" else compiler, name)
