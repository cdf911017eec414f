"""Second answers to the saved questions: plain Python over the networkx projection.

One function a question, of its name, with its parameters: rows as tuples, columns in the question's
order, rows in any. Nothing here looks at the Cypher, so that both would have to be wrong in the
same way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise, permutations, product
from typing import Any, TypeAlias

import networkx as nx

Graph: TypeAlias = "nx.MultiDiGraph[str]"
Row = tuple[Any, ...]

EVENTS = ("Incident", "Statement", "Meeting", "Agreement", "Sanction", "LegalAction")
CHAIN = ("ATTRIBUTED_TO", "SUBGROUP_OF", "CONTROLLED_BY", "PART_OF")
EARLY, LATE = date.min, date.max


# Reading the graph


def of_kind(g: Graph, *kinds: str) -> list[str]:
    return [n for n, data in g.nodes(data=True) if data["kind"] in kinds]


def with_role(g: Graph, role: str) -> list[str]:
    return [n for n, data in g.nodes(data=True) if role in data.get("roles", ())]


class Named(str):
    """A node's name that knows whose it is: namesakes are two, in a set as in the answer."""

    id: str

    def __eq__(self, other: object) -> bool:
        return str(self) == other and getattr(other, "id", self.id) == self.id

    __hash__ = str.__hash__


def name(g: Graph, node: str | None) -> str | None:
    if node is None:
        return None
    called = Named(g.nodes[node]["name"])
    called.id = node
    return called


def names(g: Graph, nodes: Any) -> list[str]:
    return sorted(str(g.nodes[node]["name"]) for node in nodes)


