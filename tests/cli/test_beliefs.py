"""What a load tells of beliefs: before it happens, when it has, and for programs."""

from __future__ import annotations

import json
from pathlib import Path

from kg.ask.diff import unchanged
from tests.ask.test_diff import PAPER
from tests.command import run

SECOND = """\
documents:
- {id: document:d, name: D, published_by: organization:d, date: 2022-01-01}
entities:
  organization:d: D
  group:night: Night Group
  incident:raid: {name: Raid, category: cyber}
claims:
- asserter: organization:d
  document: document:d
  says: [incident:raid, ATTRIBUTED_TO, group:night]
"""


def test_a_load_ends_with_what_is_believed_otherwise(tmp_path: Path) -> None:
    (tmp_path / "paper.yaml").write_text(PAPER, encoding="utf-8")
    (tmp_path / "second.yaml").write_text(SECOND, encoding="utf-8")
    first = json.loads(run(tmp_path, "load", "claims", "paper.yaml", "--format", "json").stdout)
    assert first["beliefs"] == unchanged()
    asked = ("claims", "second.yaml", "--beliefs", "--format", "json")
    planned = json.loads(run(tmp_path, "plan", "--load", *asked).stdout)
    assert planned["change"]["ATTRIBUTED_TO"] == 1
    loaded = json.loads(run(tmp_path, "load", "claims", "second.yaml", "--format", "json").stdout)
    assert loaded["beliefs"] == planned["beliefs"]
    assert loaded["plan"] == {key: planned[key] for key in ("add", "change", "remove")}
    [told] = loaded["beliefs"]["corroborated"]
    assert (told["from_name"], told["before"]["asserters"]) == ("Raid", 2)
    assert told["after"]["asserters"] == 3
    again = run(tmp_path, "unload", "second")
    assert "corroborated" not in again.stdout
    as_text = run(tmp_path, "load", "claims", "second.yaml")
    assert "corroborated  1\n  Raid attributed to Night Group  (asserters 2 → 3" in as_text.stdout


def test_a_plan_of_a_load_names_files(tmp_path: Path) -> None:
    done = run(tmp_path, "plan", "--load", "claims")
    assert done.returncode == 2
    assert "name what `kg load claims` would read: files, or --history" in done.stderr
