"""What a claim's columns are: one block each in `nodes/claim.yaml`, and nowhere else.

The ledger's frame, the hash that identifies a claim, what a loader may give, `Claim` nodes, what is
shown of a claim, and the exports all read these (`kg.claims.columns` makes frames of them).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.ontology.block import Block

HOME = Path(__file__).parent / "nodes" / "claim.yaml"

TYPES = ("text", "id", "ids", "edtf", "date", "moment", "integer", "number", "bool")

PLACES: Mapping[str, str] = {
    "explain": "in what `kg explain --format json` gives, and in its text",
    "picture": "in the data of a picture, for the card of a claim",
    "mark": "beside the claim with its label, in both",
    "table": "in the table of a picture and its CSV, where some claim has it",
}
"""Where a claim is shown to somebody who reads."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a claim."""

    name: str
    type: str
    doc: str
    vocabulary: str | None = None
    """The list of terms that it takes its value from."""
    identifies: bool = False
    """Two claims that differ in it are two."""
    given: bool = False
    """Whoever makes a claim may give it."""
    measures: bool = False
    """Of a quantity, and settled together with its value."""
    tells: bool = False
    """Says more of a claim than which it is and where it stands."""
    node: bool = False
    """A `Claim` node carries it as it is."""
    show: tuple[str, ...] = ()
    """Of `PLACES`."""
    label: str = ""
    """What it is called there; of a flag, all that is said."""
    rdf: str | None = None
    """`term`: a term of ours by its name; `prov:…`: a property of PROV-O; None: not said."""
    stix: str | None = None
    """Field of STIX 2.1 that holds it; `note`: a line of the note on its relationship."""


@cache
def shipped() -> Mapping[str, Column]:
    """The columns of a claim by name, in order. Raises InputError for a broken file."""
    return read(Block.of_file(HOME).block("columns"))


def read(block: Block) -> dict[str, Column]:
    """The columns under `columns:`."""
    return {name: _column(name, one) for name, one in block.inner().items()}


def _column(name: str, block: Block) -> Column:
    show = block.texts("show")
    for place in show:
        if place not in PLACES:
            block.fail(f"not one of {', '.join(PLACES)}", "show", place)
    found = Column(
        name=name,
        type=block.choice("type", TYPES, "text"),
        doc=block.take("doc", str).strip(),
        vocabulary=block.optional("vocabulary"),
        identifies=block.flag("identifies"),
        given=block.flag("given"),
        measures=block.flag("measures"),
        tells=block.flag("tells"),
        node=block.flag("node"),
        show=show,
        label=block.optional("label") or name.replace("_", " "),
        rdf=block.optional("rdf"),
        stix=block.optional("stix"),
    )
    block.done()
    return found
