"""From claims to a graph: edges and properties are computed here and nowhere else.

Everything is columnar and free of order: the same statements, however shuffled, give one graph. The
rules are those of `docs/architecture.md` §3; the standing of a single claim (live, retracted,
disputed, its independent roots) is `kg.graph.standing`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from kg.claims.columns import beside, those, value_said, without_empty
from kg.graph.awaited import arrived, became
from kg.graph.graph import EdgeKey, Graph
from kg.graph.looked import EVERYTHING, Looked
from kg.graph.marked import rank
from kg.graph.standing import stances
from kg.ontology import Ontology, Property

CLAIM_COLUMNS = those(lambda column: column.node)
"""Statement columns that a `Claim` node carries as they are."""

CLAIM_COMPUTED = (
    "subject",
    "object",
    "name",
    "said",
    "polarity",
    "status",
    "disputed",
    "voices",
    "unknown_origins",
)
"""What a `Claim` node carries beside them."""

NODE_COMPUTED = ("id", "kind", "name", "names", "ids", "conflicts")
"""What every other node carries beside the properties of its kind."""

EDGE_COMPUTED = (
    "claims",
    "asserters",
    "unknown_asserters",
    "support",
    "first_asserted",
    "first_asserted_latest",
    "last_asserted_earliest",
    "last_asserted",
    "valid",
    "valid_from",
    "valid_to",
    "hedged",
    "hedges",
    "likelihood",
    "confidence",
    "collective",
    "disputed",
    "status",
    "declared",
)
"""What an edge carries beside the qualifiers of its type."""

CLAIM_ENDS = (
    ("SUBJECT", "subject"),
    ("OBJECT", "object"),
    ("ASSERTED_BY", "asserter"),
    ("REPORTED_IN", "document"),
)
"""Edges from a claim to what it names, and in which column."""

CLAIM_LINKS = ("derived_from", "retracts", "supersedes")
"""Columns that are edges from a claim to others as they stand; a dispute may come of a denial."""

OF_CLAIMS = frozenset({*(edge for edge, _ in CLAIM_ENDS), *map(str.upper, CLAIM_LINKS), "DISPUTES"})
"""Edges that have a claim at an end."""


def is_edge() -> pl.Expr:
    """What turned out to be one entity is no edge from it to itself."""
    return pl.col("object").is_not_null() & (pl.col("subject") != pl.col("object"))


def edge_ends() -> tuple[pl.Expr, ...]:
    """A row's edge: `type`, `from`, `to`."""
    ends = {"type": "predicate", "from": "subject", "to": "object"}
    return tuple(pl.col(column).alias(end) for end, column in ends.items())


@dataclass(frozen=True)
class Known:
    """What a key of the graph needs to know of the others, over all rows."""

    kinds: pl.DataFrame
    """`id`, `kind` of every declared entity."""
    names: pl.DataFrame
    """`id`, `name`, `names`."""
    own_names: Mapping[str, str]
    """What each source id that became part of another node was called before that."""
    roles: pl.DataFrame
    """`id`, `role`."""
    evident: pl.Series
    """Ids of the claims that stand as nodes."""


@dataclass(frozen=True)
class Keys:
    """Part of a graph: ids of nodes, (`predicate`, `subject`, `object`) of edges, ids of claims."""

    nodes: pl.Series
    edges: pl.DataFrame
    claims: pl.Series


def known(frame: pl.DataFrame, ontology: Ontology, looked: Looked = EVERYTHING) -> Known:
    """What is known of everything, from all rows (merged, with their standing): of roles and claims
    as far as these are looked at."""
    claims = looks_at_claims(looked)
    return Known(
        _kinds(frame, ontology),
        _names(frame, ontology),
        _own_names(frame) if claims else {},
        roles_in(frame if looked.roles else frame.clear(), ontology),
        evident(frame if claims else frame.clear(), ontology),
    )


