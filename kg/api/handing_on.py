"""Calls that draw, compute, and hand on to other tools."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from kg.api.asking import Asking
from kg.api.opened import Through
from kg.ask import questions
from kg.base.html import InNotebook, frame
from kg.graph.lens import Day
from kg.pipeline.ownership import refuse_stranger
from kg.rows import Rows
from kg.stores import Store, Table, open_store

if TYPE_CHECKING:
    from kg.analytics import Result
    from kg.briefs import Brief
    from kg.exports import ExportReport
    from kg.views import Picture


@dataclass(frozen=True, repr=False)
class Shown(InNotebook):
    """A picture as one offline page. A notebook shows it in a frame of its own, which asks for
    nothing and cannot reach the notebook."""

    page: str

    def __repr__(self) -> str:
        return "<a picture: save(path) writes it as one HTML file>"

    def _repr_html_(self) -> str:
        return frame(self.page)

    def save(self, path: Path | str) -> Path:
        """Write it as one HTML file; returns its path."""
        from kg import views

        return views.write(Path(path), self.page)


class HandingOn(Asking):
    """Pictures, measures and files; libraries for these load when one is asked for."""

    def render(self, view: str, out: Path | str, **given: Any) -> Path:
        """Write one picture as a single HTML file, or as a sheet of a `size` where `out` ends in
        .svg, .png or .pdf; returns its path. `given` are its parameters, and what a lens is given
        by (`Through`)."""
        from kg import views

        lens, parameters = self._parted(given)
        return views.render(self.corpus(lens=lens), view, Path(out), **parameters)

    def render_standard(self, folder: Path | str) -> list[Path]:
        """Write the pictures that need no parameters into a folder, as `kg build` does."""
        from kg import views

        return [self.render(path.stem, path) for path in views.standard(Path(folder))]

    def render_query(
        self, question: str, out: Path | str, *, size: str | None = None, **given: Any
    ) -> Path:
        """Draw the nodes, edges and paths that a question returns; `given` as in `query`."""
        from kg import views

        lens, _ = self._parted(given)
        picture = self.asked_picture(question, **given)
        return views.save(picture, self.corpus(lens=lens), Path(out), size=size)

    def asked_picture(
        self, question: str, *, timeout: float | None = None, **given: Any
    ) -> Picture:
        """What `render_query` draws. Raises `UsageError` where the answer names nothing."""
        from kg import views

        lens, parameters = self._parted(given)
        cypher, _ = questions.statement(question, self._with_ids(question, parameters, lens))
        nodes, edges = self.drawable(question, timeout=timeout, **given)
        return views.selected(self.corpus(lens=lens), nodes, edges, question, cypher)

    def picture(self, view: str, **given: Any) -> Shown:
        """One picture for a notebook, drawn in its cell; `given` as in `render`."""
        from kg import views

        lens, parameters = self._parted(given)
        return Shown(views.page(self.corpus(lens=lens), view, **parameters))

    def views(self) -> Rows:
        """The pictures that there are, with what each takes."""
        from kg import views

        listed = sorted(views.discover().values(), key=lambda view: view.name)
        rows = [[view.name, view.doc, [one.name for one in view.parameters]] for view in listed]
        return Rows(Table(["name", "shows", "takes"], rows))

    def measures(self) -> Rows:
        """The measures that there are, with what each answers and takes."""
        from kg import analytics

        listed = sorted(analytics.discover().values(), key=lambda one: one.name)
        rows = [[one.name, one.question, list(one.parameters)] for one in listed]
        return Rows(Table(["name", "question", "takes"], rows))

    def render_diff(
        self,
        out: Path | str,
        before: Day,
        after: Day | None = None,
        *,
        watch: Path | str | None = None,
        **through: Unpack[Through],
    ) -> Path:
        """Draw the edges that `diff` tells of, with what became of each."""
        from kg import views
        from kg.ask.points import called

        found = self.diff(before, after, watch=watch, **through)
        sides = self._sides(before, after, self._lens(**through))
        one, other = map(called, self._points(before, after))
        return views.write(Path(out), views.render_difference(found, sides, f"{one} to {other}"))

    def index(self, folder: Path | str) -> Path:
        """Write a page that links the pictures in a folder; returns its path."""
        from kg import views

        return views.index(Path(folder))

    def analyze(self, measure: str, **given: Any) -> Result:
        """Run one measure on the graph, whole or through a lens. `given` are its parameters, and
        what a lens is given by (`Through`)."""
        from kg import analytics

        lens, parameters = self._parted(given)
        return analytics.run(self.corpus(lens=lens), measure, **parameters)

    def write_back(self, result: Result) -> int:
        """Put a measure's figures on the nodes of the database as properties `m_…`, in place of
        what it wrote before; returns how many nodes hold them. `remove_figures` takes them off."""
        from kg.analytics.kit.write_back import write_back

        with self._writing() as store:
            return write_back(store, self.ontology, result)

    def remove_figures(self, measure: str = "") -> int:
        """Take the figures of one measure, or of all, off the nodes of the database."""
        from kg.analytics.kit.write_back import clear

        with self._writing() as store:
            return clear(store, self.ontology, measure)

    @contextmanager
    def _writing(self) -> Iterator[Store]:
        self.store  # noqa: B018  (refuses a database that is not this ledger's)
        self.close()
        store = open_store(self.url)
        try:
            refuse_stranger(self.ledger, store, replace=False)
            with store.writing():
                yield store
        finally:
            store.close()

    def brief(
        self,
        subject: str,
        predicate: str | None = None,
        target: str | None = None,
        *,
        short: bool = False,
        out: Path | str | None = None,
        **through: Unpack[Through],
    ) -> Brief:
        """What is said of a node or an edge and by whom, as sentences that carry the ids of their
        claims; `short`: on one page. Written to `out` too (`.md`, `.html`, `.docx`, `.pdf`)."""
        from kg import briefs

        made = briefs.brief(self.corpus(**through), subject, predicate, target, short=short)
        if out is not None:
            briefs.write(made, out)
        return made

    def export(
        self,
        format_: str,
        out: Path | str,
        *,
        nodes: Collection[str] | None = None,
        claims: bool = True,
        **through: Unpack[Through],
    ) -> ExportReport:
        """Write the graph for another tool; the report says what its format cannot hold.

        `nodes`: ids or names of the entities to write, with what joins them, instead of all;
        `claims=False` leaves out claims and keeps what they amount to.
        """
        from kg import exports
        from kg.exports.kit.subset import subset

        corpus = self.corpus(**through)
        if nodes is None and claims:
            return exports.export(corpus, format_, Path(out))
        ids = corpus.names.keys() if nodes is None else {corpus.find(node) for node in nodes}
        return exports.export(subset(corpus, ids, claims=claims), format_, Path(out))

    def around(self, node: str, hops: int = 1, **through: Unpack[Through]) -> list[str]:
        """Ids of what a picture of a node's neighbourhood shows."""
        from kg import views

        corpus = self.corpus(**through)
        picture = views.discover()["neighbourhood"].draw(corpus, node=node, hops=hops)
        return list(picture.nodes)

    def answered(self, question: str, **given: Any) -> list[str]:
        """Ids of the entities that a question's answer holds; `given` as in `query`."""
        nodes, edges = self.drawable(question, **given)
        return sorted({*nodes, *(end for start, _, stop in edges for end in (start, stop))})

    def drawable(
        self, question: str, *, timeout: float | None = None, **given: Any
    ) -> tuple[list[str], list[tuple[str, str, str]]]:
        """Ids of the nodes, and the edges, that a question's answer holds; `given` as in `query`.
        Raises `UsageError` where there is nothing to draw."""
        from kg.views.kit.drawn import drawn

        lens, parameters = self._parted(given)
        named = self._with_ids(question, parameters, lens)
        _, asked = questions.statement(question, named)
        rows = self.query(question, lens=lens, timeout=timeout, **parameters)
        return drawn(rows, self.corpus(lens=lens), asked.values())
