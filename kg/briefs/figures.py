"""Drawings of a brief, as SVG: how many voices stand behind what, and what happened and was said
when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from markupsafe import escape

from kg.ask.ranked import Said
from kg.ask.rivals import BEHIND
from kg.base.shown import one_line
from kg.briefs import wording
from kg.briefs.brief import Block, Figure
from kg.briefs.matter import Matter
from kg.briefs.timeline import Moment, moments
from kg.briefs.writer import Writer

WIDTH = 720
ROW = 22
LABEL = 560
"""Where the names of rows end."""
MOST = 14
"""Rows of a drawing."""
INK, PALE, RED = "#1f2933", "#8a94a0", "#b3261e"
TOLD = (BEHIND, "CONTROLLED_BY", "SUBGROUP_OF", "DESIGNATES", "CHARGES", "PARTY_TO",
        "HAS_COMMITMENT")  # fmt: skip


def support_figure(matter: Matter, writer: Writer) -> Iterator[Block]:
    """A row for each thing that is said: a dot for each voice, a cross for each that denies it."""
    said = [one for one in matter.said if one.predicate in TOLD and (one.claims or one.denials)]
    if len(said) < 2:
        return
    shown = said[:MOST]
    lines = [_support_row(one, writer, 14 + place * ROW) for place, one in enumerate(shown)]
    more = f" The first {MOST} of {len(said)}." if len(said) > MOST else ""
    caption = (
        "How many independent voices stand behind what: a full dot says it outright, a ring with a "
        f"reservation, a cross denies it.{more}"
    )
    claims = tuple(row["id"] for one in shown for row in (*one.claims, *one.denials))
    yield Figure("support", _svg(lines, len(shown) * ROW + 8, caption), caption, claims)


def _support_row(one: Said, writer: Writer, y: int) -> str:
    parts = [_text(LABEL, y + 4, _short(writer.that([one], "subject"), 92), anchor="end")]
    x = LABEL + 18
    for hedged in _voices(one):
        fill = "none" if hedged else INK
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="5" fill="{fill}" stroke="{INK}" stroke-width="1.6"/>'
        )
        x += 17
    for _ in {row["asserter"] for row in one.denials}:
        parts.append(
            f'<path d="M{x - 5} {y - 5}L{x + 5} {y + 5}M{x - 5} {y + 5}L{x + 5} {y - 5}" '
            f'stroke="{RED}" stroke-width="2"/>'
        )
        x += 17
    return "".join(parts)


def _voices(one: Said) -> list[bool]:
    """For each voice whether it says so with a reservation only; those without first."""
    hedged: dict[tuple[str, ...], bool] = {}
    for row in one.claims:
        voice = tuple(row["voices"]) or (row["id"],)
        reserved = bool(row.get("hedge") or row.get("likelihood"))
        hedged[voice] = hedged.get(voice, True) and reserved
    return sorted(hedged.values())


def timeline_figure(matter: Matter, writer: Writer) -> Iterator[Block]:
    """What happened, each over its days, on a line of years."""
    found = [one for one in moments(matter) if one.first.year > 1][-MOST:]
    if len(found) < 2:
        return
    first, last = min(one.first for one in found), max(one.last for one in found)
    years = range(first.year, last.year + 2)
    scale = _Scale(date(first.year, 1, 1), date(last.year + 1, 1, 1))
    height = len(found) * ROW + 30
    lines = [_year(year, scale, height, len(years)) for year in years]
    lines += [_moment(one, scale, 34 + place * ROW, writer) for place, one in enumerate(found)]
    caption = "When it is said to have happened; a bar is as long as the date is wide."
    claims = tuple(row["id"] for one in found for row in one.said.claims)
    yield Figure("timeline", _svg(lines, height, caption), caption, claims)


class _Scale:
    """From days to places on the line."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.days = first, max((last - first).days, 1)

    def __call__(self, day: date) -> float:
        return 20 + (WIDTH - 40) * (day - self.first).days / self.days


def _year(year: int, scale: _Scale, height: int, of: int) -> str:
    x = scale(date(year, 1, 1))
    line = f'<path d="M{x:.1f} 20V{height}" stroke="#dde2e7" stroke-width="1"/>'
    wanted = year % max(1, of // 12 + 1) == 0 and x < WIDTH - 30
    return line + (_text(x + 3, 14, str(year), colour=PALE) if wanted else "")


def _moment(one: Moment, scale: _Scale, y: int, writer: Writer) -> str:
    start, end = scale(one.first), scale(one.last)
    end = max(end, start + 5)
    bar = (
        f'<rect x="{start:.1f}" y="{y - 5}" width="{end - start:.1f}" height="8" rx="3" '
        f'fill="{INK}" fill-opacity="0.75"/>'
    )
    name = _short(f"{writer.the(one.what)}, {wording.day(one.text)}", 62)
    room = len(name) * 7.2
    if end + room > WIDTH and start > room:
        return bar + _text(start - 6, y + 4, name, anchor="end")
    if end + room > WIDTH:
        name = _short(name, max(12, int((WIDTH - end - 12) / 7.2)))
    return bar + _text(end + 6, y + 4, name)


def _short(text: str, most: int) -> str:
    text = wording.capital(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{escape(one_line(text))}</text>"
    )


def _svg(lines: Sequence[str], height: float, caption: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'role="img" font-family="Libertinus Serif, Georgia, serif" font-size="13">'
        f"<title>{escape(caption)}</title>{''.join(lines)}</svg>"
    )
