"""One small valid input a format, with all that its loader reads: file name → content."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from typing import Any

import polars as pl
import yaml

from tests.claims.test_fuzz import SOUND
from tests.loaders.loading import DATA, ROOT
from tests.loaders.test_ofac import BUREAU, LAZARUS, PERSON, PLANE, SHIP
from tests.loaders.test_travel import TRAVELS, VISITS
from tests.mutations import Sample

SOURCE = """\
name: small
format: {format}
licence: CC0 1.0
url: https://small.example/
notice: whatever
date: 2021-07
about: a small one
ship: "true"
publisher: {{id: organization:press, name: The Press, located_in: state:USA}}
asserter: {{id: organization:coder, name: The Coders}}
checks: {{minimum: {{}}, maximum: {{Group: 5000}}, filled: {{Group: {{alias: 0}}}}}}
"""


def dumped(content: Any) -> bytes:
    return json.dumps(content, indent=1).encode()


CLAIMS: Sample = {
    "claims.yaml": yaml.safe_dump(SOUND, sort_keys=False).encode(),
    "paper.txt": b"First line.\n",
}

STIX: Sample = {
    "bundle.json": dumped({"type": "bundle", "id": "bundle--1", "objects": [
        {"type": "identity", "id": "identity--m", "name": "The MITRE Corporation",
         "identity_class": "organization"},
        {"type": "intrusion-set", "id": "intrusion-set--1", "name": "Wolf",
         "created": "2020-01-02T03:04:05Z", "modified": "2024-05-06T07:08:09.000Z",
         "aliases": ["Wolf", "Blue Wolf"], "revoked": False, "x_mitre_deprecated": False,
         "first_seen": "2017-05-01T00:00:00Z", "last_seen": "2018-05-01T00:00:00Z",
         "primary_motivation": "espionage", "created_by_ref": "identity--m", "confidence": 85,
         "description": "Wolf is a subgroup of [B](https://attack.mitre.org/groups/G9002).",
         "external_references": [
             {"source_name": "mitre-attack", "external_id": "G9001",
              "url": "https://attack.mitre.org/groups/G9001"},
             {"source_name": "Blue Wolf", "description": "(Citation: Kaspersky Wolf 2017)"},
             {"source_name": "Kaspersky Wolf 2017", "url": "https://securelist.com/wolf/1/",
              "description": "GReAT. (2017, April 03). Wolf. Retrieved May 1, 2018."}]},
        {"type": "intrusion-set", "id": "intrusion-set--2", "name": "Bear", "revoked": True,
         "external_references": [{"source_name": "mitre-attack", "external_id": "G9002"}]},
        {"type": "malware", "id": "malware--1", "name": "Fang", "x_mitre_platforms": ["Windows"],
         "x_mitre_aliases": ["Fang", "Tooth"], "is_family": True},
        {"type": "attack-pattern", "id": "attack-pattern--1", "name": "Biting",
         "kill_chain_phases": [{"kill_chain_name": "mitre-attack", "phase_name": "impact"}]},
        {"type": "campaign", "id": "campaign--1", "name": "Hunt",
         "first_seen": "2017-05-01T00:00:00Z", "last_seen": "2018-05-01T00:00:00Z"},
        {"type": "location", "id": "location--1", "country": "KP"},
        {"type": "relationship", "id": "relationship--1", "relationship_type": "uses",
         "source_ref": "intrusion-set--1", "target_ref": "malware--1", "confidence": 15,
         "created": "2021-03-04T00:00:00.000Z", "start_time": "2019-01-01T00:00:00Z",
         "external_references": [{"source_name": "Kaspersky Wolf 2017"}]},
        {"type": "relationship", "id": "relationship--2", "relationship_type": "attributed-to",
         "source_ref": "campaign--1", "target_ref": "intrusion-set--1"},
        {"type": "relationship", "id": "relationship--3", "relationship_type": "revoked-by",
         "source_ref": "intrusion-set--2", "target_ref": "intrusion-set--1"},
        {"type": "report", "id": "report--1", "name": "On Wolf",
         "published": "2020-01-01T00:00:00Z", "object_refs": ["relationship--2"],
         "external_references": [
             {"source_name": "x", "url": "https://x.example/report"}]},
    ]}),
    "source.yaml": SOURCE.format(format="stix").encode(),
}  # fmt: skip

MISP: Sample = {
    "producer.json": dumped({"type": "producer", "name": "Producer", "version": 3, "values": [
        {"uuid": "p-1", "value": "CrowdStrike", "meta": {"country": "US", "official-refs":
         ["https://crowdstrike.com/"]}}]}),
    "threat-actor.json": dumped({"type": "threat-actor", "name": "Actors", "version": 7, "values": [
        {"uuid": "a-1", "value": "Wolf", "description": "prose", "revoked": False,
         "meta": {"synonyms": ["GREY PANDA", "APT99", "G0032"], "country": "KP",
                  "attribution-confidence": "75", "name-attribution": ["GREY PANDA:p-1"],
                  "cfr-suspected-state-sponsor": "Korea (Democratic People's Republic of)",
                  "cfr-suspected-victims": ["Japan", "East Asia"],
                  "cfr-target-category": ["Private sector"], "cfr-type-of-incident": "Espionage",
                  "origin:APT99": "Mandiant", "refs": ["https://wolf.example/"], "mood": "bad"},
         "related": [{"dest-uuid": "t-1", "type": "uses", "tags": [
             'estimative-language:likelihood-probability="likely"']},
             {"dest-uuid": "a-2", "type": "similar", "tags": []}]},
        {"uuid": "a-2", "value": "Operation Bear", "meta": {
            "threat-actor-classification": ["operation"], "targeted-sector": ["Energy"]}}]}),
    "tool.json": dumped({"type": "tool", "name": "Tools", "version": 1, "values": [
        {"uuid": "t-1", "value": "Fang", "meta": {"refs": ["https://fang.example/"]}}]}),
    "region.json": dumped({"type": "region", "name": "Regions", "version": 1, "values": [
        {"uuid": "r-1", "value": "030 - Eastern Asia", "meta": {"subregions": ["392 - Japan"]}}]}),
    "agency.json": dumped({"type": "intelligence-agency", "name": "Agencies", "version": 1,
        "values": [{"uuid": "i-1", "value": "RGB", "meta": {"country": "KP"}}]}),
}  # fmt: skip

MICROSOFT: Sample = {
    "names.json": dumped([
        {"Threat actor name": "Wolf Sleet", "Origin/Threat": "North Korea",
         "Other names": "ZINC, APT99"},
        {"Threat actor name": "Bear Tempest", "Origin/Threat": "China, Financially motivated",
         "Other names": "", "Mood": "bad"},
        {"Threat actor name": "Elk Hail", "Origin/Threat": "Korea", "Other names": "G0032"},
    ]),
    "source.yaml": SOURCE.format(format="microsoft").encode(),
}  # fmt: skip

OFAC: Sample = {
    "sdn.csv": (LAZARUS + BUREAU + PERSON + SHIP + PLANE + "\x1a").encode(),
    "alt.csv": b'27307,1,"aka","SYNTHETIC ALIAS",-0- \n',
    "add.csv": b'27307,1,-0- ,"Pyongyang","Korea, North",-0- \n27307,2,-0- ,-0- ,-0- ,-0- \n',
    "sdn_comments.csv": b"12210,\"OB 1; a.k.a. 'RGB'.\"\n",
}

TRAVEL: Sample = {"travels.csv": TRAVELS.encode(), "visits.csv": VISITS.encode()}

FTM: Sample = {
    "ftm.jsonl": (DATA / "ftm" / "synthetic.ftm.json").read_bytes(),
    "source.yaml": SOURCE.format(format="ftm").encode(),
}

EUREPOC: Sample = {file.name: file.read_bytes() for file in (DATA / "eurepoc").iterdir()}

MAPPING = (
    SOURCE.format(format="table")
    + """\
