"""The style sheet of Neo4j Browser (`.grass`), with the ontology's colours and widths.

Browser reads a declaration as what stands around one colon, and knows no comments and no shapes.
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
CLAIM = '"{asserter} · {polarity} {hedge} · {said}"'
"""Who says so, whether it is a denial, and how sure it sounds: a claim is its asserter's."""
DISPUTE = "#b3123a"
"""Red as in pictures, for what disputes, denies or takes back."""
AGAINST = ("DISPUTES", "RETRACTS")
LIGHT, DARK = "#ffffff", "#2a2c34"


def style_sheet(ontology: Ontology) -> str:
    """The whole sheet; kinds are captioned with their name, claims with who says so, edges with
    their type and, where a claim is behind them, with the hedge of whoever says so."""
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
        "caption": CLAIM if kind == "Claim" else NODE["caption"],
    }


def _edge(edge: EdgeKind) -> dict[str, str]:
    against = edge.edge in AGAINST
    colour = DISPUTE if against else edge.look.colour
    claimed = edge.group != "evidence"
    return {
        "color": colour,
        "border-color": darker(colour),
        "text-color-internal": readable_on(colour),
        "shaft-width": "4px" if against else f"{edge.look.width}px",
        "caption": f'"{edge.edge} {{hedges}}"' if claimed else EDGE["caption"],
    }


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
