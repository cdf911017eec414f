"""Commands that list what there is to load, and to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.options import (
    format_option,
    json_option,
    terminal,
)

if TYPE_CHECKING:
    pass


@click.command()
@format_option
def sources(format_: str) -> None:
    """List what can be loaded: formats, known sources, their licences, and where to get them.

    \b
    kg sources
    kg sources --format json
    """
    from kg.loaders.kit.sources import known_sources

    terminal().sources(known_sources(), format_)


@click.command()
@click.option(
    "--schema",
    type=click.Choice(("claims", "mapping")),
    help="Print a JSON Schema of claim files, or of a table's mapping, for an editor.",
)
@click.argument("kind", required=False)
@json_option
def ontology(kind: str | None, schema: str | None, format_: str) -> None:
    """Print the vocabulary: kinds of nodes and edges, their properties, and where terms come from;
    or one kind of node or edge, role, or list of terms.

    \b
    kg ontology
    kg ontology Group
    kg ontology attributed_to --format json
    kg ontology --schema claims
    """
    from kg import ontology as ontologies
    from kg.loaders.kit.schemas import SCHEMAS
    from kg.ontology.derive import one_kind, reference, to_json

    loaded = ontologies.load()
    shown = terminal()
    if schema is not None:
        shown.json(SCHEMAS[schema](loaded))
        return
    if kind is not None:
        page, data = one_kind(loaded, kind)
        shown.json(data) if format_ == "json" else shown.page(page)
        return
    shown.json(to_json(loaded)) if format_ == "json" else shown.page(reference(loaded))


COMMANDS = (sources, ontology)
