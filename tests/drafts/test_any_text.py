"""Whatever stands in a document: the rules do not stumble, and what they draft loads."""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg import ontology
from kg.drafts import Document, draft, gazetteer
from kg.drafts.claimfile import written
from kg.drafts.gazetteer import Gazetteer
from kg.pipeline.read import claim_file

DATA = Path(__file__).parent / "data"
PIECES = [
    piece
    for path in sorted(DATA.glob("*.txt"))
    for piece in re.findall(r"\S+(?: \S+){0,4}", path.read_text("utf-8"))
]
ODD = (
    "\u202e",
    "\x00x",
    "\ud7ff",
    "'s",
    '"',
    "[were]",
    "—",
    "…",
    "𝕊",
    "# no",
    "a: b",
    "{x}",
    "- -",
    "\\",
    "%",
    "0x",
)
words = st.one_of(st.sampled_from(PIECES), st.sampled_from(ODD), st.text(max_size=5))
texts = st.lists(st.lists(words, min_size=1, max_size=9).map(" ".join), max_size=6).map(
    ".\n\n".join
)


@cache
def known() -> Gazetteer:
    return gazetteer.of()


@given(texts, st.sampled_from((None, "2020-02-29", "2020-02", "2020")))
@example("Salt Jackal, a hacking group, had used malware called ² in May 2021.", None)
@settings(max_examples=60, deadline=None)
def test_any_text_gives_a_claim_file_that_loads(text: str, day: str | None) -> None:
    kinds = ontology.load()
    document = Document(text, date=day, date_basis="metadata", name=text[:40])
    made = draft(document, known(), kinds)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "text.txt").write_bytes(text.encode())
        path = Path(folder) / "draft.yaml"
        path.write_text(written(made, document, known(), kinds, "text.txt"), encoding="utf-8")
        claim_file(path, kinds)
