"""What is said of two things, or of one: edges and properties, by the patterns of the ontology."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from kg.drafts.happenings import Happenings, talks_of
from kg.drafts.patterns import Said
from kg.drafts.phrases import Clause, Phrase, numeral
from kg.drafts.promises import Promises
from kg.drafts.proposals import Part, Ref, Span
from kg.drafts.quantities import figures
from kg.drafts.scene import Event, Match, Scene, denying, nouns
from kg.drafts.words import among, cues, either, filled, words
from kg.ontology import Ontology

_GROUPS = frozenset(("group", "campaign", "software"))
AIMED = ("DESIGNATES", "CHARGES", "TARGETED", "AFFECTED")
"""What is said of a set is said of who is in it."""
_MEMBERS = re.compile(
    filled(r"(?:\s@adverbs@)?\s(?:@be_forms@\s(?:identified|named)\sas|include[sd]?|are|were)\s")
)


class Relations:
    """Finds relations and values in a scene."""

    def __init__(self, scene: Scene, ontology: Ontology, happenings: Happenings) -> None:
        self.scene = scene
        self.ontology = ontology
        self.happenings = happenings
        self._denier: Ref | None = None

    def find(self) -> None:
        """All of them."""
        for clause in self.scene.clauses:
            for said in self.scene.sayings.edges:
                for match in self.scene.matches(said.pattern, clause):
                    self._edge(said, match, clause)
            self._owned(clause)
            self._values(clause)
            self._process(clause)
            self._members(clause)
        self._denied_there()
        Promises(self.scene).find()
        self._employed()

    def _employed(self) -> None:
        """Of those whom nobody names and somebody blames: for whom they work."""
        for one in list(self.scene.proposals):
            works = self.scene.referents.employed.get(one.object.thing.id) if one.object else None
            if works is None or one.predicate != "ATTRIBUTED_TO" or one.negative or not one.object:
                continue
            employer, hedge = works
            self.scene.propose(
                Clause(one.object.span, one.object.span), one.object, "CONTROLLED_BY", employer,
                hedge=hedge, pattern="hackers working for {object}",
                asserter=one.asserter, own=one.own,
            )  # fmt: skip

    def _members(self, clause: Clause) -> None:
        """`The sanctioned firms include A`, `the two men are A and B`: whom a set has in it."""
        text, end = self.scene.text, self.scene.segment.span.end
        told = self.scene.phrases.phrase(*clause.subject)
        found = _MEMBERS.match(text, told.span.end, end) if told else None
        sets = self._sets_of(told) if told and found else []
        if not told or not found or not sets:
            return
        edge, subject, whole = sets[-1]
        at = [
            found.end(),
            *(m.end() for m in re.compile(r";\s(?:and\s)?").finditer(text, found.end(), end)),
        ]
        kinds = _low(self.ontology.edges[edge].targets) - {"state"}
        for start in at:
            listed = self.scene.phrases.listed(start, end)
            named = [one for one in listed if one.named or one.words[:1].isupper()]
            for one in self.scene.referents.of_all(named, kinds, whole.thing.kind):
                ref = Ref(subject.thing, told.whole, (whole.span, subject.span, *subject.chain))
                self.scene.propose(clause, ref, edge, one, pattern="those {object} are in")

    def _sets_of(self, told: Phrase) -> list[tuple[str, Ref, Ref]]:
        """The sets told before that a phrase may stand for: by their noun, and their number."""
        plain = told.article in among("definite") or not told.article
        if not plain or told.named or not told.head.endswith(("s", "men", "women", "people")):
            return []
        number = numeral(told.words.split()[0].lower())
        return [
            one
            for one in self.scene.referents.context.aimed
            if re.search(rf"\b{re.escape(told.head)}\b", one[2].thing.name.lower())
            and number in (None, one[2].thing.declared.get("cardinality"))
        ]

    # Edges

    def _edge(self, said: Said, match: Match, clause: Clause) -> None:
        self._denier = None
        if said.of == "ATTRIBUTED_TO" and self._asked(match):
            return
        spec = self.ontology.edges[said.of]
        kinds = {"subject": _low(spec.sources), "object": _low(spec.targets)}
        negation = self.scene.negation(clause, match.start, match.end)
        given = dict(said.pattern.given)
        if given.pop("polarity", "") == "negative":
            negation = self._denying(match)
        slots = [(slot, span) for slot, span in [(said.pattern.left, None), *match.filled] if slot]
        ends: dict[str, list[Ref]] = {}
        if "asserter" in dict(slots):
            ends["asserter"] = self._asserters(dict(slots)["asserter"], match, clause)
        for slot, span in slots:
            if slot != "asserter":
                ends[slot] = self._end(said.of, slot, span, kinds[slot], match, clause)
        if negation and given_denial(said) and "subject" not in ends:
            ends |= self._disowned(ends.get("object", []), match, clause)
        for end in ("subject", "object"):
            if end not in ends:
                ends[end] = self._implied(said.of, end, match, clause)
        self._relate(said, match, clause, ends, negation, given)

    def _asserters(self, span: Span | None, match: Match, clause: Clause) -> list[Ref]:
        """Who is heard, by a pattern that says so."""
        speakers = self.scene.sayings.speakers
        if span is None:
            return self.scene.subject(clause, match.start, speakers, "agency")
        listed = self.scene.phrases.listed(*span)
        return self.scene.referents.of_all(listed, speakers, "agency")

    def _asked(self, match: Match) -> bool:
        """Whether it is a question that stands there: `has not said who was responsible`."""
        before = self.scene.text[self.scene.segment.span.start : match.start]
        asking = r"\b(?:over|about|say|said|know|knows|known|determin\w+|establish\w*|confirm\w*)"
        return bool(re.search(asking + r"\s(?:who|whether|if)\s(?:[\w']+\s){0,6}$", before))

    def _denying(self, match: Match) -> Span | None:
        """The words of a denial that deny: its verb, or what it calls an accusation."""
        first = re.compile(r"\w+").match(self.scene.text, match.start)
        if first and denying(first[0]):
            return Span(*first.span())
        called = re.compile(either(words("unfounded"))).search(
            self.scene.text, match.start, match.end
        )
        return Span(*called.span()) if called else None

    def _denied_there(self) -> None:
        """`A accused B of the attack, a charge that B denied`: the denial of what was just said."""
        accused = [
            p
            for p in self.scene.proposals
            if p.predicate == "ATTRIBUTED_TO" and p.object and not p.negative
        ]
        for found in re.compile(cues("denied")[0][1]).finditer(
            self.scene.text, *self.scene.segment.span
        ):
            before = [p for p in accused if p.span.start < found.start()]
            listed = self.scene.phrases.listed(*found.span("who"))
            who = self.scene.referents.of_all(listed, self.scene.sayings.speakers)
            for one in [p for p in before if p.subject.thing.id == before[-1].subject.thing.id]:
                if one.object and len(who) == 1 and self._of_one_state(one.object, who[0]):
                    voice: dict[str, Any] = {"asserter": who[0], "own": False}
                    self.scene.propose(
                        Clause(Span(*found.span()), Span(found.start(), found.start())),
                        one.subject, "ATTRIBUTED_TO", one.object, negative=True,
                        negation=Span(*found.span("verb")), pattern="a charge that {A} denied",
                        **voice,
                    )  # fmt: skip

    # What is not named

    def _implied(self, edge: str, end: str, match: Match, clause: Clause) -> list[Ref]:
        """What a pattern leaves out: the event that is spoken of, or who was blamed for it."""
        if end == "object":
            object_ = self._most_blamed()
            return [self._by_way_of(object_, match)] if object_ else []
        if edge == "TARGETED" and (owners := self._whose(match)) is not None:
            return owners
        if match.pattern.text.startswith("which") and (
            told := self._before_which(match, _low(self.ontology.edges[edge].sources))
        ):
            return [told]
        kinds = self.scene.sayings.happening(self.ontology.edges[edge].sources)
        voice = self.scene.segment.span
        here = [
            e
            for e in self.scene.events
            if e.kind in kinds and e.sentence == self.scene.sentence and voice.holds(e.ref.span)
        ]
        before = [e for e in here if e.ref.span.start < match.end] or here
        if before:
            return [before[-1].ref]
        if edge == "USED" and (users := self.scene.subject(clause, match.start, _GROUPS)):
            return users
        told_ = [e for e in self.scene.events if e.kind in kinds]
        if not told_ or edge == "CITES":
            return []
        return [self._by_way_of(told_[-1].ref, match)]

    def _whose(self, match: Match) -> list[Ref] | None:
        """Of `the gang's victims include`: the gang; None where nobody's are meant."""
        text, start = self.scene.text, self.scene.segment.span.start
        own = re.compile(r"(?:(?P<who>[\w -]{3,60})'s|(?P<it>[Ii]ts|[Tt]heir|whose))\s(?:\w+\s)?$")
        found = own.search(text[: match.start], max(start, match.start - 64))
        if found is None:
            return None
        if found["it"] == "whose":
            return [r for r in self.scene.referents.context.subject if r.thing.kind in _GROUPS]
        at = Span(*found.span("who" if found["who"] else "it"))
        listed = self.scene.phrases.listed(*at)
        if not listed and found["it"]:
            listed = [Phrase(at, "", (), found["it"], self.scene.phrases.sayings.again)]
        return self.scene.referents.of_all(listed, _GROUPS)

    def _before_which(self, match: Match, kinds: frozenset[str]) -> Ref | None:
        """Of `the worm, which A attributes to B`: the worm."""
        start = self.scene.segment.span.start
        whole = Clause(Span(start, match.start), Span(start, start))
        for phrase, kind, _ in nouns(self.scene, whole):  # `an attack on A, which B blamed on C`
            if kind == "Incident":
                self.happenings.event_of(phrase, whole, match.start)
        refs = [e.ref for e in self.scene.events if e.sentence == self.scene.sentence]
        refs += [
            Ref(m.thing, m.span, m.chain)
            for m in self.scene.phrases.within(Span(start, match.start))
            if m.thing.kind in kinds
            and self.scene.text[m.span.end : match.start].strip(" ,")
            in ("", *self.scene.sayings.nouns_for(m.thing.kind))
        ]
        before = [ref for ref in refs if ref.span.end <= match.start]
        return max(before, key=lambda ref: ref.span.end) if before else None

    def _most_blamed(self) -> Ref | None:
        """To whom most attributions went so far; of several the latest."""
        actors = [actor for _, actor in self.scene.referents.context.blamed]
        counts = Counter(actor.thing.id for actor in actors)
        return max(reversed(actors), key=lambda a: counts[a.thing.id]) if actors else None

    def _by_way_of(self, ref: Ref, match: Match) -> Ref:
        """A thing by way of the words of a pattern that stand for it."""
        start = self.scene.clauses[0].span.start if self._somebody_in(match) else match.start
        for found in re.compile(r"[\w-]+").finditer(self.scene.text, start, match.end):
            if self.scene.sayings.stands_for(found[0], ref.thing.kind):
                return Ref(ref.thing, Span(*found.span()), (ref.span, *ref.chain))
        return Ref(ref.thing, Span(match.start, match.end), (ref.span, *ref.chain))

    def _somebody_in(self, match: Match) -> bool:
        clause = next(
            (c for c in self.scene.clauses if c.span.start <= match.start < c.span.end), None
        )
        return clause is not None and self._somebody(clause)

    def _disowned(self, deniers: list[Ref], match: Match, clause: Clause) -> dict[str, list[Ref]]:
        """What is denied with an accusation: the last attribution to the denier or to its state."""
        speaker = self.scene.segment.asserter
        who = deniers[:1] or ([speaker] if speaker else [])
        if not who:
            return {"subject": [], "object": []}
        told = self.scene.referents.context.blamed
        own = [pair for pair in told if self._of_one_state(pair[1], who[0])]
        sure = [pair for pair in own if self._state(pair[1]) and self._state(who[0])]
        own = sure or (own if len({actor.thing.id for _, actor in own}) == 1 else [])
        for incident, actor in reversed(own):
            blamed = self._by_way_of(actor, match) if actor.thing.id != who[0].thing.id else who[0]
            self._denier = who[0]
            return {"subject": [self._by_way_of(incident, match)], "object": [blamed]}
        return {"subject": [], "object": []}

    def _of_one_state(self, actor: Ref, denier: Ref) -> bool:
        """Whether both are of one state; a person of no state that is known speaks of himself."""
        states = [self._state(one) for one in (actor, denier)]
        unknown = None in states and denier.thing.kind != "person"
        return actor.thing.id == denier.thing.id or unknown or states[0] == states[1] is not None

    def _state(self, ref: Ref) -> str | None:
        """Of which state somebody is: as declared, as the name says, as the words before it say."""
        if ref.thing.kind == "state":
            return ref.thing.id
        told = ref.thing.declared.get("part_of") or ref.thing.declared.get("represents")
        if told:
            return str(told)
        named = list(self.scene.referents.known.within(ref.thing.name, 0, len(ref.thing.name)))
        if not named and ref.thing.kind == "person":  # `Kremlin spokesman Ivan Belov`
            at = (ref.chain or (ref.span,))[-1].start
            named = [m for m in self.scene.phrases.mentions if 0 < at - m.span.end < 25]
        states = [m.thing.declared.get("part_of") or m.thing.id for m in named]
        return next((str(s) for s in states if str(s).startswith("state:")), None)

    def _relate(
        self, said: Said, match: Match, clause: Clause, ends: dict[str, list[Ref]],
        negation: Span | None, given: dict[str, str],
    ) -> None:  # fmt: skip
        """Propose the edge between whatever fills its slots."""
        if "asserter" in ends and not ends["asserter"]:
            return
        pairs = self._pairs(said.of, ends)
        hedge = self.scene.hedge(clause, match.start, match.end) or match.hedge
        spoken = self._spoken(said, match, clause, ends, negation, given)
        attributed = said.of == "ATTRIBUTED_TO"
        if spoken or "asserter" in ends:  # a date that stands with the saying dates no attack
            for event in self.scene.events:
                here = event.sentence == self.scene.sentence and event.kind == "Incident"
                event.dated = event.dated or ("told" if here else "")
        told = dict.fromkeys(given, Span(match.start, match.end))
        if negation is None:
            fields, words_ = self.scene.qualified(said.of)
            given, told = fields | given, words_ | told
        within = "asserter" in ends and negation is None
        heard = spoken and (self.scene.segment.own or within)
        nobody = said.pattern.given.get("voice") == "nobody"  # by whom, is not told
        for subject, object_ in pairs:
            more = self._valid(said.of, clause)
            if not heard and nobody and self.scene.segment.own:
                more |= {"asserter": None, "own": False}
            self.scene.propose(
                clause, subject, said.of, object_, pattern=said.pattern.text, hedge=hedge,
                collective=attributed and len({o.thing.id for _, o in pairs}) > 1, told=told,
                negative=negation is not None, negation=negation, fields=given,
                heard=spoken if heard else (), **more,
            )  # fmt: skip

    def _pairs(self, edge: str, ends: dict[str, list[Ref]]) -> list[tuple[Ref, Ref]]:
        """The pairs that an edge may join; whom something was aimed at it also affected, which is
        not said twice, and who wrote a tool is not thereby said to have used it."""
        spec = self.ontology.edges[edge]
        aimed = {p.triple for p in self.scene.proposals if p.predicate == "TARGETED"}
        written = {p.triple[0] for p in self.scene.proposals if p.predicate == "AUTHORED_BY"}
        return [
            (s, o)
            for s in ends.get("subject", []) for o in ends.get("object", [])
            if s.thing.id != o.thing.id
            and spec.allows(_kind(self.ontology, s), _kind(self.ontology, o))
            and not (edge == "AFFECTED" and (s.thing.id, "TARGETED", o.thing.id) in aimed)
            and not (edge == "USED" and o.thing.id in written)
        ]  # fmt: skip

    def _spoken(
        self, said: Said, match: Match, clause: Clause, ends: dict[str, list[Ref]],
        negation: Span | None, given: dict[str, str],
    ) -> list[Ref]:  # fmt: skip
        """Whose word a relation is, where its own words tell: who blames, claims, denies."""
        spoken = ends.get(given.pop("voice", "asserter"), [])
        accuser = self.scene.accuser(clause, match.start)
        if accuser and said.of == "ATTRIBUTED_TO" and not spoken:
            spoken = [accuser]
        if negation and said.of == "ATTRIBUTED_TO" and denying(self.scene.text[slice(*negation)]):
            denier = self._denier or self.scene.denier(negation)
            spoken = [denier] if denier else ends.get("object", [])
        return spoken

    def _valid(self, edge: str, clause: Clause) -> dict[str, Any]:
        """When it holds, where the clause is dated (of what began then)."""
        if edge not in ("FORMED_BY",):
            return {}
        when = next((w for w in self.scene.whens(clause) if w.edtf), None)
        return {"valid": Part(when.edtf, when.span, when.basis, when.because)} if when else {}

    def _end(
        self,
        edge: str,
        slot: str,
        span: Span | None,
        kinds: frozenset[str],
        match: Match,
        clause: Clause,
    ) -> list[Ref]:
        if edge == "CITES" and span:
            return self._reasons(span, clause)
        if edge == "PARTICIPATED_IN" and slot == "object" and span:
            return self._gathering(span, clause)
        if "incident" in kinds and match.pattern.text.startswith("{subject},?") and not span:
            return self._event_before(match, clause)
        if "incident" in kinds and (events := self._events_of(span, clause)):
            return events
        if told := self._told_again(span or clause.subject, kinds):
            return told
        make = self.scene.sayings.new_at(edge, slot)
        if match.pattern.given.get("polarity") == "negative" and slot == "object":
            make = "agency"
        if span is None:
            found = self.scene.subject(clause, match.start, kinds, make)
            if not found and edge in ("USED", "EXPLOITED") and self._somebody(clause):
                return self._implied(edge, slot, match, clause)
            return found
        listed = self.scene.phrases.listed(*span)
        speaker = self.scene.segment.asserter
        if edge == "AFFECTED" and listed and listed[0].words == "it" and speaker:
            return [Ref(speaker.thing, listed[0].span, (speaker.span, *speaker.chain))]
        return self.scene.referents.of_all(listed, kinds, make)

    def _events_of(self, span: Span | None, clause: Clause) -> list[Ref]:
        """The incidents that a part of a clause tells, or its subject."""
        return self._event_told(span, clause) if span else self._event_subject(clause)

    def _told_again(self, span: Span, kinds: frozenset[str]) -> list[Ref]:
        """An event of another kind that was told before: `the seizure`, `these sanctions`."""
        phrase = self.scene.phrases.phrase(*span)
        if phrase is None or phrase.mentions or phrase.article not in among("definite"):
            return []
        kinds -= self.scene.sayings.blamable  # those are looked for with what they hit
        for event in reversed(self.scene.events):
            kind = event.ref.thing.kind
            if kind in kinds and phrase.head in self.scene.sayings.nouns_for(kind):
                return [Ref(event.ref.thing, phrase.whole, (event.ref.span, *event.ref.chain))]
        return []

    def _somebody(self, clause: Clause) -> bool:
        """Whether the subject is whoever did it: `the attackers`."""
        listed = self.scene.phrases.listed(*clause.subject)
        return len(listed) == 1 and listed[0].head in among("actor_nouns")

    def _reasons(self, span: Span, clause: Clause) -> list[Ref]:
        """The incidents for which a measure was taken: by their names, or by nouns."""
        scene = self.scene
        found: list[Ref] = []
        for phrase in scene.phrases.listed(*span):
            found += scene.referents.of(phrase, self.scene.sayings.blamable, "incident")
        for phrase, kind, _ in nouns(scene, Clause(span, span)):
            event = (
                self.happenings.event_of(phrase, clause, span.end) if kind == "Incident" else None
            )
            if event and event.ref.thing.id not in {ref.thing.id for ref in found}:
                found.append(event.ref)
        return found

    def _gathering(self, span: Span, clause: Clause) -> list[Ref]:
        """The meeting or the talks that somebody hosts: what was last told so."""
        phrase = self.scene.phrases.phrase(*span)
        kinds = {
            "talks": ("Process", "Meeting"),
            "negotiations": ("Process",),
            "summit": ("Meeting",),
            "meeting": ("Meeting",),
        }
        for kind in kinds.get(phrase.words, ()) if phrase and phrase.article else ():
            told = [e for e in self.scene.events if e.kind == kind]
            if told and phrase:
                chain = (told[-1].ref.span, *told[-1].ref.chain)
                return [Ref(told[-1].ref.thing, phrase.whole, chain)]
        return []

    def _event_subject(self, clause: Clause) -> list[Ref]:
        if clause.relative:
            if self.scene.subject(clause, clause.span.start, _GROUPS):
                return []  # `the group, which is linked to A`
            if told := self.happenings.told_before(clause):
                return [told.ref]
            before = [
                e
                for e in self.scene.events
                if e.sentence == self.scene.sentence and e.kind == "Incident"
            ]
            return [before[-1].ref] if before else []
        return self._event_at(clause.subject, clause, self._verb_of(clause))

    def _event_before(self, match: Match, clause: Clause) -> list[Ref]:
        """Of `condemned an attack on A attributed to B`: the attack."""
        start, text = self.scene.segment.span.start, self.scene.text
        told = [
            event
            for phrase in self.scene.every_phrase(start, match.start)
            if (event := self.happenings.event_of(phrase, clause, match.start))
        ][-1:]
        ends = [max(e.ref.span.end, *(v.span.end for v in e.targets), 0) for e in told]
        beside = bool(ends) and not text[ends[0] : match.start].strip(" ,")
        return [event.ref for event in told if beside]

    def _verb_of(self, clause: Clause) -> int:
        """Where a clause's subject is over, with what stands behind its noun (`an attack on A`)."""
        verbs = self.scene.sayings.pasts | among("auxiliaries")
        for found in re.compile(r"[\w'-]+|,").finditer(
            self.scene.text, clause.subject.end, clause.span.end
        ):
            if found[0] == "," or found[0] in verbs:
                return found.start()
        return clause.subject.end

    def _event_told(self, span: Span, clause: Clause) -> list[Ref]:
        """The incidents that stand behind a verb; `it` is the last one, if the subject is none."""
        phrase = self.scene.phrases.phrase(*span)
        told = [e for e in self.scene.events if e.kind == "Incident"]
        before = self.scene.every_phrase(self.scene.segment.span.start, span.start)
        group = any(one.head in self.scene.sayings.nouns_for("group") for one in before)
        if phrase and phrase.words == "it" and told and not group:
            return [self.happenings.spoken_of(told, phrase).ref]
        return self._event_at(span, clause)

    def _event_at(self, span: Span, clause: Clause, end: int | None = None) -> list[Ref]:
        """The incidents that a phrase tells, with their victims and dates, up to an end."""
        listed = self.scene.phrases.listed(*span)
        events = (self.happenings.event_of(phrase, clause, end or span.end) for phrase in listed)
        return [event.ref for event in events if event]

    def _owned(self, clause: Clause) -> None:
        """`Ruritania's missile tests`: whose they are is who did them."""
        for phrase, kind, given in nouns(self.scene, clause):
            first = phrase.mentions[0] if phrase.mentions else None
            owner = first and self.scene.text[first.span.end : first.span.end + 2] == "'s"
            if (
                kind != "Incident"
                or not first
                or not owner
                or first.thing.kind not in self.scene.sayings.actors
            ):
                continue
            if given.get("category") != "military":
                continue
            start = first.span.end + 3
            words_ = self.scene.document.text[start : phrase.span.end]
            declared: dict[str, str | int | bool] = dict(given)
            if words_.endswith("s"):
                declared["unnamed"] = True
            ref = Ref(
                self.scene.referents.mint("incident", words_, declared),
                Span(start, phrase.span.end),
            )
            event = self.happenings.known_event(ref, clause)
            if not any(p.triple[0] == ref.thing.id for p in self.scene.proposals):
                self.scene.propose(
                    clause,
                    event.ref,
                    "ATTRIBUTED_TO",
                    Ref(first.thing, first.span, first.chain),
                    pattern="{object}'s {subject}",
                )

    # Sectors

    def sectors(self, clause: Clause) -> None:
        """`targeted banking, energy and media companies`: kinds of victims, each a sector."""
        for match in re.compile(r"\b(?:targeted|targets|targeting|attacked|hit)\s").finditer(
            self.scene.text, *clause.span
        ):
            listed = list(self._sector_list(match.end(), clause.span.end))
            if not listed:
                continue
            actors = self.scene.subject(
                clause, match.start(), frozenset(("group", "campaign", "software")), "group"
            )
            for actor in actors:
                for sector in listed:
                    self.happenings.used.append(Span(*match.span()))
                    self.scene.propose(
                        clause,
                        actor,
                        "TARGETS_SECTOR",
                        sector,
                        collective=len(actors) > 1,
                        pattern="{subject} targeted {object} companies",
                    )

    def _sector_list(self, start: int, end: int) -> Iterator[Ref]:
        heads = either(words("sector_heads"))
        sector = rf"(?:{either(words('sectors'))})"
        item = rf"{sector}(?:\s{heads})?"
        whole = re.compile(
            rf"(?:the\s)?(?P<list>{item}(?:(?:,\s(?:and\s)?|\sand\s){item})*)", re.IGNORECASE
        ).match(self.scene.text, start, end)
        if not whole or not (
            re.search(rf"{heads}$", whole["list"]) or re.search(r",|\sand\s", whole["list"])
        ):
            return
        for found in re.finditer(item, whole["list"], re.IGNORECASE):
            words_ = re.sub(rf"\s{heads}$", "", found[0])
            at = whole.start("list") + found.start()
            yield Ref(self.scene.referents.mint("sector", words_), Span(at, at + len(words_)))

    # Values

    def _current(self, clause: Clause, kind: str = "Incident") -> Event | None:
        """The event of a kind of which a clause speaks."""
        told = [e for e in self.scene.events if e.kind == kind]
        before = [
            e
            for e in told
            if e.sentence == self.scene.sentence and e.ref.span.start <= clause.span.end
        ]
        if before:
            return min(before, key=lambda e: abs(e.ref.span.start - clause.span.start))
        text = self.scene.text[clause.subject.start : clause.subject.end]
        kinds = self.scene.sayings.blamable if kind == "Incident" else (kind.lower(),)
        stands = any(self.scene.sayings.stands_for(text, one) for one in kinds)
        recent = [e for e in told if e.sentence >= self.scene.sentence - 6]
        if stands and recent:
            last = recent[-1]
            ref = Ref(last.ref.thing, clause.subject, (last.ref.span, *last.ref.chain))
            return Event(ref, last.kind, last.sentence, clause, last.targets, last.actors)
        return None

    def _values(self, clause: Clause) -> None:
        """Values that words themselves tell: numbers, aims, laws, other names."""
        own = {
            "occurred": self._took_place,
            "penalty": self._charged,
            "counts": self._charged,
            "charge": self._accused_of,
            "legal_basis": self._basis,
            "alias": self._alias,
            "place": _elsewhere,
            "status": _elsewhere,
        }
        for said in self.scene.sayings.properties:
            own.get(said.property, self._told)(said, clause)

    def _told(self, said: Said, clause: Clause) -> None:
        """What the words of a pattern tell of what they speak of."""
        literal, slot = said.pattern.parts[0]
        for found in literal.pattern.finditer(self.scene.text, *clause.span):
            if said.pattern.left == "value":
                self._counted(said, clause, found.start())
                continue
            span = Span(*found.span())
            if slot == "value":
                end = re.compile(r"[,;.]|\s(?:by|said)\s|$").search(
                    self.scene.text, found.end(), clause.span.end
                )
                span = Span(found.end() + 1, end.start() if end else clause.span.end)
            ref = self._holder(said.of, clause, found.start())
            if ref is None or span.end - span.start < 4:
                continue
            value = said.pattern.value or self.scene.document.text[slice(*span)]
            self.scene.propose(
                clause, ref, said.property, Part(value, span), pattern=said.pattern.text
            )

    def _holder(self, kind: str, clause: Clause, at: int) -> Ref | None:
        """Of what a clause tells a property: the event that it speaks of, or its subject."""
        if self.ontology.nodes[kind].happens:
            event = self._current(clause, kind)
            return event.ref if event else None
        prefix = kind.lower()
        told = [p.subject for p in self.scene.proposals if p.subject.thing.kind == prefix]
        told = told or self.scene.subject(clause, at, frozenset((prefix,)))
        return told[0] if told else None

    def _counted(self, said: Said, clause: Clause, end: int) -> None:
        """A number that the noun behind it tells: computers, countries, counts."""
        start = max(clause.span.start, end - 40)
        near = list(figures(self.scene.text, start, end))
        if (
            not near
            or not near[-1].value
            or near[-1].unit
            or self.scene.text[near[-1].span.end : end].strip()
        ):
            return
        if event := self._current(clause, said.of):
            self.happenings.number(event, said.property, near[-1], clause, said.pattern.text)

    def _took_place(self, said: Said, clause: Clause) -> None:
        """`The attack took place on …`: the incident that its date is given to."""
        found = said.pattern.parts[0][0].pattern.search(self.scene.text, *clause.span)
        if said.of == "Incident" and found and clause.subject.end <= found.start():
            self._event_at(clause.subject, clause)

    def _charged(self, said: Said, clause: Clause) -> None:
        """What an action is about, and what it may cost."""
        events = [e for e in self.scene.events if e.kind == "LegalAction"]
        for found in said.pattern.parts[-1][0].pattern.finditer(self.scene.text, *clause.span):
            near = list(
                figures(self.scene.text, max(clause.span.start, found.start() - 25), found.start())
            )
            if not events or not near or self.scene.text[near[-1].span.end : found.start()].strip():
                continue
            event = events[-1]
            ref = event.ref
            if event.sentence != self.scene.sentence:
                told = re.compile(
                    r"\b(?:faces?|charges?|indictment|counts|convicted|sentenced)\b"
                ).search(self.scene.text, *clause.span)
                if told is None:
                    continue
                ref = Ref(ref.thing, Span(*told.span()), (ref.span, *ref.chain))
            if said.property == "counts":
                self.happenings.number(event, "counts", near[-1], clause, said.pattern.text)
                continue
            lead = re.compile(r"(?:an?|the)\s\w+\s(?:sentence|term|penalty)\sof\s$").search(
                self.scene.text[: near[-1].span.start], clause.span.start
            )
            span = Span(lead.start() if lead else near[-1].span.start, found.end())
            self.scene.propose(
                clause,
                ref,
                said.property,
                Part(self.scene.document.text[slice(*span)], span),
                pattern=said.pattern.text,
            )

    def _accused_of(self, said: Said, clause: Clause) -> None:
        """Of `indicted on charges of fraud and theft`: each of them."""
        here = [p.subject for p in self.scene.proposals if p.subject.thing.kind == said.of.lower()]
        here += [
            e.ref
            for e in self.scene.events
            if e.kind == said.of and e.sentence == self.scene.sentence
        ]
        for found in said.pattern.parts[0][0].pattern.finditer(self.scene.text, *clause.span):
            if not here:
                return
            for phrase in self.scene.phrases.listed(found.end(), clause.span.end):
                if not self.happenings.is_offence(phrase):
                    continue
                span = self.happenings.whole_charge(phrase.span)
                part = Part(self.scene.document.text[slice(*span)], span)
                self.scene.propose(clause, here[-1], said.property, part, pattern=said.pattern.text)

    def _basis(self, said: Said, clause: Clause) -> None:
        events = [
            e
            for e in self.scene.events
            if e.kind == said.of and e.sentence >= self.scene.sentence - 1
        ]
        for found in said.pattern.parts[0][0].pattern.finditer(self.scene.text, *clause.span):
            if events:
                lead = re.match(r"(?:under|pursuant to)\s(?:the\s)?", found[0])
                start = found.start() + (lead.end() if lead else 0)
                span = Span(start, found.end())
                event = events[-1]
                ref = (
                    event.ref
                    if event.sentence == self.scene.sentence
                    else Ref(event.ref.thing, clause.subject, (event.ref.span,))
                )
                self.scene.propose(
                    clause,
                    ref,
                    "legal_basis",
                    Part(self.scene.document.text[span.start : span.end], span),
                    pattern=said.pattern.text,
                )

    def _alias(self, said: Said, clause: Clause) -> None:
        if said.of != "Group":
            return  # every kind has it, and says it so
        for match in self.scene.matches(said.pattern, clause):
            before = [
                m
                for m in self.scene.phrases.mentions
                if m.span.end <= match.start and match.start - m.span.end < 4
            ]
            listed = self.scene.phrases.listed(*match.filled[0][1]) if match.filled else []
            for phrase in listed:
                same = phrase.named and before and phrase.named.thing.id == before[-1].thing.id
                if (
                    before
                    and not same
                    and phrase.words[:1].isupper()
                    and before[-1].thing.kind
                    in ("group", "organization", "software", "agency", "campaign")
                ):
                    ref = Ref(before[-1].thing, before[-1].span, before[-1].chain)
                    self.scene.propose(
                        clause,
                        ref,
                        "alias",
                        Part(
                            self.scene.document.text[phrase.span.start : phrase.span.end],
                            phrase.span,
                        ),
                        pattern=said.pattern.text,
                    )

    # Talks and promises

    def _process(self, clause: Clause) -> None:
        for said in self.scene.sayings.properties:
            if (said.of, said.property) != ("Process", "status"):
                continue
            for found in said.pattern.parts[0][0].pattern.finditer(self.scene.text, *clause.span):
                word = re.search(either(words("statuses")), found[0])
                noun = re.search(
                    either([*self.scene.sayings.nouns_for("process"), "peace process"]),
                    found[0],
                    re.IGNORECASE,
                )
                if not word or not noun:
                    continue
                at = Span(found.start() + word.start(), found.start() + word.end())
                ref = talks_of(
                    self.scene,
                    Span(found.start() + noun.start(), found.start() + noun.end()),
                    clause,
                )
                when = next((w for w in self.scene.whens(clause) if w.edtf), None)
                valid = Part(when.edtf, when.span, when.basis, when.because) if when else None
                self.scene.propose(
                    clause, ref, "status", Part(word[0], at), valid=valid, pattern=said.pattern.text
                )


def _elsewhere(said: Said, clause: Clause) -> None:
    """What is told with the event itself: where a meeting was, how talks stand."""


def given_denial(said: Said) -> bool:
    """Whether a pattern is one of denying."""
    return said.pattern.given.get("polarity") == "negative"


def _low(kinds: tuple[str, ...]) -> frozenset[str]:
    return frozenset(kind.lower() for kind in kinds)


def _kind(ontology: Ontology, ref: Ref) -> str:
    return ontology.kind_of(ref.thing.id) or ""
