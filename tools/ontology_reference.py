"""`python -m tools.ontology_reference` writes the page; `--check` fails when it is stale."""

from __future__ import annotations

from kg.ontology import load
from kg.ontology.derive import reference
from tools.reference_page import write_or_check


def main() -> int:
    """Write the page, or with `--check` say whether it is as it should be (0 or 1)."""
    return write_or_check("ontology.md", reference(load()), "tools.ontology_reference")


if __name__ == "__main__":
    raise SystemExit(main())
