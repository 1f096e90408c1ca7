"""The style sheet of a picture, light and dark. Colors stand as they are: not every reader of SVG knows variables."""

from __future__ import annotations

from typing import Final

from transpiler.drawing.colors import DARK, LIGHT

FONT: Final = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Inter, "Noto Sans", "DejaVu Sans", sans-serif'
_PALETTES: Final = {
    "light": {
        "page": "#fbfbf9",
        "surface": "#ffffff",
        "sunken": "#f1f1ed",
        "line": "#d5d6d0",
        "text": "#1d2126",
        "quiet": "#5b636d",
        "accent": "#0a5ac2",
        "edge": "#7b848f",
        "error": "#b42318",
        "warning": "#8a6d00",
        "mark": "#ffffff",
    },
    "dark": {
        "page": "#131519",
        "surface": "#1f232a",
        "sunken": "#191c21",
        "line": "#3a404a",
        "text": "#e5e8ec",
        "quiet": "#a0a9b4",
        "accent": "#84b6ff",
        "edge": "#8b95a1",
        "error": "#ff8a80",
        "warning": "#e3c04f",
        "mark": "#131519",
    },
}
_SHAPE: Final = """\
.pipeline .page {{ fill: {page}; }}
.pipeline text {{ font-family: {font}; fill: {text}; }}
.pipeline .title {{ font-size: 13px; font-weight: 600; }}
.pipeline .small {{ font-size: 11px; fill: {quiet}; }}
.pipeline .chip text {{ font-size: 10.5px; fill: {quiet}; }}
.pipeline .label text {{ font-size: 10.5px; fill: {quiet}; }}
.pipeline .label rect {{ fill: {page}; }}
.pipeline .badge text {{ font-size: 11px; font-weight: 700; fill: {mark}; }}
.pipeline .shape, .pipeline .stack {{ fill: {surface}; stroke: {line}; }}
.pipeline .frame > .shape {{ fill: {sunken}; fill-opacity: 0.75; }}
.pipeline .stripe {{ fill: none; stroke: {accent}; stroke-width: 3; stroke-linecap: round; }}
.pipeline .ends > .shape {{ fill: {sunken}; stroke-dasharray: 4 3; }}
.pipeline .ends .stripe, .pipeline .bundle .stripe {{ stroke: none; }}
.pipeline .hook > .shape {{ stroke-dasharray: 2 3; }}
.pipeline .work-approval > .stripe {{ stroke: {warning}; }}
.pipeline .chip rect {{ fill: {sunken}; stroke: {line}; }}
.pipeline .badge.error circle {{ fill: {error}; }}
.pipeline .badge.warning circle {{ fill: {warning}; }}
.pipeline .route path {{ fill: none; stroke: {edge}; stroke-width: 1.4; }}
.pipeline .route.artifact path {{ stroke: {accent}; stroke-width: 2; }}
.pipeline .route.order path {{ stroke-dasharray: 5 4; }}
.pipeline .route.hook path {{ stroke-dasharray: 1.5 4; stroke-linecap: round; }}
.pipeline .route.light path {{ stroke-opacity: 0.45; stroke-width: 1.2; }}
.pipeline .route .arrow {{ fill: {edge}; stroke: none; }}
.pipeline .route.artifact .arrow {{ fill: {accent}; }}
.pipeline .route.light .arrow {{ fill-opacity: 0.45; }}
"""
_DASHED: Final = """\
.pipeline .route.is-removed path, .pipeline .is-removed > .shape, .pipeline .is-idle > .shape { stroke-dasharray: 6 4; }
"""
_STATE: Final = """\
.pipeline .is-{name} > .shape {{ fill: {fill}; stroke: {edge}; }}
.pipeline .is-{name} > .stripe {{ stroke: {edge}; }}
.pipeline .route.is-{name} path {{ stroke: {edge}; stroke-opacity: 1; }}
.pipeline .route.is-{name} .arrow {{ fill: {edge}; fill-opacity: 1; stroke: none; }}
.pipeline .is-{name} > .chip:first-of-type text {{ fill: {text}; }}
"""


def style_sheet() -> str:
    """The rules for light, and those that are otherwise for dark."""
    dark = "".join(f"  {line}\n" for line in _rules("dark", DARK).splitlines())
    return f"{_rules('light', LIGHT)}{_DASHED}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _rules(name: str, states: dict[str, tuple[str, str, str]]) -> str:
    rules = _SHAPE.format(font=FONT, **_PALETTES[name])
    for state, (fill, edge, text) in states.items():
        rules += _STATE.format(name=state, fill=fill, edge=edge, text=text)
    return rules