files: ["raids.*"]
table:
  encoding: [utf-8, cp1252]
  delimiter: ","
  "null": [n/a]
  document: document:raid-list
  asserter: organization:coder
  columns:
    who: {split: ";", "null": [nobody], keep: [n/a]}
    blamed: {country: true}
    day: {date: "%d.%m.%Y", map: {never: ""}}
    weight: {match: "^[0-9]+"}
  entities:
    "document:raid-list": {name: List of raids, published_by: organization:press, date: "2021"}
    "state:USA": United States
    "incident:raid-{no}": {name: "{what}", category: cyber, record: "raid:{no}"}
    "group:raid-{who|slug}":
      {name: "{who}", codes: ["raid:{who}"], located_in: {to: "state:{blamed}"}}
    "state:{blamed}": "{blamed|country}"
  claims:
    - ["incident:raid-{no}", occurred, "{day}", {valid_basis: stated}]
    - says: ["incident:raid-{no}", ATTRIBUTED_TO, "group:raid-{who|slug}"]
      hedge: "{sure|or perhaps}"
      when: {sure: [probably, surely]}
      paragraph: "{#}"
    - denies: ["incident:raid-{no}", ATTRIBUTED_TO, "state:{blamed}"]
      valid: "{day}"
    - ["incident:raid-{no}", count, "{weight}", {bound: lower}]
  ignore: [score_*]
