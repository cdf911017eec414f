"""Several names in one cell: parted where that is sure, told where it may be, in every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.loaders.eurepoc.cells import Initiator, initiators, names
from kg.loaders.kit.actors import KEPT_AS_ONE, listed, parted
from tests.loaders.loading import DATA, Loaded, run
from tests.loaders.test_ftm import entities, person
from tests.loaders.test_microsoft import listed as microsoft
from tests.loaders.test_microsoft import row


@pytest.mark.parametrize(
    ("text", "found", "may_be_more"),
    [
        ("APT28; Turla", ["APT28", "Turla"], False),
        ("APT28|Turla", ["APT28", "Turla"], False),
        ("Agency (A; B); Turla", ["Agency (A; B)", "Turla"], True),
        ("APT28 and APT29", ["APT28", "APT29"], False),
        ("APT28, UNC2452", ["APT28", "UNC2452"], False),
        ("Possibly APT28 and APT29", ["Possibly APT28", "APT29"], False),
        ("Turla and Rival Crew", ["Turla", "Rival Crew"], False),  # each stands alone elsewhere
        ("Turla and Others", ["Turla and Others"], True),
        ("Guardians & Co", ["Guardians & Co"], True),
        ("APT28/Fancy Bear", ["APT28/Fancy Bear"], True),
        ("Wolf aka Bear", ["Wolf aka Bear"], True),
        ("Turla (suspected)", ["Turla (suspected)"], False),
        ("Turla", ["Turla"], False),
    ],
)
def test_names_are_parted_where_that_is_sure(
    text: str, found: list[str], may_be_more: bool
) -> None:
    assert parted(text, {"Turla", "Rival Crew"}) == (found, may_be_more)


def test_brackets_are_never_parted() -> None:
    assert listed("A (B; C [D; E]); F") == ["A (B; C [D; E])", "F"]
    assert listed("A ) ; B (C; D") == ["A )", "B (C; D"]


# Tables

MAPPING = """name: raids
format: table
licence: CC0
table:
  asserter: organization:watch
  entities:
    "organization:watch": Watch
    "incident:raid-{ID}": {name: "Raid by {who}", category: cyber}
    "group:raid-{who|slug}": "{who}"
    "organization:hit-{hit|slug}": "{hit}"
  claims:
    - ["incident:raid-{ID}", ATTRIBUTED_TO, "group:raid-{who|slug}"]
    - ["incident:raid-{ID}", TARGETED, "organization:hit-{hit|slug}"]
    - ["incident:raid-{ID}", description, "Day {day}: {who}"]
"""


def raids(folder: Path, *rows: str, by: str = "no") -> Loaded:
    (folder / "source.yaml").write_text(MAPPING.replace("{ID}", "{" + by + "}"))
    (folder / "raids.csv").write_text("\n".join(["no,day,who,hit", *rows]))
    return run("table", folder)


def blamed(loaded: Loaded, incident: str) -> set[tuple[str, str | None, bool | None]]:
    said = loaded.claims(subject=incident, predicate="ATTRIBUTED_TO")
    return set(said.select("object", "hedge", "collective").rows())


def test_a_table_without_a_word_for_it_parts_lists_and_tells_the_rest(tmp_path: Path) -> None:
    loaded = raids(
        tmp_path,
        "1,a,APT28; Turla,Acme; Acme Sons",
        "2,b,Turla,Ministry of Health and Welfare",
        "3,c,APT28/Fancy Bear,x",
    )
    assert blamed(loaded, "incident:raid-1") == {
        ("group:raid-apt28", None, True),
        ("group:raid-turla", None, True),
    }
    assert loaded.values("incident:raid-1", "TARGETED") == [
        "organization:hit-acme",
        "organization:hit-acme-sons",
    ]
    told = {(w.field, w.value) for w in loaded.warnings}
    assert told == {("who", "APT28/Fancy Bear"), ("hit", "Ministry of Health and Welfare")}
    assert loaded.values("incident:raid-1", "description") == ["Day a: APT28; Turla"]


def test_whom_an_event_affected_is_read_like_whom_it_targeted(tmp_path: Path) -> None:
    """The edges' own files say whose names stand in a cell."""
    text = MAPPING.replace("{ID}", "{no}").replace("TARGETED", "AFFECTED")
    (tmp_path / "source.yaml").write_text(text)
    (tmp_path / "raids.csv").write_text(
        "no,day,who,hit\n1,a,Turla,Acme; Acme Sons\n2,b,Turla,Iran & Syria\n"
    )
    loaded = run("table", tmp_path)
    hit = ["organization:hit-acme", "organization:hit-acme-sons"]
    assert loaded.values("incident:raid-1", "AFFECTED") == hit
    assert loaded.values("incident:raid-2", "AFFECTED") == ["state:IRN", "state:SYR"]


def test_an_event_that_is_called_by_who_did_it_stays_one_with_each_of_them(tmp_path: Path) -> None:
    rows = ["1,a,APT28 or Turla,", "2,b,APT28 or Turla,", "3,c,Iran & Syria,", "4,d,Iran,"]
    loaded = raids(tmp_path, *rows, by="who|slug")
    assert blamed(loaded, "incident:raid-apt28-or-turla") == {
        ("group:raid-apt28", "APT28 or Turla", None),
        ("group:raid-turla", "APT28 or Turla", None),
    }
    assert blamed(loaded, "incident:raid-iran-syria") == {
        ("state:IRN", None, True),
        ("state:SYR", None, True),
    }
    # The second is another event, by the same two.
    assert loaded.count("incident") == 4
    assert loaded.count("group") == 2
    assert loaded.values("incident:raid-iran", "name") == ["Raid by Iran"]


