"""The vocabulary as it ships, what is derived from it, how it grows, and how it breaks."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import kglite
import numpy as np
import pytest

from kg.base.errors import InputError, UsageError
from kg.ontology import BadValue, Ontology, constraints, fulltext, load, reference, to_json
from kg.ontology.kinds import POLICIES
from tools import ontology_reference as __main__
from tools import reference_page


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load()


@pytest.fixture(scope="module")
def design() -> str:
    """Section 4 of the design page: the words that saved questions and outside checks use."""
    page = Path(__file__).parents[2] / ".." / "shared" / "DESIGN.md"
    if not page.exists():
        pytest.skip("the design page is not beside this checkout")
    return page.read_text("utf-8").split("\n## 4.")[1].split("\n## 5.")[0]


# ------------------------------------------------------------------ what ships


def test_every_word_of_the_design_is_there(ontology: Ontology, design: str) -> None:
    words = set(re.findall(r"`(\w+)`", design))
    edges = {word for word in words if re.fullmatch("[A-Z][A-Z_]+", word)}
    labels = {word for word in words if re.fullmatch("[A-Z][a-z]+([A-Z][a-z]+)?", word)}
    assert edges >= {"ATTRIBUTED_TO", "PART_OF", "SUPERSEDES"}  # the page was read
    assert edges <= set(ontology.edges)
    assert labels <= {*ontology.nodes, *ontology.roles}


def test_ends_that_the_design_names_are_allowed(ontology: Ontology, design: str) -> None:
    arrows = re.findall(r"`([A-Z_]+)`[^`]*?\(([\w, ]+?) → ([\w, ]+?)[,)]", design)
    assert len(arrows) > 8
    for edge, sources, targets in arrows:
        for source in re.findall("[A-Z][A-Za-z]+", sources):
            for target in re.findall("[A-Z][A-Za-z]+", targets):
                assert ontology.edge(edge).allows(source, target), (source, edge, target)


@pytest.mark.parametrize(
    "predicate",
    [
        *("occurred", "amount_stolen", "amount_attempted", "computers_affected", "status"),
        *("countries_affected", "count", "programme", "legal_basis"),
    ],
)
def test_values_that_questions_use_become_claim_nodes(ontology: Ontology, predicate: str) -> None:
    found = [p for node in ontology.nodes.values() if (p := node.properties.get(predicate))]
    about = [p for p in found if p is not ontology.property("Claim", predicate)]
    assert about
    assert all(p.evidence for p in about)


def test_roles_come_from_edges(ontology: Ontology) -> None:
    assert ontology.roles == {"Leader", "Victim", "Source"}
    assert ontology.edge("REPRESENTS").roles == {"from": "Leader"}
    assert ontology.edge("TARGETED").roles == {"to": "Victim"}


def test_only_the_projection_makes_edges_of_claims(ontology: Ontology) -> None:
    made = {edge.edge for edge in ontology.edges.values() if not edge.claimable}
    assert {"SUBJECT", "OBJECT", "ASSERTED_BY", "DISPUTES"} <= made
    assert not made & {"ATTRIBUTED_TO", "PUBLISHED_BY"}


def test_declared_keys_are_edges_in_lower_case(ontology: Ontology) -> None:
    assert ontology.declared_keys["part_of"] == "PART_OF"
    assert all(key == edge.lower() for key, edge in ontology.declared_keys.items())


def test_identity_joins_one_kind_only_and_never_states(ontology: Ontology) -> None:
    same = ontology.edge("SAME_AS")
    assert same.allows("Group", "Group")
    assert not same.allows("Group", "Software")
    assert not same.allows("State", "State")
    assert ontology.edge("DISTINCT_FROM").allows("Group", "Software")


def test_aliases_are_evidence_where_identity_matters(ontology: Ontology) -> None:
    with_evidence = {kind for kind, n in ontology.nodes.items() if _evidence(ontology, kind)}
    assert with_evidence == {"Group", "Organization", "Agency", "Campaign", "Software"}


def _evidence(ontology: Ontology, kind: str) -> bool:
    alias = ontology.property(kind, "alias")
    return alias is not None and alias.evidence


def test_policies_are_known_and_lists_are_unions(ontology: Ontology) -> None:
    every = [p for node in ontology.nodes.values() for p in node.properties.values()]
    assert {p.policy for p in every} <= set(POLICIES)
    assert all((p.policy == "union") == p.many for p in every)


# ------------------------------------------------------------------ finding things


def test_kind_of_an_id(ontology: Ontology) -> None:
    assert ontology.kind_of("group:lazarus-group") == "Group"
    assert ontology.kind_of("legalaction:us-park-2018") == "LegalAction"
    assert ontology.kind_of("groups:x") is None
    assert ontology.kind_of("group") is None


@pytest.mark.parametrize(
    ("entity_id", "near"),
    [
        ("gruop:lazarus", ("group:lazarus",)),
        ("state:PRKK", ("state:PRK",)),
        ("state:north-korea", ("state:PRK",)),
        ("group:", ()),
        ("group:two words", ()),
        ("lazarus", ()),
    ],
)
def test_a_wrong_id_is_refused(ontology: Ontology, entity_id: str, near: tuple[str, ...]) -> None:
    with pytest.raises(BadValue) as caught:
        ontology.check_id(entity_id)
    assert set(near) <= set(caught.value.near)


def test_unknown_kinds_name_the_nearest(ontology: Ontology) -> None:
    with pytest.raises(UsageError, match="Group"):
        ontology.node("Gruop")
    with pytest.raises(UsageError, match="ATTRIBUTED_TO"):
        ontology.edge("ATTRIBUTE_TO")


def test_properties_are_inherited_and_may_be_changed(ontology: Ontology) -> None:
    assert ontology.property("State", "alias") is ontology.property("Person", "alias")
    assert ontology.property("Group", "alias") is not ontology.property("Person", "alias")
    assert ontology.property("Group", "no_such") is None
    assert ontology.property("Claim", "alias") is None


def test_loading_twice_gives_the_same_object(ontology: Ontology) -> None:
    assert load() is ontology


# ------------------------------------------------------------------ looks


def _linear(colour: str) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    return float(_linear(colour) @ (0.2126, 0.7152, 0.0722))


# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
VISION = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])


def _lab(colour: str, vision: str) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(VISION[vision] @ _linear(colour), 0, 1)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("background", ["#ffffff", "#1e1e1e"])
def test_colours_stand_out_from_light_and_dark(ontology: Ontology, background: str) -> None:
    looks = {name: kind.look.colour for name, kind in ontology.nodes.items()}
    looks |= {name: kind.look.colour for name, kind in ontology.edges.items()}
    for name, colour in looks.items():
        high, low = sorted((_luminance(colour), _luminance(background)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 3, name


def test_every_kind_has_its_own_colour(ontology: Ontology) -> None:
    colours = [node.look.colour for node in ontology.nodes.values()]
    assert len(set(colours)) == len(colours)


@pytest.mark.parametrize("vision", VISION)
def test_kinds_of_one_shape_differ_in_colour_for_all_eyes(ontology: Ontology, vision: str) -> None:
    for a, b in combinations(ontology.nodes.values(), 2):
        if a.look.shape == b.look.shape:
            distance = np.linalg.norm(_lab(a.look.colour, vision) - _lab(b.look.colour, vision))
            assert distance >= 20, (a.kind, b.kind)


# ------------------------------------------------------------------ what is derived


def test_prepared_statements_run_and_hold(ontology: Ontology) -> None:
    graph = kglite.KnowledgeGraph()
    for statement in [*constraints(ontology), *fulltext(ontology)] * 2:
        graph.cypher(statement)
    graph.cypher("CREATE (:LegalAction {id: 'legalaction:a', names: ['Alpha', 'Omega']})")
    with pytest.raises(Exception, match=r"(?i)unique|constraint"):
        graph.cypher("CREATE (:LegalAction {id: 'legalaction:a'})")


def test_json_holds_every_kind(ontology: Ontology) -> None:
    data = json.loads(json.dumps(to_json(ontology)))
    assert list(data["nodes"]) == list(ontology.nodes)
    assert list(data["edges"]) == list(ontology.edges)
    assert data["nodes"]["Incident"]["properties"]["amount_stolen"]["unit"] == "USD"


def test_the_reference_page_is_not_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["kg.ontology", "--check"])
    assert __main__.main() == 0


def test_a_stale_reference_page_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference_page, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["kg.ontology", "--check"])
    assert __main__.main() == 1
    assert "stale: python -m tools.ontology_reference" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["kg.ontology"])
    assert __main__.main() == 0
    monkeypatch.setattr(sys, "argv", ["kg.ontology", "--check"])
    assert __main__.main() == 0


def test_the_reference_names_every_kind_and_property(ontology: Ontology) -> None:
    page = reference(ontology)
    for node in ontology.nodes.values():
        assert f"### {node.kind}\n" in page
        assert all(f"| `{name}` |" in page for name in node.properties)
    assert all(f"#### {edge}\n" in page for edge in ontology.edges)


# ------------------------------------------------------------------ how it grows

CABLE = """
kind: Cable
doc: A cable on the sea bed.
look: {shape: square, colour: "#336699"}
edges: {from: [OWNED_BY], to: [DESIGNATES]}
properties:
  pairs: {declared: true, doc: How many pairs of fibre it has.}
  alias: {evidence: true}
  landing: {type: country, doc: Where it lands.}
