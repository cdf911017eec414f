"""STIX objects by hand, for the tests of what a bundle means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.loaders.stix.attack import MARK

Object = dict[str, Any]
CREATED = "2024-03-01T09:00:00.000Z"


def stix_id(type_: str, number: int) -> str:
    """A valid id that can be told at sight."""
    return f"{type_}--00000000-0000-4000-8000-{number:012x}"


def thing(type_: str, number: int, name: str, **more: Any) -> Object:
    return {"type": type_, "spec_version": "2.1", "id": stix_id(type_, number), "created": CREATED,
            "modified": CREATED, "name": name, **more}  # fmt: skip


LAB = thing("identity", 1, "Harbour Labs", identity_class="organization")
OTHER = thing("identity", 2, "Other Lab", identity_class="organization")
PORT = thing("identity", 3, "Port of Weir", identity_class="organization")
CLERK = thing("identity", 4, "A Clerk", identity_class="individual")
SHIPPING = thing("identity", 5, "Shipping", identity_class="class")
HERON = thing("intrusion-set", 1, "Copper Heron")
LITTLE = thing("intrusion-set", 2, "Little Heron")
DROP = thing("malware", 1, "HERONDROP", is_family=True)
LOADER = thing("malware", 2, "HERONLOAD", is_family=True)
PIPE = thing("tool", 1, "Pipe")
ROPES = thing("campaign", 1, "Wet Ropes")
BREAKIN = thing("incident", 1, "Quay break-in")
SCRIPT = thing("attack-pattern", 1, "Scripting")
FLAW = thing("vulnerability", 1, "Quay flaw")
HOST = thing("infrastructure", 1, "Lantern host", infrastructure_types=["command-and-control"])
RELAY = thing("infrastructure", 2, "Lantern relay")
WALLET = {"type": "cryptocurrency-wallet", "id": stix_id("cryptocurrency-wallet", 1),
          "spec_version": "2.1", "value": "bc1qQuay0Lantern"}  # fmt: skip
KOREA = thing("location", 1, "North Korea", country="KP")
EUROPE = thing("location", 2, "Eastern Europe", region="eastern-europe")


def rel(start: Object, type_: str, end: Object | str, number: int = 1, **more: Any) -> Object:
    """A relationship by Harbour Labs."""
    return {"type": "relationship", "spec_version": "2.1", "id": stix_id("relationship", number),
            "created": CREATED, "modified": CREATED, "relationship_type": type_,
            "source_ref": start["id"], "created_by_ref": LAB["id"],
            "target_ref": end if isinstance(end, str) else end["id"], **more}  # fmt: skip


def without(object: Object, *names: str) -> Object:
    return {name: value for name, value in object.items() if name not in names}


def report(number: int, name: str, *refs: Object, **more: Any) -> Object:
    return thing("report", number, name, object_refs=[ref["id"] for ref in refs], **more)


def bundle(path: Path, *objects: Object) -> Path:
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": list(objects)}))
    return path


def attack(type_: str, key: str, name: str, *references: dict[str, str], **more: Any) -> Object:
    """An object of ATT&CK: it carries MITRE's notice."""
    own = {"source_name": "mitre-attack", "external_id": key,
           "url": f"https://attack.mitre.org/x/{key}"}  # fmt: skip
    return {"type": type_, "id": f"{type_}--{key}", "name": name,
            "created": "2020-01-02T03:04:05Z",
            "modified": "2024-05-06T07:08:09.000Z", "external_references": [own, *references],
            "object_marking_refs": [MARK], **more}  # fmt: skip


def related(start: str, type_: str, end: str, **more: Any) -> Object:
    return {"type": "relationship", "id": f"relationship--{start}-{type_}-{end}",
            "relationship_type": type_, "source_ref": start, "target_ref": end,
            "created": "2021-03-04T00:00:00.000Z", **more}  # fmt: skip
