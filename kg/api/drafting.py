"""The call that drafts claims from a document."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kg.api.asking import Asking

if TYPE_CHECKING:
    from kg.drafts.desk import Drafted


class Drafting(Asking):
    """Proposes claims; what reads documents loads when one is drafted."""

    def draft(
        self,
        document: Path | str,
        out: Path | str | None = None,
        *,
        date: str | None = None,
        publisher: str | None = None,
        url: str | None = None,
        by: str = "rules",
        options: Mapping[str, str] | None = None,
    ) -> Drafted:
        """Propose claims from a document, each word proven to stand in it, as a claim file at
        `out`. The names of the ledger are known names; nothing is written into it."""
        from kg.drafts import desk, gazetteer

        known = gazetteer.of(self.corpus() if self.ledger.exists else None)
        told = desk.Told(date, publisher, url)
        where = Path(out) if out else None
        return desk.make(Path(document), where, told, known, self.ontology, by, options or {})

    def draft_request(
        self,
        document: Path | str,
        out: Path | str,
        *,
        date: str | None = None,
        publisher: str | None = None,
        url: str | None = None,
        model: str = "default",
    ) -> Path:
        """Write what a model would be asked about a document, and ask nobody; returns its path.
        What it answers is drafted from by `draft(…, by="model", options={"answers": …})`."""
        from kg.drafts import desk, gazetteer

        known = gazetteer.of(self.corpus() if self.ledger.exists else None)
        told = desk.Told(date, publisher, url)
        options = {"model": model}
        return desk.request(Path(document), Path(out), told, known, self.ontology, options)

    def review(self, claims: Path | str, document: Path | str) -> Path:
        """Write the page that shows a claim file beside its document; returns its path."""
        from kg.drafts import desk, gazetteer

        known = gazetteer.of(self.corpus() if self.ledger.exists else None)
        return desk.review(Path(claims), Path(document), known, self.ontology)

    def reopen(self, claims: Path | str, document: Path | str) -> Drafted:
        """A claim file that `draft` made, opened again with what of it somebody has decided."""
        from kg.drafts import desk, gazetteer

        known = gazetteer.of(self.corpus() if self.ledger.exists else None)
        return desk.reopen(Path(claims), Path(document), known, self.ontology)
