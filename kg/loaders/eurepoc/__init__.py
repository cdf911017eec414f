"""EuRepoC 1.1, the European Repository of Cyber Incidents: Global, Attribution and Receiver CSVs.

What the coders of EuRepoC say of an incident (dates, kind, victims) is asserted by EuRepoC. Who is
blamed is said by somebody else: each `attribution_ID` is one claim, whoever made it, and whatever
number of rows the file spreads it over (`docs/decisions/eurepoc-one-claim-an-attribution.md`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.base.errors import InputError, Problem
from kg.claims.checks import Checks
from kg.claims.nothing import NOBODY, STATUS
from kg.loaders.eurepoc.cells import (
    CONTESTED,
    Attribution,
    Initiator,
    Receiver,
    day,
    days,
    grouped,
    initiators,
    is_product,
    key,
    listed,
    names,
    plain,
)
from kg.loaders.kit.actors import KEPT_AS_ONE, may_be_several
from kg.loaders.kit.reading import Audit, Once, Row, gather, named_once, need, slug
from kg.loaders.kit.sources import date_of
from kg.loaders.kit.tables import SUFFIXES, Plain, rows_of
from kg.ontology import countries

if TYPE_CHECKING:
    from kg.claims.emitter import Emitter

FORMAT = "eurepoc"
DOC = "EuRepoC 1.1: its Global, Attribution and Receiver tables together"
HOME = "https://zenodo.org/records/7848941"
LICENCE = "not stated clearly; not shipped, users download it themselves"
CHECKS = Checks(minimum={"Incident": 1}, filled={("Incident", "occurred"): 0.9})

EUREPOC, DATABASE = "organization:eurepoc", "document:eurepoc-1-1"

ATTRIBUTION = ("incident_ID", "attribution_ID", *Attribution.COLUMNS)
RECEIVER = ("receiver_name",)
GLOBAL = ("ID", "name", "start_date", "end_date")

CODED_ELSEWHERE = frozenset((
    # The lists of the Attribution and the Receiver file, side by side and without what joins them.
    "receiver_name", "receiver_country", "receiver_region", "receiver_category",
    "receiver_category_subcode", "initiator_name", "initiator_country", "initiator_category",
    "initiator_category_subcode", "number_of_attributions", "attribution_ID", "attribution_date",
    "attribution_type", "attribution_basis", "attributing_actor", "attribution_it_company",
    "attributing_country", "attributed_initiator", "attributed_initiator_country",
    "attributed_initiator_category",
))  # fmt: skip
"""Columns of the Global file that repeat the two others; a zip of lists would join at random."""

NOT_LOADED = frozenset((
    "inclusion_criteria", "inclusion_criteria_subcode", "source_disclosure",
    "number_of_political_responses", "political_response_date", "political_response_type",
    "political_response_type_subcode", "political_response_country", "political_response_actor",
    "zero_days", "zero_days_subcode", "MITRE_initial_access", "MITRE_impact", "user_interaction",
    "has_disruption", "data_theft", "disruption", "hijacking", "physical_effects_spatial",
    "physical_effects_temporal", "unweighted_cyber_intensity", "target_multiplier",
    "number_of_legal_responses", "legal_response_date", "legal_response_type",
    "legal_response_type_subcode", "legal_response_country", "legal_response_actor",
    "source_incident_detection_disclosure", "attributed_initiator_subcategory",
    "sources_attribution", "cyber_conflict_issue", "offline_conflict_issue",
    "offline_conflict_name_HIIK", "offline_conflict_name_HIIK_subcode",
    "offline_conflict_intensity", "offline_conflict_intensity_subcode", "impact_indicator",
    "impact_indicator_value", "functional_impact", "intelligence_impact",
    "political_impact_affected_entities", "political_impact_affected_entities_exact_value",
    "political_impact_third_countries", "political_impact_third_countries_exact_value",
    "economic_impact", "economic_impact_exact_value", "economic_impact_currency",
    "state_responsibility_indicator", "IL_breach_indicator", "IL_breach_indicator_subcode",
    "evidence_for_sanctions_indicator", "legal_response_indicator", "legal_attribution_reference",
    "legal_attribution_reference_subcode",
))  # fmt: skip
"""Scores and response lists that this project has no question for; counted in the summary."""


def load(paths: Sequence[Path], emit: Emitter) -> None:
    """Read the three files, given one by one or as a folder; their columns tell which is which."""
    tables: dict[str, list[Row]] = defaultdict(list)
    audit = Audit()
    for file in (file for given in paths for file in gather([given], SUFFIXES)):
        read = list(rows_of(file, Plain((*GLOBAL, *ATTRIBUTION, *RECEIVER)), audit))
        if read:
            tables[_table(read[0], file)] += read
    if not tables["global"]:
        message = "the Global file (columns ID, name, start_date) is not among them"
        raise InputError(Problem(message, str(paths[0])))
    _EuRepoC(emit, audit).read(tables, date_of(paths))


def _table(columns: Row, file: Path) -> str:
    """Which file it is: only the Global file has dates of incidents."""
    wanted: tuple[str, ...]
    if "start_date" in columns or not {"attribution_ID", "receiver_name"} & columns.keys():
        name, wanted = "global", GLOBAL
    elif "attribution_ID" in columns:
        name, wanted = "attribution", ATTRIBUTION
    else:
        name, wanted = "receiver", RECEIVER
    need(columns, wanted, f"{file}:1")
    return name


class _EuRepoC:
    """The three files on their way into the emitter."""

    def __init__(self, emit: Emitter, audit: Audit) -> None:
        self.emit = emit
        self.entity = named_once(emit, {"asserter": EUREPOC, "document": DATABASE})
        self.audit = audit
        self.incidents = Once(self.audit)
        """By their numbers."""

    def read(self, tables: Mapping[str, list[Row]], date: str | None) -> None:
        self.entity(EUREPOC, "European Repository of Cyber Incidents")
        self.entity(DATABASE, "EuRepoC 1.1", published_by=EUREPOC, url=HOME, date=date,
                    date_basis="metadata" if date else None)  # fmt: skip
        for row in tables["global"]:
            if self.incidents.is_new(row, "ID", key(row["ID"])):
                if not tables["receiver"]:
                    self.receivers(row)
                self.incident(row)
        for number, rows in self.of_incidents(tables["receiver"]):
            self.hit(number, rows)
        for attribution in self.attributions(tables["attribution"]):
            self.attribution(attribution)
        self.audit.report(self.emit)

    def say(self, row: Row, subject: str, predicate: str, target: str, **more: Any) -> None:
        """Something that the coders of EuRepoC say."""
        self.emit.claim(subject, predicate, target, asserter=EUREPOC, document=DATABASE,
                        place=row.place, **more)  # fmt: skip

    # ------------------------------------------------------------------ incidents

    def incident(self, row: Row) -> None:
        number, name = key(row.take("ID")), row.take("name")
        incident = f"incident:eurepoc-{number}"
        self.entity(incident, name or f"EuRepoC incident {number}", place=row.place,
                    category="cyber", record=f"eurepoc:{number}")  # fmt: skip
        self.occurred(row, incident)
        for kind in listed(row.take("incident_type")):
            self.say(row, incident, "incident_type", plain(kind))
        if description := row.take("description"):
            self.say(row, incident, "description", description)
        if intensity := row.take("weighted_cyber_intensity"):
            self.say(row, incident, "intensity", intensity)
        for address in listed(row.take("sources_url")):
            self.say(row, incident, "url", address)
        self.left_out(row)

    def occurred(self, row: Row, incident: str) -> None:
        start, end = row.take("start_date"), row.take("end_date")
        if not plain(start):
            self.emit.note("incidents without a start date")
            return
        when, why = days(start, end)
        if why:
            self.audit.miss(row.place, "end_date", f"{start} … {end}", why)
        summary = f"printed: from {start} to {end}" if why else None
        self.say(row, incident, "occurred", when, valid_basis="stated", summary=summary)

    def left_out(self, row: Row) -> None:
        for field in CODED_ELSEWHERE:
            row.pop(field, None)
        for field in NOT_LOADED:
            if row.take(field):
                self.emit.note("cells in columns that are not loaded")
        self.audit.rest(row)

    # ------------------------------------------------------------------ receivers

    def of_incidents(self, rows: Sequence[Row]) -> Iterator[tuple[str, list[Receiver]]]:
        """The receivers of each incident: what a row could mean depends on the others."""
        found: dict[str, list[Receiver]] = defaultdict(list)
        for row in rows:
            number = self.of_incident(row)
            if number is not None:
                found[number] += Receiver.of(row)
                self.audit.rest(row)
        yield from found.items()

    def hit(self, number: str, rows: Sequence[Receiver]) -> None:
        """Named bodies, and of those without a name what the rows surely say."""
        for name, of in grouped((row for row in rows if row.name), "name").items():
            self.named(number, name, of)
        unnamed = [row for row in rows if not row.name]
        if is_product(unnamed):
            self.emit.note("incidents whose receivers are every country with every category")
            for country, of in grouped(unnamed, "country").items():
                self.unnamed(number, replace(of[0], country=country, category="", sector=""))
        else:
            for row in unnamed:
                self.unnamed(number, row)
        for row in rows:
            self.sector(number, row)

    def named(self, number: str, name: str, rows: Sequence[Receiver]) -> None:
        """One body, located where all of its rows say; a country is itself."""
        row = rows[0]
        self.each("receiver_name", [name], row.place)
        if code := countries.code(name):
            self.target(row, number, self.entity(f"state:{code}", countries.names()[code]))
            return
        of_state = any(row.of_state for row in rows)
        named = {row.country for row in rows if row.country}
        where = self.where(min(named), row.place, "receiver_country") if len(named) == 1 else None
        id = f"{'agency' if of_state else 'organization'}:eurepoc-{slug(name)}"
        self.target(row, number, self.entity(id, name, place=row.place, located_in=where))

    def unnamed(self, number: str, row: Receiver) -> None:
        """A body of which the kind, the country or both are known; the organs of a state are its
        part."""
        what = row.sector or row.category
        words = [
            word for word in (what or "Receivers", row.country and f"in {row.country}") if word
        ]
        if not what and not row.country:
            self.emit.note("receivers of which nothing is known")
            return
        name = " ".join(words) + ", unnamed"
        where = self.where(row.country, row.place, "receiver_country") if row.country else None
        of_state = row.of_state and (where or "").startswith("state:")
        id = f"{'agency' if row.of_state else 'organization'}:eurepoc-{number}-{slug(name)}"
        at = {"part_of" if of_state else "located_in": where}
        self.target(row, number, self.entity(id, name, place=row.place, unnamed=True, **at))

    def target(self, row: Receiver, number: str, id: str) -> None:
        self.emit.claim(f"incident:eurepoc-{number}", "TARGETED", id, asserter=EUREPOC,
                        document=DATABASE, place=row.place)  # fmt: skip

    def sector(self, number: str, row: Receiver) -> None:
        if name := row.sector or row.category:
            id = self.entity(f"sector:{slug(name)}", name)
            self.emit.claim(f"incident:eurepoc-{number}", "TARGETS_SECTOR", id, asserter=EUREPOC,
                            document=DATABASE, place=row.place)  # fmt: skip

    def receivers(self, row: Row) -> None:
        """Without the Receiver file: the names in the Global one, which no country goes with."""
        incident = f"incident:eurepoc-{key(row['ID'])}"
        for name in names(row.get("receiver_name", "")):
            code = countries.code(name)
            id = f"state:{code}" if code else f"organization:eurepoc-{slug(name)}"
            called = countries.names()[code] if code else name
            self.say(row, incident, "TARGETED", self.entity(id, called, place=row.place))

    def of_incident(self, row: Row) -> str | None:
        number = key(row.take("incident_ID") or row.take("ID"))
        if number in self.incidents:
            return number
        why = "the Global file has no such incident; the row was left out"
        self.audit.miss(row.place, "incident_ID", number, why)
        return None

    def where(self, printed: str, place: str, field: str) -> str | None:
        """The state's entity, or the region's; None for what is neither, which is reported."""
        if region := re.fullmatch(r"(.+?)\s*\(region\)", printed):
            return self.entity(f"region:{slug(region[1])}", region[1])
        code = self.audit.country(place, field, printed)
        return self.entity(f"state:{code}", countries.names()[code]) if code else None

    # ------------------------------------------------------------------ attributions

    def attributions(self, rows: Sequence[Row]) -> Iterator[Attribution]:
        """The rows of the cross product folded back: one for each `attribution_ID`, as sets."""
        folded: dict[str, Attribution] = {}
        for row in rows:
            number = self.of_incident(row)
            if number is None:
                continue
            id = key(row.take("attribution_ID"))
            if not id:
                self.audit.miss(row.place, "attribution_ID", number, "row without a key, left out")
                continue
            attribution = folded.setdefault(id, Attribution(id, number, row.place))
            if attribution.incident != number:
                why = f"stands with incident {attribution.incident} as well; the row was left out"
                self.audit.miss(row.place, "attribution_ID", id, why)
                continue
            attribution.add(row)
            self.audit.rest(row)
        self.emit.note("attribution rows folded into attributions", len(rows) - len(folded))
        yield from folded.values()

    def attribution(self, said: Attribution) -> None:
        """Exactly one claim on the incident: it is attributed to one actor, or to a set that is one
        node, or that it is not attributed.

        An unknown asserter stays unknown. `Contested attribution` is no basis but says how the
        claim stands.
        """
        types, bases = sorted(said.type), sorted(said.basis - {CONTESTED})
        incident = f"incident:eurepoc-{said.incident}"
        shared: dict[str, Any] = {
            "asserter": self.asserter(said), "document": self.statement(said), "place": said.place,
            "locator": f"attribution {said.id}", "statement": f"eurepoc:{said.id}",
            "summary": said.in_words(), "attribution_type": types[0] if len(types) == 1 else None,
            "attribution_basis": bases[0] if len(bases) == 1 else None,
            "status": "contested" if CONTESTED in said.basis else None,
        }  # fmt: skip
        places = self.places(said)
        blamed = self.blamed(said, places)
        if blamed is None:
            self.emit.claim(incident, STATUS, NOBODY, **shared)
            return
        category: dict[str, Any] = {"initiator_category": said.category}
        together = len(said.initiators) > 1 or None
        self.emit.claim(
            incident, "ATTRIBUTED_TO", blamed, collective=together, **category, **shared
        )
        several = len(places) > 1 or None
        for place in places if blamed not in places else ():
            # Of several actors and countries the set is of all of them: who is whose is open.
            behind = said.of_states and place.startswith("state:")
            more = category if behind else {}
            link = "ATTRIBUTED_TO" if behind else "LOCATED_IN"
            self.emit.claim(blamed, link, place, collective=several, **more, **shared)

    def statement(self, said: Attribution) -> str:
        """The statement that was made: a document of which EuRepoC gives the day and no title."""
        date, basis = None, None
        if len(said.date) == 1:
            date, basis = day(next(iter(said.date))), "metadata"
        elif said.date:
            self.audit.miss(said.place, "attribution_date", "; ".join(sorted(said.date)),
                            "several dates for one attribution; taken as undated")  # fmt: skip
        id = f"document:eurepoc-attribution-{said.id}"
        return self.entity(id, f"Attribution {said.id} as coded by EuRepoC", place=said.place,
                           date=date, date_basis=basis, published_by=EUREPOC, url=HOME)  # fmt: skip

    def asserter(self, said: Attribution) -> str | None:
        """Who attributes: the actor, else the one IT company; several together are one body."""
        names = sorted(said.attributing_actor) or sorted(said.attribution_it_company)
        if not names:
            return None
        official = any("government" in basis or "EU inst" in basis for basis in said.basis)
        prefix = "agency" if official and said.attributing_actor else "organization"
        members = [self.entity(f"{prefix}:eurepoc-{slug(name)}", name, place=said.place)
                   for name in self.each("attributing_actor", names, said.place)]  # fmt: skip
        return members[0] if len(members) == 1 else self.together(prefix, names, members, said)

    def blamed(self, said: Attribution, places: list[str]) -> str | None:
        """The one actor, the set of several, the state itself, or an unnamed actor of a country;
        None where neither a name nor a country is given."""
        found = [one for name in sorted(said.initiators) if (one := initiators(name)) is not None]
        if not found and not said.countries:
            return None
        alone = places[0] if len(places) == 1 else ""
        if not found and said.categories == {"State"} and alone.startswith("state:"):
            return alone
        if not found:
            where = ", ".join(sorted(said.countries))
            return self.entity(f"group:eurepoc-attribution-{said.id}", f"Unnamed actor ({where})",
                               place=said.place, unnamed=True)  # fmt: skip
        # Which of several actors belongs to which of several countries, the rows do not say.
        members = [self.initiator(one, said.place) for one in found]
        names = [one.name for one in found]
        return members[0] if len(members) == 1 else self.together("group", names, members, said)

    def places(self, said: Attribution) -> list[str]:
        """The states and regions among the initiators' countries."""
        field = "attributed_initiator_country"
        found = (self.where(name, said.place, field) for name in sorted(said.countries))
        return [place for place in found if place]

    def initiator(self, found: Initiator, place: str) -> str:
        """An actor under the first of the names that are packed together; the rest are aliases."""
        self.each("attributed_initiator", [found.name], place)
        key = f"eurepoc:{found.name}"
        id = self.entity(f"group:eurepoc-{slug(found.name)}", found.name, place=place, record=key)
        shared: dict[str, Any] = {"asserter": EUREPOC, "document": DATABASE, "place": place}
        for alias in found.aliases:
            self.emit.claim(id, "alias", alias, **shared)
        for key_ in found.keys:
            self.emit.claim(id, "foreign_key", key_, **shared)
        if found.parent is not None:
            self.emit.claim(id, "SUBGROUP_OF", self.initiator(found.parent, place), **shared)
        for body in found.within:
            other = self.entity(f"organization:eurepoc-{slug(body)}", body, place=place)
            self.emit.claim(id, "LINKED_TO", other, link="named in parentheses with it", **shared)
        return id

    def each(self, field: str, names: Sequence[str], place: str) -> Sequence[str]:
        """The names; those that may be of several are told."""
        for name in filter(may_be_several, names):
            self.audit.miss(place, field, name, KEPT_AS_ONE)
        return names

    def together(
        self, prefix: str, names: Sequence[str], members: Sequence[str], said: Attribution
    ) -> str:
        """One node for several that are named as one; the same several are the same node."""
        id = f"{prefix}:eurepoc-{slug(' and '.join(names))}"
        return self.entity(id, "; ".join(names), place=said.place, unnamed=True,
                           cardinality=len(members), has_member=list(members))  # fmt: skip
