"""Pictures: one file per view, each rendered as one HTML page that asks nothing of any network.

A view is a module in this folder (or one that an entry point of the group `kg.views` names) with a
line `DOC` and a function `view(corpus, **parameters) -> Picture`; nothing else is registered.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.base import discovery
from kg.base.errors import UsageError, offering
from kg.base.parameters import PYTHON, Parameter, arguments
from kg.base.writing import is_stream, write_bytes, write_text
from kg.ontology.kinds import PRINTED
from kg.views.kit.layout import columns, organic
from kg.views.kit.picture import Band, Link, Picture, Tick, all_links, all_nodes, between
from kg.views.kit.timeline import timeline

if TYPE_CHECKING:
    from kg.ask.diff import Difference
    from kg.graph.corpus import Corpus

__all__ = [
    "Band",
    "Link",
    "Parameter",
    "Picture",
    "Tick",
    "View",
    "all_links",
    "all_nodes",
    "between",
    "columns",
    "discover",
    "html",
    "index",
    "organic",
    "page",
    "picture",
    "refuse_foreign",
    "render",
    "render_difference",
    "save",
    "selected",
    "served",
    "standard",
    "timeline",
    "too_many",
    "write",
]


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name, its line of documentation, its parameters, and the function."""

    name: str
    doc: str
    parameters: tuple[Parameter, ...]
    draw: Callable[..., Picture]

    @property
    def standard(self) -> bool:
        """Whether it needs nothing but a corpus, so that a build can render it unasked."""
        return not any(parameter.required for parameter in self.parameters)


def discover(extra: Iterable[Path] = ()) -> dict[str, View]:
    """All views by name: of this folder, of `extra` folders, of installed packages."""
    found = discovery.in_modules("views", lambda module: [_view(module)], extra)
    return discovery.by_name("view", found)


def _view(module: Any) -> tuple[str, View]:
    name = module.__name__.rpartition(".")[2].removeprefix("kg_outside_views_")
    signature = inspect.signature(
        module.view, eval_str=True, globals={**vars(module), "Corpus": Any}
    )
    parameters = tuple(_parameter(one) for one in list(signature.parameters.values())[1:])
    return name, View(name, module.DOC, parameters, module.view)


def _parameter(given: inspect.Parameter) -> Parameter:
    required = given.default is inspect.Parameter.empty
    default = None if required else given.default
    type_ = PYTHON.get(given.annotation, "")
    return Parameter(given.name.rstrip("_"), type_, default, required=required)


def render(
    corpus: Corpus, name: str, out: Path, *, size: str | None = None, **parameters: Any
) -> Path:
    """Draw one view and write it as one HTML file (UTF-8), or as a sheet of `size` where `out` ends
    in .svg, .png or .pdf (`save`); returns the path.

    Raises UsageError for an unknown view, parameter or node, naming the nearest that exists.
    """
    view = _named(name)
    _refuse_size(out, size)
    refuse_foreign(out)
    return save(view.draw(corpus, **_arguments(view, parameters)), corpus, out, size=size)


def save(picture: Picture, corpus: Corpus, out: Path, *, size: str | None = None) -> Path:
    """Write a picture as what the ending of `out` says: a page, or a sheet (.svg, .png, .pdf).

    `size`: `1600x900`, or a name (`16:9`, which is usual, `A4`, `A4-portrait`, `figure`). Raises
    UsageError for another, or where a PNG or PDF finds no browser.
    """
    from kg.views.kit import still
    from kg.views.kit.payload import payload

    _refuse_size(out, size)
    ending = out.suffix.lower()
    if ending not in still.ENDINGS:
        return write(out, html(picture, corpus))
    refuse_foreign(out)
    drawing = still.svg(payload(picture, corpus), _rules(corpus), still.size_of(size or "16:9"))
    return write_bytes(out, still.sheet(ending, drawing))


def _refuse_size(out: Path, size: str | None) -> None:
    """What can be known to be wrong before anything is drawn."""
    from kg.views.kit import still

    if out.suffix.lower() in still.ENDINGS:
        still.size_of(size or "16:9")
        if out.suffix.lower() != ".svg":
            still.browser()
    elif size is not None:
        raise UsageError(f"--size is for .svg, .png and .pdf; {out.name} fills its window")


