"""What the parity tests ask: corpora by name, found by looking."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]


def corpora() -> dict[str, list[Path]]:
    """The seed alone, with its companions, each file of `corpora/` on its own, and all of these in
    one graph."""
    seed = ROOT / "seed"
    found = {"article": [seed / "sputnik-2019-09.yaml"], "seed": [seed]}
    for path in sorted((Path(__file__).parent / "corpora").glob("*.yaml")):
        found[path.stem] = [path]
    found["together"] = [
        path for name in found if name not in ("article", "seed") for path in found[name]
    ]
    return found
