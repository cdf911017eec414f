"""What `kg serve` answers: pages as `kg render` writes them, and where a name leads.

Every answer is made from an address alone: a view with its parameters, a question with its, or some
entities, each through a lens. Nothing is kept between two but the graph itself, which stays warm.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg import views
from kg.api import KnowledgeGraph
from kg.ask import questions
from kg.base.errors import UsageError
from kg.graph.corpus import Corpus
from kg.graph.lens import WHOLE, Lens
from kg.views.kit.picture import Picture, all_links, all_nodes

MOST_FOUND = 20
SIDES = ("as_of", "valid_on", "known_on", "according_to")
"""What a reader may ask of a lens; what may be passed on is the server's own affair."""
LARGEST = 3000
"""More nodes than this are not expanded: the page would show a cloud."""

Address = Mapping[str, Sequence[str]]
"""What stands behind the question mark: name → values."""


@dataclass
class Pages:
    """Answers for one graph, each through `base`, which no address can widen."""

    graph: KnowledgeGraph
    base: Lens = WHOLE
    _found_by: tuple[Corpus, dict[str, list[str]]] | None = None
    _kinds: dict[str, str] = field(default_factory=dict)

    def page(self, address: Address) -> str:
        """The page that an address asks for. Raises `KgError` for what cannot be asked."""
        lens = self._lens(address)
        corpus = self.graph.corpus(lens=lens)
        return views.served(self._picture(address, corpus, lens), corpus, self._about(lens))

    def find(self, address: Address) -> list[dict[str, str]]:
        """Entities one of whose names holds all words that are asked for, the best first."""
        parts = folded(_one(address, "q")).split()
        if not parts:
            return []
        whole = " ".join(parts)
        found = []
        corpus = self.graph.corpus(lens=self._lens(address))
        for id, row in self._names(corpus).items():
            hits = [name for name in row if all(part in name for part in parts)]
            if hits:
                best = min((name != whole, not name.startswith(whole), len(name)) for name in hits)
                found.append((best, id))
        return [
            {"id": id, "name": corpus.names[id], "kind": self._kinds[id]}
            for _, id in sorted(found)[:MOST_FOUND]
        ]

    def _names(self, corpus: Corpus) -> dict[str, list[str]]:
        """Id → every name, folded; kept for the last corpus that was asked."""
        if self._found_by is None or self._found_by[0] is not corpus:
            rows = all_nodes(corpus)
            self._kinds = {id: str(row["kind"]) for id, row in rows.items()}
            names = {
                id: [folded(name) for name in (corpus.names[id], id, *(row.get("names") or ()))]
                for id, row in rows.items()
            }
            self._found_by = (corpus, names)
        return self._found_by[1]

    # --- what is drawn ----------------------------------------------------------------------------

    def _picture(self, address: Address, corpus: Corpus, lens: Lens) -> Picture:
        if "question" in address:
            return self._asked(address, corpus, lens)
        if "nodes" in address or "expand" in address:
            return self._expanded(address, corpus)
        name = _one(address, "view") or "attribution"
        known = views.discover()
        if name not in known:
            raise UsageError(f"there is no view {name!r}; there are {', '.join(known)}")
        given = {key[2:]: values[0] for key, values in address.items() if key.startswith("p.")}
        return views.draw(corpus, name, **given)

    def _asked(self, address: Address, corpus: Corpus, lens: Lens) -> Picture:
        name = _one(address, "question")
        if name not in questions.discover():
            raise UsageError(f"there is no saved question {name!r}")
        given = {key[2:]: values[0] for key, values in address.items() if key.startswith("p.")}
        question = questions.discover()[name]
        nodes, edges = self.graph.drawable(name, lens=lens, **given)
        return views.selected(corpus, nodes, edges, question.title, question.cypher)

    def _expanded(self, address: Address, corpus: Corpus) -> Picture:
        """Some entities and, of one, all neighbours."""
        ids = {corpus.find(node) for node in address.get("nodes", ())}
        if start := _one(address, "expand"):
            middle = corpus.find(start)
            ids |= {middle}
            for link in all_links(corpus):
                if middle in (link.source, link.target):
                    ids |= {link.source, link.target}
        if len(ids) > LARGEST:
            raise UsageError(
                f"{len(ids):,} nodes would be no picture: start from fewer, or from another node"
            )
        return views.selected(corpus, sorted(ids), [], "What was opened so far")

    # --- around it --------------------------------------------------------------------------------

    def _lens(self, address: Address) -> Lens:
        asked = {side: _one(address, side) for side in SIDES if _one(address, side)}
        if closed := [side for side in asked if getattr(self.base, side) is not None]:
            raise UsageError(
                f"{', '.join(closed)}: this server was started with a lens that says so"
            )
        if "according_to" in asked:
            asked["according_to"] = self.graph.corpus(lens=self.base).asserter(
                asked["according_to"]
            )
        return Lens(**asked).before(self.base)  # type: ignore[arg-type]

    def _about(self, lens: Lens) -> dict[str, Any]:
        """What the page is told of the server, to ask it more."""
        return {
            "lens": {side: getattr(lens, side) for side in SIDES if getattr(lens, side)},
            "views": [
                {"name": name, "doc": view.doc, "parameters": [p.name for p in view.parameters]}
                for name, view in views.discover().items()
            ],
            "questions": [
                {
                    "name": name,
                    "title": one.title,
                    "parameters": [
                        {"name": p.name, "default": None if p.default is None else str(p.default),
                         "doc": p.doc}
                        for p in one.parameters
                    ],
                }
                for name, one in questions.discover().items()
            ],
        }  # fmt: skip


def folded(text: str) -> str:
    """A text without case, accents and width, as the page's own search has it."""
    bare = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).lower()


def _one(address: Address, name: str) -> str:
    return (address.get(name) or [""])[0].strip()