# EuRepoC


@pytest.mark.parametrize(
    ("packed", "read"),
    [
        (
            "A/G0001 (C) <\xa0B/G0044\xa0",
            Initiator("A", (), ("attack:G0001",), ("C",), Initiator("B", (), ("attack:G0044",))),
        ),
        (
            "A/G0034 (GRU, Centre (GTsST) Unit 1)",
            Initiator("A", (), ("attack:G0034",), ("GRU", "Centre (GTsST) Unit 1")),
        ),
        ("A/DEV-0157, Group G0047", Initiator("A", ("DEV-0157",), ("attack:G0047",))),
        ("A B, aka A C", Initiator("A B", ("A C",))),
        ("A --> B", Initiator("A", parent=Initiator("B"))),
    ],
)
def test_packed_names_as_they_are_met(packed: str, read: Initiator) -> None:
    assert initiators(packed) == read


def test_parts_of_parts_have_an_end() -> None:
    assert initiators("A < " * 20_000) is not None


def test_names_of_eurepoc_come_in_two_notations() -> None:
    assert names("['A (B; C)', ['D']]") == ["A (B; C)", "D"]
    assert names("A (B; C); D\xa0E; Not available") == ["A (B; C)", "D E"]


def test_several_in_one_cell_of_eurepoc_are_several(tmp_path: Path) -> None:
    for file in (DATA / "eurepoc").glob("*.csv"):
        text = file.read_text(encoding="utf-8").replace("SynBear", "SynBear; SynWolf")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    loaded = run("eurepoc", tmp_path)
    assert {"group:eurepoc-synbear", "group:eurepoc-synwolf"} <= set(loaded.frame["subject"])
    assert "group:eurepoc-synbear-synwolf" not in set(loaded.frame["subject"])


# Lists in JSON


def test_several_values_in_one_of_followthemoney_are_several_and_told(tmp_path: Path) -> None:
    ada = person(
        "a", "Ada", alias=["B; C", "D and E"], nationality=["kp; ru", "jp"], birthDate=["1966-1968"]
    )
    loaded = run("ftm", entities(tmp_path / "a.jsonl", ada))
    assert loaded.values("person:ftm-a", "alias") == ["B", "C", "D and E"]
    assert loaded.values("person:ftm-a", "nationality") == ["JPN", "PRK", "RUS"]
    assert loaded.values("person:ftm-a", "born") == ["1966/1968"]
    assert {w.field for w in loaded.warnings} == {"alias", "nationality"}
    assert [w.value for w in loaded.warnings if w.message == KEPT_AS_ONE] == ["D and E"]


def test_several_values_in_one_of_misp_are_several_and_told(tmp_path: Path) -> None:
    meta: dict[str, Any] = {
        "synonyms": ["B; C", "D and E", "F/G", "H, I"],
        "country": "KP; RU",
        "targeted-sector": ["Energy; Finance"],
        "cfr-suspected-victims": ["Germany and Spain"],
    }
    cluster = {"value": "Wolf", "uuid": "u", "meta": meta}
    content = {"type": "threat-actor", "name": "x", "version": 1, "values": [cluster]}
    (tmp_path / "a.json").write_text(json.dumps(content))
    loaded = run("misp-galaxy", tmp_path)
    assert loaded.values("group:misp-wolf", "alias") == ["B", "C", "D and E", "F/G", "H, I"]
    assert loaded.values("group:misp-wolf", "ATTRIBUTED_TO") == ["state:PRK", "state:RUS"]
    assert loaded.values("group:misp-wolf", "TARGETED") == ["state:DEU", "state:ESP"]
    assert loaded.values("group:misp-wolf", "TARGETS_SECTOR") == ["sector:energy", "sector:finance"]
    assert {w.field for w in loaded.warnings} == {f"meta.{name}" for name in meta}
    (told,) = [w for w in loaded.warnings if w.message.startswith(KEPT_AS_ONE)]
    assert (told.value, told.message) == ("D and E", f"{KEPT_AS_ONE} (2 times)")


def test_several_values_in_one_of_microsoft_s_are_several(tmp_path: Path) -> None:
    rows = [
        row("Wolf Sleet", "North Korea; Russia", "A; B, C & D"),
        row("Bear Sleet") | {"Other names": ["D", "E"]},
    ]
    loaded = run("microsoft", microsoft(tmp_path, *rows))
    assert loaded.values("group:microsoft-wolf-sleet", "alias") == ["A", "B", "C & D"]
    assert [w.value for w in loaded.warnings if w.message == KEPT_AS_ONE] == ["C & D"]
    assert loaded.values("group:microsoft-wolf-sleet", "ATTRIBUTED_TO") == [
        "state:PRK",
        "state:RUS",
    ]
    assert loaded.values("group:microsoft-bear-sleet", "alias") == ["D", "E"]


def test_several_aliases_in_one_of_stix_are_several_and_told(tmp_path: Path) -> None:
    group = {
        "type": "intrusion-set",
        "id": "intrusion-set--1",
        "name": "A; B",
        "aliases": ["C; D", "E and F", "Wolf hits the ports of the north and all the banks"],
    }
    (tmp_path / "a.json").write_text(json.dumps({"type": "bundle", "objects": [group]}))
    loaded = run("stix", tmp_path / "a.json")
    assert sorted(loaded.claims(predicate="alias")["value"])[:3] == ["C", "D", "E and F"]
    assert [w.value for w in loaded.warned("intrusion-set.aliases")] == ["C; D", "E and F"]
