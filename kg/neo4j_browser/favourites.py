"""Favourites: the zip of `.cypher` files that Neo4j Browser imports when dropped on its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from kg.ask.questions import Question
from kg.neo4j_browser.scripts import favourite


def archive(folders: Mapping[str, Sequence[Question]]) -> bytes:
    """The zip: one folder a folder, one file a script; the same scripts give the same bytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as zipped:
        for folder, scripts in folders.items():
            for script in scripts:
                # A ZipInfo of one's own has a fixed date.
                entry = ZipInfo(f"{folder}/{script.name}.cypher")
                zipped.writestr(entry, favourite(script), ZIP_DEFLATED)
    return buffer.getvalue()