"""
LAID = """
edge: LAID_FOR
doc: The cable was laid for the target.
group: coercion
from: [Cable]
to: [Organization, State]
look: {colour: "#336699"}
qualifiers: {traffic: {doc: What it carries.}}
"""


def _folder(home: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return home


def _check_grown(grown: Ontology) -> None:
    assert grown.kind_of("cable:x") == "Cable"
    assert grown.edge("DESIGNATES").allows("Sanction", "Cable")
    assert grown.edge("OWNED_BY").allows("Cable", "State")
    assert grown.edge("ABOUT").allows("Statement", "Cable")
    assert grown.edge("LAID_FOR").qualifiers["traffic"].parse(" voice ").text == "voice"
    assert any("(n:Cable)" in statement for statement in constraints(grown))
    assert "#### LAID_FOR" in reference(grown)
    landing, alias = grown.property("Cable", "landing"), grown.property("Cable", "alias")
    assert landing is not None
    assert landing.parse("Sierra Leone").text == "SLE"
    assert alias is not None
    assert alias.evidence
    assert alias.many


def test_one_file_adds_a_kind(tmp_path: Path, ontology: Ontology) -> None:
    files = {"nodes/cable.yaml": CABLE, "edges/laid_for.yaml": LAID}
    _check_grown(load([_folder(tmp_path, files)]))
    assert "Cable" not in load().nodes
    assert not ontology.edge("DESIGNATES").allows("Sanction", "Cable")


def test_a_kind_of_what_happens_with_actors_is_asked_who_did_it(
    tmp_path: Path, ontology: Ontology
) -> None:
    cut = "kind: Outage\ndoc: A cable that fails.\nlook: {shape: dot, colour: '#111111'}\n"
    cut += "properties:\n  occurred: {type: edtf, policy: most_precise, doc: When it failed.}\n"
    laid = LAID.replace("LAID_FOR", "CUT_BY").replace("Cable", "Outage") + "cell: actors\n"
    files = {"nodes/cable.yaml": CABLE, "nodes/outage.yaml": cut, "edges/cut_by.yaml": laid}
    assert ontology.blamed == ("Incident", "Campaign")
    assert set(load([_folder(tmp_path, files)]).blamed) == {*ontology.blamed, "Outage"}


@pytest.mark.parametrize("taken", ["asserters", "value", "number", "locator", "place"])
def test_a_qualifier_called_like_what_every_claim_has_is_refused(
    tmp_path: Path, taken: str
) -> None:
    files = {"nodes/cable.yaml": CABLE, "edges/laid_for.yaml": LAID.replace("traffic", taken)}
    with pytest.raises(InputError, match=rf"laid_for\.yaml.*{taken}"):
        load([_folder(tmp_path, files)])


def test_an_installed_package_adds_a_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "seafaring/__init__.py": "",
        "seafaring/nodes/cable.yaml": CABLE,
        "seafaring/edges/laid_for.yaml": LAID,
        "seafaring-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: seafaring\nVersion: 1.0",
        "seafaring-1.0.dist-info/entry_points.txt": "[kg.ontology]\nships = seafaring\n",
    }
    monkeypatch.syspath_prepend(str(_folder(tmp_path, files)))
    _check_grown(load([tmp_path / "nothing-here"]))


def test_a_folder_brings_its_own_vocabulary(tmp_path: Path) -> None:
    words = (
        "traffic_class:\n  source: an operator\n  terms:\n    voice: calls\n    data: all else\n"
    )
    cable = CABLE + "  traffic: {vocabulary: traffic_class, doc: What it is laid for.}\n"
    grown = load([_folder(tmp_path, {"nodes/v.yaml": cable, "vocabularies.yaml": words})])
    traffic = grown.property("Cable", "traffic")
    assert traffic is not None
    assert traffic.values == ("voice", "data")
    assert traffic.parse("VOICE").text == "voice"


# ------------------------------------------------------------------ how it breaks


def _broken(home: Path, name: str, content: str) -> str:
    with pytest.raises(InputError) as caught:
        load([_folder(home, {name: content})])
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("doc: A cable on the sea bed.", "dok: A ship.", 0, "doc is missing"),
        ("kind: Cable", "kind: Cable\ncolour: red", 3, "unknown key"),
        ("kind: Cable", "kind: cable kind", 2, "a name here is made of"),
        ("kind: Cable", "kind: Group", 2, "already"),
        ("kind: Cable", "kind: Cable\nprefix: boat", 3, "prefix of Cable is cable"),
        (
            "doc: A cable on the sea bed.",
            "doc: A cable on the sea bed.\ndoc: A line.",
            4,
            "stands twice",
        ),
        ("doc: A cable on the sea bed.", "doc: [A cable]", 3, "a text is wanted"),
        ("#336699", "blue", 4, "colour"),
        ("shape: square", "shape: sqare", 4, "square"),
        ("pairs:", "title:", 7, "not free as a name"),
        ("pairs:", "IMO:", 7, "not free as a name"),
        ("type: country", "type: land", 9, "not one of"),
        ("type: country", "vocabulary: modalty", 9, "modality"),
        ("type: country", "policy: most_precise", 9, "means nothing"),
        ("type: country", "many: true, policy: latest", 9, "union"),
        ("type: country", "declared: maybe", 9, "true or false"),
        ("[DESIGNATES]", "[DESIGNATE]", 5, "DESIGNATES"),
        ("properties:", "properties: none\nmore:", 6, "a mapping is wanted"),
        ("kind: Cable", "kind: [Vessel", 3, ""),
    ],
)
def test_a_broken_node_file_is_shown_where(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in CABLE
    message = _broken(tmp_path, "nodes/cable.yaml", CABLE.replace(old, new, 1))
    assert words in message
    assert re.search(rf"cable\.yaml:{line or 1}: ", message)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("edge: LAID_FOR", "edge: laid-for", 2, "a name here is made of"),
        ("[Organization, State]", "[Organisation, State]", 6, "Organization"),
        ("[Organization, State]", "[]", 6, "at least one node kind"),
        ("group: coercion", "group: coersion", 4, "coercion"),
        ("group: coercion", "group: coercion\nsymmetric: true", 5, "same kinds at both ends"),
        ("traffic:", "support:", 8, "not free as a name"),
        ("doc: The", "roles: {form: Carrier}\ndoc: The", 3, "unknown key"),
    ],
)
def test_a_broken_edge_file_is_shown_where(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in LAID
    content = LAID.replace("from: [Cable]", "from: [Person]").replace(old, new, 1)
    message = _broken(tmp_path, "edges/laid.yaml", content)
    assert words in message
    assert f"laid.yaml:{line}: " in message


def test_other_broken_files_are_shown_where(tmp_path: Path) -> None:
    assert "a mapping" in _broken(tmp_path / "a", "nodes/x.yaml", "")
    assert "nodes/x.yaml:1" in _broken(tmp_path / "b", "nodes/x.yaml", "\x00")
    assert "cx.yaml:2" in _broken(tmp_path / "e", "nodes/cx.yaml", "kind: A\n? [b, c]\n: d\n")
    words = "w:\n  source: s\n  terms: {a: }\n  also:\n    b: c\n"
    assert "vocabularies.yaml:4" in _broken(tmp_path / "c", "vocabularies.yaml", words)
    (tmp_path / "d" / "nodes").mkdir(parents=True)
    (tmp_path / "d" / "nodes" / "x.yaml").write_bytes(b"kind: A\ndoc: \xff\n")
    with pytest.raises(InputError, match=r"x\.yaml:2: not UTF-8"):
        load([tmp_path / "d"])
