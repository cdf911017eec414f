"""What makes Neo4j Browser pleasant: favourites to import, a style sheet, and a guide.

All of it is derived from the saved questions and the ontology, so that a question or kind that is
added shows up here by itself. docs/neo4j.md says where each file goes.
"""

from __future__ import annotations

from pathlib import Path

from kg.base.written import own, refuse_foreign
from kg.neo4j_browser.favourites import archive
from kg.neo4j_browser.grass import style_sheet
from kg.neo4j_browser.guide import ORIGINS, GuideServer, page
from kg.neo4j_browser.scripts import folders
from kg.ontology import load

__all__ = ["ORIGINS", "GuideServer", "write_browser_kit"]


def write_browser_kit(folder: Path | str) -> list[Path]:
    """Write `favourites.zip`, `style.grass` and `guide.html`; returns their paths.

    Raises `InputError` where a saved question or the ontology cannot be read, `UsageError` where a
    file of somebody else is called like one of them.
    """
    ontology, scripts = load(), folders()
    contents = {
        "favourites.zip": archive(scripts),
        "style.grass": style_sheet(ontology).encode(),
        "guide.html": page(ontology, scripts).encode(),
    }
    files = {Path(folder) / name: content for name, content in contents.items()}
    for path in files:
        refuse_foreign(path)
    for path, content in files.items():
        with own(path, binary=True) as file:
            file.write(content)
    return list(files)