"""
)
RAIDS: list[dict[str, Any]] = [
    {"no": 1, "day": "03.02.2021", "what": "Harbour raid", "who": "Paper Crane; Rival Crew",
     "blamed": "North Korea", "sure": "probably", "weight": "12 t", "score_a": 1.5, "mood": "bad"},
    {"no": 2, "day": "2020-11", "what": "Quarry raid", "who": "", "blamed": "Freedonia",
     "sure": "", "weight": "n/a", "score_a": None, "mood": None},
    {"no": 3, "day": "05.06.2020", "what": "Mine raid", "who": "Paper Crane", "blamed": "Iran",
     "sure": "surely", "weight": "3", "score_a": 2, "mood": None},
]  # fmt: skip


def table(name: str, content: bytes) -> Sample:
    return {name: content, "source.yaml": MAPPING.encode()}


def frame() -> pl.DataFrame:
    return pl.DataFrame(RAIDS, infer_schema_length=None)


def typed_frame() -> pl.DataFrame:
    """The rows with cells of every type that a column of a data frame may have."""
    return frame().with_columns(
        who=pl.col("who").str.split("; "), at=pl.lit(datetime(2021, 2, 3, 4, 5)),
        on=pl.lit(date(2021, 2, 3)), raw=pl.lit(b"\xff\0"), nested=pl.struct("no", "what"),
        yes=pl.lit(True), void=pl.lit(None), far=pl.lit(float("inf")),
    )  # fmt: skip


def parquet() -> bytes:
    buffer = io.BytesIO()
    typed_frame().write_parquet(buffer)
    return buffer.getvalue()


ALL: dict[str, Sample] = {
    "claims": CLAIMS, "stix": STIX, "misp-galaxy": MISP, "microsoft": MICROSOFT, "ofac": OFAC,
    "travel": TRAVEL, "ftm": FTM, "eurepoc": EUREPOC,
    "table csv": table("raids.csv", frame().write_csv().encode()),
    "table jsonl": table("raids.jsonl", "\n".join(map(json.dumps, RAIDS)).encode()),
    "table parquet": table("raids.parquet", parquet()),
    "table xlsx": {"pax.xlsx": (DATA / "pax" / "synthetic.xlsx").read_bytes(),
                   "source.yaml": (ROOT / "kg/loaders/mappings/pax/source.yaml").read_bytes()},
}  # fmt: skip
