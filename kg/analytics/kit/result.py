"""What a measure hands back: rows, and always how many, how much of it all, and as of when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from markupsafe import escape

from kg.base.html import paragraph, table
from kg.base.shown import csv_text, json_text

Row = dict[str, Any]


def share(part: float, whole: float) -> float:
    """`part / whole`, and 0 of nothing is 0."""
    return part / whole if whole else 0.0


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """One measure's answer. `n` counts `unit`s; `coverage` (0 to 1) is the share of them used."""

    rows: Sequence[Row]
    n: int
    unit: str
    coverage: float
    headline: Mapping[str, Any] = field(default_factory=dict)
    null_model: Mapping[str, Any] | None = None
    caveats: tuple[str, ...] = ()
    too_small: str = ""
    """Why the headline number is withheld; empty when it is given."""
    name: str = ""
    question: str = ""
    reference: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    corpus_date: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """Everything, in reading order, as plain JSON values (dates as ISO text)."""
        shown: dict[str, Any] = {
            "name": self.name,
            "question": self.question,
            "n": self.n,
            "unit": self.unit,
            "coverage": round(self.coverage, 6),
            "corpus_date": self.corpus_date,
            "headline": dict(self.headline),
            "too_small": self.too_small or None,
            "null_model": dict(self.null_model) if self.null_model else None,
            "caveats": list(self.caveats),
            "reference": self.reference,
            "params": dict(self.params),
            "rows": list(self.rows),
        }
        return {key: plain(value) for key, value in shown.items()}

    def to_json(self) -> str:
        """The same as one JSON document."""
        return json_text(self.to_dict(), allow_nan=False)

    def to_csv(self) -> str:
        """The rows alone; a list in a cell is joined by `; `."""
        columns = list(dict.fromkeys(column for row in self.rows for column in row))
        return csv_text(columns, ([_cell(row.get(key)) for key in columns] for row in self.rows))

    def __repr__(self) -> str:
        return f"<{self.name or 'result'}: {self.told}>"

    @property
    def told(self) -> str:
        """One line: how many, how much of it all, as of when, and the figures or why not."""
        figures = ", ".join(f"{key} {plain(value)}" for key, value in self.headline.items())
        told = self.too_small or figures or f"{len(self.rows)} rows"
        return (
            f"{told} (n = {self.n} {self.unit}, coverage {self.coverage:.2f}, {self.corpus_date})"
        )

    def _repr_html_(self) -> str:
        columns = list(dict.fromkeys(column for row in self.rows for column in row))
        rows = [[plain(row.get(key)) for key in columns] for row in self.rows]
        notes = "".join(map(paragraph, (self.question, self.told, *self.caveats)))
        return notes + table(columns, rows)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """For notebooks: the rows, and a plot where it has figures and matplotlib is there."""
        from kg.analytics.kit.plots import svg

        shown = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if drawn := svg(self):
            shown["text/html"] += f'<img alt="{escape(self.name)}" src="{drawn}">'
        return shown

    def stamped(self, **fields: Any) -> Result:
        """The same answer with name, question, reference, params or corpus date filled in."""
        return replace(self, **fields)


def plain(value: Any) -> Any:
    """A value as JSON can hold it: dates as ISO text, sets sorted, floats of sane length."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _cell(value: Any) -> Any:
    value = plain(value)
    return "; ".join(map(str, value)) if isinstance(value, list) else value
