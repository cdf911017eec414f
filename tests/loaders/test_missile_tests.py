"""The missile tests of North Korea as they are published for the web (bins of years, in JSON),
through the shipped mapping of the table loader. Where they lie at hand: in the folder that
KG_MISSILE_TESTS names, or under ../shared/data/missile-tests; and a few rows of our own."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.loaders.loading import ROOT, run

MAPPING = ROOT / "kg" / "loaders" / "mappings" / "cns" / "source.yaml"
GIVEN = os.environ.get("KG_MISSILE_TESTS")
FEW: dict[str, Any] = {
    "timeBins": [
        {"data": [
            {"date": "1984-04-09", "time": "unknown", "series": 1, "missile": "scud-b",
             "facility": "tonghae", "landing": "unknown", "apogee": "unknown",
             "distance": "unknown", "bearing": 90, "outcome": "success", "description": "A first."},
            {"date": "1984-04-09", "time": "unknown", "series": 2, "missile": "scud-b",
             "facility": "tonghae", "landing": "sea-of-japan", "apogee": "unknown",
             "distance": 300, "bearing": 90, "outcome": "unknown", "description": "A second."},
        ]},
        {"data": [
            {"date": "1990-07", "time": "02:03", "series": 1, "missile": "unknown",
             "facility": "unknown", "landing": "unknown", "apogee": 97, "distance": 600,
             "bearing": 45, "outcome": "failure", "description": "A third."},
        ]},
    ]
}  # fmt: skip


@pytest.fixture(params=["few", "published"])
def rows(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """All rows, out of their bins."""
    content = FEW
    if request.param == "published":
        path = Path(GIVEN or ROOT / ".." / "shared" / "data" / "missile-tests") / "test.en.json"
        if not path.is_file():
            pytest.skip("the published missile tests are not at hand")
        content = json.loads(path.read_text(encoding="utf-8"))
    return [row for each in content["timeBins"] for row in each["data"]]


def test_every_test_is_an_incident_with_its_day_and_its_outcome(
    rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    about = MAPPING.read_text(encoding="utf-8").replace('"*.csv"', '"*.jsonl"')
    (tmp_path / "source.yaml").write_text(about, encoding="utf-8")
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "tests.jsonl").write_text(lines, encoding="utf-8")
    loaded = run("table", tmp_path)
    assert loaded.count("incident") == len(rows)
    occurred = loaded.claims(predicate="occurred")
    days = Counter(row["date"] for row in rows if re.match(r"\d{4}", str(row["date"])))
    assert Counter(occurred["value"]) == days  # a month stays a month
    outcomes = Counter(loaded.claims(predicate="outcome")["value"])
    assert outcomes == Counter(row["outcome"] for row in rows if row["outcome"])
    blamed = loaded.claims(predicate="ATTRIBUTED_TO")
    assert (blamed.height, set(blamed["object"])) == (len(rows), {"state:PRK"})
    assert loaded.values("group:unknown", "name") == []
