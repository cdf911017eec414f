"""Events that a document tells: by a noun (`the 2014 attacks on …`) or by what somebody did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from kg.drafts.dates import When, shifted
from kg.drafts.dates import dates as dates_in
from kg.drafts.gatherings import agreement_told
from kg.drafts.incidents import Incidents
from kg.drafts.launches import Launches
from kg.drafts.patterns import Said
from kg.drafts.phrases import Clause, Phrase, numeral
from kg.drafts.promises import agreed_by
from kg.drafts.proposals import Part, Ref, Span
from kg.drafts.quantities import Figure, figures
from kg.drafts.scene import Event, Match, Scene, denying, nouns
from kg.drafts.voices import OWN, says_so
from kg.drafts.words import among, filled, words
from kg.ontology import Ontology


def ends(ontology: Ontology, kind: str, edge: str) -> tuple[frozenset[str], bool]:
    """The kinds that may stand at the other end of an edge of an event, and whether the event is
    its subject."""
    spec = ontology.edges[edge]
    first = kind in spec.sources
    kinds = spec.targets if first else spec.sources
    return frozenset(k.lower() for k in kinds), first


_MEASURES = re.compile(r"\b(?:for|with|by)\s(?:\w+\s)?(?:sanctions|tariffs|charges|penalties)\b")
"""Whom a state targets with measures, it does no incident to."""
_SAYING_SO = re.compile(
    r",\s(?:slamming|condemning|criticising|criticizing|denouncing|welcoming|praising|hailing"
    r"|warning|urging|rejecting|accusing|calling\s(?:for|on))\s"
)
"""Behind whose statement it is: what it does, and of what."""
_SIDES_OF = re.compile(r"\s(?:(?:signed|reached|agreed|concluded|struck)\s)?(?:by|between|with)\s")
"""Behind an agreement or a meeting: whose it is."""
_HIT = ("TARGETED", "AFFECTED")
_AIMED = {"ATTRIBUTED_TO", "TARGETED"}


class Happenings(Incidents):
    """Finds the events of a scene, and proposes what is said of each."""

    def __init__(self, scene: Scene, ontology: Ontology) -> None:
        super().__init__(scene, ontology)
        self.used: list[Span] = []

    def find(self) -> None:
        """Every event of the scene."""
        for clause in self.scene.clauses:
            self._acts(clause)

    def date(self) -> None:
        """Give the events that are not dated yet the dates that stand beside them."""
        for clause in self.scene.clauses:
            self._dates(clause)
        self._led()

    # What somebody did

    def _acts(self, clause: Clause) -> None:
        for said in self.scene.sayings.nodes:
            if clause.anchor and said.of == "Statement":
                continue
            for match in self.scene.matches(said.pattern, clause):
                if any(match.start < s.end and s.start < match.end for s in self.used):
                    continue
                with self._voiced(self.scene.accuser(clause, match.start)):
                    found = self._act(said, match, clause)
                if found:
                    self.used.append(Span(match.start, match.end))

    @contextmanager
    def _voiced(self, who: Ref | None) -> Iterator[None]:
        """What is proposed within is the word of whoever accuses, if somebody does."""
        voice = self.scene.segment
        if who and voice.own:
            because = says_so(who, self.scene.document.text)
            self.scene.segment = replace(voice, asserter=who, own=False, because=because)
        yield
        self.scene.segment = voice

    def _act(self, said: Said, match: Match, clause: Clause) -> bool:
        """Make an event of what a pattern found; False where its slots are not filled."""
        if said.of == "Incident" and self._measures(match, clause):
            return False
        if said.of == "Incident" and (self._by_noun(match, clause) or self._hit_by(match, clause)):
            return True
        filled = self._fill(said, match, clause)
        if filled is None or said.pattern.given.get("told") == "noun":
            return False
        if self._in_general(match, filled, clause):
            return True
        incident = said.of == "Incident"
        attempted = self.scene.attempt(clause, match.start) if incident else None
        until = match.end if incident else match.start  # `was not hacked`
        negation = self.scene.negation(clause, match.start, until)
        refs = [(slot, ref) for slot, found in filled for ref in found if isinstance(ref, Ref)]
        if not incident and (negation or self.scene.attempt(clause, match.start)):
            return False  # `did not sign`, `failed to sign`
        if said.of == "Statement" and (not refs or self._only_news(match)):
            return False
        if self._untold(said.of, match, clause, refs):
            return False
        event = self._event(said, match, clause, filled, denied=negation is not None)
        event.attempted = attempted
        event.hedge = self.scene.hedge(clause, match.start, match.end) or attempted or match.hedge
        money = next((f for _, found in filled for f in found if isinstance(f, Figure)), None)
        hedge = event.hedge or (money.hedge if money and money.unit else None)
        for slot, ref in refs:
            self._edge(said, event, slot, ref, clause, hedge, negation, refs)
        if negation is None:
            self._values(said, event, filled, clause)
            self._how_many(event, refs, clause, said.pattern.text)
        self._further(said.of, event, match, clause, refs)
        return True

    def _untold(self, kind: str, match: Match, clause: Clause, refs: list[tuple[str, Ref]]) -> bool:
        """Whether words tell nothing that happened then: a deed that is not to be, or more of an
        agreement that was told."""
        if kind == "Agreement":
            return self._agreed_before(match, clause, refs)
        return kind == "Incident" and self._never(match.start)

    def _agreed_before(self, match: Match, clause: Clause, refs: list[tuple[str, Ref]]) -> bool:
        """Whether `they agreed to` tells more of an agreement of the same sides, told before."""
        if not self.scene.text[match.start : match.end].rstrip().endswith((" to", " on", " upon")):
            return False
        dated = any(when.edtf for when in self.scene.whens(clause))
        return not dated and agreed_by(self.scene, [ref for _, ref in refs]) is not None

    def _only_news(self, match: Match) -> bool:
        """Whether `announced` tells what others did, and not what the speaker is or will do."""
        of_itself = re.compile(r"(?:\s(?:on\s)?[\w ]{1,20})?\sthat\s(?:it|he|she|they)\s")
        announced = re.compile(r"announc|declar").match(self.scene.text, match.start)
        by_doing = re.match(r"\w+ing\b", self.scene.text[match.start :]) and re.search(
            r"\b(?:by|of|for|after|before|without|in)\s$", self.scene.text[: match.start]
        )
        return bool(by_doing) or (
            bool(announced) and not of_itself.match(self.scene.text, match.end)
        )

    def _measures(self, match: Match, clause: Clause) -> bool:
        """Whether it is measures that hit somebody: `the sanctions target A`."""
        listed = self.scene.phrases.listed(*clause.subject)
        return bool(listed and listed[0].head in among("measure_nouns")) or bool(
            _MEASURES.search(self.scene.text, match.start, clause.span.end)
        )

    def _never(self, at: int) -> bool:
        """Whether a deed is one that is not to be: `neither would attack`, `agreed not to hack`."""
        before = self.scene.text[self.scene.segment.span.start : at]
        verb = re.compile(r"[\w-]+").match(self.scene.text, at)
        base = verb[0] if verb else ""
        if re.compile(r"(?:may|might|could|can|will|would|must)\s+be\b").match(self.scene.text, at):
            return True
        perhaps = base in self.scene.sayings.lemmas and re.search(filled("@perhaps@"), before)
        return bool(perhaps or re.search(filled("@never_done@"), before))

    def _further(
        self, kind: str, event: Event, match: Match, clause: Clause, refs: list[tuple[str, Ref]]
    ) -> None:
        """What is told with an event of some kinds: its matter, place, outcome, day."""
        if kind == "Statement":
            self._about(event, Span(match.end, self._told_until(clause)), clause)
        if kind == "Meeting":
            self._place(event, match, clause)
            event.actors = [ref for _, ref in refs]
        if kind == "Agreement":
            self._outcome(event, match, clause, {ref.thing.id for _, ref in refs})
            event.actors = [ref for _, ref in refs]
        if kind in ("Sanction", "LegalAction"):
            self._today(event, match, clause)

    def _in_general(
        self,
        match: Match,
        filled: list[tuple[str, list[Ref | Figure | Part]]],
        clause: Clause,
    ) -> bool:
        """`Red Lantern has targeted law firms`: what a group does, and no single incident."""
        by, slots = match.pattern.left, dict(filled)
        actors = [r for r in slots.get("ATTRIBUTED_TO", ()) if isinstance(r, Ref)]
        verb = re.compile(r"(?:has|have)\s(?:\w+\s)?targeted|targets?|targeting").search(
            self.scene.text, max(clause.span.start, match.start - 14), match.end
        )
        groups = all(actor.thing.kind == "group" and not actor.thing.declared for actor in actors)
        if by != "ATTRIBUTED_TO" or not verb or not actors or not groups or set(slots) != _AIMED:
            return False
        if any(when.edtf for when in self.scene.whens(clause)):
            return False
        for actor in actors:
            for victim in slots["TARGETED"]:
                if isinstance(victim, Ref):
                    self.scene.propose(
                        clause, actor, "TARGETED", victim, pattern=match.pattern.text
                    )
        return True

    def _told_until(self, clause: Clause) -> int:
        """Where a statement ends: with the clause, or with what it says (`that …`)."""
        goes_on = re.compile(r"\s+that\s").match(self.scene.text, clause.span.end)
        following = [c.span.end for c in self.scene.clauses if c.span.start > clause.span.end]
        return min(following) if goes_on and following else clause.span.end

    def _by_noun(self, match: Match, clause: Clause) -> bool:
        """`A ransomware attack crippled the hospital`: the attack is the incident."""
        slots = dict(match.filled)
        if match.pattern.left != "ATTRIBUTED_TO" or "TARGETED" not in slots:
            return False
        event = self.told_before(clause) if clause.relative else None
        listed = self.scene.phrases.listed(*clause.subject)
        if event is None and not clause.relative and len(listed) == 1:
            event = self.event_of(listed[0], clause, clause.subject.end)
        if event is None:
            return False
        kinds, _ = ends(self.ontology, "Incident", "TARGETED")
        start = _behind(self.scene.text, slots["TARGETED"].start)
        phrases = self.scene.phrases.listed(start, slots["TARGETED"].end)
        for victim in self.scene.referents.of_all(phrases, kinds, "unnamed"):
            self.scene.propose(clause, event.ref, "TARGETED", victim, pattern=match.pattern.text)
            event.targets.append(victim)
        return True

    def _hit_by(self, match: Match, clause: Clause) -> bool:
        """`The hospital was hit by an attack of A`: the attack is the incident, and nobody."""
        slots = dict(match.filled)
        if match.pattern.left != "TARGETED" or "ATTRIBUTED_TO" not in slots:
            return False
        phrase = self.scene.phrases.phrase(*slots["ATTRIBUTED_TO"])
        several = phrase and not phrase.article and phrase.head.endswith("s")
        if phrase is None or several or phrase.named or not self.tells(phrase):
            return False  # `is the target of attacks`: none in particular
        kinds, _ = ends(self.ontology, "Incident", "TARGETED")
        hit = self.scene.subject(clause, match.start, kinds, "unnamed")
        if not hit or self.scene.negation(clause, match.start, match.end):
            return False
        event = self.event_of(phrase, clause, clause.span.end, hit)
        if event is None:
            return False
        for victim in hit:
            self.scene.propose(clause, event.ref, "TARGETED", victim, pattern=match.pattern.text)
        event.targets += [v for v in hit if v not in event.targets]
        return True

    def told_before(self, clause: Clause) -> Event | None:
        """Of `the attack that hit A`: the attack."""
        start = self.scene.segment.span.start
        told = list(self.scene.every_phrase(start, clause.span.start))
        if not told or self.scene.text[told[-1].span.end : clause.span.start].strip(" ,") not in (
            "that",
            "which",
        ):
            return None
        last = told[-1].span.end
        between = self.scene.text[told[-2].span.end : told[-1].span.start] if told[1:] else ""
        hit = re.fullmatch(r"\s(?:on|against|at|of|targeting)\s(?:the\s)?", between)
        event = self.event_of(told[-1], clause, last)
        return event or (self.event_of(told[-2], clause, last) if hit else None)

    def _place(self, event: Event, match: Match, clause: Clause) -> None:
        """Where a meeting took place: `in Khartoum`, behind its verb."""
        place = re.compile(
            r"\bin\s((?!@months@)[A-Z][\w-]+(?:\s[A-Z][\w-]+)?)".replace(
                "@months@", "(?:" + "|".join(words("months")) + ")"
            )
        )
        found = place.search(self.scene.text, match.end, clause.span.end)
        if found:
            span = Span(*found.span(1))
            self.scene.propose(
                clause,
                event.ref,
                "place",
                Part(_cut(self.scene, span), span),
                pattern="met in {place}",
            )

    def _today(self, event: Event, match: Match, clause: Clause) -> None:
        """What `has issued` something, and prints no day, did so on the day of the document."""
        before = self.scene.text[max(0, match.start - 12) : match.start]
        day = self.scene.document.date
        if (
            event.dated
            or not day
            or not re.search(r"\b(?:has|have)\s(?:\w+\s)?$", before)
            or self._dated_at_all()
        ):
            return
        event.dated = day
        part = Part(day, Span(match.start, match.end), "inferred", "news of the document's date")
        own = replace(self.scene.segment, asserter=None, own=True, because=OWN)
        voice, self.scene.segment = self.scene.segment, own
        self.scene.propose(clause, event.ref, "occurred", part, fields={"valid_basis": "inferred"})
        self.scene.segment = voice

    def _dated_at_all(self) -> bool:
        """Whether its sentence prints a date, if only of when somebody said so."""
        plain, (start, end) = self.scene.document.plain, self.scene.segment.span
        stop = plain.find(". ", end)
        last = min(len(plain), end + 100 if stop < 0 else stop)
        return any(dates_in(plain, start, last, self.scene.today))

    def _about(self, event: Event, span: Span, clause: Clause) -> None:
        """What a statement is about: talks, and whoever is named in it."""
        scene = self.scene
        verb = _SAYING_SO.search(scene.text, *span)
        span = Span(verb.end() if verb else span.start, span.end)
        within = list(self._about_told(event, span, clause))
        talks = re.compile(r"\b(?:talks|negotiations|dialogue)\b").search(scene.text, *span)
        if talks and not any(one.holds(Span(*talks.span())) for one in within):
            ref = talks_of(scene, Span(*talks.span()), Clause(span, clause.subject))
            within.append(ref.span)
            scene.propose(clause, event.ref, "ABOUT", ref, pattern="{statement} … talks")
        self._about_incidents(event, span, clause)
        for ref in Launches(scene).spoken_of(span):
            scene.propose(clause, event.ref, "ABOUT", ref, pattern="{statement} … {object}")
        for ref in self._named_about(span, within):
            scene.propose(clause, event.ref, "ABOUT", ref, pattern="{statement} … {object}")

    def _about_told(self, event: Event, span: Span, clause: Clause) -> Iterator[Span]:
        """The agreements and meetings told before that a span speaks of: yields where they stand,
        with who signed or met there."""
        scene = self.scene
        for phrase, kind, _ in nouns(scene, Clause(span, span)):
            told = [e for e in scene.events if e.kind in ("Meeting", "Process")]
            if kind == "Process" and told and told[-1].kind == "Meeting":
                kind = "Meeting"  # `the talks` of those who have just met
            if kind not in ("Agreement", "Meeting") or phrase.article != "the":
                continue
            sides = _SIDES_OF.match(scene.text, phrase.span.end, span.end)
            listed = scene.phrases.listed(sides.end(), span.end) if sides else []
            last = self._last_told(kind, phrase, listed)
            if last is None:
                continue
            ref = Ref(last.thing, phrase.whole, (last.span, *last.chain))
            scene.propose(clause, event.ref, "ABOUT", ref, pattern="{statement} … {object}")
            yield Span(phrase.span.start, listed[-1].span.end if listed else phrase.span.end)

    def _last_told(self, kind: str, phrase: Phrase, sides: list[Phrase]) -> Ref | None:
        """The agreement or meeting told last that a phrase means: that of these sides, if any."""
        if kind == "Agreement":
            who = self.scene.referents.of_all(sides, frozenset(("state", "person", "agency")))
            if told := agreed_by(self.scene, who) or agreement_told(self.scene, phrase):
                return told.ref
        last = [e.ref for e in self.scene.events if e.kind == kind]
        return last[-1] if last else None

    def _about_incidents(self, event: Event, span: Span, clause: Clause) -> None:
        """Incidents that are told of in a span."""
        made = (p.object for p in self.scene.proposals if p.predicate == "MADE_BY")
        maker = next((one for one in made if one), None)
        for phrase, kind, _ in nouns(self.scene, Clause(span, span)):
            told = None
            if kind == "Incident" and (phrase.article or phrase.mentions):
                # `A condemned B's attack`: that it was B's, A says
                with self._voiced(maker if phrase.mentions else None):
                    told = self.event_of(phrase, clause, span.end)
            if told:
                pattern = "{statement} … {object}"
                self.scene.propose(clause, event.ref, "ABOUT", told.ref, pattern=pattern)

    def _named_about(self, span: Span, within: list[Span]) -> Iterator[Ref]:
        """Who is named in a span, but for whoever speaks, and what stands within other spans."""
        made = (p.object for p in self.scene.proposals if p.predicate == "MADE_BY")
        makers = {maker.thing.id for maker in made if maker}
        for mention in self.scene.phrases.within(span):
            thing = mention.thing
            inside = any(one.holds(mention.span) for one in within)
            named = thing.kind in self.scene.sayings.speakers
            if mention.people or inside or thing.id in makers or not named:
                continue
            yield Ref(thing, mention.span, mention.chain)

    def _fill(
        self, said: Said, match: Match, clause: Clause
    ) -> list[tuple[str, list[Ref | Figure | Part]]] | None:
        """What fills the slots; None where one of them stays empty that must not."""
        filled: list[tuple[str, list[Ref | Figure | Part]]] = []
        slots = [(said.pattern.left, None)] if said.pattern.left else []
        for slot, span in [*slots, *match.filled]:
            found = self._slot(said, str(slot), span, match, clause)
            optional = (slot == "ATTRIBUTED_TO" and said.of == "Incident") or (
                slot in ("CHARGES", "BROUGHT_BY") and said.of == "LegalAction"
            )
            if not found and not optional:
                return None
            filled.append((str(slot), found))
        if said.of in ("Incident", "LegalAction") and not any(found for _, found in filled):
            return None
        if said.of == "LegalAction" and {slot for slot, found in filled if found} == {"BROUGHT_BY"}:
            return None
        return filled if self._enough(said, filled) else None

    def _enough(self, said: Said, filled: list[tuple[str, list[Ref | Figure | Part]]]) -> bool:
        """Whether what is found makes an event: an attack needs a victim, a number or money."""
        pairs = [r for _, found in filled for r in found if isinstance(r, Ref)]
        if (
            said.of == "Meeting"
            and said.pattern.left is None
            and {r.thing.kind for r in pairs} != {"person"}
        ):
            return False
        if said.of in self.scene.sayings.mutual:
            return len({r.thing.id for r in pairs}) > 1
        if said.of == "Incident":
            by = dict(filled)
            if "count" in by:
                return bool(by.get("ATTRIBUTED_TO")) and bool(by["count"])
            if said.pattern.given.get("category") == "military" and set(by) == {"ATTRIBUTED_TO"}:
                return bool(by["ATTRIBUTED_TO"])  # `launched a missile`: at nobody
            return any(found for slot, found in filled if slot != "ATTRIBUTED_TO")
        return True

    def _slot(
        self, said: Said, slot: str, span: Span | None, match: Match, clause: Clause
    ) -> list[Ref | Figure | Part]:
        scene = self.scene
        if slot in self.ontology.edges:
            kinds, first = ends(self.ontology, said.of, slot)
            make = scene.sayings.new_at(slot, "object" if first else "subject")
            if span is None:
                if slot == "ATTRIBUTED_TO":
                    kinds = scene.sayings.actors
                return list(scene.subject(clause, match.start, kinds, make))
            start = _behind(scene.text, span.start)
            listed = scene.phrases.listed(start, span.end)
            listed += self._among(listed, clause) if slot == "TARGETED" else []
            return list(scene.referents.of_all(listed, kinds, make))
        prop = self.ontology.nodes[said.of].properties[slot]
        if prop.type in ("money", "integer", "number"):
            if span is None:
                span = clause.subject
            figure = scene.figure(span.start, span.end)
            if figure and (prop.type == "money") != bool(figure.unit):
                return []
            return [figure] if figure else []
        counts = re.compile(filled(r"\s*(?:@numbers@|\d+)\scounts?\sof\s"))
        if slot == "charge" and span and (counted := counts.match(scene.text, *span)):
            span = Span(counted.end(), span.end)
        listed = scene.phrases.listed(*span) if span else []
        if slot == "charge":  # `with using the malware` tells what was done
            spans = [self.whole_charge(p.span) for p in listed if self.is_offence(p)]
            return [Part(_cut(scene, one), one) for one in spans]
        return [Part(_cut(scene, phrase.span), phrase.span) for phrase in listed]

    def _among(self, listed: list[Phrase], clause: Clause) -> list[Phrase]:
        """Who is named behind a number of victims: `120 firms in 2021, among them Acme`."""
        more = re.compile(r"[^,;]{1,50},\s(?:including|among\sthem)\s")
        found = (
            more.match(self.scene.text, listed[-1].span.end, clause.span.end) if listed else None
        )
        where = r"\b(?:in|across|from)\s(?:the\s)?[A-Z][^,]*,\sincluding|\b(?:abroad|countries)\b"
        if found is None or re.search(where, found[0]):
            return []  # `firms in Asia and abroad, including Japan`: where they are
        named = self.scene.phrases.listed(found.end(), clause.span.end)
        return [
            one
            for one in named
            if (one.words[:1].isupper() or one.mentions)
            and not (one.named and one.named.thing.kind == "state")
        ]

    def is_offence(self, phrase: Phrase) -> bool:
        """Whether a phrase may tell an offence: no act, nobody, no number or event."""
        low = phrase.words.lower()
        verb = low in self.scene.sayings.verbs and not low.endswith("ing")
        plain = low not in among("pronouns") and not verb and not phrase.mentions
        event = phrase.article in ("the", "this") or re.search(r"\d", phrase.words)
        counted = numeral(phrase.words.split()[0].lower()) not in (None, 1)
        return plain and not event and not counted and not self._told_act(phrase)

    def _told_act(self, phrase: Phrase) -> bool:
        """Whether a charge tells what was done (`with using the malware`) and is no offence."""
        object_ = re.match(r"\s(?:the|an?|its|their)\s", self.scene.text[phrase.span.end :])
        return bool(re.match(r"(?!hack|launder|racketeer)\w+ing\s", phrase.words) or object_)

    def whole_charge(self, span: Span) -> Span:
        """Of `conspiracy to commit wire fraud and …`: with what was conspired."""
        text, end = self.scene.text, self.scene.segment.span.end
        more = re.compile(
            r"\sto\s[a-z]+\s(?:(?!\sand\s|,|;|\.\s|\.$).)+|\sof\s(?:an?|the)\s[\w-]+"
        ).match(text, span.end, end)
        return Span(span.start, more.end()) if more else span

    def _event(
        self,
        said: Said,
        match: Match,
        clause: Clause,
        filled: list[tuple[str, list[Ref | Figure | Part]]],
        *,
        denied: bool = False,
    ) -> Event:
        targets = [
            r
            for slot, found in filled
            if slot in ("TARGETED",)
            for r in found
            if isinstance(r, Ref)
        ]
        if denied and (told := self._denied(targets, clause, match)):
            return told
        charged = any(slot == "CHARGES" and found for slot, found in filled)
        brought = said.pattern.left == "BROUGHT_BY" and charged
        if (same := self._same(said.of, clause, targets, brought=brought)) is not None:
            hit = {t.thing.id for t in same.targets}
            same.targets += [t for t in targets if t.thing.id not in hit]
            return (
                same if same.sentence == self.scene.sentence else self._again(same, match, clause)
            )
        span = self._words_of(said, match, clause, filled)
        name = self.scene.document.text[span.start : span.end]
        thing = self.scene.referents.mint(said.of.lower(), name, dict(said.pattern.given))
        voice = None if self.scene.segment.own else self.scene.segment.asserter
        event = Event(Ref(thing, span), said.of, self.scene.sentence, clause, targets, voice=voice)
        self.scene.events.append(event)
        return event

    def _words_of(
        self,
        said: Said,
        match: Match,
        clause: Clause,
        filled: list[tuple[str, list[Ref | Figure | Part]]],
    ) -> Span:
        """The words that tell of an event: it is called by them."""
        if said.of == "Incident" and (noun := self._noun_of(filled)):
            match = replace(match, end=noun)
        ends_ = [f.span.end for slot, found in filled for f in found if slot != said.pattern.left]
        last = max([match.end, *(end for end in ends_ if end <= clause.span.end)])
        span = Span(
            match.start,
            self._enough_words(match.start, last if said.of != "Statement" else clause.span.end),
        )
        if self._told_elsewhere(said.of, span):  # `met` and `met` are two meetings
            whole = Span(min(clause.subject.start, span.start), clause.span.end)
            span = Span(whole.start, self._enough_words(*whole))
        return span

    def _outcome(self, event: Event, match: Match, clause: Clause, parties: set[str]) -> None:
        """An agreement of those who had just met came out of their meeting."""
        met = [
            e
            for e in self.scene.events
            if e.kind == "Meeting"
            and {ref.thing.id for ref in e.actors} == parties
            and e.sentence >= self.scene.sentence - 3
        ]
        verb = re.compile(r"\w+").match(self.scene.text, match.start)
        if met and verb and self.scene.sayings.stands_for(verb[0], "meeting"):
            told = met[-1].ref
            ref = Ref(told.thing, Span(*verb.span()), (told.span, *told.chain))
            self.scene.propose(clause, ref, "RESULTED_IN", event.ref, pattern=match.pattern.text)

    def _told_elsewhere(self, kind: str, span: Span) -> bool:
        """Whether another event of the document was named by the same words."""
        words_ = self.scene.document.text[span.start : span.end].casefold()
        return any(
            e.kind == kind and e.ref.thing.name.casefold() == words_ for e in self.scene.events
        )

    def _enough_words(self, start: int, end: int) -> int:
        """Where the name of an act ends: with it, or with a word after some eighty letters."""
        if end - start > 90:
            end = self.scene.text.rfind(" ", start, start + 80)
        while end > start and not self.scene.document.text[end - 1].isalnum():
            end -= 1
        return end

    def _denied(self, targets: list[Ref], clause: Clause, match: Match) -> Event | None:
        """The incident that a denial speaks of: the last one with that victim."""
        ids = {t.thing.id for t in targets}
        before = [
            e
            for e in self.scene.events
            if e.kind == "Incident" and ids & {t.thing.id for t in e.targets}
        ]
        if not before:
            return None
        span = targets[0].span
        return replace(
            before[-1],
            ref=Ref(
                before[-1].ref.thing,
                Span(match.start, span.end),
                (before[-1].ref.span, *before[-1].ref.chain),
            ),
        )

    def _again(self, event: Event, match: Match, clause: Clause) -> Event:
        """The same event, by way of the words that stand for it in this sentence."""
        text = self.scene.text
        told = re.compile(r"(?:(?:[Tt]he|[Tt]hese|[Tt]his)\s)?[\w-]+")
        spans = [
            Span(*found.span())
            for found in told.finditer(text, clause.span.start, match.end)
            if self.scene.sayings.stands_for(found[0], event.ref.thing.kind)
        ]
        span = spans[0] if spans else event.ref.span
        return replace(event, ref=Ref(event.ref.thing, span, (event.ref.span, *event.ref.chain)))

    def _noun_of(self, filled: list[tuple[str, list[Ref | Figure | Part]]]) -> int | None:
        """Where what was counted ends: `two projectiles`."""
        counted = next(
            (
                f
                for slot, found in filled
                if slot == "count"
                for f in found
                if isinstance(f, Figure)
            ),
            None,
        )
        phrase = (
            self.scene.phrases.phrase(counted.span.start, counted.span.end + 60)
            if counted
            else None
        )
        return phrase.span.end if phrase else None

    def _same(
        self, kind: str, clause: Clause, targets: list[Ref], *, brought: bool = False
    ) -> Event | None:
        """The event of which this tells more: done in one breath, with no victim of its own."""
        if kind in ("Sanction", "LegalAction"):
            return self._same_measure(kind, clause, brought=brought)
        here = [
            e for e in self.scene.events if e.kind == kind and e.sentence == self.scene.sentence
        ]
        if kind == "Incident":
            return self._same_incident(here, clause, {t.thing.id for t in targets})
        return here[-1] if here and kind == "Agreement" else None

    def _same_incident(self, here: list[Event], clause: Clause, ids: set[str]) -> Event | None:
        """Of those told in one breath the one of the same victims; `A lost …` tells of a theft
        before."""
        lost = [
            e
            for e in self.scene.events
            if e.kind == "Incident"
            and (ids & {t.thing.id for t in e.targets} or self._of_nobody(e))
        ]
        if lost and re.search(r"\blos(?:e|es|t|ing)\b", self.scene.text[slice(*clause.span)]):
            return lost[-1]
        here = [e for e in here if e.clause.subject == clause.subject]
        fits = [e for e in here if not ids or ids == {t.thing.id for t in e.targets}]
        return fits[-1] if fits else None

    def _same_measure(self, kind: str, clause: Clause, *, brought: bool) -> Event | None:
        """The measure told a few sentences ago, or the one case that is told."""
        every = [e for e in self.scene.events if e.kind == kind]
        recent = [e for e in every if e.sentence >= self.scene.sentence - 6]
        if not recent and len({e.ref.thing.id for e in every}) == 1 and not brought:
            listed = self.scene.phrases.listed(*clause.subject)
            if listed and listed[0].head in ("defendants", "defendant", "accused", "suspects"):
                return every[-1]  # `the defendants are charged`: in the one case that is told
        if not recent or self._another_time(recent[-1], clause):
            return None
        apart = kind == "LegalAction" and brought and recent[-1].sentence != self.scene.sentence
        return None if apart else recent[-1]

    def _of_nobody(self, event: Event) -> bool:
        """Whether a theft was told of which nothing says whom it hit."""
        hit = self._hit(event)
        return not hit and bool(re.search(r"\b(?:theft|heist)$", event.ref.thing.name))

    def _another_time(self, event: Event, clause: Clause) -> bool:
        """Whether a clause tells of another day than that of a measure, or of a separate one."""
        days = [when.edtf for when in self.scene.whens(clause) if when.edtf]
        text = self.scene.text[self.scene.segment.span.start : clause.span.end]
        apart = re.match(r"(?:In a separate|Separately|Earlier|Previously)\b", text)
        if not days or event.sentence == self.scene.sentence:
            return bool(apart)
        before = bool(re.search(r"\bhad\b", text))
        return bool(apart) or (not days[0].startswith(event.dated) if event.dated else before)

    def _edge(
        self, said: Said, event: Event, slot: str, ref: Ref, clause: Clause,
        hedge: Span | None, negation: Span | None, refs: list[tuple[str, Ref]],
    ) -> None:  # fmt: skip
        _, first = ends(self.ontology, said.of, slot)
        many = sum(s == slot for s, _ in refs) > 1
        blamed = slot == "ATTRIBUTED_TO"
        more: dict[str, Any] = {
            "hedge": hedge if blamed else None,
            "collective": many and blamed,
            "negative": negation is not None and blamed,
            "negation": negation if blamed else None,
        }
        if negation is not None and not blamed:
            return
        if negation is None:
            more["fields"], more["told"] = self.scene.qualified(slot)
        subject, target = (event.ref, ref) if first else (ref, event.ref)
        accuser = self.scene.accuser(clause, event.ref.span.start) if blamed else None
        denies = negation and denying(self.scene.text[negation.start : negation.end])
        if self.scene.segment.own and (denies or accuser):
            denier = self.scene.denier(negation) if negation and denies else None
            more["asserter"], more["own"] = accuser or denier or ref, False
        self.scene.propose(clause, subject, slot, target, pattern=said.pattern.text, **more)
        if blamed:
            event.actors.append(ref)
            event.collective = many

    def _values(
        self,
        said: Said,
        event: Event,
        filled: list[tuple[str, list[Ref | Figure | Part]]],
        clause: Clause,
    ) -> None:
        for slot, found in filled:
            for value in found:
                if isinstance(value, Figure):
                    self.number(event, slot, value, clause, said.pattern.text)
                elif isinstance(value, Part):
                    self.scene.propose(clause, event.ref, slot, value, pattern=said.pattern.text)

    def _how_many(
        self, event: Event, refs: list[tuple[str, Ref]], clause: Clause, pattern: str
    ) -> None:
        """Of `dozens of clinics`: that it hit dozens."""
        for slot, ref in refs:
            vague = next(figures(self.scene.text, *ref.span), None)
            start = ref.span.start
            if slot == "TARGETED" and vague and not vague.value and vague.span.start == start:
                self.number(event, "magnitude", vague, clause, pattern)

    def number(self, event: Event, slot: str, figure: Figure, clause: Clause, pattern: str) -> None:
        """A number of an event: taken, or only tried for."""
        if event.attempted and slot == "amount_stolen":
            slot = "amount_attempted"
        fields = {k: v for k, v in (("unit", figure.unit), ("bound", figure.bound)) if v}
        if not figure.value:
            if "magnitude" in self.ontology.nodes[event.kind].properties:
                words_ = self.scene.document.text[figure.span.start : figure.span.end]
                self.scene.propose(
                    clause, event.ref, "magnitude", Part(words_, figure.span), pattern=pattern
                )
            return
        hedge = figure.hedge or (event.attempted if slot.startswith("amount") else None)
        part = Part(figure.value, figure.span)
        self.scene.propose(
            clause, event.ref, slot, part, hedge=hedge, fields=fields, pattern=pattern
        )

    # When

    def _dates(self, clause: Clause) -> None:
        """Give each date of a clause to the event that stands nearest."""
        here = [
            e for e in self.scene.events
            if e.sentence == self.scene.sentence and e.clause == clause
            and not e.dated and e.kind != "Process"
        ]  # fmt: skip
        given = {p.value.span for p in self.scene.proposals if p.value}
        for when in self.scene.whens(clause):
            if when.span in given:
                continue  # it is an event's already
            if self.scene.text.startswith("'s ", when.span.end):
                continue  # `Sunday's vote`: the day of that
            if re.search(r"\bthe\s$", self.scene.text[: when.span.start]) and len(when.edtf) == 4:
                continue  # `the 2017 attack` dates the attack alone
            before = [e for e in here if e.ref.span.start < when.span.start]
            fits = (before if when.day_of and "before" not in when.because else here) or []
            fits = [e for e in fits if not self._of_its_reason(e, when)]
            nearest = sorted(fits, key=lambda e: self._apart(e, when))
            for event in [e for e in nearest if e.kind == nearest[0].kind]:
                self._date(clause, event, when)
            here = [e for e in here if not e.dated]
        self._dates_behind(clause)

    def _dates_behind(self, clause: Clause) -> None:
        """Of `an attack that crippled A in March`: the attack's date, by whom it hit there."""
        when = next((w for w in self.scene.whens(clause) if w.edtf and not w.day_of), None)
        if not clause.relative or when is None:
            return
        hit = {
            p.subject.thing.id: p
            for p in self.scene.proposals
            if p.object and clause.span.holds(p.object.span) and p.predicate in _HIT
        }
        for event in self.scene.events:
            here = event.sentence == self.scene.sentence and event.ref.thing.id in hit
            undated = event.dated in ("", "told")
            if here and undated and event.ref.span.end <= clause.span.start:
                self._date(clause, event, when)

    def _apart(self, event: Event, when: When) -> tuple[bool, int]:
        """How far a date stands from an event; beyond a comma is farther."""
        start, end = sorted((event.ref.span.start, when.span.start))
        between = self.scene.text[start:end]
        return event.ref.span.start > when.span.start and "," in between, end - start

    def _led(self) -> None:
        """A date at the head of a sentence is that of all that its subject did."""
        first = next(iter(self.scene.clauses), None)
        when = next(iter(self.scene.whens(first)), None) if first else None
        if first is None or when is None or when.day_of or when.span.start > first.subject.start:
            return
        for event in self.scene.events:
            here = event.sentence == self.scene.sentence and event.clause.subject == first.subject
            if here and not event.dated and event.kind in ("Incident", "Sanction", "LegalAction"):
                self._date(first, event, when)

    def _of_its_reason(self, event: Event, when: When) -> bool:
        """Whether a date is that of what a measure was taken for (`listed for attacks in …`), or of
        the measure and not of its reason (`listed in 2020 over attacks`)."""
        reason = r"(?:for|over|in response to)"
        behind = self.scene.text[when.span.end : event.ref.span.start]
        if re.match(rf"\s{reason}\s(?:the\s|its\s|their\s|an?\s)?", behind):
            return True
        between = self.scene.text[event.ref.span.end - 4 : when.span.start]
        return event.kind in ("Sanction", "LegalAction") and bool(
            re.search(r"\b(?:for|over)\b", between)
        )

    def _date(self, clause: Clause, event: Event, when: When) -> None:
        if when.day_of:
            when = self._counted(clause, when) or when
        if when.basis == "derived" and self._to_come(event, clause):
            return  # `is to meet on Monday`: days are read as those before the document's
        if not when.edtf or "occurred" not in self.ontology.nodes[event.kind].properties:
            return
        event.dated = when.edtf
        part = Part(when.edtf, when.span, when.basis, when.because, when.anchor)
        with self._voiced(event.voice if event.sentence == self.scene.sentence else None):
            self.scene.propose(
                clause, event.ref, "occurred", part, fields={"valid_basis": when.basis}, pattern=""
            )

    def _to_come(self, event: Event, clause: Clause) -> bool:
        """Whether an event has not happened yet: `will meet`, `is due to meet`."""
        start = event.ref.span.start
        before = self.scene.text[max(clause.span.start, start - 20) : start + 30]
        return bool(re.search(filled("@to_come@"), before))

    def _before(self, clause: Clause, when: When) -> When | None:
        """`Two days before the summit`: counted from the last event that is told so."""
        noun = re.compile(r"\s*(?:the|its|their)\s(?:\w+\s)?(\w+)").match(
            self.scene.text, when.span.end
        )
        dated = [
            e
            for e in self.scene.events
            if e.dated and noun and self.scene.sayings.stands_for(noun[1], e.ref.thing.kind)
        ]
        day = shifted(dated[-1].dated, int(when.day_of)) if dated else None
        if day is None:
            return None
        because = f"{when.because!r} {dated[-1].ref.thing.name!r}, {dated[-1].dated}"
        return replace(when, edtf=day, because=because, anchor=dated[-1].dated)

    def _counted(self, clause: Clause, when: When) -> When | None:
        """`A day after …`: the day of what is told there, if it was dated before."""
        told = _stems(self.scene.text[when.span.end : self.scene.segment.span.end])
        best: tuple[int, Event] | None = None
        for event in self.scene.events:
            if not event.dated or event.sentence == self.scene.sentence:
                continue
            common = len(told & _stems(_sentence(self.scene.document.plain, event.clause.span)))
            if common >= 2 and (best is None or common > best[0]):
                best = common, event
        day = shifted(best[1].dated, int(when.day_of)) if best else None
        if day is None or best is None:
            return self._before(clause, when)
        because = f"{when.because!r} of {best[1].ref.thing.name!r}, {best[1].dated}"
        return replace(when, edtf=day, because=because, anchor=best[1].dated)


