"""A matrix of competing hypotheses as one HTML file; each cell opens its claims."""

from __future__ import annotations

from pathlib import Path

from kg.ask.ach import Matrix
from kg.ask.told import Row
from kg.base.errors import UsageError
from kg.base.written import own
from kg.briefs.formats.html import rendered
from kg.graph.corpus import Corpus

STYLE = """
.matrix th, .matrix td { border: 1px solid #dde2e7; padding: .4rem .5rem; }
.consistent { background: #e7f1e7; }
.inconsistent { background: #f8e4e1; }
small { color: #5b6672; font-weight: 400; }
summary { cursor: pointer; }
details p { margin: .4rem 0; font-size: .85rem; }
"""


def write_matrix(made: Matrix, corpus: Corpus, path: Path | str) -> Path:
    """Write it; returns the path. Raises `UsageError` for a suffix that is not `.html`."""
    if Path(path).suffix.lower() != ".html":
        raise UsageError(f"a matrix is written as .html (or printed, --format json): {path}")
    with own(Path(path)) as file:
        file.write(page(made, corpus))
    return Path(path)


def page(made: Matrix, corpus: Corpus) -> str:
    """The whole of it, escaped by the template."""
    source = Path(__file__).with_name("matrix.html").read_text(encoding="utf-8")
    called = {"called": lambda id: corpus.names.get(id, id)}
    return rendered(source, STYLE, called, made=made, line=line)


def line(row: Row) -> str:
    """A claim in a line: who says what, where."""
    said = row.get("quote") or row.get("summary")
    if not said:
        verb = row["predicate"].lower().replace("_", " ")
        ends = row["subject_here"], verb, row["object_here"] or row["said"]
        said = " ".join(map(str, ends))
    hedge = f" (“{row['hedge']}”)" if row.get("hedge") else ""
    where = ", ".join(filter(None, (row["document"], row.get("locator"), row.get("asserted"))))
    return f"{row['asserter'] or 'somebody not named'}{hedge}: {said} [{row['wording']}; {where}]"
