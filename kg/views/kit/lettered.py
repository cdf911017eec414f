"""Lanes of few nodes: each has a place where what is written beside it has room.

The page writes beside a symbol, to the right or to the left, in as many lines as the rows of a lane
are apart. Here the same is worked out beforehand, with letters of a usual width: of all numbers of
lines, a lane takes the one that makes it lowest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

from kg.views.kit.picture import Band, Positions

Texts: TypeAlias = Mapping[str, Sequence[str]]
"""Node id → what is written beside its symbol, each part in lines of its own."""

MOST = 150
"""Up to so many nodes are placed by what is written: the page names each of them."""
LINES = range(1, 8)
"""So many lines a name may have, with what is said beneath it."""
SHEET = 586.0
"""Pixels that the axis of time takes in a window of 1280: what follows is in such pixels."""
LETTER, LINE, SYMBOL, GAP = 5.6, 11.0, 8.0, 7.0
"""A letter's width, the height of a line, half a symbol, and what is left free beside a name."""
FEW = 6
"""More without a time fill the width; so few stand where their neighbours are."""
SHORT = 11
"""A name of no more letters stays in one line."""
BEYOND, HEADINGS = 34.0, 124.0
"""So far a name may stand out to the right, and to the left below the heading of its lane."""
RIM = 2.0
"""Above and below the rows of a lane."""


Place: TypeAlias = tuple[float, int, bool]
"""Where along the axis, in which row, and whether the name stands to the left of the symbol."""


@dataclass(slots=True)
class Rows:
    """What is taken of each row of a lane, as (left, right)."""

    leftwards: bool = False
    """Whether names stand to the left of their symbols, where they can."""
    taken: list[list[tuple[float, float]]] = field(default_factory=list)

    def free(self, row: int, box: tuple[float, float]) -> bool:
        """Whether nothing of a row is in the way; the one below the last is empty."""
        if box[1] > SHEET + BEYOND or box[0] < (-HEADINGS if row else -2 * SYMBOL):
            return False
        return row == len(self.taken) or all(
            box[1] <= left or right <= box[0] for left, right in self.taken[row]
        )

    def put(self, x: float, width: float, aside: Sequence[float] = (0.0,)) -> Place:
        """The nearest place at or beside `x` with room for a symbol and a name of this width."""
        found = [
            (abs(step) + 0.9 * row, x + step * width, row, box)
            for step in aside
            for row, box in self._first(x + step * width, width)
        ]
        _, place, row, box = min(found, default=(0.0, x, len(self.taken), (x, x + width)))
        if row == len(self.taken):
            self.taken.append([])
        self.taken[row].append(box)
        return place, row, place - box[0] > box[1] - place

    def _first(self, x: float, width: float) -> list[tuple[int, tuple[float, float]]]:
        """The highest row with room to the right of a symbol, or to its left."""
        sides = [(x - SYMBOL - GAP, x + width), (x - width, x + SYMBOL + GAP)]
        if self.leftwards:
            sides.reverse()
        rows = range(len(self.taken) + 1)
        return next(([(row, box)] for row in rows for box in sides if self.free(row, box)), [])


@dataclass(frozen=True, slots=True)
class Lane:
    """Where the nodes of a lane stand; rows are so far apart."""

    places: dict[str, Place]
    apart: float

    @property
    def height(self) -> float:
        """From its upper rim to its lower one."""
        return self.apart * (1 + max(row for _, row, _ in self.places.values())) + 2 * RIM


def lanes(
    members: Mapping[int, Sequence[str]],
    x: Mapping[str, float],
    dated: Collection[str],
    names: Mapping[int, str],
    texts: Texts,
) -> tuple[Positions, list[Band], set[str]]:
    """Where the nodes of each lane stand, the lanes, in the units of `x`, and the nodes whose names
    stand to the left of them.

    Args:
        members: lane number → its nodes from left to right, none without one.
        x: where along the axis each stands, or would.
        dated: nodes that keep their place; others may step aside.
        names: lane number → heading.
        texts: what is written beside each.
    """
    left, right = min(x.values()), max(x.values())
    unit = max(1.0, right - left) / SHEET
    positions: Positions = {}
    bands = []
    turned: set[str] = set()
    top = 0.0
    for number, nodes in sorted(members.items()):
        at = {node: (x[node] - left) / unit for node in nodes}
        lane = min(_tried(nodes, at, dated, texts), key=lambda one: one.height)
        bands.append(Band(names[number], top * unit, (top + lane.height) * unit, "y"))
        for node, (place, row, leftwards) in lane.places.items():
            down = top + RIM + (row + 0.5) * lane.apart
            positions[node] = left + place * unit, down * unit
            turned |= {node} if leftwards else set()
        top += lane.height
    return positions, bands, turned


