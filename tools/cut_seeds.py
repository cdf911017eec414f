"""Cut the slices of published data sets that ship in `seed/` out of the full files.

    python -m tools.cut_seeds DATA [SEED]

DATA holds the full files as their publishers give them, one folder a source: `attack/`,
`misp-galaxy/`, `microsoft/`, `ofac/`, `travel/`; and `history/galaxy-history.bundle`, the git
history of MISP's list of actors. What is written is the same each time. The slices
follow one subject, North Korea's groups, their sanctions and its summits. They keep each source's
format and words, and are so few that the pictures of all seeds stay readable. Run it by hand after
the full files have changed, then set the counts in the `source.yaml` files anew.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from kg.base.writing import write_bytes
from tools import history_slice

Json = dict[str, Any]
Files = dict[str, bytes]
"""What a slice consists of: name of the file → its content."""

GROUPS = frozenset(
    ("G0032", "G0067", "G0082", "G0086", "G0094", "G0138", "G1036", "G1049", "G1052")
)
"""The groups that ATT&CK's texts put in North Korea; it has no field that says so. G0086 was merged
into G0094 and shows how that reads."""

LISTED = {
    12210: "Reconnaissance General Bureau",
    24917: "Chosun Expo",
    24918: "Park Jin Hyok",
    27307: "Lazarus Group",
    27308: "Bluenoroff",
    27309: "Andariel",
    28263: "Tian Yinyin, linked to Lazarus Group",
    28264: "Li Jiadong, linked to Lazarus Group",
}
"""OFAC's listings for North Korea's operations in cyberspace; the list has no such category."""

SUMMIT_YEARS = ("2018", "2019")


def attack(data: Path) -> Files:
    """The groups, the campaigns laid to them, the software that both use, and these relations.

    Techniques are left out: they are three times as large as all the rest.
    """
    (full,) = data.glob("enterprise-attack-*.json")
    bundle = json.loads(full.read_text("utf-8"))
    objects = {o["id"]: o for o in bundle["objects"]}
    groups = {id for id, o in objects.items() if GROUPS & _attack_ids(o)}
    relations = [o for o in objects.values() if _stands(o)]
    campaigns = {
        r["source_ref"]
        for r in relations
        if r["relationship_type"] == "attributed-to" and r["target_ref"] in groups
    }
    software = {
        r["target_ref"]
        for r in relations
        if r["source_ref"] in groups | campaigns
        and r["target_ref"].startswith(("malware--", "tool--"))
    }
    kept = groups | campaigns | software
    bundle["objects"] = [o for o in objects.values() if _of_slice(o, kept)]
    return {
        full.name.replace(".json", "-north-korea.json"): _text(bundle),
        "LICENSE.txt": (data / "LICENSE.txt").read_bytes(),
    }


def _attack_ids(object: Json) -> set[str]:
    """The number of an intrusion set (`G0032`); of other objects none."""
    if object["type"] != "intrusion-set":
        return set()
    references = object.get("external_references", ())
    return {r["external_id"] for r in references if r["source_name"] == "mitre-attack"}


def _stands(object: Json) -> bool:
    withdrawn = object.get("revoked") or object.get("x_mitre_deprecated")
    return object["type"] == "relationship" and not withdrawn


def _of_slice(object: Json, kept: set[str]) -> bool:
    if object["type"] == "relationship":
        return _stands(object) and {object["source_ref"], object["target_ref"]} <= kept
    return object["id"] in kept or object["type"] in ("identity", "marking-definition")


def misp_galaxy(data: Path) -> Files:
    """North Korea's actors and agencies; the tools and the actors of several names that these are
    related to, either way round; who coined a name. Each file keeps its head.

    MISP's copies of ATT&CK and of Microsoft's list are left out: the originals are cut as well.
    """
    galaxies = {
        name: json.loads((data / f"{name}.json").read_text("utf-8"))
        for name in ("threat-actor", "intelligence-agencies", "tool", "producer")
    }
    clusters = {c["uuid"]: c for galaxy in galaxies.values() for c in galaxy["values"]}
    bare = {c["uuid"] for c in galaxies["threat-actor"]["values"] if not _meta(c, "synonyms")}
    korean = {id for id, c in clusters.items() if _meta(c, "country") == "KP"}
    near = {id for id in clusters if korean & _related(clusters[id])}
    near.update(*(_related(clusters[id]) for id in korean))
    kept = korean | (near - bare)
    producers = {text.rpartition(":")[2] for id in kept & clusters.keys()
                 for text in _meta(clusters[id], "name-attribution") or ()}  # fmt: skip
    for galaxy in galaxies.values():
        galaxy["values"] = [c for c in galaxy["values"] if c["uuid"] in kept | producers]
    return {f"{name}.json": _text(galaxy) for name, galaxy in galaxies.items()}


def _meta(cluster: Json, field: str) -> Any:
    return cluster.get("meta", {}).get(field)


def _related(cluster: Json) -> set[str]:
    return {relation["dest-uuid"] for relation in cluster.get("related", ())}


def microsoft(data: Path) -> Files:
    """The actors whose origin is North Korea."""
    name = "MicrosoftMapping.json"
    actors = json.loads((data / name).read_text("utf-8"))
    return {name: _text([a for a in actors if a["Origin/Threat"] == "North Korea"])}


def ofac(data: Path) -> Files:
    """The rows of `LISTED` in each of the four files, byte for byte."""
    return {
        name: b"".join(_rows((data / name).read_bytes(), _is_listed))
        for name in ("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv")
    }


def _is_listed(cells: list[str]) -> bool:
    return cells[0].isdecimal() and int(cells[0]) in LISTED


def travel(data: Path) -> Files:
    """Journeys to North Korea and others whose remarks speak of it; those of the summits' years on
    which President Moon was met, and his visits. Byte for byte, with the header."""
    travels, visits = "us_president_secretary_travels.csv", "foreign_leader_visits_to_us.csv"
    return {
        travels: _table((data / travels).read_bytes(), _is_summitry),
        visits: _table((data / visits).read_bytes(), _is_moons),
    }


def _is_summitry(row: Mapping[str, str]) -> bool:
    of_the_north = re.search("North Korea|Kim Jong", row["remarks"]) is not None
    with_moon = "Moon Jae-in" in row["remarks"] and row["start_date"].startswith(SUMMIT_YEARS)
    return row["country"] == "Korea, North" or of_the_north or with_moon


def _is_moons(row: Mapping[str, str]) -> bool:
    return "Moon Jae-in" in row["visitor"] and row["start_date"].startswith(SUMMIT_YEARS)


def _table(content: bytes, wanted: Callable[[dict[str, str]], bool]) -> bytes:
    header, rows = content.split(b"\n", 1)
    names = _cells(header)
    kept = _rows(rows, lambda cells: wanted(dict(zip(names, cells, strict=True))))
    return b"".join([header + b"\n", *kept])


def _rows(content: bytes, wanted: Callable[[list[str]], bool]) -> Iterable[bytes]:
    """Lines as they are; in these files each row is one."""
    lines = content.splitlines(keepends=True)
    return [line for line in lines if line.strip(b"\x1a\r\n") and wanted(_cells(line))]


def _cells(line: bytes) -> list[str]:
    return next(csv.reader(io.StringIO(line.decode("utf-8"))))


def _text(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def misp_galaxy_history(data: Path) -> Files:
    """The records that some version of MISP's list places in North Korea, version by version."""
    bundle = data.parent / "history" / "galaxy-history.bundle"
    return history_slice.cut(bundle, "clusters/threat-actor.json")


SLICES: Mapping[str, Callable[[Path], Files]] = {
    "attack": attack,
    "misp-galaxy": misp_galaxy,
    "misp-galaxy-history": misp_galaxy_history,
    "microsoft": microsoft,
    "ofac": ofac,
    "travel": travel,
}
"""Folder in DATA and in SEED → what cuts it."""


def main(data: Path, seed: Path) -> None:
    """Write every slice beside its `source.yaml`, and say how large it is."""
    for name, cut in SLICES.items():
        folder = seed / name
        folder.mkdir(exist_ok=True)
        for file, content in cut(data / name).items():
            write_bytes(folder / file, content)
            print(f"{len(content):>9,} {folder / file}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("python -m tools.cut_seeds DATA [SEED]")
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "seed"))
