"""TAXII 2.1 as static files: what any web server can hand out to TAXII clients (`docs/sharing.md`).

A folder for the root of a host: `taxii2/` (discovery), `kg/` (the API root), and in it a collection
with its objects and their manifest, as `index.json` each. The objects are those of the STIX export.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid5

from kg.base.errors import UsageError
from kg.exports.kit.report import ExportReport, write_json
from kg.exports.stix import objects_of
from kg.graph.corpus import Corpus
from kg.loaders.stix.ours import NAMESPACE

FORMAT = "taxii"
DOC = "TAXII 2.1 as static files: a folder that a web server hands out; STIX objects as in stix"

MEDIA = "application/stix+json;version=2.1"
TAXII = "application/taxii+json;version=2.1"
COLLECTION = str(uuid5(NAMESPACE, "taxii collection"))

LOST = (
    "files cannot answer filters (added_after, match, limit): a client gets all objects; the "
    f"server has to send index.json as {TAXII}",
    "addresses of single objects and of their versions",
)
"""What static files cannot do."""


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write the folder `path`."""
    if path.is_file():
        raise UsageError(f"{path} is a file; TAXII takes a folder")
    objects, lost = objects_of(corpus)
    root, at = path / "kg", path / "kg" / "collections"
    collection = {
        "id": COLLECTION, "title": "Claims", "can_read": True, "can_write": False,
        "description": "Claims about cyber operations and diplomacy, with who says so",
        "media_types": [MEDIA],
    }  # fmt: skip
    files: dict[Path, Any] = {
        path / "taxii2": {"title": "kg", "default": "/kg/", "api_roots": ["/kg/"]},
        root: {"title": "kg", "versions": [TAXII], "max_content_length": 1},
        at: {"collections": [collection]},
        at / COLLECTION: collection,
        at / COLLECTION / "objects": {"more": False, "objects": objects},
        at / COLLECTION / "manifest": {"more": False, "objects": [_listed(o) for o in objects]},
    }
    for folder, content in files.items():
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / "index.json", content)
    written = Counter(object["type"] for object in objects)
    return ExportReport(FORMAT, path, dict(sorted(written.items())), [*lost, *LOST])


def _listed(object: dict[str, Any]) -> dict[str, str]:
    """What the manifest says of an object; that it was added when it was changed, for want of a
    better day."""
    changed = object.get("modified", object.get("created"))
    return {"id": object["id"], "date_added": changed, "version": changed, "media_type": MEDIA}
