"""A picture as one HTML file: pyvis' network with our template, safe, offline, UTF-8."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from pyvis.network import Network

from kg.base.shown import visible
from kg.views.kit.evidence import Json
from kg.views.kit.payload import DENSE, to_text
from kg.views.kit.script import PAGE, TYPES, joined, types_module

COMPRESS_ABOVE = 3_000_000
"""Bytes of data above which a page carries it compressed; below, it stays readable text."""


@dataclass(frozen=True, slots=True)
class Start:
    """How a page begins: the module to begin with, its function, and what it may connect to."""

    module: str
    function: str
    connect: str


ALONE = Start("main.js", "start", "")
"""A file that is shared: it asks for nothing."""
SERVED = Start("served.js", "startServed", "connect-src 'self'; ")
"""The same with a server behind it (`kg serve`)."""


class Page(Network):  # type: ignore[misc]  # pyvis is untyped
    """A pyvis network whose nodes and edges are ours, rows and all.

    `add_node` and `add_edge` of pyvis assert types, drop parallel edges and put names into markup;
    `from_nx` changes the graph it is given. None of them is used: the page styles rows itself.
    """

    def __init__(
        self,
        data: Json,
        rules: Mapping[str, str] = MappingProxyType({}),
        start: Start | None = None,
    ) -> None:
        """`rules`: type of values → what it says of itself in JavaScript (`ValueType.page`)."""
        super().__init__(directed=True, cdn_resources="in_line")
        self.rules = tuple(sorted(rules.items()))
        self.start = start or ALONE
        self.heading = data["about"]["title"]
        self.data = data
        for node in data["nodes"]:
            self.add_node(node["id"], row=node)
        for link in data["links"]:
            self.add_edge(link["from"], link["to"], row=link)

    def add_node(self, n_id: str, *, row: Json) -> None:
        """Keep the row; names, positions and looks are the page's business."""
        self.nodes.append({"id": n_id, **row})

    def add_edge(self, source: int, to: int, *, row: Json) -> None:
        """Keep the row, parallel or not; ends are numbers of nodes."""
        self.edges.append({**row, "from": source, "to": to})

    def render(self) -> str:
        """The whole page."""
        self.set_template_dir(str(PAGE), "page.html")
        environment = self.templateEnv  # `set_template_dir` made a new one
        environment.autoescape = True
        environment.globals |= {
            "script": _script(self.rules, self.start),
            "style": _style(),
            "policy": _policy(self.rules, self.start),
            "about": self.data["about"]["about"],
            "embed": self._embed,
            "sketch": _sketch(self.data),
        }
        return str(self.generate_html("index.html"))

    def _embed(self, nodes: list[Json], edges: list[Json]) -> Markup:
        return _embedded({**self.data, "nodes": nodes, "links": edges})


def _sketch(data: Json) -> Markup:
    """Places, kinds and lines of a large picture in columns, which a page draws while it reads the
    rest; nothing for others."""
    nodes, links = data["nodes"], data["links"]
    if len(nodes) <= DENSE:
        return Markup("")
    colours = sorted({kind["colour"] for kind in data["kinds"].values()})
    number = {kind: colours.index(looks["colour"]) for kind, looks in data["kinds"].items()}
    columns = {
        "x": [node["x"] for node in nodes],
        "y": [node["y"] for node in nodes],
        "kind": [number[node["kind"]] for node in nodes],
        "colours": colours,
        "ends": [end for link in links for end in (link["from"], link["to"])],
        "bands": data["bands"],
    }
    return _packed(to_text(columns), "sketch")


def _embedded(data: Json) -> Markup:
    """A script element that holds data, readable or compressed; no data can end the element."""
    text = to_text(data)
    if len(text.encode()) > COMPRESS_ABOVE:
        return _packed(text, "data")
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup('<script type="application/json" id="data">') + Markup(safe) + Markup("</script>")


def _packed(text: str, name: str) -> Markup:
    """A script element that a browser does not run, with compressed text for our script."""
    packed = b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode()
    opening = Markup('<script type="application/gzip" id="{}">').format(name)
    return opening + Markup(packed) + Markup("</script>")


Rules = tuple[tuple[str, str], ...]


@cache
def _script(rules: Rules, start: Start) -> Markup:
    """Our modules as one function: names are shared among them, not beyond."""
    text = joined(PAGE, {TYPES: types_module(dict(rules))}, start.module)
    return _inert(f'(() => {{\n"use strict";\n{text}\n{start.function}();\n}})();\n')


@cache
def _style() -> Markup:
    return _inert("\n".join(p.read_text(encoding="utf-8") for p in sorted(PAGE.glob("*.css"))))


def _inert(text: str) -> Markup:
    """Text that an HTML parser takes for one script, whatever it says about scripts."""
    return Markup(text.replace("</script", "<\\/script").replace("<!--", "<\\!--"))


@cache
def _policy(rules: Rules, start: Start) -> str:
    """Nothing may load; only our script runs and only our style applies."""
    return (
        f"default-src 'none'; script-src {_hash(_script(rules, start))}; "
        f"style-src {_hash(_style())}; {start.connect}"
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# --- the page that links the pictures -----------------------------------------------------------

HEAD = 6000
"""Bytes in which a picture's head is over; the library that follows need not be read."""


def index_page(folder: Path) -> str:
    """Links to all pictures in a folder that carry our mark, by title."""
    environment = Environment(loader=FileSystemLoader(PAGE / "index"), autoescape=True)
    style = Markup((PAGE / "index" / "index.css").read_text(encoding="utf-8"))
    pages = sorted(filter(None, map(_described, folder.glob("*.html"))), key=lambda p: p["title"])
    return environment.get_template("index.html").render(
        pages=pages, style=style, hash=_hash(style)
    )


def is_ours(index: Path) -> bool:
    """Whether a page that links pictures was made here, and may be made anew."""
    return '<meta name="generator" content="kg index">' in _head(index)


def is_picture(page: Path) -> bool:
    """Whether a page is a picture that was drawn here, or links them: it may be drawn anew."""
    return bool(re.search(r'<meta name="generator" content="kg( index)?">', _head(page)))


def _head(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(HEAD).decode("utf-8", errors="replace")


def _described(path: Path) -> dict[str, str] | None:
    head = _head(path)
    if '<meta name="generator" content="kg">' not in head:
        return None
    title = re.search(r"<title>(.*?)</title>", head, re.DOTALL)
    about = re.search(r'<meta name="description" content="(.*?)">', head, re.DOTALL)
    return {
        "address": quote(os.fsencode(path.name)),
        "title": visible(unescape(title[1]) if title else path.stem),
        "about": visible(unescape(about[1]) if about else ""),
    }
