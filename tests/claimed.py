"""Claim files written out in a test, and what becomes of them."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from kg.claims.columns import STATEMENTS
from kg.graph.corpus import Corpus
from kg.graph.lens import Lens
from kg.ontology import load as ontology
from kg.pipeline.check import check
from kg.pipeline.read import seeds

CAST = """\
documents:
- {id: document:paper, name: The paper, date: 2018-03-01, published_by: organization:press}
- {id: document:later, name: Later, date: 2019-06-01}
- {id: document:undated, name: Undated}
- {id: document:some-day, name: Some day in 2018, date: 2018}
entities:
  organization:press: The Press
  organization:vendor: The Vendor
  organization:victim: The Victim
  agency:treasury: {name: The Treasury, part_of: state:USA}
  state:USA: United States
  state:KOR: South Korea
  person:leader: {name: The Leader, represents: {to: state:KOR, valid: 2011/..}}
  group:night: Night
  group:day: Day
  group:dusk: Dusk
  incident:theft: The theft
  incident:leak: The leak
  meeting:summit: The summit
claims:
"""


def frame(*texts: str, cast: str = CAST, checked: bool = True) -> pl.DataFrame:
    """The statements of claim files (checked together, unless they may say what nobody should): the
    cast, and one file (`f1`, `f2`…) for each text."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "cast.yaml"]
        paths[0].write_text(cast, encoding="utf-8")
        for number, text in enumerate(texts, start=1):
            paths.append(Path(folder) / f"f{number}.yaml")
            paths[-1].write_text("claims:\n" + textwrap.dedent(text), encoding="utf-8")
        batches = seeds(paths, ontology())
        if checked:
            check(batches, ontology())
        return pl.concat([batch.frame.select(list(STATEMENTS)) for batch in batches])


def corpus(*texts: str, identity: Mapping[str, str] | None = None, **lens: str) -> Corpus:
    """What these claims amount to, whole or through a lens."""
    return Corpus.of(frame(*texts), ontology(), identity=identity, lens=Lens(**lens))


def edge(of: Corpus, type_: str, start: str, end: str) -> dict[str, Any]:
    """The one edge of this type between these; absent properties are absent."""
    rows = of.graph.edges_of(type_).filter((pl.col("from") == start) & (pl.col("to") == end))
    (row,) = rows.to_dicts()
    return {key: value for key, value in row.items() if value not in (None, [])}


def node(of: Corpus, id: str) -> dict[str, Any]:
    """A node's properties; absent ones are absent."""
    (row,) = of.graph.nodes[of.graph.kind_of(id) or ""].filter(pl.col("id") == id).to_dicts()
    return {key: value for key, value in row.items() if value is not None}
