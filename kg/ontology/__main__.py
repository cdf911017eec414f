"""`python -m kg.ontology` writes the reference page; `--check` fails when it is stale."""

from __future__ import annotations

from kg.ontology import load
from kg.ontology.derive import reference
from kg.reference_page import write_or_check


def main() -> int:
    """Write the page, or with `--check` say whether it is as it should be (0 or 1)."""
    return write_or_check("ontology.md", reference(load()), "kg.ontology")


if __name__ == "__main__":
    raise SystemExit(main())