def edges_out(g: Graph, node: str, *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for _, other, type_, data in g.out_edges(node, keys=True, data=True):
        if type_ in types:
            yield other, data


def edges_in(g: Graph, node: str, *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for other, _, type_, data in g.in_edges(node, keys=True, data=True):
        if type_ in types:
            yield other, data


def said(data: dict[str, Any]) -> bool:
    """Whether somebody still claims this edge."""
    return data.get("status") == "asserted"


def stands(data: dict[str, Any]) -> bool:
    return said(data) or bool(data.get("declared"))


def targets(g: Graph, node: str, *types: str) -> list[str]:
    """Where edges that somebody still claims lead."""
    return [other for other, data in edges_out(g, node, *types) if said(data)]


def origins(g: Graph, node: str, *types: str) -> list[str]:
    return [other for other, data in edges_in(g, node, *types) if said(data)]


def end(g: Graph, claim: str, type_: str) -> str | None:
    return next((other for other, _ in edges_out(g, claim, type_)), None)


def subject(g: Graph, claim: str) -> str:
    found = end(g, claim, "SUBJECT")
    assert found is not None
    return found


def standing(g: Graph, *predicates: str) -> list[str]:
    """Positive claims that nobody took back."""
    return [
        n
        for n in of_kind(g, "Claim")
        if g.nodes[n]["polarity"] == "positive"
        and g.nodes[n]["status"] == "asserted"
        and (not predicates or g.nodes[n]["predicate"] in predicates)
    ]


def asserter(g: Graph, claim: str) -> str | None:
    return end(g, claim, "ASSERTED_BY")


def some(found: list[str]) -> list[str | None]:
    """What an optional match gives: null where there is nothing."""
    return [*found] or [None]


def whole(number: float) -> int | float:
    return int(number) if number == int(number) else number


def cyber(g: Graph) -> list[str]:
    return [n for n in of_kind(g, "Incident") if g.nodes[n].get("category") == "cyber"]


def one_day(g: Graph, node: str) -> date | None:
    """The day of an event, where it is known to the day."""
    data = g.nodes[node]
    day = data.get("occurred_from")
    return day if day is not None and day == data.get("occurred_to") else None


def paths(g: Graph, start: str, most: int, *types: str) -> Iterator[list[str]]:
    """Paths of standing edges that pass no node twice and end at the first state."""

    def walk(path: list[str]) -> Iterator[list[str]]:
        if g.nodes[path[-1]]["kind"] == "State":
            yield path
        elif len(path) <= most:
            there = (other for other, data in edges_out(g, path[-1], *types) if stands(data))
            for other in dict.fromkeys(there):  # two edges that lead there are one step
                if other not in path:
                    yield from walk([*path, other])

    if start in g:
        yield from walk([start])


def states(g: Graph, start: str, most: int, *types: str) -> set[str]:
    """Every state that standing edges reach, through other states too."""
    reached, edge = {start}, {start}
    for _ in range(most):
        edge = {o for n in edge for o, data in edges_out(g, n, *types) if stands(data)} - reached
        reached |= edge
    return {n for n in reached if g.nodes[n]["kind"] == "State"}


BASES = ("itself", "organ", "affiliated", "located")


def bases(g: Graph, start: str, most: int, by: set[str] | None = None) -> dict[str, int]:
    """State → place in BASES of the closest basis on which standing edges lead there; with `by`
    some claims, by these alone. Who is held responsible for somebody makes seats say nothing."""
    looseness = dict.fromkeys(CHAIN, 2) | {"PART_OF": 1, "LOCATED_IN": 3}
    reached = {(start, 0)}
    edge = set(reached)
    for _ in range(most):
        edge = {
            (other, max(loose, looseness[type_]))
            for node, loose in edge
            for _, other, type_, data in g.out_edges(node, keys=True, data=True)
            if type_ in looseness
            and stands(data)
            and (by is None or data.get("declared") or by & set(data["claims"]))
        } - reached
        reached |= edge
    found: dict[str, int] = {}
    for node, loose in reached:
        if g.nodes[node]["kind"] == "State":
            found[node] = min(loose, found.get(node, 3))
    return {state: loose for state, loose in found.items() if loose < 3} or found


LINKS = (*CHAIN, "LOCATED_IN")


def led_to(g: Graph, said: set[str], voice: str | None = None) -> tuple[dict[str, int], int]:
    """Where the claims `said`, which blame one actor, lead; and whether they say so themselves (2),
    their voice elsewhere (1), or others (0); -1 for nowhere."""
    actor = end(g, min(said), "OBJECT") or ""
    positive = set(standing(g, *LINKS))
    found: dict[str, int] = {}
    for key in {g.nodes[c]["statement"] for c in said}:
        told = {c for c in positive if g.nodes[c]["statement"] == key}
        for state, loose in bases(g, actor, 4, told).items():
            found[state] = min(loose, found.get(state, 3))
    if found:
        return found, 2
    mine = {c for c in positive if voice and asserter(g, c) == voice}
    for rank, words in ((1, mine), (0, None)):
        if found := bases(g, actor, 4, words):
            return ({} if len(found) > 1 and 3 in found.values() else found), rank
    return {}, -1


def ordered(g: Graph, a: str, b: str) -> bool:
    return in_order(g, a) < in_order(g, b)


def in_order(g: Graph, node: str) -> tuple[str, str]:
    """By name, namesakes by id."""
    return str(g.nodes[node]["name"]), node


# The questions that an analyst asks first


def find_by_name(g: Graph, words: str) -> list[Row]:
    return [
        (n, data["kind"], data["name"], found)
        for n, data in g.nodes(data=True)
        if (found := [x for x in data.get("names", ()) if words.lower() in x.lower()])
    ]


def who_attributes(g: Graph, incident: str) -> set[Row]:
    return {
        (
            name(g, end(g, c, "OBJECT")),
            name(g, asserter(g, c)),
            name(g, end(g, c, "REPORTED_IN")),
            g.nodes[c].get("hedge"),
        )
        for c in standing(g, "ATTRIBUTED_TO")
        if subject(g, c) == incident and incident.startswith("incident:")
    }


def incidents_by_group(g: Graph) -> list[Row]:
    found = defaultdict(list)
    for incident in cyber(g):
        for actor in targets(g, incident, "ATTRIBUTED_TO"):
            if g.nodes[actor]["kind"] == "Group":
                found[actor].append(incident)
    rows = ((group, (name(g, group), names(g, incidents))) for group, incidents in found.items())
    return told_apart(rows, alike=1)


def whose_voice(g: Graph) -> list[Row]:
    count: dict[str | None, int] = defaultdict(int)
    for claim in of_kind(g, "Claim"):
        if g.nodes[claim]["polarity"] == "positive":
            count[asserter(g, claim)] += 1
    return [(name(g, who), claims) for who, claims in count.items()]


def attribution_chain(g: Graph, incident: str) -> list[Row]:
    rows = []
    for path in paths(g, incident, 6, *CHAIN):
        links = [[d for o, d in edges_out(g, a, *CHAIN) if o == b and stands(d)]
                 for a, b in pairwise(path)]  # fmt: skip
        for chosen in product(*links):
            counts, unknown = (
                [data[count] if said(data) else None for data in chosen]
                for count in ("asserters", "unknown_asserters")
            )
            denials = _denials_among(g, path)
            denied = {end(g, d, "OBJECT") for d in denials}
            rows.append(
                (
                    [name(g, n) for n in path],
                    counts,
                    [n in denied for n in path[1:]] if denials else None,
                    names(g, {who for d in denials if (who := asserter(g, d))}) or None,
                    unknown if any(unknown) else None,
                )
            )
    return rows


def _denials_among(g: Graph, path: list[str]) -> list[str]:
    return [
        c
        for c in of_kind(g, "Claim")
        if (g.nodes[c]["polarity"], g.nodes[c]["status"]) == ("negative", "asserted")
        and g.nodes[c]["predicate"] in CHAIN
        and subject(g, c) in path
        and end(g, c, "OBJECT") in path
        and not any(
            g.nodes[told]["polarity"] == "positive"
            and end(g, told, "OBJECT") == end(g, c, "OBJECT")
            for told, _ in edges_out(g, c, "RETRACTS")
        )
    ]


def attribution_steps(g: Graph, incident: str) -> list[Row]:
    rows = []
    for path in paths(g, incident, 6, *CHAIN):
        links = [[d for o, d in edges_out(g, a, *CHAIN) if o == b and stands(d)]
                 for a, b in pairwise(path)]  # fmt: skip
        for chosen in product(*links):
            told = (
                [data[key] if said(data) else None for data in chosen]
                for key in ("asserters", "hedged", "collective", "disputed")
            )
            kinds = [data["kind"] for data in chosen]
            rows.append(([name(g, n) for n in path], kinds, *told, path))
    return rows


def single_asserter(g: Graph) -> list[Row]:
    found = [d for i in cyber(g) for _, d in edges_out(g, i, "ATTRIBUTED_TO") if said(d)]
    one = sum((data["asserters"], data["unknown_asserters"]) == (1, 0) for data in found)
    return [(len(found), one, sum(data["asserters"] == 0 for data in found) or None)]


def victims(g: Graph) -> set[Row]:
    return {
        (name(g, i), name(g, v), bool(g.nodes[v].get("unnamed")))
        for i in cyber(g)
        for v in targets(g, i, "TARGETED")
    }


def said_to_have_hit(g: Graph, victim: str) -> set[Row]:
    rows: set[Row] = set()
    hit = [i for i in of_kind(g, "Incident") if victim in targets(g, i, "TARGETED")]
    for i in hit:
        blamed = [c for c in standing(g, "ATTRIBUTED_TO") if subject(g, c) == i]
        for c in blamed:
            told = (name(g, i), name(g, end(g, c, "OBJECT")), name(g, asserter(g, c)),
                    name(g, end(g, c, "REPORTED_IN")), g.nodes[c].get("hedge"),
                    bool(g.nodes[c].get("collective")))  # fmt: skip
            denials = [d for d, _ in edges_in(g, c, "DISPUTES") if said(g.nodes[d])]
            rows |= {(*told, True, name(g, asserter(g, d))) for d in denials}
            rows |= {(*told, False, None)} if not denials else set()
        if not blamed:
            rows.add((name(g, i), None, None, None, None, False, False, None))
    return rows


def sectors_targeted(g: Graph, group: str) -> set[Row]:
    return {
        (name(g, end(g, c, "OBJECT")), name(g, asserter(g, c)))
        for c in standing(g, "TARGETS_SECTOR")
        if subject(g, c) == group
    }


def sectors_claimed(g: Graph, group: str) -> set[Row]:
    return {
        (name(g, end(g, c, "OBJECT")), name(g, asserter(g, c)),
         bool(g.nodes[c].get("collective")), g.nodes[c].get("hedge"),
         name(g, end(g, c, "REPORTED_IN")), end(g, c, "OBJECT"))
        for c in standing(g, "TARGETS_SECTOR")
        if subject(g, c) == group
    }  # fmt: skip


def money(g: Graph) -> set[Row]:
    kinds = {"amount_stolen": "stolen", "amount_attempted": "attempted"}
    return {
        (name(g, subject(g, c)), kinds[data["predicate"]], int(data["number"]),
         data.get("bound", "point"), data.get("hedge"))
        for c in standing(g, *kinds)
        if (data := g.nodes[c]).get("unit") == "USD"
        and g.nodes[subject(g, c)]["kind"] == "Incident"
    }  # fmt: skip


def subgroup_or_alias(g: Graph) -> set[Row]:
    rows = set()
    for claim in standing(g, "SUBGROUP_OF"):
        child, parent = subject(g, claim), end(g, claim, "OBJECT")
        data = g.nodes[claim]
        assert parent is not None
        low, high = name(g, child), name(g, parent)
        if child == parent:
            low, high = data.get("subject_name", low), data.get("object_name", high)
        assert low
        assert high
        for other in standing(g, "alias", "SAME_AS"):
            about, told = subject(g, other), g.nodes[other]
            if told["predicate"] == "SAME_AS":
                pair = {told["subject"], told["object"]}
                hit = pair == {data["subject"], data["object"]}
            else:
                value = told["value"].lower()
                hit = (about == parent and value == low.lower()) or (
                    about == child and value == high.lower()
                )
            if hit:
                rows.add((low, high, name(g, asserter(g, claim)), name(g, asserter(g, other))))
    return rows


def undated_incidents(g: Graph) -> list[Row]:
    return told_apart(
        (i, (name(g, i),))
        for i in cyber(g)
        if targets(g, i, "ATTRIBUTED_TO") and "occurred" not in g.nodes[i]
    )


def told_apart(rows: Iterable[tuple[str, Row]], alike: int | None = None) -> list[Row]:
    """Rows, each with the id of its node where another begins alike, in so many columns or all."""
    given = list(rows)
    times = Counter(tuple(map(repr, row[:alike])) for _, row in given)
    return [
        (*row, node if times[tuple(map(repr, row[:alike]))] > 1 else None) for node, row in given
    ]


def sanctions(g: Graph) -> list[Row]:
    rows: dict[tuple[str, Row], None] = {}
    whole = {s: targets(g, s, "SUBGROUP_OF") for s in of_kind(g, "Sanction")}
    for s in (s for s, above in whole.items() if not above):
        entries = {s}
        for _ in range(3):
            entries |= {part for part, above in whole.items() if entries & set(above)}
        hit = tuple(names(g, {t for one in entries for t in targets(g, one, "DESIGNATES")}))
        told = {
            what: {each for one in entries for each in g.nodes[one].get(what) or ()} or {None}
            for what in ("programme", "legal_basis")
        }
        for authority, programme, basis in product(
            some(targets(g, s, "IMPOSED_BY")), told["programme"], told["legal_basis"]
        ):
            rows[(s, (name(g, s), name(g, authority), hit, programme, basis))] = None
    return told_apart(rows)


def sanctioned_for(g: Graph, sanction: str) -> list[Row]:
    blamed = defaultdict(set)
    authorities = targets(g, sanction, "IMPOSED_BY") if sanction in g else []
    for claim in standing(g, "ATTRIBUTED_TO"):
        actor, incident = end(g, claim, "OBJECT"), subject(g, claim)
        if (
            asserter(g, claim) in authorities
            and actor in targets(g, sanction, "DESIGNATES")
            and g.nodes[incident]["kind"] == "Incident"
        ):
            blamed[incident].add(actor)
    return [(name(g, incident), len(actors)) for incident, actors in blamed.items()]


def controllers_unlisted(g: Graph) -> list[Row]:
    listed = {t for s in of_kind(g, "Sanction") for t in targets(g, s, "DESIGNATES")}
    groups = {t for t in listed if g.nodes[t]["kind"] == "Group"}
    found = {c for group in groups for c in targets(g, group, "CONTROLLED_BY")}
    return told_apart((c, (name(g, c),)) for c in found - listed)


def _meetings(g: Graph) -> Iterator[tuple[str, set[str]]]:
    leaders = set(with_role(g, "Leader"))
    for meeting in of_kind(g, "Meeting"):
        yield meeting, leaders & set(origins(g, meeting, "PARTICIPATED_IN"))


def _between(g: Graph, node: str, first: date, last: date) -> bool:
    data = g.nodes[node]
    if "occurred" not in data:
        return False
    return bool(data.get("occurred_from", EARLY) <= last and data.get("occurred_to", LATE) >= first)


def leaders_met(g: Graph, **days: str) -> set[Row]:
    first, last = date.fromisoformat(days["from"]), date.fromisoformat(days["to"])
    return {
        (name(g, a), name(g, b), name(g, meeting), g.nodes[meeting]["occurred"])
        for meeting, leaders in _meetings(g)
        if _between(g, meeting, first, last)
        for a, b in permutations(leaders, 2)
        if ordered(g, a, b)
    }


def commitments(g: Graph, agreement: str) -> set[Row]:
    rows = set()
    edges = edges_out(g, agreement, "HAS_COMMITMENT") if agreement in g else ()
    for promise, data in edges:
        if not said(data):
            continue
        obliged = [o for o, d in edges_out(g, promise, "OBLIGES") if stands(d)]
        for party in some(obliged):
            rows.add((name(g, party), name(g, promise), g.nodes[promise].get("modality"),
                      data["asserters"], bool(data.get("disputed"))))  # fmt: skip
    return rows


def go_betweens(g: Graph) -> set[Row]:
    met: dict[str, set[str]] = defaultdict(set)
    for _, leaders in _meetings(g):
        for a, b in permutations(leaders, 2):
            met[a].add(b)
    return {
        (name(g, next(iter(both))), name(g, a), name(g, b))
        for a, b in permutations(met, 2)
        if ordered(g, a, b) and b not in met[a] and len(both := met[a] & met[b]) == 1
    }


def process_status(g: Graph) -> list[Row]:
    times: dict[Row, list[tuple[int, str]]] = defaultdict(list)
    for c in standing(g, "status"):
        process, data = subject(g, c), g.nodes[c]
        if g.nodes[process]["kind"] != "Process":
            continue
        found = times[(process, data["value"], end(g, c, "REPORTED_IN"))]
        if "valid" in data:
            closed = "valid_from" in data and "valid_to" in data
            width = (data["valid_to"] - data["valid_from"]).days if closed else 10**7
            found.append((width, data["valid"]))
    return [
        (name(g, process), status, min(found)[1] if found else None,
         None if document is None else g.nodes[document].get("date"))
        for (process, status, document), found in times.items()
    ]  # fmt: skip


def timeline(g: Graph, **days: str) -> list[Row]:
    first, last = date.fromisoformat(days["from"]), date.fromisoformat(days["to"])
    dated = [(day, name(g, e), e) for e in of_kind(g, *EVENTS) if (day := one_day(g, e))]
    shown = sorted(item for item in dated if first <= item[0] <= last)
    return [
        (n, event, day.isoformat(), (day - shown[n - 2][0]).days if n > 1 else None)
        for n, (day, event, _) in enumerate(shown, start=1)
    ]


def before_sanction(g: Graph, sanction: str, days: int) -> set[Row]:
    imposed = one_day(g, sanction) if sanction in g else None
    if imposed is None:
        return set()
    return {
        (name(g, e), (imposed - day).days)
        for e in of_kind(g, *EVENTS)
        if e != sanction and (day := one_day(g, e)) and 0 <= (imposed - day).days <= days
    }


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)


def _span(data: dict[str, Any]) -> tuple[datetime, datetime]:
    """From when to when, both inclusive, in UTC."""
    if data.get("valid_precision") == "instant":
        return _moment(data["value"]), _moment(data["value"])
    first = datetime.combine(data["valid_from"], datetime.min.time()) if "valid_from" in data \
        else datetime.min  # fmt: skip
    last = datetime.combine(data["valid_to"], datetime.min.time()) + timedelta(days=1, seconds=-1) \
        if "valid_to" in data else datetime.max  # fmt: skip
    return first, last


def _before(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether one is over before the other can begin; a day ends 12 hours later in the west and
    begins 14 earlier in the east, which counts where a time of day is compared with it."""
    (_, last), (first, _) = _span(one), _span(other)
    a, b = (data.get("valid_precision") == "instant" for data in (one, other))
    if b and not a and last != datetime.max:
        last += timedelta(hours=12)
    if a and not b and first != datetime.min:
        first -= timedelta(hours=14)
    return last < first


def _fits(data: dict[str, Any], number: float) -> bool:
    bound, own = data.get("bound", "point"), data["number"]
    return bool({"lower": number >= own, "upper": number <= own}.get(bound, number == own))


def conflicts(g: Graph) -> list[Row]:
    groups: dict[Row, list[dict[str, Any]]] = defaultdict(list)
    for c in standing(g):
        data = g.nodes[c]
        if "number" in data:
            groups[(subject(g, c), data["predicate"], data.get("unit"))].append(data)
        elif "value" in data and data["value"] == data.get("valid"):
            groups[(subject(g, c), data["predicate"], "date")].append(data)
    rows = []
    for (about, predicate, unit), claims in groups.items():
        if unit == "date":
            apart = any(_before(a, b) for a, b in permutations(claims, 2))
            values: list[Any] = sorted({data["value"] for data in claims})
        else:
            tried = [data["number"] for data in claims]
            apart = not any(all(_fits(data, x) for data in claims) for x in tried)
            values = [whole(x) for x in sorted(set(tried))]
        if apart:
            rows.append((name(g, about), predicate, values))
    return rows


def evidence(g: Graph, subject: str, predicate: str, object: str) -> list[Row]:
    return [
        (c, name(g, asserter(g, c)), name(g, end(g, c, "REPORTED_IN")), data.get("locator"),
         data.get("summary", data.get("quote")), data.get("hedge"))
        for c in standing(g, predicate)
        if end(g, c, "SUBJECT") == subject and end(g, c, "OBJECT") == object
        and (data := g.nodes[c])
    ]  # fmt: skip


def hedged(g: Graph) -> list[Row]:
    return [
        (c, name(g, subject(g, c)), data["predicate"], data["hedge"])
        for c in standing(g)
        if "hedge" in (data := g.nodes[c])
        and (data["predicate"] == "ATTRIBUTED_TO" or "number" in data)
    ]


def known_on(g: Graph, day: str) -> list[Row]:
    last = date.fromisoformat(day)

    def by_then(c: str) -> bool:
        return bool(g.nodes[c].get("asserted_to", LATE) <= last)

    def retracting(c: str) -> list[str]:
        return [r for r, _ in edges_in(g, c, "RETRACTS") if by_then(r)]

    return [
        (c, name(g, subject(g, c)))
        for c in of_kind(g, "Claim")
        if by_then(c) and all(retracting(r) for r in retracting(c))
    ]


def disputed(g: Graph) -> set[Row]:
    return {
        (c, name(g, subject(g, c)), g.nodes[c]["predicate"], name(g, asserter(g, by)))
        for c in of_kind(g, "Claim")
        if g.nodes[c]["status"] == "asserted"
        for by, _ in edges_in(g, c, "DISPUTES")
        if g.nodes[by]["status"] == "asserted"
    }


def disputed_claims(g: Graph) -> set[Row]:
    rows = set()
    for c in of_kind(g, "Claim"):
        data = g.nodes[c]
        for by, _ in edges_in(g, c, "DISPUTES") if data["status"] == "asserted" else ():
            dispute = g.nodes[by]
            if dispute["status"] == "asserted":
                rows.add((name(g, subject(g, c)), data["predicate"],
                          name(g, end(g, c, "OBJECT")) or data.get("said"), name(g, asserter(g, c)),
                          data.get("hedge"), name(g, asserter(g, by)),
                          name(g, end(g, by, "REPORTED_IN")), dispute.get("asserted"),
                          subject(g, c), end(g, c, "OBJECT"), c))  # fmt: skip
    return rows


def conflicting_claims(g: Graph) -> set[Row]:
    return {
        (name(g, about), data["predicate"], data["said"], name(g, asserter(g, c)),
         name(g, end(g, c, "REPORTED_IN")), data.get("asserted"), about, c)
        for c in standing(g)
        if (data := g.nodes[c])["predicate"] in g.nodes[about := subject(g, c)].get("conflicts", ())
    }  # fmt: skip


def _ways(g: Graph, claim: str) -> list[list[str]]:
    """From a claim to each claim that it goes back to and that goes back to nothing; in a circle of
    repetitions to itself."""

    def walk(path: list[str]) -> Iterator[list[str]]:
        above = [other for other, _ in edges_out(g, path[-1], "DERIVED_FROM")]
        if not above:
            yield path
        for other in above:
            if other not in path:
                yield from walk([*path, other])

    return [*walk([claim])] or [[claim]]


def shared_origin(g: Graph) -> set[Row]:
    return {
        (name(g, about), predicate, whole(number), by, origin)
        for (about, predicate, number, *_), _, by, origin in _repeated(g, "unit")
    }


def figures_of_one_origin(g: Graph) -> set[Row]:
    return {
        (name(g, key[0]), key[1], g.nodes[c]["said"], by, origin, key[0])
        for key, c, by, origin in _repeated(g, "unit", "bound")
    }


def _repeated(g: Graph, *alike: str) -> Iterator[tuple[Row, str, Any, Any]]:
    """Of figures that have one origin and several voices: which, a claim that repeats it, whose it
    is, and whose it was."""
    groups: dict[Row, list[list[str]]] = defaultdict(list)
    for c in standing(g):
        data = g.nodes[c]
        if "number" in data:
            key = (subject(g, c), data["predicate"], data["number"], *map(data.get, alike))
            groups[key] += _ways(g, c)
    for key, ways in groups.items():
        sources = {asserter(g, way[-1]) or way[-1] for way in ways}
        if len(sources) > 1 or len({asserter(g, way[0]) or way[0] for way in ways}) < 2:
            continue
        for way in ways:
            if (asserter(g, way[0]) or way[0]) not in sources:
                read = any(g.nodes[c].get("derivation") == "read" for c in way)
                origin = name(g, asserter(g, way[-1]))
                told = f"{origin} (as we read it)" if read and origin else origin
                yield key, way[0], name(g, asserter(g, way[0])), told


# Those for larger data


def time_to_attribution(g: Graph) -> list[Row]:
    rows = []
    for i in cyber(g):
        days = [g.nodes[c]["asserted_to"] for c in standing(g, "ATTRIBUTED_TO")
                if subject(g, c) == i and "asserted_to" in g.nodes[c]]  # fmt: skip
        began = g.nodes[i].get("occurred_from")
        if days and began:
            first = min(days)
            rows.append(
                (name(g, i), g.nodes[i]["occurred"], first.isoformat(), (first - began).days, i)
            )
    return rows


def attributed_then_sanctioned(g: Graph, days: int) -> set[Row]:
    rows = set()
    for s in of_kind(g, "Sanction"):
        imposed = one_day(g, s)
        for actor in targets(g, s, "DESIGNATES") if imposed else ():
            for incident, data in edges_in(g, actor, "ATTRIBUTED_TO"):
                first = data.get("first_asserted_latest")
                if not said(data) or first is None or g.nodes[incident]["kind"] != "Incident":
                    continue
                gap = (imposed - first).days if imposed else -1
                for authority in some(targets(g, s, "IMPOSED_BY")):
                    if 0 <= gap <= days:
                        nodes = (incident, actor, s, authority)
                        rows.add((*(name(g, node) for node in nodes), gap, *nodes))
    return rows


def joint_attributors(g: Graph) -> list[Row]:
    voices: dict[Row, set[str]] = defaultdict(set)
    for c in standing(g, "ATTRIBUTED_TO"):
        who, incident = asserter(g, c), subject(g, c)
        official = who and g.nodes[who]["kind"] in ("State", "Agency")
        if who and official and g.nodes[incident]["kind"] == "Incident":
            voices[(incident, end(g, c, "OBJECT"))] |= states(g, who, 4, "PART_OF")
    together = defaultdict(set)
    for (incident, _), blaming in voices.items():
        for a, b in permutations(blaming, 2):
            if ordered(g, a, b):
                together[(a, b)].add(incident)
    return [(name(g, a), name(g, b), names(g, found), a, b) for (a, b), found in together.items()]


def rival_attributions(g: Graph) -> set[Row]:
    by_actor: dict[tuple[str, str, str | None], set[str]] = defaultdict(set)
    voices: dict[str, str | None] = {}
    for c in standing(g, "ATTRIBUTED_TO"):
        if g.nodes[subject(g, c)]["kind"] == "Incident":
            who = asserter(g, c)
            side = who or str(g.nodes[c]["statement"])
            voices[side] = who
            by_actor[subject(g, c), side, end(g, c, "OBJECT")].add(c)
    blamed: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    ways: dict[tuple[str, str], list[tuple[dict[str, int], int]]] = defaultdict(list)
    for (incident, side, _), said in by_actor.items():
        ways[incident, side].append(led_to(g, said, voices[side]))
    for (incident, side), led in ways.items():
        mine = blamed[incident][side]
        closest = max(rank for _, rank in led)
        for state, loose in (
            each for found, rank in led if rank == closest for each in found.items()
        ):
            mine[state] = min(loose, mine.get(state, 3))

    def order(incident: str, side: str) -> tuple[bool, str, str]:
        who = voices[side]
        first = min(blamed[incident][side], key=lambda state: in_order(g, state))
        return who is None, name(g, who) or "", who or first

    return {
        (name(g, incident), name(g, voices[a]), name(g, x), BASES[sides[a][x]],
         name(g, voices[b]), name(g, y), BASES[sides[b][y]], incident, voices[a], voices[b])
        for incident, sides in blamed.items()
        for a, b in permutations([side for side in sides if sides[side]], 2)
        if order(incident, a) < order(incident, b) and not sides[a].keys() & sides[b].keys()
        for x, y in product(sides[a], sides[b])
    }  # fmt: skip


def leaders_in_office(g: Graph, incident: str) -> set[Row]:
    if incident not in g or "occurred" not in g.nodes[incident]:
        return set()
    return {
        (name(g, person), name(g, state), data.get("office"),
         data["valid_from"].isoformat() if "valid_from" in data else None,
         data["valid_to"].isoformat() if "valid_to" in data else None, person, state)
        for person, state, type_, data in g.edges(keys=True, data=True)
        if type_ == "REPRESENTS" and stands(data) and "valid" in data
        and _between(g, incident, data.get("valid_from", EARLY), data.get("valid_to", LATE))
    }  # fmt: skip


def sanctions_after_last_incident(g: Graph, days: int) -> set[Row]:
    rows = set()
    listed = [(s, t) for s in of_kind(g, "Sanction") for t in targets(g, s, "DESIGNATES")]
    for s, group in listed:
        ends = [(g.nodes[i]["occurred_to"], i) for i in origins(g, group, "ATTRIBUTED_TO")
                if g.nodes[i]["kind"] == "Incident" and "occurred_to" in g.nodes[i]]  # fmt: skip
        imposed = g.nodes[s].get("occurred_from")
        if g.nodes[group]["kind"] != "Group" or not ends or imposed is None:
            continue
        day = max(ends)[0]
        last = min((name(g, i), i) for when, i in ends if when == day)[0]
        if (imposed - day).days >= days:
            days_since = (imposed - day).days
            rows.add((name(g, s), name(g, group), last, day.isoformat(), days_since, s, group))
    return rows


def rests_on_document(g: Graph, document: str) -> set[Row]:
    printed = defaultdict(set)
    for c in standing(g):
        data = g.nodes[c]
        key = (subject(g, c), data["predicate"], end(g, c, "OBJECT"), data.get("value"))
        printed[key].add(end(g, c, "REPORTED_IN"))
    return {
        (name(g, about), predicate, value if to is None else name(g, to), about, to)
        for (about, predicate, to, value), where in printed.items()
        if where - {None} == {document}
    }


def owned_voices(g: Graph) -> set[Row]:
    def positive(claims: set[str]) -> int:
        return sum(g.nodes[c]["polarity"] == "positive" for c in claims)

    rows = set()
    for voice in with_role(g, "Source"):
        papers = [d for d, _ in edges_in(g, voice, "PUBLISHED_BY")]
        prints = {c for d in papers for c, _ in edges_in(g, d, "REPORTED_IN")}
        says = {c for c, _ in edges_in(g, voice, "ASSERTED_BY")}
        for state in states(g, voice, 4, "PART_OF", "OWNED_BY"):
            rows.add((name(g, state), name(g, voice), positive(prints), positive(says), voice))
    return rows


def incidents_by_state_and_year(g: Graph) -> list[Row]:
    found: dict[tuple[str, str], list[tuple[int, bool, bool]]] = defaultdict(list)
    for i in cyber(g):
        for _, data in edges_out(g, i, "ATTRIBUTED_TO"):
            if "occurred_from" in g.nodes[i] and said(data):
                led, own = led_to(g, {c for c in data["claims"] if c in standing(g)})
                for state, loose in led.items():
                    found[i, state].append((loose, bool(data.get("disputed")), own == 2))
    rows: dict[Row, list[tuple[bool, bool]]] = defaultdict(list)
    for (i, state), ways in found.items():
        year = g.nodes[i]["occurred_from"].year
        rows[name(g, state), year, BASES[min(way[0] for way in ways)]].append(
            (any(way[1] for way in ways), any(way[2] for way in ways))
        )
    return [
        (*key, len(told), sum(one[0] for one in told), sum(one[1] for one in told))
        for key, told in rows.items()
    ]


def unattributed_incidents(g: Graph) -> list[Row]:
    words: dict[str, set[Row]] = defaultdict(set)
    for c in standing(g, "attribution_status"):
        words[subject(g, c)].add((g.nodes[c]["value"], name(g, asserter(g, c))))
    return [
        (name(g, i), g.nodes[i].get("occurred"), names(g, targets(g, i, "TARGETED")), *word, i)
        for i in cyber(g)
        if not targets(g, i, "ATTRIBUTED_TO")
        for word in words.get(i) or {(None, None)}
    ]


def shared_names(g: Graph) -> list[Row]:
    found: dict[Row, set[str]] = defaultdict(set)
    for n in of_kind(g, "Group", "Campaign", "Agency", "Organization", "Person", "Software"):
        for each in g.nodes[n].get("names", ()):
            found[(g.nodes[n]["kind"], each.lower())].add(n)
    return [
        (kind, each, names(g, all_), sorted(all_, key=lambda n: in_order(g, n)))
        for (kind, each), all_ in found.items()
        if len(all_) > 1
    ]


def shared_tools(g: Graph, most: int) -> list[Row]:
    shared: dict[Row, set[str]] = defaultdict(set)
    for tool in of_kind(g, "Software"):
        users = [u for u in origins(g, tool, "USED") if g.nodes[u]["kind"] == "Group"]
        for a, b in combinations(users, 2) if len(users) <= most else ():
            shared[(a, b) if ordered(g, a, b) else (b, a)].add(tool)
    return [(name(g, a), name(g, b), names(g, tools), a, b) for (a, b), tools in shared.items()]


def withdrawn(g: Graph) -> set[Row]:
    rows = set()
    for c in of_kind(g, "Claim"):
        data = g.nodes[c]
        if data["status"] not in ("retracted", "superseded", "origin_withdrawn"):
            continue
        for by in some([r for r, _ in edges_in(g, c, "RETRACTS", "SUPERSEDES")]):
            when = (by and g.nodes[by].get("asserted")) or data.get("withdrawn")
            rows.add((c, name(g, subject(g, c)), data["predicate"], name(g, asserter(g, c)),
                      data["status"], by, when, subject(g, c)))  # fmt: skip
    return rows


def changes_of_mind(g: Graph) -> set[Row]:
    kinds = ("ATTRIBUTED_TO", "SUBGROUP_OF", "CONTROLLED_BY", "FORMED_BY", "alias")
    said = [c for c in of_kind(g, "Claim") if asserter(g, c) is not None]

    def tells(c: str) -> str | None:
        return end(g, c, "OBJECT") or g.nodes[c].get("value")

    rows = set()
    for c in said:
        data = g.nodes[c]
        if (
            data["status"] not in ("retracted", "superseded")
            or data["polarity"] != "positive"
            or data["predicate"] not in kinds
        ):
            continue
        again = [
            g.nodes[a].get("asserted")
            for a in said
            if g.nodes[a]["status"] == "asserted"
            and g.nodes[a]["predicate"] == data["predicate"]
            and (subject(g, a), asserter(g, a)) == (subject(g, c), asserter(g, c))
            and tells(a) == tells(c)
        ]
        for by in some([r for r, _ in edges_in(g, c, "SUPERSEDES")]):
            if by and tells(by) == tells(c):
                continue  # the same said anew
            became = by and (end(g, by, "OBJECT") or g.nodes[by].get("value"))
            until = data.get("withdrawn") or (by and g.nodes[by].get("asserted"))
            begun = min(filter(None, again), default=None)
            if begun and until and begun <= until:
                continue  # said in another place all along
            rows.add((name(g, subject(g, c)), data["predicate"],
                      name(g, end(g, c, "OBJECT")) if end(g, c, "OBJECT") else data.get("value"),
                      name(g, became) if became in g else became, name(g, asserter(g, c)),
                      data.get("asserted"), until, begun, subject(g, c), c))  # fmt: skip
    return rows


def answer(question: str) -> Callable[..., Any] | None:
    """The reference of a question, found by its name."""
    found = globals().get(question)
    public = callable(found) and getattr(found, "__module__", "") == __name__
    return found if public else None