def page(corpus: Corpus, name: str, /, **parameters: Any) -> str:
    """The same page as text. Raises as `render` does."""
    return _drawn(_named(name), corpus, parameters)


def picture(corpus: Corpus, name: str, /, **parameters: Any) -> Picture:
    """What the page draws. Raises as `render` does."""
    view = _named(name)
    return view.draw(corpus, **_arguments(view, parameters))


def _named(name: str) -> View:
    views = discover()
    if name not in views:
        raise UsageError(offering(f"there is no view {name!r}", name, views))
    return views[name]


def _drawn(view: View, corpus: Corpus, parameters: dict[str, Any]) -> str:
    return html(view.draw(corpus, **_arguments(view, parameters)), corpus)


def standard(folder: Path) -> list[Path]:
    """Where the pictures that need no parameters go. Raises `UsageError` where a file of somebody
    else is in the way of one."""
    paths = [folder / f"{name}.html" for name, view in discover().items() if view.standard]
    for path in paths:
        refuse_foreign(path)
    return paths


UNASKED = 20_000
"""Nodes, without claims and documents, up to which a build draws a graph unasked: a picture of more
takes longer than all the rest of the build, and nobody reads it."""


def too_many(counts: Mapping[str, int]) -> int:
    """How many nodes a graph of these counts would show, where these are more than a build draws
    unasked; else 0."""
    shown = sum(n for name, n in counts.items() if not name.isupper() and name not in PRINTED)
    return shown if shown > UNASKED else 0


def _arguments(view: View, given: dict[str, Any]) -> dict[str, Any]:
    plain = {key.rstrip("_"): value for key, value in given.items()}
    taken = arguments(view.name, view.parameters, plain)
    return {_python_name(key): value for key, value in taken.items()}


def _python_name(name: str) -> str:
    return f"{name}_" if name == "from" else name


def selected(
    corpus: Corpus,
    node_ids: Collection[str],
    edge_keys: Collection[tuple[str, str, str]],
    title: str,
    cypher: str = "",
) -> Picture:
    """Just these nodes and edges, (from, type, to), whatever question gave them.

    The ends of an edge are drawn even if they are not named. What the graph does not hold is left
    out, for a question may answer with more than entities; if nothing is left, UsageError.
    """
    from kg.views.kit.selection import selection

    return selection(corpus, node_ids, edge_keys, title, cypher)


def render_difference(found: Difference, sides: tuple[Corpus, Corpus], between: str) -> str:
    """A page with the edges that changed between two sides. Raises `UsageError` where none did."""
    from kg.views.kit.changed import changed, of_both

    both = of_both(*sides)
    return html(changed(found, both, between), both)


def index(folder: Path) -> Path:
    """Write `index.html`, a static page that links the pictures which `kg` put into the folder;
    an `index.html` of somebody else is left alone."""
    from kg.views.kit.page import index_page, is_ours

    path = folder / "index.html"
    if path.exists() and not is_ours(path):
        return path
    return write_text(path, index_page(folder))


def html(picture: Picture, corpus: Corpus) -> str:
    """A picture of a corpus as one page."""
    from kg.views.kit.page import Page
    from kg.views.kit.payload import payload

    return Page(payload(picture, corpus), _rules(corpus)).render()


def _rules(corpus: Corpus) -> dict[str, str]:
    """What each type of values says of itself in the page."""
    return {name: one.page for name, one in corpus.ontology.types.items()}


def refuse_foreign(path: Path) -> None:
    """Raise `UsageError` where a file stands that is no picture of kg's."""
    from kg.views.kit.page import is_picture
    from kg.views.kit.still import ENDINGS, is_still

    ours = is_still if path.suffix.lower() in ENDINGS else is_picture
    if path.is_file() and not is_stream(path) and path.stat().st_size and not ours(path):
        raise UsageError(
            f"{path} is there, and no picture of kg's: --out names another place, "
            "or move the file away"
        )


def write(path: Path, html: str) -> Path:
    """Write a page in place of an earlier one, or as a new file. Raises `UsageError` where another
    file is in the way."""
    refuse_foreign(path)
    return write_text(path, html)
