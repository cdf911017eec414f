"""How results look in a terminal. Results go to standard output, messages to standard error."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from kg.ask.points import told
from kg.base.limits import limit
from kg.base.shown import csv_text, json_text, one_line, plural, visible
from kg.ledger.ledger import State
from kg.pipeline.report import counted

if TYPE_CHECKING:
    from rich.progress import Progress

    from kg.analytics import Result
    from kg.ask.ach import Cell, Matrix
    from kg.ask.diff import Beliefs, Difference
    from kg.ask.explain import Explanation
    from kg.ask.ranked import Said
    from kg.cli.screen import Screen
    from kg.drafts.desk import Drafted
    from kg.exports import ExportReport
    from kg.pipeline.change import Outcome
    from kg.pipeline.check import Checked
    from kg.pipeline.plan import Forecast
    from kg.pipeline.verify import Drift
    from kg.rows import Rows


WIDEST = 100
"""Columns of prose, however wide the terminal is."""


PAGE = 1_000
"""Rows of a table that are printed at once: more take longer to lay out than to ask for again."""

JOINED = {"same": "is", "part_of": "is part of"}
"""How a pair of records is read out; other pairs are two."""


class Terminal:
    """Prints; a console for people, plain documents for programs."""

    @cached_property
    def out(self) -> Screen:
        """Standard output."""
        from kg.cli.screen import Screen

        # Somebody who pipes the output wants whole lines, not the width of no terminal.
        return Screen(width=None if sys.stdout.isatty() else 10_000)

    @cached_property
    def err(self) -> Screen:
        """Standard error."""
        from kg.cli.screen import Screen

        return Screen(stderr=True)

    def say(self, text: str) -> None:
        """One line of message."""
        self.err.print(one_line(text), soft_wrap=True)

    def json(self, document: Any) -> None:
        """One JSON document, and nothing else."""
        plain = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
        sys.stdout.write(json_text(document, ascii_only=plain, default=str) + "\n")

    def page(self, text: str) -> None:
        """A text of many lines."""
        sys.stdout.write(visible(text).rstrip() + "\n")

    @contextmanager
    def run(self) -> Iterator[Steps]:
        """Report a run: one line a step, and on a terminal a bar for what takes a while."""
        with Steps(self.err) as steps:
            yield steps

    def outcome(self, url: str, outcome: Outcome, format_: str) -> None:
        """What a run changed of what was believed, and what it left in the graph."""
        if format_ == "json":
            self.json(_as_dict(url, outcome))
        else:
            self.beliefs(outcome.beliefs)
        self.say(_held(url, outcome))
        if outcome.plan.change or outcome.plan.remove:
            self.say("see      kg diff previous: what is said now, and what was taken back")

    def summary(
        self, url: str, outcome: Outcome, pictures: Sequence[Path], format_: str = "table"
    ) -> None:
        """What a build made, where it is, and what to ask next."""
        if format_ == "json":
            self.json(_as_dict(url, outcome) | {"pictures": [str(path) for path in pictures]})
        else:
            self.beliefs(outcome.beliefs)
        self.err.print()
        self.say(_held(url, outcome))
        if pictures:
            self.say("open     " + "  ".join(str(path) for path in pictures))
        self.say("ask      kg query who_attributes")
        self.say("         kg explain incident:wannacry")
        self.say("         kg query changes_of_mind")
        self.say("list     kg query")

    def drafted(self, made: Drafted, format_: str) -> None:
        """What was drafted, and how to go on."""
        if format_ == "json":
            self.json(made.as_dict())
        proposals, refused = made.draft.proposals, made.draft.refused
        count, how = plural(len(proposals), "claim"), "" if made.decided else " proposed"
        self.say(f"{count}{how} in {made.file}, {len(refused)} refused")
        if not proposals and not made.decided:
            self.say(
                "no sentence in it says anything in a way that is known here; how things are said "
                "stands in the ontology (`said_as:`, docs/drafting.md), or add the claims on the "
                "page, from their words"
            )
        elif made.silent:
            where = "paragraph" if len(made.silent) == 1 else "paragraphs"
            numbers = ", ".join(map(str, made.silent))
            self.say(f"silent   nothing is proposed of {where} {numbers}: read there yourself")
        if made.document.day is None and not made.decided:
            line = made.document.dateline
            why = f"its dateline ({line}) has no year" if line else "no day is printed"
            how = "YEAR" if line else "DAY"
            self.say(f"date     {why}: relative dates are left out; --date {how} counts them")
        if made.review:
            self.say(f"review   {made.review}")
        self.say(f"check    kg check {made.file}")
        self.say(f"load     kg load claims {made.file}")

    def requested(self, wrote: Path, format_: str) -> None:
        """Where what a model would be asked lies, and how its answer is read."""
        if format_ == "json":
            self.json({"request": str(wrote)})
        self.say(f"request  {wrote}")
        self.say("answer   kg draft DOCUMENT --drafter model --answers FILE")

    def reviewing(self, page: Path, format_: str) -> None:
        """Where a page for a review lies."""
        if format_ == "json":
            self.json({"review": str(page)})
        self.say(f"review   {page}")

    def checked(self, found: Checked, format_: str) -> None:
        """Seeds in which nothing is wrong."""
        if format_ == "json":
            sources = [one.as_dict() for one in found.sources]
            told = {"sources": sources, "warnings": list(found.warnings)}
            self.json({"statements": found.statements, "problems": []} | told)
        claims = sum(one.claims for one in found.sources)
        declared = plural(found.statements - claims, "declaration")
        self.say(f"{plural(claims, 'claim')} and {declared} of what things are, nothing wrong")

    def plan(self, plan: Forecast, format_: str, beliefs: bool = False) -> None:
        """A plan, a line for each kind; then, where asked for, what would be believed otherwise."""
        if format_ == "json":
            told = {"beliefs": dict(plan.beliefs)} if beliefs else {}
            self.json(plan.as_dict() | told)
            return
        if plan.empty:
            self.out.print("nothing to do")
        for sign, kinds in (("+", plan.add), ("~", plan.change), ("−", plan.remove)):
            for kind, count in kinds.items():
                self.out.put(f"{sign} {count:>7,} {kind}")
        self.beliefs(plan.beliefs)

    def drift(self, found: Sequence[Drift], format_: str) -> None:
        """What a database holds that is not what its ledger amounts to."""
        if format_ == "json":
            self.json({"drift": [asdict(each) for each in found]})
            return
        if not found:
            self.say("nothing differs: the graph holds what its ledger amounts to")
            return
        self.records([asdict(each) for each in found[:PAGE]], format_)
        more = f" ({len(found) - PAGE:,} more are in --format json)" if len(found) > PAGE else ""
        self.say(f"{plural(len(found), 'value')} differ{more}; `kg sync --full` mends them")

    def rows(self, rows: Rows, format_: str, limit: int | None = None, offset: int = 0) -> None:
        """A query's answer: `limit` rows of it (default: all, of a table a page) from `offset`."""
        if limit is None and format_ == "table":
            limit = PAGE
        shown = rows[offset:][:limit]
        if format_ == "json":
            self.json(shown)
        elif format_ == "csv":
            self._csv(rows.columns, (row.values() for row in shown))
        else:
            self._table(rows.columns, (row.values() for row in shown))
        if len(shown) < len(rows):
            self.say(_which_rows(offset, len(shown), len(rows)))
        elif format_ == "table":
            self.say(plural(len(rows), "row"))
        for hint in rows.hints:
            self.say(hint)

    def _csv(self, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
        cells = ([v if type(v) in (int, float) else _cell(v) for v in row] for row in rows)
        sys.stdout.write(csv_text(columns, cells))

    def _table(self, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
        for column in columns:
            table.add_column(one_line(column), overflow="fold")
        for row in rows:
            table.add_row(*(one_line(_cell(value)) for value in row))
        self.out.print(table)

    def questions(self, name: str | None, search: str | None, format_: str) -> None:
        """The saved questions, or one of them in full."""
        from kg.ask import questions

        found = list(questions.discover().values()) if name is None else [questions.find(name)]
        if search:
            word = search.casefold()
            found = [
                q
                for q in found
                if word in " ".join((q.name, q.title, q.question, q.means)).casefold()
            ]
        if search and not found:
            self.say(f"no question speaks of {search!r}; `kg query` lists them all")
        if format_ == "json":
            self.json([question.as_dict() for question in found])
        elif name is not None:
            self._question(found[0])
        else:
            for question in found:
                given = " ".join(f"-p {p.name}={p.default}" for p in question.parameters)
                self.out.put((question.name, "bold"), f"  {question.title}")
                self.out.put(f"  {question.question}")
                if given:
                    self.out.put("  ", (given, "dim"))

    def _question(self, question: Any) -> None:
        self.out.put((question.name, "bold"), f"  {question.title}")
        self.out.put(question.question)
        for p in question.parameters:
            self.out.put(f"  -p {p.name}={p.default}  {p.doc} ({p.type})")
        self.out.put(f"columns: {', '.join(question.columns)}")
        if question.also:
            self.out.put(f"and where there is anything to say: {', '.join(question.also)}")
        self.out.put(f"means: {question.means}")
        if question.means_not:
            self.out.put(f"does not mean: {question.means_not}")
        self.out.print(f"\n{question.cypher}")

    def explanation(self, found: Explanation, limit: int | None = None) -> None:
        """Claims by origin; of a node (what is about one id), the first things said of it."""
        self.out.put((found.name, "bold"), f"  {found.about}")
        self.out.put(origins_text(found.independent, found.unknown))
        of_node = " " not in found.about and not found.about.startswith("claim:")
        if of_node:
            found = found.first(limit)
            self._things(found.said)
            if found.left:
                things, claims = (f"{found.left[name]:,}" for name in ("said", "claims"))
                self.say(f"and {things} more things said of it, {claims} claims: --limit 0")
        for origin in () if of_node else found.origins:
            self.out.print()
            self.out.put((origin.asserter or "an asserter whom the source does not name", "bold"))
            for claim in origin.claims:
                self._claim(claim)
        self._denials("Denied by", found.denials)
        self._denials("Taken back by", found.retractions)
        self._denials("Where it leads is denied by", found.chain_denials)

    def _things(self, said: Sequence[Said]) -> None:
        """What is said, the most supported first, with whose word it is."""
        for one in said:
            voices = dict.fromkeys(row["origin"] or "somebody not named" for row in one.claims)
            if one.claims or one.gone:
                self.out.print()
                known = origins_text(one.independent, one.unknown) if one.claims else "withdrawn"
                self.out.put((f"{known}: {'; '.join(voices)}" if voices else known, "bold"))
            for claim in (*one.claims, *one.gone):
                self._claim(claim)

    def _denials(self, title: str, denials: Sequence[Mapping[str, Any]]) -> None:
        if denials:
            self.out.print()
            self.out.put((title, "bold"))
        for claim in denials:
            self.out.put("  ", (claim["asserter"] or "somebody not named", "bold"))
            self._claim(claim)

    def matrix(self, made: Matrix) -> None:
        """Hypotheses across, evidence down; then what each cell rests on."""
        self.out.put((made.name, "bold"), f"  {made.incident}")
        heads = [
            f"{one.name} ({one.against} against, {one.fitting} for)" for one in made.hypotheses
        ]
        rows = [
            [one.name, one.diagnosticity, *(_cell_text(cell) for cell in one.cells)]
            for one in made.evidence
        ]
        self._table(["what is said", "tells apart", *heads], rows)
        for id, order in made.turning.items():
            then = ", then ".join(order)
            self.out.put(f"without {made.names[id]} ({id}) the order is: {then}")
        if made.tied:
            self.say("nothing here puts the first hypothesis before the second")
        if len(made.hypotheses) == 1:
            self.say("nobody here names a rival")
        for one in made.lost:
            self.say(f"a judgement of what is not here: {one}")

    def difference(self, found: Difference) -> None:
        """What changed, by what became of it."""
        if not found:
            self.out.put("nothing changed")
        for part in ("entities", "claims", "edges"):
            for name, rows in getattr(found, part).items():
                self._changed(f"{part} {name}", rows)
        self.beliefs(found.beliefs)
        for question, rows in found.questions.items():
            for name in ("added", "removed"):
                self._changed(f"{question}: {name}", rows[name])

    def states(self, states: Sequence[State], format_: str) -> None:
        """What the ledger is, and was, with what tells each state from the one before it."""
        sides = zip(states, [*states[1:], None], strict=True)
        records = [
            {
                "state": state.manifest.id,
                "since": state.since and told(state.since),
                "statements": sum(entry.rows for entry in state.manifest.entries),
                "changed": _sources_apart(state, before),
            }
            for state, before in sides
        ]
        self.records(records, format_)

    def beliefs(self, beliefs: Beliefs) -> None:
        """What came to be believed otherwise, by what became of it."""
        for name, rows in beliefs.items():
            self._changed(name.replace("_", " "), rows)

    def _changed(self, title: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        self.out.put((title, "bold"), f"  {len(rows):,}{_by_predicate(rows)}")
        lines = Counter(map(_changed_line, rows))
        alike = "claims" if "predicate" in rows[0] else "that read alike"
        first = list(lines.items())[: limit("told")]
        for line, times in first:
            self.out.put(f"  {line}" + (f"  ({times} {alike})" if times > 1 else ""))
        if more := len(rows) - sum(times for _, times in first):
            self.out.put(f"  and {more:,} more: --format json has all")

    def _claim(self, claim: Mapping[str, Any]) -> None:
        target = _called(claim, "object") or claim["said"]
        verb = claim["predicate"].lower().replace("_", " ")
        words = f"in its words: “{claim['quote']}”" if "quote" in claim else ""
        if not words and "summary" in claim:
            words = f"in our words: {claim['summary']}"
        marks = _marks(claim)
        self.out.put(
            f"  {_called(claim, 'subject')} {verb} {target}",
            f"  ({'; '.join(marks)})" if marks else "",
        )
        self.out.put("    ", (_where(claim), "dim"))
        for one in claim["withdrawn_by"]:
            self.out.put("    ", (_withdrawal(one), "dim"))
        if claim["url"]:
            self.out.put("    ", (claim["url"], "dim"))
        if words:
            self.out.put(f"    {words}")

    def records(self, records: Sequence[Mapping[str, Any]], format_: str) -> None:
        """A list of like records."""
        columns = list(dict.fromkeys(key for record in records for key in record))
        cells = ([record.get(column) for column in columns] for record in records)
        if format_ == "json":
            self.json([dict(record) for record in records])
        elif format_ == "csv":
            self._csv(columns, cells)
        else:
            self._table(columns, cells)

    def sources(self, formats: Sequence[Mapping[str, Any]], format_: str) -> None:
        """What can be loaded, a paragraph a format."""
        if format_ != "table":
            self.records(formats, format_)
            return
        for each in formats:
            self._paragraph(f"{each['name']}: {each['about']}")
            self._paragraph(f"licence  {each['licence']}", 2, 11)
            self._paragraph(f"get it   {each['get it']}", 2, 11)
            for one in each["comes with kg"]:
                words = [f"{one['what']} of {one['name']}: {one['about']}"]
                words += [f"licence: {one['licence']}"] if one["licence"] != each["licence"] else []
                words += [one["get it"]] if one["get it"] != each["get it"] else []
                self._paragraph(f"with kg  {'; '.join(words)}", 2, 11)

    def identities(self, pairs: Sequence[Mapping[str, Any]], format_: str) -> None:
        """Pairs of records by how they relate, each with its reasons."""
        if format_ != "table":
            self.records(pairs, format_)
            return
        for relation, group in groupby(pairs, key=itemgetter("relation")):
            rows = list(group)
            self._paragraph(f"{relation} ({len(rows)})")
            for row in rows:
                self._paragraph(f"{row['a']} {JOINED.get(relation, 'and')} {row['b']}", 2)
                for reason in row["because"]:
                    self._paragraph(reason, 6, 8)

    def _paragraph(self, text: str, first: int = 0, rest: int = 4) -> None:
        """Prose, indented; no line is longer than the terminal, or than what is good to read."""
        self.out.print(
            fill(
                visible(text),
                min(self.out.width, WIDEST),
                initial_indent=" " * first,
                subsequent_indent=" " * rest,
                break_long_words=False,
                break_on_hyphens=False,
            ),
            soft_wrap=True,
        )

    def relation(self, found: Mapping[str, Any]) -> None:
        """How two records relate, and why."""
        self.out.put((found["relation"], "bold"))
        for sentence in found["because"]:
            self.out.put(f"  {sentence}")

    def measures(self, format_: str) -> None:
        """The measures and what they answer."""
        from kg import analytics

        found = analytics.discover().values()
        if format_ == "json":
            self.json(
                [
                    {
                        "name": m.name,
                        "question": m.question,
                        "reference": m.reference,
                        "complexity": m.complexity,
                        "parameters": m.parameters,
                    }
                    for m in found
                ]
            )
            return
        for measure in found:
            given = " ".join(f"-p {name}={value}" for name, value in measure.parameters.items())
            self.out.put((measure.name, "bold"), f"  {measure.question}")
            if given:
                self.out.put("  ", (given, "dim"))

    def result(self, result: Result, format_: str) -> None:
        """A measure's answer: its figures, what they rest on, and the rows."""
        if format_ == "json":
            self.json(result.to_dict())
            return
        if format_ == "csv":
            sys.stdout.write(result.to_csv())
            return
        whole = replace(result, rows=result.rows[:PAGE]).to_dict()
        self.out.put((result.name, "bold"), f"  {result.question}")
        self.out.put(
            f"n = {result.n:,} {result.unit}, coverage {result.coverage:.0%}, "
            f"corpus of {result.corpus_date or 'no date'}",
        )
        if result.too_small:
            self.out.put(f"no figure: {result.too_small}")
        for title in ("headline", "null_model"):
            for key, value in (whole[title] or {}).items():
                self.out.put(f"  {key}: {_cell(value)}")
        if whole["rows"]:
            self.records(whole["rows"], "table")
        if len(result.rows) > PAGE:
            self.say(f"{PAGE:,} of {len(result.rows):,} rows; all are in --format csv and json")
        for caveat in result.caveats:
            self.out.put(f"caveat: {caveat}")
        self.out.put(f"after: {result.reference}")

    def exports(self, format_: str) -> None:
        """The formats that can be written."""
        from kg import exports

        if format_ == "json":
            found = exports.discover().items()
            self.json([{"format": name, "doc": module.DOC} for name, module in found])
            return
        for name, module in exports.discover().items():
            self.out.put((name, "bold"), f"  {module.DOC}")

    def exported(self, report: ExportReport, format_: str) -> None:
        """What was written, and what the format could not hold."""
        if format_ == "json":
            self.json(report.to_dict())
            return
        counts = ", ".join(f"{count:,} {what}" for what, count in report.written.items())
        self.say(f"{report.path}: {counts}")
        for sentence in report.lost:
            self.say(f"not in it: {sentence}")

    def views(self, format_: str) -> None:
        """The pictures that can be drawn."""
        from kg import views

        if format_ == "json":
            found = sorted(views.discover().items())
            self.json([{"view": name, "doc": view.doc} for name, view in found])
            return
        for name, view in sorted(views.discover().items()):
            self.out.put((name, "bold"), f"  {view.doc}")


class Steps:
    """A reporter on a console."""

    def __init__(self, console: Screen) -> None:
        self.console = console
        self._bars: Progress | None = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Steps:
        if self.console.is_terminal:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            self._bars = Progress(
                TextColumn("{task.description:<12}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                console=self.console,
                transient=True,
            )
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars is not None:
            self._bars.stop()

    def step(self, name: str, detail: str = "") -> None:
        """One line."""
        self.console.print(one_line(f"{name:<12} {detail}".rstrip()), soft_wrap=True)

    def warn(self, text: str) -> None:
        """Something that stays visible and stops nothing."""
        from rich.text import Text

        told = Text.assemble("  ", ("warning", "yellow"), f" {one_line(text)}")
        self.console.print(told, soft_wrap=True)

    def progress(self, what: str, done: int, total: int) -> None:
        """Move the bar of what is being done."""
        if self._bars is None:
            return
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(one_line(what), total=total or None)
        self._bars.update(self._tasks[what], completed=done, total=total or None)


def _held(url: str, outcome: Outcome) -> str:
    """What a graph holds, in one sentence."""
    these = (plural(outcome.counts.get(kind, 0), kind.lower()) for kind in ("Claim", "Document"))
    return f"{counted(outcome.counts)} are in {url} ({', '.join(these)})"


def _as_dict(url: str, outcome: Outcome) -> dict[str, Any]:
    return {
        "graph": url,
        "ledger": outcome.manifest,
        "sources": [one.as_dict() for one in outcome.sources],
        "warnings": list(outcome.warnings),
        "plan": outcome.plan.as_dict(),
        "beliefs": {name: list(rows) for name, rows in outcome.beliefs.items()},
        "counts": outcome.counts,
    }


def _sources_apart(state: State, before: State | None) -> list[str]:
    """Names of the sources that are not the same in the state before; of the first, all."""
    now, was = (
        {e.source.name: e.hash for e in one.manifest.entries} if one else {}
        for one in (state, before)
    )
    return sorted(name for name in now.keys() | was.keys() if now.get(name) != was.get(name))


def _which_rows(offset: int, shown: int, total: int) -> str:
    first, last = min(offset + 1, total), min(offset + shown, total)
    there = f"rows {first:,}–{last:,} of {total:,}" if shown else f"none of {total:,} rows"
    return there + (f"; the next: --offset {last}" if shown and last < total else "")


def origins_text(independent: int, unknown: int) -> str:
    """How many origins there are: the unknown are neither nobody nor one, and are told apart."""
    known = plural(independent, "independent origin")
    return f"{known}, and {plural(unknown, 'claim')} of unknown asserters" if unknown else known


STANDINGS = {"origin_withdrawn": "what it repeats was withdrawn"}
WITHDRAWALS = {"retracts": "taken back", "supersedes": "replaced"}


def _cell_text(cell: Cell) -> str:
    if not cell.claims:
        return "silent"
    return f"{cell.verdict}: {cell.why} ({', '.join(cell.claims)})"


def _withdrawal(one: Mapping[str, Any]) -> str:
    """Who took a claim back or replaced it, when and where."""
    by = one["asserter"] or "somebody not named"
    where = f" ({one['document']})" if one["document"] else ""
    return f"{WITHDRAWALS[one['how']]} by {by}, {one['asserted'] or 'undated'}{where}"


def _changed_line(row: Mapping[str, Any]) -> str:
    """One claim, edge, property or row of an answer in a difference, in a line."""
    if row.keys() == {"id", "kind", "name"}:
        return f"{row['name']}  ({row['id']})"
    if row.keys().isdisjoint({"predicate", "property", "from_name"}):
        return "  ".join(
            f"{key}: {_cell(value)}" for key, value in row.items() if value is not None
        )
    if "predicate" in row and "subject" in row:
        verb = row["predicate"].lower().replace("_", " ")
        target = _end(row, "object") or row.get("said")
        says = f"{_end(row, 'subject')} {verb} {target}"
        by = row.get("asserter_name") or "an asserter not named"
        told = [_step(k, old, new) for k, (old, new) in row.get("changed", {}).items()]
        until = f" to {row['withdrawn']}" if "withdrawn" in row else ""
        line = f"{row.get('asserted', 'undated')}{until}  {by}: "
        line += f"{'not ' if row.get('negative') else ''}{says}"
        return f"{line}  ({', '.join(told)})" if told else line
    if "property" in row:
        return f"{row['name'] or row['id']}: {row['property']}"
    start, end = row["from_name"] or row["from"], row["to_name"] or row["to"]
    told = [_step(k, row["before"].get(k), v) for k, v in row.get("after", {}).items()
            if row["before"].get(k) != v]  # fmt: skip
    line = f"{start} {row['type'].lower().replace('_', ' ')} {end}"
    return f"{line}  ({', '.join(told)})" if told else line


def _end(row: Mapping[str, Any], end: str) -> str | None:
    """An end of a claim in a difference: in its source's word, and what it is here, if another."""
    here, own = row.get(f"{end}_name") or row.get(end), row.get(f"{end}_called")
    return f"{own} [here: {here}]" if own else here


def _step(name: str, old: object, new: object) -> str:
    """What a property was, and is now."""
    words = {None: "none", True: "yes", False: "no"}
    return f"{name} " + " → ".join(
        words[each] if each is None or isinstance(each, bool) else str(each) for each in (old, new)
    )


def _by_predicate(rows: Sequence[Mapping[str, Any]]) -> str:
    """How many claims there are of each predicate, where there are several."""
    counts = Counter(row["predicate"] for row in rows if "predicate" in row).most_common()
    told = (f"{name.lower().replace('_', ' ')} {count:,}" for name, count in counts)
    return f": {', '.join(told)}" if len(counts) > 1 else ""


def _marks(claim: Mapping[str, Any]) -> list[str]:
    """How a claim is said, and how it stands."""
    marks = [f"hedged: {claim['hedge']}"] if "hedge" in claim and not claim["said"] else []
    marks += claim["marks"]
    marks += ["disputed"] if claim["disputed_by"] else []
    marks += (
        [STANDINGS.get(claim["standing"], claim["standing"])]
        if claim["standing"] != "asserted"
        else []
    )
    marks += ["an earlier word of theirs"] if claim["earlier"] else []
    return marks


def _where(claim: Mapping[str, Any]) -> str:
    """Where a claim is printed, when it was said, and by whom it goes on."""
    publisher = f" ({claim['publisher']})" if claim["publisher"] else ""
    where = [
        f"{claim['document']}{publisher}" if claim["document"] else "",
        claim.get("locator") or "",
        _day(claim, "asserted") or "undated",
        f"true {_day(claim, 'valid')}"
        if claim.get("valid") not in (None, claim.get("value"))
        else "",
    ]
    read = claim.get("derivation") == "read"
    by = claim["asserter"] or "somebody not named"
    if claim["derived_from"]:
        where.append(f"{'goes back there as we read it, said by' if read else 'repeated by'} {by}")
    elif claim["asserter"] and claim["asserter"] != claim["origin"]:
        where.append(f"said by {claim['asserter']}")
    return " · ".join(filter(None, where))


def _called(claim: Mapping[str, Any], end: str) -> Any:
    """An end of a claim in its source's word, and what it became here, where that is another."""
    own, here = claim.get(f"{end}_name"), claim[f"{end}_here"]
    if own and here and own != here:
        return f"{own} [here: {here}]"
    return own or here or claim[end]


def _day(claim: Mapping[str, Any], name: str) -> str:
    """A date of a claim as its source has it, and where we have it from, if not from there."""
    day, basis = claim.get(name, ""), claim.get(f"{name}_basis", "stated")
    return f"{day} ({basis})" if day and basis != "stated" else day


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
