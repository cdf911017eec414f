"""The style sheet of Neo4j Browser (`.grass`), with the ontology's colours and widths.

Browser reads a declaration as what stands around one colon, and knows no comments and no shapes. A
colour or width goes by type alone, never by a property: so whether an edge is hedged or disputed
stands in its caption, and the edges by which one claim disputes another are red and wide.
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.ontology import EdgeKind, NodeKind, Ontology

NODE = {
    "diameter": "65px",
    "color": "#a5abb6",
    "border-color": "#848992",
    "border-width": "2px",
    "text-color-internal": "#ffffff",
    "font-size": "10px",
    "caption": '"{name}"',
}
EDGE = {
    "color": "#a5abb6",
    "shaft-width": "1px",
    "font-size": "8px",
    "padding": "3px",
    "text-color-external": "#000000",
    "text-color-internal": "#ffffff",
    "caption": '"<type>"',
}
CLAIM = {
    "diameter": "120px",
    "font-size": "9px",
    "caption": '"{polarity} {asserter} {hedge}"',
}
"""Who says so, whether it is a denial, and how sure it sounds; what is said stands at the ends of
the edges. Browser cuts a word that is longer than its line: ids of asserters need room."""
DISPUTING = {"color": "#b3123a", "shaft-width": "4px"}
"""How the pictures draw what is disputed."""
LIGHT, DARK = "#ffffff", "#2a2c34"


def style_sheet(ontology: Ontology) -> str:
    """The whole sheet; every kind captioned with its name, every edge with its type."""
    rules = [
        _rule("node", NODE),
        _rule("relationship", EDGE),
        *(_rule(f"node.{kind}", _node(kind, node)) for kind, node in ontology.nodes.items()),
        *(_rule(f"relationship.{name}", _edge(edge)) for name, edge in ontology.edges.items()),
    ]
    return "\n".join(rules)


def _node(kind: str, node: NodeKind) -> dict[str, str]:
    colour = node.look.colour
    return {
        "color": colour,
        "border-color": darker(colour),
        "text-color-internal": readable_on(colour),
        "caption": NODE["caption"],
    } | (CLAIM if kind == "Claim" else {})


def _edge(edge: EdgeKind) -> dict[str, str]:
    disputes = edge.edge == "DISPUTES"
    look = {"color": edge.look.colour, "shaft-width": f"{edge.look.width}px"}
    look |= DISPUTING if disputes else {}
    return look | {
        "border-color": darker(look["color"]),
        "text-color-internal": readable_on(look["color"]),
        "caption": EDGE["caption"] if edge.structural else _as_claimed(edge),
    }


def _as_claimed(edge: EdgeKind) -> str:
    """The sources' own hedges, the type, and whether anybody disputes it: Browser cuts the end of
    what is longer than its edge, and tells the type by colour too."""
    return f'"{{hedges}} {edge.edge} (disputed {{disputed}})"'


def _rule(selector: str, declarations: Mapping[str, str]) -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in declarations.items())
    return f"{selector} {{\n{lines}}}\n"


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def darker(colour: str) -> str:
    """The colour with a fifth of its light taken away: a border that shows on any ground."""
    return "#" + "".join(f"{value * 4 // 5:02x}" for value in channels(colour))


def readable_on(colour: str) -> str:
    """White or near black, whichever has more contrast on the colour (by WCAG 2)."""
    ground = luminance(colour) + 0.05
    light, dark = (luminance(LIGHT) + 0.05) / ground, ground / (luminance(DARK) + 0.05)
    return LIGHT if light >= dark else DARK


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white), as WCAG 2 defines it."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
