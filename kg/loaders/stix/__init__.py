"""STIX 2.0 and 2.1: bundles, TAXII envelopes, lists and lines of objects. MITRE ATT&CK is read by
its own conventions: three domains are one source, each name is MITRE's claim that cites whoever it
names for it, what was revoked leads to its successor. `docs/what-a-load-means.md` says what is read
as what.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.claims.checks import Checks
from kg.claims.emitter import Emitter
from kg.loaders.kit.reading import Audit, gather
from kg.loaders.stix.bundle import SUFFIXES, collect
from kg.loaders.stix.entities import entity
from kg.loaders.stix.links import Links
from kg.loaders.stix.observed import seen
from kg.loaders.stix.ours import Ours
from kg.loaders.stix.reading import REPORTS, Reading
from kg.loaders.stix.values import values

FORMAT = "stix"
DOC = "STIX 2.0/2.1 bundles: MITRE ATT&CK (all domains together) or any other"
HOME = "https://github.com/mitre-attack/attack-stix-data"
LICENCE = "ATT&CK: MITRE's terms of use, reproduce the notice; other bundles: ask their publisher"
CHECKS = Checks()


def load(paths: Sequence[Path], emit: Emitter) -> None:
    """Read all files as one source."""
    files, audit = gather(paths, SUFFIXES), Audit()
    reading = Reading(emit, collect(files, audit, emit), audit, files)
    ours = Ours(reading)
    ours.read()
    objects = [object for object in reading.bundle.objects.values() if object not in ours]
    for object in objects:
        entity(reading, object)
    for object in objects:
        if object["type"] in REPORTS:
            reading.report(object)
    for object in objects:
        values(reading, object)
    Links(reading, objects).read()
    told = reading.ids.keys() | reading.observed
    for object in objects:
        if object["id"] not in told and seen(object):
            reading.unused[f"STIX type {object['type']}, of which nothing is said"] += 1
    if not told:
        held = (f"{what} ({count:,})" for what, count in reading.unused.most_common(5))
        why = f"nothing in these bundles can be loaded: {'; '.join(held) or 'they hold nothing'}"
        emit.error(", ".join(map(str, files)), "objects", "", why)
    audit.report(emit)
    for what, count in sorted(reading.unused.items()):
        emit.note(f"not used: {what}", count)
