"""Records of a list apart: only what changed is read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.loaders.kit.parts import PartReader
from kg.loaders.misp_galaxy import PARTS


def listed(folder: Path, *values: dict[str, Any]) -> Path:
    path = folder / "list.json"
    path.write_text(json.dumps({"type": "threat-actor", "values": values}))
    return path


def bird(value: str, *others: str) -> dict[str, Any]:
    related = [{"dest-uuid": other, "type": "similar"} for other in others]
    return {"value": value, "uuid": value.lower(), "related": related}


def test_a_version_that_is_not_kept_leaves_no_trace(tmp_path: Path) -> None:
    """What a record speaks of is what the last version that was kept has it speak of."""
    reader, into = PartReader(PARTS), tmp_path / "part.json"
    both = bird("Owl", "wren"), bird("Wren")
    reader.changed(listed(tmp_path, *both), into)[1]()
    reader.changed(listed(tmp_path, bird("Owl"), bird("Wren")), into)  # failed, not kept
    reader.changed(listed(tmp_path, *both), into)[1]()
    changes, _ = reader.changed(listed(tmp_path, both[0], bird("Wren") | {"value": "Tern"}), into)
    assert changes.records.keys() == {"owl", "wren"}  # what Wren is called now, Owl's record says
    changes, _ = reader.changed(listed(tmp_path, *both), into)
    assert (changes.records, changes.gone) == ({}, frozenset())
