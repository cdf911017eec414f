"""What is not known: what no claim says, what is said with a hedge only, and who is not heard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.ask.ranked import Said
from kg.ask.rivals import BEHIND
from kg.briefs.brief import Block, Facts, Points
from kg.briefs.matter import REFERENCES, Matter
from kg.briefs.writer import Writer

UPWARD = (BEHIND, "CONTROLLED_BY", "SUBGROUP_OF")


def gaps(matter: Matter, writer: Writer, *, short: bool = False) -> Iterator[Block]:
    """Sentences on what nobody says outright, and catchwords on what nobody says at all."""
    hedged = [one for one in matter.said if one.predicate in UPWARD and _hedged(one)]
    items = [(writer.hedged_only(one),) for one in hedged[: 1 if short else None]]
    if items:
        yield Points(tuple(items))
    told = {} if short else {"Cannot be placed": _joined(_loose(matter))}
    told = {
        "No claim here says": _joined(_silent(matter)),
        "Rests on one voice alone": _thin(matter),
        "Whose word is not here": _joined(_unheard(matter, writer)),
        **told,
    }
    if any(told.values()):
        yield Facts(tuple((lead, text) for lead, text in told.items() if text))


def _joined(items: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(items))


def _hedged(one: Said) -> bool:
    """Whether nobody says it without a reservation."""
    return bool(one.claims) and all(row.get("hedge") or row.get("likelihood") for row in one.claims)


def _silent(matter: Matter) -> Iterator[str]:
    """Properties that matter for its kind, and ties, of which no claim speaks."""
    if matter.edge:
        return
    said = {one.predicate for one in matter.said if one.claims}
    attributed = BEHIND in said
    node = matter.corpus.ontology.nodes.get(matter.kind)
    for name, spec in (node.properties if node else {}).items():
        wanted = (spec.evidence or spec.of.dated) and spec.type != "number"
        idle = (
            name in REFERENCES
            or spec.declared
            or spec.naming
            or (attributed and name == "attribution_status")
        )
        if wanted and not idle and name not in said:
            doc = spec.doc.split(";")[0].split(". ")[0].split(" that a source")[0].rstrip(".")
            yield doc[:1].lower() + doc[1:]
    for edge in matter.corpus.ontology.edges.values():
        own = matter.kind in edge.sources and edge.group in ("attribution", "coercion")
        tells = edge.claimable and not edge.symmetric and edge.edge in (*UPWARD, "TARGETED")
        if own and tells and edge.edge not in said:
            yield (
                "whose work it is"
                if edge.edge == BEHIND
                else (f"what it {edge.between(matter.kind)}")
            )


def _thin(matter: Matter) -> str:
    said = [one for one in matter.said if one.claims]
    alone = sum(1 for one in said if one.independent + one.unknown == 1)
    return f"{alone:,} of {len(said):,} things that are said of it" if alone else ""


def _unheard(matter: Matter, writer: Writer) -> Iterator[str]:
    """Those who are blamed, and of whom no word is here."""
    blamed = {matter.id}
    if matter.kind in matter.corpus.ontology.blamed:
        blamed = {str(one.object) for one in matter.said if one.predicate == BEHIND and one.claims}
    speaking = set(matter.corpus.claims["asserter"])
    able = [id for id in sorted(blamed) if matter.corpus.ontology.kind_of(id) in SPEAKING]
    for id in able:
        if not speaking & set(matter.corpus.bodies.speakers(id)):
            yield writer.the(id)


SPEAKING = ("Group", "Person", "State", "Agency", "Organization")


def _loose(matter: Matter) -> Iterator[str]:
    rows = [row for one in matter.said for row in one.claims]
    if unnamed := sum(1 for row in rows if not row["asserter"]):
        yield f"{_claims(unnamed)} whose asserter is not named"
    if undated := sum(1 for row in rows if not row.get("asserted")):
        yield f"{_claims(undated)} without a date"


def _claims(number: int) -> str:
    return f"{number:,} claim{'s' if number != 1 else ''}"
