"""EuRepoC as a careful statistician recounts it from the rows, without our loader: the measures and
questions must come to the same. On made-up rows with every trap; and on the published files, where
they lie in the folder that KG_EUREPOC names or under ../shared/data/eurepoc."""

from __future__ import annotations

import csv
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.analytics.concordance import rated
from kg.analytics.dyads import dyads
from kg.analytics.kit.statistics import krippendorff
from kg.ontology import countries

UNKNOWN = {"", "Unknown", "Not available", "Unknown - not attributed"}
CODES = {"Russia": "RUS", "China": "CHN", "Iran, Islamic Republic of": "IRN", "Germany": "DEU"}
STATE, CRIMINAL = "State", "Non-state-group"
AFFILIATED = "Non-state actor, state-affiliation suggested"
ATTRIBUTION = (
    "incident_ID", "attribution_ID", "attribution_date", "attribution_type", "attribution_basis",
    "attributing_actor", "attribution_it_company", "attributing_country", "attributed_initiator",
    "attributed_initiator_country", "attributed_initiator_category",
)  # fmt: skip
RECEIVER = ("ID", "receiver_country", "receiver_region", "receiver_name", "receiver_category",
            "receiver_category_subcode")  # fmt: skip

PUBLISHED = ("seed 1", "seed 2", pytest.param("published", marks=pytest.mark.soak))
Rows = list[dict[str, str]]
States = Mapping[str, set[str]]


def invented(folder: Path, seed: int) -> Path:
    """Three files as they are published: cross products, fillers, regions, joint bodies, actors of
    several countries, states with and without a name, days that are none, rows without a key."""
    chance = random.Random(seed)
    incidents: Rows = []
    said: Rows = []
    hit: Rows = []
    for number in range(1, 61):
        start = "" if number % 20 == 0 else chance.choice(["2019-05-02", "2020-01-01", "2018"])
        end = chance.choice(["", "2000-01-01", start])
        incidents.append({"ID": str(number), "name": f"Raid {number}",
                          "start_date": start, "end_date": end})  # fmt: skip
        for _ in range(chance.choice([0, 1, 1, 2, 3])):
            said += _attribution(chance, number, 1000 + len({s["attribution_ID"] for s in said}))
        places = chance.sample([*CODES, "France", "EU (region)", "Not available"],
                               chance.choice([0, 1, 2]))  # fmt: skip
        kinds = chance.sample(["Critical infrastructure", "State institutions", ""], 2)
        for place, kind in product(places, kinds[: chance.choice([1, 2])]):
            hit.append({"ID": str(number), "receiver_country": place, "receiver_category": kind})
    said.append({"incident_ID": "1", "attribution_ID": "", "attributed_initiator": "Nobody"})
    said.append({"incident_ID": "999", "attribution_ID": "7.0",
                 "attributed_initiator_country": "Russia"})  # fmt: skip
    tables = (("Global", incidents, tuple(incidents[0])), ("Attribution", said, ATTRIBUTION),
              ("Receiver", hit, RECEIVER))  # fmt: skip
    for name, rows, columns in tables:
        with (folder / f"Invented_{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def _attribution(chance: random.Random, incident: int, id: int) -> Rows:
    """All combinations of what one attribution says."""
    who = chance.choice([[""], ["Not available"], ["Lab"], ["Lab"], ["Ministry"], ["Office"],
                         ["Lab", "Office"]])  # fmt: skip
    actors = chance.choice([["Unknown"], ["Not available"], ["Masks"], ["Bear/Pawn/G0007"],
                            ["Panda (Unit 1)"], ["Bear/Pawn/G0007", "Panda (Unit 1)"]])  # fmt: skip
    places = chance.choice([["Unknown"], ["EU (region)"], ["Russia"], ["China"], ["Germany"],
                            ["Iran, Islamic Republic of"], ["Russia", "China"]])  # fmt: skip
    category = chance.choice([STATE, CRIMINAL, AFFILIATED, "Unknown - not attributed"])
    return [
        dict(zip(ATTRIBUTION, (str(incident), f"{id}.0", "2021-01-01", "", "", one, "", "", actor,
                               place, category), strict=True))
        for one, actor, place in product(who, actors, places)
    ]  # fmt: skip


class Recount:
    """What the rows themselves come to."""

    def __init__(self, folder: Path) -> None:
        incidents, self.said, receivers = _tables(folder)
        self.years = {_key(row["ID"]): row["start_date"][:4] for row in incidents
                      if row["start_date"].strip() not in UNKNOWN}  # fmt: skip
        known = {_key(row["ID"]) for row in incidents}
        keys = ("attribution_ID", "incident_ID")
        self.said = [r for r in self.said if _key(r[keys[0]]) and _key(r[keys[1]]) in known]
        self.total = len(known)
        self.blamed = _states(self.said, "incident_ID", "attributed_initiator_country")
        hit = _states(receivers, "ID", "receiver_country")
        self.hit = {incident: states for incident, states in hit.items() if incident in known}

    @property
    def both(self) -> set[str]:
        return self.blamed.keys() & self.hit.keys()

    @property
    def pairs(self) -> Counter[tuple[str, str]]:
        return Counter(pair for i in self.both for pair in product(self.blamed[i], self.hit[i]))

    @property
    def state_years(self) -> Counter[tuple[str, str]]:
        return Counter(
            (state, self.years[i]) for i, states in self.blamed.items() if i in self.years
            for state in states
        )  # fmt: skip

    def attributions(self) -> Iterator[tuple[str, str, set[str]]]:
        """Incident, who attributes (several are one body; empty: unknown) and the states named."""
        groups: dict[str, Rows] = defaultdict(list)
        for row in self.said:
            groups[_key(row["attribution_ID"])].append(row)
        for rows in groups.values():
            who = {
                row["attributing_actor"] for row in rows if row["attributing_actor"] not in UNKNOWN
            }
            company = {row["attribution_it_company"] for row in rows} - UNKNOWN
            states = {c for row in rows if (c := _code(row["attributed_initiator_country"]))}
            yield _key(rows[0]["incident_ID"]), " & ".join(sorted(who or company)), states

    def ratings(self) -> dict[str, dict[str, set[str]]]:
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for incident, who, states in self.attributions():
            if who and states:
                found[incident][who] |= states
        return found

    def rivals(self) -> set[str]:
        """Incidents of which two attributions name states and none in common, by two voices, or by
        at least one that is not named."""
        sides: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for number, (incident, who, states) in enumerate(self.attributions()):
            sides[incident][who or str(number)] |= states
        return {
            incident for incident, by in sides.items()
            if any(a and b and not a & b for a, b in combinations(by.values(), 2))
        }  # fmt: skip


def _key(number: str) -> str:
    return number.strip().removesuffix(".0")


def _code(printed: str) -> str | None:
    return CODES.get(printed) or (None if printed in UNKNOWN else countries.code(printed))


def _states(rows: Rows, by: str, column: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if state := _code(row[column]):
            found[_key(row[by])].add(state)
    return found


def _tables(folder: Path) -> list[Rows]:
    """Global, Attribution, Receiver."""
    tables = []
    for name in ("Global", "Attribution", "Receiver"):
        (path,) = folder.glob(f"*{name}*.csv")
        with path.open(encoding="utf-8", newline="") as file:
            tables.append(list(csv.DictReader(file)))
    return tables


@pytest.fixture(scope="module", params=PUBLISHED)
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Recount, kg.KnowledgeGraph]]:
    folder = tmp_path_factory.mktemp("eurepoc")
    if request.param == "published":
        beside = Path(__file__).parents[2] / ".." / "shared" / "data" / "eurepoc"
        folder = Path(os.environ.get("KG_EUREPOC") or beside)
        if not list(folder.glob("*Attribution*.csv")):
            pytest.skip(
                "the published files of EuRepoC are not at hand: KG_EUREPOC names no folder"
            )
    else:
        invented(folder, int(request.param.split()[1]))
    with kg.open(str(tmp_path_factory.mktemp("graph") / "g.kgl")) as graph:
        graph.load("eurepoc", [folder])
        yield Recount(folder), graph


