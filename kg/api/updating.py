"""Keeping up with the sources of a `sources.yaml`, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from kg.api.changing import Changing
from kg.base.errors import InputError, KgError, UsageError, offering
from kg.graph.concluded import without_conclusions
from kg.pipeline.report import Quiet, Reporter

Status = Literal["updated", "unchanged", "failed"]


@dataclass(frozen=True)
class Updated:
    """What became of one source."""

    name: str
    status: Status
    loaded: tuple[str, ...] = ()
    """What the ledger calls it."""
    message: str = ""
    exit_code: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As `kg update --format json` prints it."""
        return asdict(self) | {"loaded": list(self.loaded)}


class Updating(Changing):
    """What changes as its sources do."""

    def update(
        self,
        sources: Path | str = "sources.yaml",
        names: Collection[str] = (),
        *,
        reporter: Reporter | None = None,
        share: bool = False,
    ) -> list[Updated]:
        """Fetch what has changed of the sources that a file names (of all, or of `names`), and load
        it, each in a transaction of its own: of one that fails, ledger and graph stay as they were.

        Raises `InputError` for a file that is none, `UsageError` for names that are not in it."""
        from kg.feeds import discover
        from kg.feeds.keeping import Kept
        from kg.feeds.reading import feeds

        kinds = discover()
        every = {feed.name: feed for feed in feeds(Path(sources), kinds)}
        for name in names:
            if name not in every:
                raise UsageError(offering(f"{sources} names no source {name!r}", name, every))
        kept = Kept(self.ledger.folder)
        found = []
        with kept.alone():
            for feed in every.values():
                if names and feed.name not in names:
                    continue
                try:
                    found.append(self._updated(feed, kinds[feed.key], kept, reporter, share))
                except (KgError, OSError) as why:
                    code = why.exit_code if isinstance(why, KgError) else InputError.exit_code
                    found.append(Updated(feed.name, "failed", (), str(why), code))
        return found

    def _updated(
        self, feed: Any, kind: Any, kept: Any, reporter: Reporter | None, share: bool
    ) -> Updated:
        """One source. Raises what went wrong."""
        held = self._held()
        known = kept.state(feed)
        there = known and all(name in held for name in known["loaded"])
        with kept.copy(feed) as folder:
            got = kind.fetch(feed, known["state"] if there else {}, folder)
            if got is None:
                return Updated(feed.name, "unchanged", tuple(known["loaded"]))
            paths = sorted(got.paths[0].glob("*.y*ml")) if _many(feed, got.paths) else got.paths
            alone = feed.name if not _many(feed, got.paths) else None
            outcome = self.load(
                feed.format, paths, name=alone, reporter=reporter or Quiet(), share=share
            )
            loaded = [source.name for source in outcome.sources]
        gone = [name for name in kept.loaded(feed) if name not in loaded and name in self._held()]
        if gone:
            self.unload(gone, reporter=reporter or Quiet(), share=share)
        kept.remember(feed, got.state, loaded)
        return Updated(feed.name, "updated", tuple(loaded))

    def _held(self) -> set[str]:
        if not self.ledger.exists:
            return set()
        entries = without_conclusions(self.ledger.manifest()).entries
        return {entry.source.name for entry in entries}


def _many(feed: Any, paths: tuple[Path, ...]) -> bool:
    """Whether it is a folder of claim files, each of which is a source under its own name."""
    return feed.format == "claims" and paths[0].is_dir()
