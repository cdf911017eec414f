"""Pictures of measures, for those who would rather look (extra `plots`: matplotlib).

Each takes what a measure takes or gives, and writes one PNG, SVG or PDF by the path's suffix.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kg.analytics.coincidence import KINDS
from kg.analytics.concordance import attributions
from kg.analytics.kit.reading import Graph, day, name, nodes
from kg.analytics.kit.result import Result
from kg.base.errors import UsageError
from kg.base.settings import to_install
from kg.base.shown import one_line
from kg.base.written import own

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#333333")
"""Okabe and Ito's, which the colour-blind tell apart; shapes and words say the same again."""

MOST = 25
"""Rows beyond which a picture is a texture."""


def plot(result: Result, path: Path) -> Path:
    """Whatever of a result can be drawn: sources against origins where rows have both, else the
    first column of figures as bars, named by the first column of words."""
    if any({"subject", "sources", "origins"} <= row.keys() for row in result.rows):
        return concordance(result, path)
    rows = result.rows[:MOST]
    words, figures = _first(rows, str), _first(rows, int | float)
    if not words or not figures:
        why = result.too_small or "its rows hold no figures"
        raise UsageError(f"{result.name}: nothing to draw ({why})")
    figure, axes = _figure(height=1.5 + 0.3 * len(rows))
    axes.barh(range(len(rows)), [row.get(figures) or 0 for row in rows], color=COLOURS[0])
    axes.set_yticks(range(len(rows)), [one_line(str(row.get(words, ""))) for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel(figures.replace("_", " "))
    axes.set_title(f"{result.question} As of {result.corpus_date or 'no date'}", loc="left")
    return _save(figure, path)


def svg(result: Result) -> str:
    """The plot as a `data:` address; empty where there is nothing to draw, or no matplotlib."""
    with TemporaryDirectory() as folder, suppress(UsageError):
        drawn = plot(result, Path(folder) / "plot.svg").read_bytes()
        return "data:image/svg+xml;base64," + b64encode(drawn).decode()
    return ""


def _first(rows: Any, wanted: Any) -> str | None:
    """The first column, ids aside, that holds such values; truth is no figure."""
    columns = dict.fromkeys(key for row in rows for key in row if key != "id")
    return next(
        (
            key
            for key in columns
            if any(isinstance(row.get(key), wanted) and row.get(key) is not True for row in rows)
            and not any(isinstance(row.get(key), bool) for row in rows)
        ),
        None,
    )


def timeline(graph: Graph, path: Path) -> Path:
    """Events that are known to the day, one lane a kind."""
    lanes = {
        kind: [d for node in nodes(graph, kind) if (d := day(graph.nodes[node]))] for kind in KINDS
    }
    lanes = {kind: sorted(days) for kind, days in lanes.items() if days}
    if not lanes:
        raise UsageError("no event in this corpus is known to the day")
    figure, axes = _figure(height=1 + 0.5 * len(lanes))
    for lane, days in enumerate(lanes.values()):
        axes.plot(days, [lane] * len(days), "|", markersize=16, color=COLOURS[lane % len(COLOURS)])
        axes.text(1.01, lane, str(len(days)), transform=axes.get_yaxis_transform(), va="center")
    axes.set_yticks(range(len(lanes)), list(lanes))
    axes.set_ylim(len(lanes) - 0.5, -0.5)
    axes.set_title("Events known to the day", loc="left")
    figure.autofmt_xdate()
    return _save(figure, path)


def matrix(graph: Graph, path: Path, level: str = "state") -> Path:
    """Incidents against independent origins: whom each blames. An empty cell is silence."""
    ratings = attributions(graph, level)
    if not ratings:
        raise UsageError("nothing in this corpus is attributed")
    incidents = sorted(ratings, key=lambda one: -len(ratings[one]))[:MOST]
    raters = sorted(
        {who for one in incidents for who in ratings[one]}, key=lambda who: name(graph, who)
    )
    blamed = sorted({value for one in incidents for value in ratings[one].values()})
    figure, axes = _figure(2.5 + 0.45 * len(raters), 2.5 + 0.35 * len(incidents))
    for at, value in enumerate(blamed):
        cells = [
            (raters.index(who), row)
            for row, one in enumerate(incidents)
            for who, given in ratings[one].items()
            if given == value
        ]
        label = " + ".join(_name(graph, actor) for actor in value.split(" + "))
        axes.scatter(*zip(*cells, strict=True), s=90, marker="os^DvPX"[at % 7],
                     color=COLOURS[at % len(COLOURS)], label=label)  # fmt: skip
    axes.set_xticks(
        range(len(raters)), [_name(graph, who) for who in raters], rotation=60, ha="right"
    )
    axes.set_yticks(range(len(incidents)), [_name(graph, one) for one in incidents])
    axes.set_ylim(len(incidents) - 0.5, -0.5)
    axes.set_xlim(-0.5, len(raters) - 0.5)
    axes.grid(alpha=0.3)
    figure.legend(loc="outside upper left", frameon=False)
    return _save(figure, path)


def concordance(result: Result, path: Path) -> Path:
    """Of `independent_support`: how many sources print a statement, and how many origins it has."""
    rows = [row for row in result.rows if row.get("sources", 0) > 1 and "origins" in row][:MOST]
    if not rows:
        raise UsageError(f"{result.name} has no statement that several sources print")
    figure, axes = _figure(height=1.5 + 0.3 * len(rows))
    for at, row in enumerate(rows):
        axes.plot([row["origins"], row["sources"]], [at, at], color="#999999", zorder=1)
    places = range(len(rows))
    axes.scatter(
        [row["sources"] for row in rows], places, color=COLOURS[0], label="sources", zorder=2
    )
    axes.scatter([row["origins"] for row in rows], places, color=COLOURS[1], marker="D",
                 label="independent origins", zorder=3)  # fmt: skip
    words = [
        one_line(f"{row['subject']} {row['predicate'].lower()} {row['object']}") for row in rows
    ]
    axes.set_yticks(places, [text if len(text) < 60 else text[:58] + "…" for text in words])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(frameon=False)
    axes.set_title(f"Repeated, or confirmed? As of {result.corpus_date or 'no date'}", loc="left")
    return _save(figure, path)


def _figure(width: float = 9.0, height: float = 4.0) -> tuple[Any, Any]:
    """A figure without pyplot's global state, so that nothing opens a window."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError(f"plots need matplotlib: {to_install('plots')}") from None
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _name(graph: Graph, node: str) -> str:
    """A node's name as a picture can hold it: an SVG with a control character in it is none."""
    return one_line(name(graph, node))


def _save(figure: Any, path: Path) -> Path:
    from matplotlib import rc_context
    from matplotlib.text import Text

    kinds = figure.canvas.get_supported_filetypes()
    kind = path.suffix.removeprefix(".").lower() or "png"
    if kind not in kinds:
        raise UsageError(f"{path}: no plot is drawn as {kind}; known: {', '.join(sorted(kinds))}")
    for text in figure.findobj(Text):
        text.set_parse_math(False)  # `$` is a sign in a name, and no start of a formula
    # The setting is for the texts that drawing makes.
    with rc_context({"text.parse_math": False}), own(path, binary=True) as file:
        figure.savefig(file, format=kind, dpi=150)
    return path