def short(id: str) -> str:
    return id.removeprefix("incident:eurepoc-").removeprefix("state:")


Both = tuple[Recount, kg.KnowledgeGraph]


def test_dyads_are_those_of_the_rows_and_what_is_known_of_actors_beside(loaded: Both) -> None:
    recount, graph = loaded
    counts, became, incidents = dyads(graph.networkx())
    assert (became["own_word"], incidents) == (len(recount.both), recount.total)
    ours = Counter({(short(a), short(v)): n for (a, v), n in counts.items()})
    assert not recount.pairs - ours  # no pair of the rows is missing
    assert sum((ours - recount.pairs).values()) <= became_known(graph, recount)


def became_known(graph: kg.KnowledgeGraph, recount: Recount) -> int:
    """Pairs that follow from what other attributions say of an actor: at most those of actors of
    whom the attribution itself names no state."""
    rows = graph.query("incidents_by_state_and_year")
    assert sum(row["own_word"] for row in rows) == sum(recount.state_years.values())
    silent = {i for i, _, states in recount.attributions() if not states}
    return sum(len(recount.hit.get(i, ())) * 2 for i in silent)


def test_incidents_by_state_and_year_are_those_of_the_rows(loaded: Both) -> None:
    recount, graph = loaded
    names = {f"state:{state}" for state, _ in recount.state_years}
    network = graph.networkx()
    called = {id: network.nodes[id]["name"] for id in names}
    found: Counter[tuple[Any, ...]] = Counter()
    for row in graph.query("incidents_by_state_and_year"):
        found[row["state"], str(row["year"])] += row["own_word"]
    wanted = {(called[f"state:{s}"], year): n for (s, year), n in recount.state_years.items()}
    assert +found == Counter(wanted)


def test_raters_agree_as_they_do_in_the_rows(loaded: Both) -> None:
    recount, graph = loaded
    network = graph.networkx()
    shared = {i: by for i, by in recount.ratings().items() if len(by) > 1}
    ours = {i: by for i, by in rated(network, others=False).items() if len(by) > 1}
    assert {short(i) for i in ours} == set(shared)
    names = {i: {w: " + ".join(sorted(v)) for w, v in by.items()} for i, by in shared.items()}
    wanted = krippendorff(names)[1]
    assert krippendorff(ours)[1] == pytest.approx(wanted)
    headline = graph.analyze("attribution_concordance").headline
    assert headline["by_own_word"] == len(shared)
    assert headline["agreement_by_own_word"] == pytest.approx(1 - wanted, abs=1e-5)


def test_rivals_are_those_of_the_rows(loaded: Both) -> None:
    recount, graph = loaded
    rows = graph.query("rival_attributions")
    found = {short(row["incident_id"]) for row in rows}
    assert recount.rivals() <= found
    # Beyond them: incidents of which an attribution leaves to others what state an actor is of.
    silent = {i for i, _, states in recount.attributions() if not states}
    assert found - recount.rivals() <= silent
