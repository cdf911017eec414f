"""A part of a corpus for another tool: some entities, what joins them, and the claims behind it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from kg.graph.corpus import Corpus
from kg.graph.graph import Graph

CONTEXT = ("asserter", "document")
"""Whom and what a claim names beside what it is about: they come along with it."""


def subset(corpus: Corpus, ids: Collection[str], *, claims: bool = True) -> Corpus:
    """These entities as they are in the whole graph, the edges between them, and, with `claims`,
    the claims about them with those who make them and the documents that print them."""
    inside = pl.col("subject").is_in(pl.Series(list(ids), dtype=pl.String).implode())
    object_in = pl.col("object").is_in(pl.Series(list(ids), dtype=pl.String).implode())
    about = inside & (pl.col("object").is_null() | object_in)
    kept = corpus.statements.filter(about)
    wanted = set(ids)
    if claims:
        said = kept.filter(~pl.col("declared"))
        wanted |= set(said["id"]).union(*(said[column].drop_nulls() for column in CONTEXT))
        told = pl.Series(list(wanted), dtype=pl.String).implode()
        kept = corpus.statements.filter(
            about | (pl.col("declared") & pl.col("subject").is_in(told))
        )
    else:
        kept = kept.filter("declared")
    made = replace(corpus, statements=kept)
    vars(made)["graph"] = _part(corpus.graph, wanted, claims)  # as computed over all claims
    return made


def _part(graph: Graph, wanted: Collection[str], claims: bool) -> Graph:
    ids = pl.Series(list(wanted), dtype=pl.String).implode()
    nodes = {
        kind: rows
        for kind, frame in graph.nodes.items()
        if (claims or kind != "Claim") and (rows := frame.filter(pl.col("id").is_in(ids))).height
    }
    edges = {
        (type_, start, end): rows
        for (type_, start, end), frame in graph.edges.items()
        if claims or "Claim" not in (start, end)
        if (rows := frame.filter(pl.col("from").is_in(ids) & pl.col("to").is_in(ids))).height
    }
    return replace(graph, nodes=nodes, edges=edges)
