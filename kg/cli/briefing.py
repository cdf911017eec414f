"""Commands that write what is said for a reader who has no `kg`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.base.errors import UsageError
from kg.cli.options import graph_options, json_option, lens_options, terminal

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.graph.lens import Lens


@click.command()
@click.argument("subject", metavar="NODE|SUBJECT")
@click.argument("predicate", required=False)
@click.argument("object_", metavar="[OBJECT]", required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File to write: .md, .html, .docx or .pdf (default: Markdown, printed).",
)
@click.option("--short", is_flag=True, help="On one page.")
@lens_options
@click.option("--format", "format_", type=click.Choice(("markdown", "json")), default="markdown")
@graph_options
def brief(
    graph: KnowledgeGraph,
    subject: str,
    predicate: str | None,
    object_: str | None,
    out: Path | None,
    short: bool,
    lens: Lens,
    format_: str,
) -> None:
    """Write a brief: what is said of a node or an edge, by whom, and what is not known.

    \b
    kg brief group:lazarus-group
    kg brief "Lazarus Group" --short --out lazarus.pdf
    kg brief incident:wannacry ATTRIBUTED_TO group:lazarus-group --out wannacry.docx
    kg brief state:PRK --as-of 2018-12-31 --out north-korea.html
    """
    made = graph.brief(subject, predicate, object_, short=short, out=out, lens=lens)
    shown = terminal()
    if format_ == "json":
        shown.json(made.as_dict())
    elif out is None:
        from kg.briefs.formats.markdown import text

        shown.page(text(made))
    if out is not None:
        shown.say(str(out))


@click.command()
@click.argument("incident")
@click.argument("action", required=False, type=click.Choice(("judge", "withdraw")))
@click.argument("hypothesis", required=False)
@click.argument("evidence", required=False)
@click.argument("verdict", required=False)
@click.option("--because", default="", help="judge: the reason; it stands in the graph.")
@click.option("--by", default="", help="judge, withdraw: whose judgement it is.")
@click.option("--out", type=click.Path(path_type=Path), help="Write it as one .html file.")
@lens_options
@json_option
@graph_options
def ach(
    graph: KnowledgeGraph,
    incident: str,
    action: str | None,
    hypothesis: str | None,
    evidence: str | None,
    verdict: str | None,
    because: str,
    by: str,
    out: Path | None,
    lens: Lens,
    format_: str,
) -> None:
    """Rival hypotheses against evidence: what fits which, what tells them apart, and without which
    document the order is another. Your judgement of a claim or a document is a claim too.

    \b
    kg ach incident:sony-pictures-2014
    kg ach incident:sony-pictures-2014 --out sony.html
    kg ach wannacry judge state:PRK document:xinhua-2017-12-21 silent --because "a reply" --by Ann
    kg ach wannacry withdraw state:PRK document:xinhua-2017-12-21 --by Ann
    """
    shown = terminal()
    if action is not None:
        one, of, *given = _cell(action, hypothesis, evidence, verdict)
        with shown.run() as reporter:
            if action == "judge":
                graph.weigh(incident, one, of, given[0], because, by=by, reporter=reporter)
            else:
                graph.unweigh(incident, one, of, by=by, reporter=reporter)
        return
    made = graph.ach(incident, lens=lens)
    if out is not None:
        from kg.briefs.matrix import write_matrix

        shown.say(str(write_matrix(made, graph.corpus(lens=lens), out)))
    if format_ == "json":
        shown.json(made.as_dict())
    elif out is None:
        shown.matrix(made)


def _cell(action: str, *given: str | None) -> list[str]:
    """What names a cell, and for a judgement what is judged. Raises `UsageError`."""
    wanted = ("HYPOTHESIS", "EVIDENCE", "VERDICT")[: 3 if action == "judge" else 2]
    words = [word for word in given if word is not None]
    if len(words) != len(wanted):
        raise UsageError(f"{action} takes {' '.join(wanted)}")
    return words


COMMANDS = (brief, ach)
