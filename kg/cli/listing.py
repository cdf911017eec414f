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
@json_option
def ontology(format_: str) -> None:
    """Print the vocabulary: kinds of nodes and edges, their properties, and where terms come from.

    \b
    kg ontology
    kg ontology --format json
    """
    from kg import ontology as ontologies
    from kg.ontology.derive import reference, to_json

    loaded = ontologies.load()
    shown = terminal()
    shown.json(to_json(loaded)) if format_ == "json" else shown.page(reference(loaded))


COMMANDS = (sources, ontology)
