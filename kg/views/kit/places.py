"""Where the nodes of a large graph stand, kept for the next picture of it: to work that out takes
up to a minute, and it depends on nothing but the nodes, who is joined to whom, and how it is worked
out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import polars as pl

from kg.base.kept import Kept
from kg.base.settings import cache_folder
from kg.base.writing import write_bytes
from kg.views.kit.picture import Positions

FOLDER = "layouts"
"""Of layouts, in the user's folder for what can be made again."""

Placed: TypeAlias = tuple[Positions, Mapping[str, int]]
"""Where each node stands, and the community of each that has one."""


def kept_places(
    nodes: Sequence[str], pairs: Iterable[tuple[str, str]], how: bytes, make: Callable[[], Placed]
) -> Placed:
    """What `make` gives for these nodes and pairs, as it was given before if it was. `how`: tells
    one way of working it out from another."""
    home = cache_folder()
    kept = Kept(home / FOLDER if home else None, ".parquet")
    name = _name(nodes, pairs, how)
    found = _read(kept.take(name), nodes)
    if found is None:
        found = make()
        content = _written(nodes, found)
        kept.put(name, lambda path: write_bytes(path, content))
    return found


def _name(nodes: Sequence[str], pairs: Iterable[tuple[str, str]], how: bytes) -> str:
    number = {node: index for index, node in enumerate(nodes)}
    told = sha256(how)
    told.update("\0".join(nodes).encode(errors="surrogatepass"))
    told.update(b",".join(b"%d %d" % (number[one], number[other]) for one, other in pairs))
    return told.hexdigest()[:32]


def _written(nodes: Sequence[str], placed: Placed) -> bytes:
    """A row a node in their order, without what they are called."""
    positions, communities = placed
    frame = pl.DataFrame(
        [(*positions[node], communities.get(node)) for node in nodes],
        schema={"x": pl.Float64, "y": pl.Float64, "community": pl.Int64},
        orient="row",
    )
    content = BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


def _read(path: Path | None, nodes: Sequence[str]) -> Placed | None:
    """None where it is not there or not whole: it is worked out again."""
    if path is None:
        return None
    try:
        frame = pl.read_parquet(path).select("x", "y", "community")
    except (OSError, pl.exceptions.PolarsError):
        return None
    if frame.height != len(nodes):
        return None
    rows = list(zip(nodes, frame.iter_rows(), strict=True))
    places = {node: (x, y) for node, (x, y, _) in rows}
    return places, {node: group for node, (*_, group) in rows if group is not None}
