"""`python -m kg.ontology` writes the reference page; `--check` fails when it is stale."""

from __future__ import annotations

import sys
from pathlib import Path

from kg.ontology import load
from kg.ontology.derive import reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "ontology.md"


def main(arguments: list[str]) -> int:
    """Write the page, or compare it with what would be written (exit code 1 when they differ)."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m kg.ontology [--check]", file=sys.stderr)
        return 2
    wanted = reference(load())
    if not arguments:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(wanted, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != wanted:
        print(f"{PAGE.name} is stale: run python -m kg.ontology", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