def roles_in(frame: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """`id`, `role` of every entity, from rows of the ledger with merged ids."""
    frame = frame.select("id", "declared", "predicate", "negative", *(end for _, end in CLAIM_ENDS))
    ends = frame.filter(is_edge() & ~pl.col("negative")).select(edge_ends()).unique()
    return _roles(frame, ends, ontology)


def evident(frame: pl.DataFrame, ontology: Ontology) -> pl.Series:
    """Ids of the claims that stand as nodes."""
    told = frame.select("id", "declared", "predicate", "subject", "object")
    return told.filter(_stands_as_node(ontology))["id"]


def project(
    frame: pl.DataFrame,
    ontology: Ontology,
    given: Known | None = None,
    keys: Keys | None = None,
    looked: Looked = EVERYTHING,
) -> Graph:
    """The graph that statements (merged, with their standing) amount to.

    With `keys` only that part of it: `frame` then holds all rows of these keys, and `given` what is
    known of everything. A lens gives the roles of the whole ledger. Without them, as much of it as
    is `looked` at; nodes of claims only where these are, or edges that have any at their ends.
    """
    about = known(frame, ontology, looked) if given is None else given
    if looked.predicates is not None:
        said = frame.filter(pl.col("predicate").is_in(list(looked.predicates)))["id"]
        about = replace(about, evident=about.evident.filter(about.evident.is_in(said.implode())))
    edges = _edges(_of_edges(frame, keys, looked), ontology, looked)
    evidence = _evidence_edges(frame, about, keys, looked)
    if looked.kinds is not None:
        keys = _at_ends(edges, evidence, about, looked)
    nodes = _entity_nodes(frame, about, keys, ontology, looked)
    shown = looks_at_claims(looked)
    claims = _claim_nodes(frame if shown else frame.clear(), about, keys, ontology, looked)
    if claims.height:
        nodes["Claim"] = claims
    return Graph(nodes, _split(edges, about, ontology) | _split(evidence, about, ontology))


def looks_at_claims(looked: Looked) -> bool:
    """Whether nodes of claims are among what is looked at."""
    named = looked.kinds is not None and "Claim" in looked.kinds
    return named or looked.types is None or not OF_CLAIMS.isdisjoint(looked.types)


def _at_ends(edges: pl.DataFrame, evidence: pl.DataFrame, about: Known, looked: Looked) -> Keys:
    """The nodes that are looked at: those of a kind or role, and those at the ends of edges."""
    kinds = list(looked.kinds or ())
    ends = [frame[end].rename("id") for frame in (edges, evidence) for end in ("from", "to")]
    ids = pl.concat(
        [
            about.kinds.filter(pl.col("kind").is_in(kinds))["id"],
            about.roles.filter(pl.col("role").is_in(kinds))["id"],
            *ends,
        ]
    ).unique()
    claims = about.evident if looked.has("Claim") else ids
    return Keys(ids, edges.clear(), claims)


def node_properties(kind: str, ontology: Ontology) -> frozenset[str]:
    """Every property that a node of this kind can have from us, whatever is claimed."""
    if kind == "Claim":
        qualifiers = {name for edge in ontology.edges.values() for name in edge.qualifiers}
        return frozenset({"kind", *CLAIM_COLUMNS, *CLAIM_COMPUTED, *qualifiers})
    own = ontology.node(kind).properties.values()
    days = {f"{spec.name}_{end}" for spec in own if spec.of.dated for end in ("from", "to")}
    beside = {f"{spec.name}_{column}" for spec in own if not spec.many for column in spec.of.beside}
    return frozenset({*NODE_COMPUTED, *(spec.name for spec in own), *days, *beside})


def edge_properties(type_: str, ontology: Ontology) -> frozenset[str]:
    """Every property that an edge of this type can have from us."""
    return frozenset({*EDGE_COMPUTED, *ontology.edge(type_).qualifiers})


def _of_edges(frame: pl.DataFrame, keys: Keys | None, looked: Looked) -> pl.DataFrame:
    if looked.types is not None:
        frame = frame.filter(pl.col("predicate").is_in(list(looked.types)))
    triple = ["predicate", "subject", "object"]
    return frame if keys is None else frame.join(keys.edges, on=triple, how="semi")


def _edges(frame: pl.DataFrame, ontology: Ontology, looked: Looked) -> pl.DataFrame:
    both = [_claimed_edges(frame, ontology, looked), _declared_edges(frame)]
    edges = _one_row_an_edge(pl.concat(both, how="diagonal_relaxed"))
    return _shown_of(edges, looked, "type", "from", "to")


def _shown_of(frame: pl.DataFrame, looked: Looked, *always: str) -> pl.DataFrame:
    """The columns that are looked at, and those that a node or edge always has."""
    return frame.select(name for name in frame.columns if name in always or looked.shows(name))


def canonical(
    statements: pl.DataFrame, identity: Mapping[str, str], ontology: Ontology
) -> pl.DataFrame:
    """Entity columns mapped to merged ids; `subject_as` and `object_as` keep the source's own. What
    is still awaited is left out."""
    return placed(arrived(statements, identity), identity, ontology)


def placed(
    statements: pl.DataFrame, identity: Mapping[str, str], ontology: Ontology
) -> pl.DataFrame:
    """The same of every row.

    What holds both ways round is said one way round, so that it is one edge whoever said it how:
    with its own ids and words, where these are among the columns.
    """
    frame = became(statements.with_columns(subject_as="subject", object_as="object"), identity)
    symmetric = [edge.edge for edge in ontology.edges.values() if edge.symmetric]
    turned = pl.col("predicate").is_in(symmetric) & (pl.col("subject") > pl.col("object"))
    pairs = [("subject", "object"), ("subject_as", "object_as"), ("subject_name", "object_name")]
    return frame.with_columns(
        pl.when(turned).then(other).otherwise(one).alias(one)
        for pair in pairs
        if pair[0] in frame.columns
        for one, other in (pair, reversed(pair))
    )


# Nodes


def _kinds(frame: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """`id`, `kind` of every declared entity."""
    told = frame.select("subject", "predicate", "declared")
    named = told.filter(pl.col("declared") & (pl.col("predicate") == "name"))
    ids = named.select(pl.col("subject").unique().alias("id")).sort("id")
    return ids.with_columns(kind=kind_of(pl.col("id"), ontology))


def kind_of(ids: pl.Expr, ontology: Ontology) -> pl.Expr:
    """The kind that an id's prefix names."""
    prefixes = {node.prefix: kind for kind, node in ontology.nodes.items()}
    prefix = ids.str.split_exact(":", 1).struct.field("field_0")
    return prefix.replace_strict(prefixes, default=None, return_dtype=pl.String())


def _entity_nodes(
    frame: pl.DataFrame, about: Known, keys: Keys | None, ontology: Ontology, looked: Looked
) -> dict[str, pl.DataFrame]:
    base = about.kinds
    if keys is not None:
        base = base.filter(pl.col("id").is_in(keys.nodes.implode()))
        frame = frame.filter(pl.col("subject").is_in(keys.nodes.implode()))
    base = base.join(about.names, on="id", how="left").join(_ids(frame), on="id", how="left")
    role_lists = about.roles.group_by("id").agg(roles=pl.col("role").unique().sort())
    base = base.join(role_lists, on="id", how="left").with_columns(
        pl.col("roles").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    )
    values = frame.filter(
        pl.col("object").is_null()
        & ~pl.col("negative")
        & pl.col("live")
        & (pl.col("predicate") != "name")
    ).with_columns(kind=kind_of(pl.col("subject"), ontology))
    nodes = {}
    for (kind,), group in base.group_by("kind"):
        own = values.filter(pl.col("kind") == kind)
        made = _with_properties(group.drop("kind"), own, str(kind), ontology, looked)
        nodes[str(kind)] = _shown_of(made, looked, "id", "name", "roles")
    return dict(sorted(nodes.items()))


NAMED_BY = (
    *("subject", "subject_as", "predicate", "negative", "value", "live", "format", "source"),
    "declared",
)
"""The columns by which it is told what something is called. A filter copies all that it is given,
and statements have many."""


def _names(frame: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """`id`, `name` (hand-written sources first, then by source), `names` (every one, sorted)."""
    named = frame.select(NAMED_BY).filter(
        pl.col("predicate").is_in(ontology.naming)
        & ~pl.col("negative")
        & pl.col("value").is_not_null()
    )
    # What all lists have dropped keeps the names that it had.
    named = named.filter(pl.col("live") | ~pl.col("live").any().over("subject"))
    order = [
        pl.col("predicate") != "name",
        pl.col("subject") != pl.col("subject_as"),
        pl.col("format") != "claims",
        pl.col("source"),
        pl.col("value"),
    ]
    return named.group_by(id="subject").agg(
        name=pl.col("value").sort_by(order).first(), names=pl.col("value").unique().sort()
    )


def _ids(frame: pl.DataFrame) -> pl.DataFrame:
    told = frame.select("subject", "subject_as", "predicate", "declared")
    named = told.filter(pl.col("declared") & (pl.col("predicate") == "name"))
    return named.group_by(id="subject").agg(ids=pl.col("subject_as").unique().sort())


def _with_properties(
    nodes: pl.DataFrame, values: pl.DataFrame, kind: str, ontology: Ontology, looked: Looked
) -> pl.DataFrame:
    conflicts, conflicting = [], looked.shows("conflicts")
    for (predicate,), rows in sorted(values.group_by("predicate"), key=lambda item: str(item[0])):
        spec = ontology.property(kind, str(predicate))
        if spec is None or spec.name == "alias" or not (conflicting or looked.tells(spec.name)):
            continue
        nodes = nodes.join(_property(rows, spec), on="id", how="left")
        if conflicting and not spec.many:
            conflicts.append(_disagreeing(rows, spec))
    found = pl.concat(conflicts) if conflicts else None
    if found is not None and found.height:
        lists = found.group_by("id").agg(conflicts=pl.col("predicate").sort())
        nodes = nodes.join(lists, on="id", how="left")
    return nodes.sort("id")


def _property(rows: pl.DataFrame, spec: Property) -> pl.DataFrame:
    """`id` and the property's column(s): one value by the property's policy, or all of them."""
    # What did not parse stays readable in its claim; so does an amount in another currency.
    rows = rows.with_columns(held=spec.of.value(spec.unit)).filter(pl.col("held").is_not_null())
    value = pl.col("held")
    if spec.many:
        return rows.group_by(id="subject").agg(value.unique().sort().alias(spec.name))
    rows = rows.sort(~pl.col("declared"), *policy_order(spec.policy), "id", nulls_last=True)
    # A bound that is the value itself tells nothing.
    rows = rows.with_columns(bound=pl.when(pl.col("bound") != "point").then("bound"))
    columns = [value.first().alias(spec.name)]
    columns += [pl.col(each).first().alias(f"{spec.name}_{each}") for each in spec.of.beside
                if rows[each].null_count() < rows.height]  # fmt: skip
    if spec.of.dated:
        columns += [
            pl.col(f"valid_{end}").first().alias(f"{spec.name}_{end}") for end in ("from", "to")
        ]
    return rows.group_by(id="subject", maintain_order=True).agg(columns)


def policy_order(policy: str) -> list[pl.Expr]:
    """How a policy ranks the claims of one property, best first; ties go by claim id."""
    said = pl.col("asserted_to")
    days = (pl.col("valid_to") - pl.col("valid_from")).dt.total_days()
    orders = {
        "first": [said],
        "latest": [said.cast(pl.Int32).neg()],
        "most_precise": [days, said],
        "highest": [pl.col("number").neg(), pl.col("valid_to").cast(pl.Int32).neg()],
        "strictest": [rank(pl.col("value")).neg()],
        "lowest": [pl.col("number"), pl.col("valid_from").cast(pl.Int32)],
    }
    return orders.get(policy, orders["first"])


def _disagreeing(rows: pl.DataFrame, spec: Property) -> pl.DataFrame:
    """`id`, `predicate` of the entities about which claims of this property cannot all be right."""
    found = rows.group_by("subject", "unit").agg(apart=spec.of.apart()).filter(pl.col("apart"))
    return found.select(id="subject", predicate=pl.lit(spec.name)).unique()


# Edges


def _claimed_edges(frame: pl.DataFrame, ontology: Ontology, looked: Looked) -> pl.DataFrame:
    """One row per (subject, predicate, object) that some claim asserts: how sure it is, is told by
    the stances of its asserters, and everything else by all claims that are live."""
    claims = frame.filter(~pl.col("declared") & ~pl.col("negative") & is_edge())
    claims = claims.sort("asserted_from", "id", nulls_last=True)
    live = pl.col("live")
    spread = _qualifiers(claims)
    # What was withdrawn tells no more about an edge, unless all of it was.
    counts = live | ~live.any().over("subject", "predicate", "object")
    claims = claims.hstack(spread).with_columns(counts=counts, stance=stances(claims))
    told = {name: pl.col(name).filter("counts") for name in ("valid", *spread.columns)}
    found = dict(
        claims=pl.col("id").unique().sort(),
        asserters=_distinct("voices"),
        unknown_asserters=_distinct("unknown_roots"),
        support=pl.col("statement").filter(live).n_unique().cast(pl.Int64),
        # Who "said it in 2017" did so somewhen from the first to the last day of it.
        first_asserted=pl.col("asserted_from").filter(live).min(),
        first_asserted_latest=pl.col("asserted_to").filter(live).min(),
        last_asserted_earliest=pl.col("asserted_from").filter(live).max(),
        last_asserted=pl.col("asserted_to").filter(live).max(),
        valid=pl.when(told["valid"].drop_nulls().n_unique() == 1).then(
            told["valid"].drop_nulls().first()
        ),
        valid_from=_outermost("valid_from", pl.Expr.min),
        valid_to=_outermost("valid_to", pl.Expr.max),
        hedged=(pl.col("hedge").is_not_null() & pl.col("stance")).any(),
        hedges=pl.col("hedge").filter("stance").drop_nulls().unique().sort(),
        likelihood=_highest("likelihood", ontology),
        confidence=_highest("confidence", ontology),
        collective=(pl.col("collective").fill_null(False) & live).any(),
        disputed=pl.col("disputed").any(),
        status=pl.when(live.any()).then(pl.lit("asserted")).otherwise(pl.col("standing").max()),
        **{name: told[name].drop_nulls().first() for name in spread.columns},
    )
    # Of the time in which it holds one part makes up for another (`_one_row_an_edge`).
    shown = {name: how for name, how in found.items() if looked.shows(name) or "valid" in name}
    return claims.group_by(*edge_ends()).agg(**shown)


def _distinct(lists: str) -> pl.Expr:
    """How many different things stand in these lists of the claims that are live."""
    return pl.col(lists).filter("live").explode().drop_nulls().n_unique().cast(pl.Int64)


def _highest(scale: str, ontology: Ontology) -> pl.Expr:
    """The highest term of a scale that any stance has."""
    terms = ontology.node("Claim").properties[scale].values
    rank = pl.col(scale).replace_strict(
        list(terms), range(len(terms)), default=None, return_dtype=pl.Int64
    )
    return (
        rank.filter("stance")
        .max()
        .replace_strict(range(len(terms)), list(terms), default=None, return_dtype=pl.String)
    )


def _outermost(end: str, which: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """The first or last day of all the times stated; none where one of them is open there."""
    stated = pl.col(end).filter(pl.col("counts") & pl.col("valid").is_not_null())
    return pl.when(stated.null_count() == 0).then(which(stated))


def _qualifiers(claims: pl.DataFrame) -> pl.DataFrame:
    """The qualifiers' JSON as text columns."""
    texts = claims["qualifiers"].drop_nulls().unique()
    names = sorted({name for text in texts for name in json.loads(text)})
    return claims.select(
        pl.col("qualifiers").str.json_path_match(f"$.{name}").alias(name) for name in names
    )


def _declared_edges(frame: pl.DataFrame) -> pl.DataFrame:
    rows = frame.filter(pl.col("declared") & is_edge() & pl.col("live")).sort("source", "id")
    rows = rows.hstack(_qualifiers(rows)).with_columns(counts=pl.lit(True))
    extra = [name for name in rows.columns if name not in (*frame.columns, "counts")]
    return rows.group_by(*edge_ends()).agg(
        declared=pl.lit(True),
        declared_valid=pl.col("valid").drop_nulls().first(),
        declared_from=_outermost("valid_from", pl.Expr.min),
        declared_to=_outermost("valid_to", pl.Expr.max),
        **{name: pl.col(name).drop_nulls().first() for name in extra},
    )


def _one_row_an_edge(edges: pl.DataFrame) -> pl.DataFrame:
    """A structural edge may be declared and claimed too: it is one edge with both."""
    key = ["type", "from", "to"]
    rest = [name for name in edges.columns if name not in key]
    merged = edges.group_by(key).agg(pl.col(name).drop_nulls().first() for name in rest)
    for name in ("valid", "from", "to"):
        column = name if name == "valid" else f"valid_{name}"
        if f"declared_{name}" in merged.columns:
            merged = merged.with_columns(pl.coalesce(column, f"declared_{name}").alias(column))
    return merged.drop("declared_valid", "declared_from", "declared_to", strict=False)


def _evidence_edges(
    frame: pl.DataFrame, about: Known, keys: Keys | None, looked: Looked
) -> pl.DataFrame:
    """`type`, `from`, `to` of the edges between claims and what they speak of. A dispute belongs to
    the claim that is disputed; every other edge to the claim where it starts."""
    claims = _evident(frame, about, keys)
    ids = about.evident.implode()
    wanted = OF_CLAIMS if looked.types is None else OF_CLAIMS.intersection(looked.types)
    parts = [_pairs(claims, edge, "id", end) for edge, end in CLAIM_ENDS if edge in wanted]
    parts += [
        _pairs(claims, link.upper(), "id", link).explode("to").filter(pl.col("to").is_in(ids))
        for link in CLAIM_LINKS
        if link.upper() in wanted
    ]
    disputes = _pairs(claims, "DISPUTES", "disputed_by", "id").explode("from")
    parts.append(disputes.filter(pl.col("from").is_in(ids) & ("DISPUTES" in wanted)))
    edges = pl.concat(parts).drop_nulls(["from", "to"])
    return edges.filter(pl.col("from") != pl.col("to")).unique()


def _evident(frame: pl.DataFrame, about: Known, keys: Keys | None) -> pl.DataFrame:
    """The claims that stand as nodes, of these keys."""
    wanted = pl.col("id").is_in(about.evident.implode())
    if keys is not None:
        wanted &= pl.col("id").is_in(keys.claims.implode())
    return frame.filter(wanted)


def _pairs(claims: pl.DataFrame, edge: str, start: str, end: str) -> pl.DataFrame:
    return claims.select(
        pl.lit(edge).alias("type"), pl.col(start).alias("from"), pl.col(end).alias("to")
    )


def _stands_as_node(ontology: Ontology) -> pl.Expr:
    """Claims that become `Claim` nodes: relations, and values that are marked as evidence."""
    marked = [
        f"{kind} {name}"
        for kind, node in ontology.nodes.items()
        for name in node.properties
        if (spec := ontology.property(kind, name)) is not None and spec.evidence
    ]
    key = pl.concat_str(kind_of(pl.col("subject"), ontology), pl.lit(" "), "predicate")
    return ~pl.col("declared") & (pl.col("object").is_not_null() | key.is_in(marked))


def _claim_nodes(
    frame: pl.DataFrame, about: Known, keys: Keys | None, ontology: Ontology, looked: Looked
) -> pl.DataFrame:
    claims = _evident(frame, about, keys)
    if claims.is_empty():
        return claims.select("id")
    claims = in_its_words(claims, about).with_columns(said=_values_said(claims, ontology))
    verb = pl.col("predicate").str.to_lowercase().str.replace_all("_", " ")
    nodes = (
        claims.select(
            *CLAIM_COLUMNS,
            *_qualifiers(claims).get_columns(),
            # As the source had them; what they turned out to be is at the other end of SUBJECT
            # and OBJECT.
            subject="subject_as",
            object="object_as",
            said="said",
            name=pl.concat_str(
                pl.coalesce("subject_name", _shown(claims, "subject", about)),
                pl.when("negative").then(pl.lit(" not ")).otherwise(pl.lit(" ")),
                verb,
                pl.lit(" "),
                pl.coalesce("object_name", _shown(claims, "object", about), "said"),
            ),
            polarity=pl.when("negative").then(pl.lit("negative")).otherwise(pl.lit("positive")),
            status=pl.col("standing"),
            disputed=pl.col("disputed"),
            voices=_unless(pl.col("voices"), "asserter"),
            unknown_origins=_unless(pl.col("unknown_roots"), "id"),
        )
        .unique("id", keep="first")
        .sort("id")
    )
    return _shown_of(nodes, looked, "id", "name")


def _unless(told: pl.Expr, own: str) -> pl.Expr:
    """A list, null where it is the claim's own word alone."""
    alone = (told.list.len() == 1) & (told.list.first() == pl.col(own))
    return pl.when(~alone).then(told)


SAYING = ("subject", "predicate", "value", "unit", "bound", "hedge")


def _values_said(claims: pl.DataFrame, ontology: Ontology) -> pl.Series:
    """The value of each claim as one would say it, null where it has none."""
    has = claims["value"].is_not_null()
    rows = claims.select(SAYING).filter(has).iter_rows(named=True)
    nothing = pl.repeat(None, claims.height, dtype=pl.String, eager=True)
    return nothing.scatter(has.arg_true(), [value_said(row, ontology) for row in rows])


def _shown(claims: pl.DataFrame, end: str, about: Known) -> pl.Series:
    """What each claim's end is called: its display name, else its id."""
    names = about.names.select(pl.col("id").alias(end), "name")
    return pl.select(pl.coalesce(beside(claims, names, [end], "name"), claims[end])).to_series()


def _own_names(frame: pl.DataFrame) -> dict[str, str]:
    """What each source id that became part of another node was called before that."""
    named = (
        frame.select(NAMED_BY)
        .filter(
            pl.col("declared")
            & (pl.col("predicate") == "name")
            & (pl.col("subject") != pl.col("subject_as"))
        )
        .sort("source", "value")
    )
    return dict(named.unique("subject_as", keep="first", maintain_order=True)
                .select("subject_as", "value").iter_rows())  # fmt: skip


def in_its_words(claims: pl.DataFrame, about: Known) -> pl.DataFrame:
    """`subject_name` and `object_name` filled where a claim's source knows an end by its id alone:
    what that was called before it became part of something else."""
    return claims.with_columns(
        pl.coalesce(
            f"{end}_name",
            pl.col(f"{end}_as").replace_strict(
                about.own_names, default=None, return_dtype=pl.String()
            ),
        ).alias(f"{end}_name")
        for end in ("subject", "object")
    )


def _roles(frame: pl.DataFrame, edges: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    # Whoever says anything is a source, whether or not the claim becomes a node.
    claims = frame.filter(~pl.col("declared"))
    spoken = pl.concat(
        [_pairs(claims.select("id", end).unique(end), edge, "id", end) for edge, end in CLAIM_ENDS]
    )
    parts = [
        ends.filter(pl.col("type") == edge.edge).select(id=pl.col(end), role=pl.lit(role))
        for ends in (edges, spoken)
        for edge in ontology.edges.values()
        for end, role in edge.roles.items()
    ]
    found = pl.concat(parts) if parts else pl.DataFrame(schema={"id": str, "role": str})
    return found.drop_nulls().unique().sort("id", "role")


def _split(edges: pl.DataFrame, about: Known, ontology: Ontology) -> dict[EdgeKey, pl.DataFrame]:
    """Edges grouped by type and the kinds of their ends, each group without its empty columns."""
    declared = about.kinds["id"].implode()
    claim = "claim:"
    placed = edges.filter(
        (pl.col("from").is_in(declared) | pl.col("from").str.starts_with(claim))
        & (pl.col("to").is_in(declared) | pl.col("to").str.starts_with(claim))
    ).with_columns(
        from_kind=kind_of(pl.col("from"), ontology), to_kind=kind_of(pl.col("to"), ontology)
    )
    groups: dict[EdgeKey, pl.DataFrame] = {}
    for key, group in placed.group_by("type", "from_kind", "to_kind"):
        rows = group.drop("type", "from_kind", "to_kind").sort("from", "to")
        groups[(str(key[0]), str(key[1]), str(key[2]))] = without_empty(rows)
    return dict(sorted(groups.items()))