def _cut(scene: Scene, span: Span) -> str:
    return scene.document.text[span.start : span.end]


_WHERE = re.compile(
    filled(
        r"\s*(?:@lower@\s)?(?:the\s|its\s|their\s|an?\s)?(?:[\w-]+\s){0,2}?@holdings@"
        r"\s(?:of|at|belonging to|used by|run by)\s(?:members\sof\s(?=the\s|[A-Z]))?"
    )
)
"""Before a victim, what of it was hit (`the networks of`)."""


def _behind(text: str, start: int) -> int:
    """Past what stands before a victim: `the networks of`."""
    found = _WHERE.match(text, start)
    return found.end() if found else start


def _sentence(text: str, clause: Span) -> str:
    """A clause and the rest of its sentence."""
    stop = text.find(". ", clause.end)
    return text[clause.start : stop if stop >= 0 else clause.end]


def _stems(text: str) -> set[str]:
    return {w[:5].lower() for w in re.findall(r"[A-Za-z]{5,}", text)} - _COMMON


_COMMON = {
    "north",
    "south",
    "after",
    "which",
    "their",
    "would",
    "about",
    "unite",
    "state",
    "count",
    "gover",
}


def talks_of(scene: Scene, noun: Span, clause: Clause) -> Ref:
    """The talks that are meant: those with these parties, else those spoken of last."""
    behind = re.compile(r"\s(?:between|with)\s").match(scene.text, noun.end)
    end = noun.end
    if behind:
        listed = scene.phrases.listed(behind.end(), clause.span.end)
        end = listed[-1].span.end if listed else end
    last = next((e for e in reversed(scene.events) if e.kind == "Process"), None)
    if last is not None:
        return Ref(last.ref.thing, Span(noun.start, end), (last.ref.span, *last.ref.chain))
    thing = scene.referents.mint("process", scene.document.text[noun.start : end])
    ref = Ref(thing, Span(noun.start, end))
    scene.events.append(Event(ref, "Process", scene.sentence, clause))
    return ref