def _tried(
    nodes: Sequence[str], at: Mapping[str, float], dated: Collection[str], texts: Texts
) -> list[Lane]:
    """A lane with one line to a name, with two, and so on."""
    most = max(len(texts[node]) for node in nodes)
    found = []
    for lines in LINES[min(most, len(LINES)) - 1 :]:
        widths = {node: LETTER * _letters(texts[node], lines) + SYMBOL + 2 * GAP for node in nodes}
        apart = max(2 * SYMBOL + 1, lines * LINE + 2)
        free = len(nodes) > FEW and not any(node in dated for node in nodes)
        places = _shelved(nodes, widths) if free else _timed(nodes, at, dated, widths)
        found.append(Lane(places, apart))
    return found


ASIDE = [step / 4 for step in range(-10, 11)]
"""Widths by which what has no time may step aside."""


def _timed(
    nodes: Sequence[str],
    at: Mapping[str, float],
    dated: Collection[str],
    widths: Mapping[str, float],
) -> dict[str, Place]:
    """Of several orders in which they may be put into rows, and sides of names, the one that needs
    the fewest rows."""
    last = [node for node in nodes if node not in dated]
    kept = [node for node in nodes if node in dated]
    wide = sorted(kept, key=lambda node: -widths[node])
    found = []
    for order, leftwards in product((kept, kept[::-1], wide), (False, True)):
        rows = Rows(leftwards)
        places = {node: rows.put(at[node], widths[node]) for node in order}
        places |= {node: rows.put(at[node], widths[node], ASIDE) for node in last}
        found.append((len(rows.taken), places))
    return min(found, key=lambda one: one[0])[1]


def _shelved(nodes: Sequence[str], widths: Mapping[str, float]) -> dict[str, Place]:
    """Those of whom none has a time fill as few rows as they need, in their order from the left."""
    whole = SHEET + BEYOND
    rows = max(1, -(-int(sum(widths.values())) // int(whole)))
    while (shelved := _rows_of(nodes, widths, rows)) and len(shelved) > 1:
        if all(sum(widths[node] for node in row) <= whole for row in shelved):
            break
        if rows == len(nodes):
            break
        rows += 1
    places = {}
    for number, row in enumerate(shelved):
        spare = max(0.0, whole - sum(widths[node] for node in row)) / len(row)
        end = 0.0
        for node in row:
            places[node] = (end, number, False)
            end += widths[node] + spare
    return places


def _rows_of(nodes: Sequence[str], widths: Mapping[str, float], count: int) -> list[list[str]]:
    """Each in turn into the row that has most room left."""
    rows: list[list[str]] = [[] for _ in range(min(count, len(nodes)))]
    ends = [0.0] * len(rows)
    for node in nodes:
        row = ends.index(min(ends))
        rows[row].append(node)
        ends[row] += widths[node]
    return rows


def _letters(parts: Sequence[str], lines: int) -> float:
    """The fewest letters to a line in which some texts, each in lines of its own, take no more than
    so many lines."""
    words = [[_wide(word) for word in part.split()] for part in parts]
    whole = max((sum(part) + len(part) - 1 for part in words), default=0.0)
    width = max([float(SHORT), *(word for part in words for word in part)])
    while width < whole and sum(_broken(part, width) for part in words) > lines:
        width += 1
    return min(width, max(whole, 1.0))


def _wide(word: str) -> float:
    """How many letters of usual width a word takes: capitals take more, ideographs two."""
    return sum(2.0 if ord(one) > 0x2E7F else 1.3 if one.isupper() else 1.0 for one in word)


def _broken(words: Sequence[float], width: float) -> int:
    """How many lines of at most so many letters some words take."""
    lines, room = 0, -1.0
    for word in words:
        if word > room:
            lines, room = lines + 1, width
        room -= word + 1
    return lines
