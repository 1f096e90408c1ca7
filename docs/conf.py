"""The web site of the pages: `make site`. The source folder is the repository, so that links work here and there."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_site"))

project = html_title = "transpile"
copyright = "the authors of transpile"  # noqa: A001 - Sphinx's name
language = "en"
root_doc = "docs/index"
include_patterns = [
    "docs/**.md",
    "samples/README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "SECURITY.md",
]
exclude_patterns = [".*", "**/.*", "site"]
extensions = ["myst_parser", "sphinx_copybutton", "contents", "files", "llms"]
nitpicky = True

myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # `$ command` in an example of what a terminal shows
highlight_language = "text"

html_theme = "shibuya"
templates_path = ["_site/templates"]
html_static_path = ["_site/static"]
html_css_files = ["pages.css"]
html_copy_source = False
html_show_search_summary = False  # it fetches each page, which a browser refuses from the disk
html_show_sphinx = False
html_theme_options = {"accent_color": "indigo", "toctree_collapse": True, "show_ai_links": False}
copybutton_prompt_text = "$ "  # of a console, the commands alone are copied
copybutton_copy_empty_lines = False
copybutton_line_continuation_character = "\\"
