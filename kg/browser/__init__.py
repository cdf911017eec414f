"""What makes Neo4j Browser pleasant: favourites to import, a style sheet, and a guide.

All of it is derived from the saved questions and the ontology, so that a question or kind that is
added shows up here by itself. docs/neo4j.md says where each file goes.
"""

from __future__ import annotations

from pathlib import Path

from kg.browser.favourites import archive
from kg.browser.grass import style_sheet
from kg.browser.guide import GuideServer, page
from kg.browser.scripts import folders
from kg.ontology import load

__all__ = ["GuideServer", "write_browser_kit"]


def write_browser_kit(folder: Path | str) -> list[Path]:
    """Write `favourites.zip`, `style.grass` and `guide.html`; returns their paths.

    Raises `InputError` where a saved question or the ontology cannot be read.
    """
    ontology, scripts = load(), folders()
    contents = {
        "favourites.zip": archive(scripts),
        "style.grass": style_sheet(ontology).encode(),
        "guide.html": page(ontology, scripts).encode(),
    }
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        paths.append(folder / name)
    return paths
