"""Things are what they are: another type is told, no key or id stands twice in silence."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.base.errors import InputError
from tests.loaders import samples
from tests.loaders.loading import Loaded, run
from tests.loaders.stix_objects import attack, bundle, related
from tests.loaders.test_microsoft import listed, row
from tests.loaders.test_misp_galaxy import actor, galaxy
from tests.loaders.test_ofac import LAZARUS
from tests.loaders.test_travel import VISITS

WOLF = attack("intrusion-set", "G9001", "Wolf")
LATER = WOLF | {"name": "Grey Wolf", "modified": "2024-05-06T07:08:09.51Z"}


def ftm(path: Path, *entities: dict[str, Any]) -> Path:
    path.write_text("\n".join(map(json.dumps, entities)))
    return path


def entity(id: str, schema: str, **properties: object) -> dict[str, Any]:
    return {"id": id, "schema": schema, "datasets": ["list"], "properties": properties}


# ------------------------------------------------------------------ types


@pytest.mark.parametrize("flag", ["revoked", "x_mitre_deprecated"])
@pytest.mark.parametrize("given", ["perhaps", "", 2, [True], ["true"], {}])
def test_what_is_no_truth_value_revokes_nothing_and_is_told(
    tmp_path: Path, flag: str, given: object
) -> None:
    wolf = attack("intrusion-set", "G9001", "Wolf", **{flag: given})
    loaded = run("stix", bundle(tmp_path / "a.json", wolf))
    assert loaded.values("group:attack-g9001", "status") == []
    (told,) = loaded.warned(f"intrusion-set.{flag}")
    assert "is not true or false (without quotes) and was left out" in told.message
    assert told.place == f"{tmp_path / 'a.json'}#{wolf['id']}"


@pytest.mark.parametrize(("flag", "word"), [("revoked", "revoked"),
                                            ("x_mitre_deprecated", "deprecated")])  # fmt: skip
@pytest.mark.parametrize("given", ["true", " True", "false", "FALSE", "yes", "Y", "off", 1, 0])
def test_other_words_for_true_and_false_are_read_and_told(
    tmp_path: Path, flag: str, word: str, given: object
) -> None:
    wolf = attack("intrusion-set", "G9001", "Wolf", **{flag: given})
    loaded = run("stix", bundle(tmp_path / "a.json", wolf))
    is_true = str(given).strip().lower() in ("true", "yes", "y", "1")
    assert loaded.values("group:attack-g9001", "status") == ([word] if is_true else [])
    (told,) = loaded.warned(f"intrusion-set.{flag}")
    read = f"was read as {str(is_true).lower()}"
    assert told.message == f"is not true or false (without quotes) and {read}"


@pytest.mark.parametrize(("given", "status"), [("true", "retracted"), ("false", None)])
def test_a_relationship_is_withdrawn_though_its_flag_is_text(
    tmp_path: Path, given: str, status: str | None
) -> None:
    fang = {"type": "malware", "id": "malware--1", "name": "Fang"}
    uses = related(WOLF["id"], "uses", "malware--1", revoked=given)
    loaded = run("stix", bundle(tmp_path / "a.json", WOLF, fang, uses))
    assert loaded.claims(predicate="USED")["status"].to_list() == [status]
    assert loaded.warned("relationship.revoked")


@pytest.mark.parametrize("given", ["much", True, 8.5, 101, -1, "101", [5]])
def test_what_is_no_confidence_is_none_and_is_told(tmp_path: Path, given: object) -> None:
    fang = {"type": "malware", "id": "malware--1", "name": "Fang"}
    uses = related(WOLF["id"], "uses", "malware--1", confidence=given)
    loaded = run("stix", bundle(tmp_path / "a.json", WOLF, fang, uses))
    assert loaded.claims(predicate="USED")["confidence"].to_list() == [None]
    assert [told.value for told in loaded.warned("relationship.confidence")] == [str(given)]


@pytest.mark.parametrize(
    ("given", "column", "value"),
    [("85", "confidence", "high"), ("Med", "confidence", "moderate"), (15, "confidence", "low"),
     (69.0, "confidence", "moderate"), ("Likely / Probable", "likelihood", "likely"),
     ("Highly Unlikely/Almost Certainly Not", "likelihood", "very-unlikely"),
     ("B2", "reliability", "B"), ("B2", "credibility", "2"),
     ("1 - Confirmed by other sources", "credibility", "1"),
     ("C - Fairly reliable", "reliability", "C")],
)  # fmt: skip
def test_confidence_is_read_in_any_spelling_of_the_standard(
    tmp_path: Path, given: object, column: str, value: str
) -> None:
    fang = {"type": "malware", "id": "malware--1", "name": "Fang"}
    uses = related(WOLF["id"], "uses", "malware--1", confidence=given)
    loaded = run("stix", bundle(tmp_path / "a.json", WOLF, fang, uses))
    assert loaded.claims(predicate="USED")[column].to_list() == [value]
    assert not loaded.warned("relationship.confidence")


@pytest.mark.parametrize("missing", ["relationship_type", "source_ref", "target_ref"])
@pytest.mark.parametrize("given", [None, 5, ""])
def test_a_relationship_without_type_or_end_is_left_out_and_told(
    tmp_path: Path, missing: str, given: object
) -> None:
    broken = related(WOLF["id"], "uses", WOLF["id"]) | {missing: given}
    loaded = run("stix", bundle(tmp_path / "a.json", WOLF, broken))
    (told,) = loaded.warned(missing)
    assert told.message == "a relationship without it: left out"


def test_a_time_that_is_none_is_told(tmp_path: Path) -> None:
    wolf = attack("intrusion-set", "G9001", "Wolf", first_seen="9999-99-99T00:00:00Z")
    loaded = run("stix", bundle(tmp_path / "a.json", wolf))
    assert loaded.values("group:attack-g9001", "first_seen") == []
    assert loaded.warned("intrusion-set.first_seen")


@pytest.mark.parametrize("value", [["a"], {"a": "b"}, True, 1.5])
def test_ftm_values_are_text(tmp_path: Path, value: object) -> None:
    loaded = run("ftm", ftm(tmp_path / "a.json", entity("p", "Person", alias=["Al", value])))
    assert loaded.values("person:ftm-p", "alias") == ["Al"]
    assert loaded.warned("alias")


@pytest.mark.parametrize(
    ("objects", "field", "value"),
    [
        ([WOLF | {"created_by_ref": "identity--gone"}], "created_by_ref", "identity--gone"),
        ([WOLF, {"type": "report", "id": "report--1", "name": "R", "object_refs": ["x--gone"]}],
         "object_refs", "x--gone"),
        ([WOLF, {"type": "identity", "id": "identity--1", "name": "I", "identity_class": "odd"}],
         "identity_class", "odd"),
        ([WOLF, {"type": "report", "id": "report--1"}], "name", ""),
    ],
)  # fmt: skip
def test_what_leads_nowhere_or_says_nothing_is_told(
    tmp_path: Path, objects: list[dict[str, Any]], field: str, value: str
) -> None:
    loaded = run("stix", bundle(tmp_path / "a.json", *objects))
    assert [told.value for told in loaded.warned(field)] == [value]


# ------------------------------------------------------------------ keys that stand twice


@pytest.mark.parametrize(
    ("format", "text", "line"),
    [
        ("stix", '{"type": "bundle",\n"objects": [\n {"id": "a", "name": "A",\n "name": "B"}]}', 4),
        ("misp-galaxy", '{"type": "tool",\n"values": [{"value": "\\u007b}", "meta": {'
                        '"country": "US",\n"c\\u006funtry": "DE"}}]}', 3),
        ("microsoft", '[{"Threat actor name": "{", "x": {}},\n{"x": 1, "x": 1}]', 2),
    ],
)  # fmt: skip
def test_a_repeated_key_is_refused_with_file_line_and_key(
    tmp_path: Path, format: str, text: str, line: int
) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InputError, match="stands twice in one object") as error:
        run(format, tmp_path / "a.json")
    (problem,) = error.value.problems
    assert problem.place == f"{tmp_path / 'a.json'}:{line}"
    assert problem.field in ("name", "country", "x")


def test_a_line_with_a_repeated_key_is_left_out_and_told(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    good = json.dumps(entity("p", "Person", name=["P"]))
    file.write_text(f'{good}\n{{"id": "q", "schema": "Person", "id": "p", "properties": {{}}}}\n')
    (problem,) = run("ftm", file).warned("id")
    assert problem.place == f"{file}:2"
    assert "stands twice" in problem.message


@pytest.mark.parametrize(("text", "why"), [("NaN", "NaN is no"), ("1e999", "too large"),
                                           ("-Infinity", "no value of JSON")])  # fmt: skip
def test_numbers_that_json_has_not_are_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "a.json").write_text(f'[{{"Threat actor name": "Wolf", "x": {text}}}]')
    with pytest.raises(InputError, match=why):
        run("microsoft", tmp_path / "a.json")


# ------------------------------------------------------------------ one id, two objects


@pytest.mark.parametrize("newest", [0, 1])
def test_the_newest_of_two_versions_counts_and_is_told(tmp_path: Path, newest: int) -> None:
    # As texts, …09.5Z would come after …09.51Z.
    older = LATER | {"name": "Old Wolf", "modified": "2024-05-06T07:08:09.5Z"}
    both = [older, LATER] if newest else [LATER, older]
    loaded = run("stix", bundle(tmp_path / "a.json", *both))
    assert loaded.values("group:attack-g9001", "name") == ["Grey Wolf"]
    (told,) = loaded.warned("modified")
    assert told.place == f"{tmp_path / 'a.json'}#objects[1]"
    assert "last counts" in told.message


@pytest.mark.parametrize("modified", [WOLF["modified"], None])
def test_one_version_with_two_contents_is_refused_and_both_are_named(
    tmp_path: Path, modified: str | None
) -> None:
    other = WOLF | {"name": "Grey Wolf", "modified": modified}
    file, second = bundle(tmp_path / "a.json", WOLF), bundle(tmp_path / "b.json", other)
    with pytest.raises(InputError, match="no other `modified`") as error:
        run("stix", tmp_path)
    assert f"{file}#objects[0]" in str(error.value)
    assert f"{second}#objects[0]" in str(error.value)


def test_the_same_object_twice_is_no_harm(tmp_path: Path) -> None:
    bundle(tmp_path / "a.json", WOLF)
    # ATT&CK's domains differ in what they say of themselves.
    bundle(tmp_path / "b.json", WOLF | {"x_mitre_domains": ["mobile"]})
    assert run("stix", tmp_path).warnings == []


def test_two_objects_of_one_attack_id_keep_both_names(tmp_path: Path) -> None:
    other = attack("intrusion-set", "G9001", "Grey Wolf") | {"id": "intrusion-set--other"}
    loaded = run("stix", bundle(tmp_path / "a.json", WOLF, other))
    assert loaded.values("group:attack-g9001", "alias") == ["Grey Wolf"]


def test_the_same_cluster_twice_is_no_harm_and_another_is_told(tmp_path: Path) -> None:
    assert run("misp-galaxy", galaxy(tmp_path, "tool", actor("A"), actor("A"))).count("software")
    (problem,) = run("misp-galaxy", galaxy(tmp_path, "tool", actor("A"), actor("B"))).warned("uuid")
    assert "two clusters with one UUID" in problem.message
    assert "values[0]" in problem.message


def test_producers_of_one_id_keep_both_names(tmp_path: Path) -> None:
    file = galaxy(tmp_path, "producer", actor("Acme Inc"), actor("Acme, Inc.", "a-2"))
    assert run("misp-galaxy", file).values("organization:acme-inc", "alias") == ["Acme, Inc."]


def test_an_actor_named_twice_keeps_what_both_say_and_is_told(tmp_path: Path) -> None:
    both = row("Wolf Sleet", others="ZINC"), row("Wolf  sleet", others="APT99")
    loaded = run("microsoft", listed(tmp_path, *both))
    assert loaded.values("group:microsoft-wolf-sleet", "alias") == ["APT99", "Wolf  sleet", "ZINC"]
    assert "names.json#[0]" in loaded.warned("Threat actor name")[0].message


def test_a_number_used_twice_is_fine_where_the_row_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "sdn.csv").write_text(LAZARUS + LAZARUS)
    assert run("ofac", tmp_path).count("sanction") == 1
    (tmp_path / "visits.csv").write_text(VISITS + VISITS.splitlines()[-1] + "\n")
    before = run("travel", tmp_path / "visits.csv")
    assert before.warnings
    assert not before.warned("id")
    last = VISITS.splitlines()[-1].replace("Private", "Public")
    (tmp_path / "visits.csv").write_text(VISITS + last + "\n")
    (problem,) = run("travel", tmp_path / "visits.csv").warned("id")
    assert problem.place == f"{tmp_path / 'visits.csv'}:8"
    assert f"number used twice, first at {tmp_path / 'visits.csv'}:7" in problem.message


def test_two_rows_of_one_id_keep_both_names_and_tell(tmp_path: Path) -> None:
    for name, content in samples.ALL["table csv"].items():
        (tmp_path / name).write_bytes(content.replace(b"3,05.06", b"1,05.06"))
    loaded = run("table", tmp_path)
    assert loaded.values("incident:raid-1", "name") == ["Harbour raid"]
    assert loaded.values("incident:raid-1", "alias") == ["Mine raid"]
    assert "several names" in loaded.warned("name")[0].message


def test_a_claim_made_twice_with_other_details_is_told(tmp_path: Path) -> None:
    fang = {"type": "malware", "id": "malware--1", "name": "Fang"}
    uses = related(WOLF["id"], "uses", "malware--1", confidence=80)
    again = uses | {"id": "relationship--again", "confidence": 10}
    loaded = run("stix", bundle(tmp_path / "a.json", WOLF, fang, uses, again))
    assert loaded.claims(predicate="USED")["confidence"].to_list() == ["high"]
    assert "with other details" in loaded.warned("USED")[0].message


# ------------------------------------------------------------------ parts of one entity


def test_parts_of_an_edge_are_read_as_one(tmp_path: Path) -> None:
    loaded = run("ftm", ftm(
        tmp_path / "a.json",
        entity("own", "Ownership", owner=["p"]), entity("p", "Person", name=["P"]),
        entity("c", "Company", name=["C"]), entity("own", "Ownership", asset=["c"]),
    ))  # fmt: skip
    assert loaded.values("organization:ftm-c", "OWNED_BY") == ["person:ftm-p"]
    assert loaded.warnings == []


def test_an_edge_without_an_end_is_told(tmp_path: Path) -> None:
    own = entity("own", "Ownership", owner=["p"])
    loaded = run("ftm", ftm(tmp_path / "a.json", own, entity("p", "Person", name=["P"])))
    assert loaded.warned("asset")[0].message == "Ownership without it, left out"


@pytest.mark.parametrize("turned", [False, True])
def test_the_narrowest_schema_of_an_entity_counts(tmp_path: Path, turned: bool) -> None:
    parts = [entity("p", "LegalEntity", alias=["Al"]), entity("p", "Person", name=["P"])]
    loaded = run("ftm", ftm(tmp_path / "a.json", *parts[:: -1 if turned else 1]))
    assert (loaded.count("person"), loaded.count("organization")) == (1, 0)
    assert loaded.values("person:ftm-p", "alias") == ["Al"]


def test_of_two_schemata_that_no_entity_can_have_the_first_counts(tmp_path: Path) -> None:
    file = ftm(tmp_path / "a.json", entity("p", "Company"), entity("p", "Person"))
    loaded = run("ftm", file)
    (problem,) = loaded.warned("id")
    assert problem.place == f"{file}:2"
    assert f"cannot be a Person: it is a Company at {file}:1" in problem.message
    assert (loaded.count("organization"), loaded.count("person")) == (1, 0)


def test_an_empty_caption_of_another_type_is_refused(tmp_path: Path) -> None:
    odd = entity("p", "Person", name=["P"]) | {"caption": {}}
    with pytest.raises(InputError, match="caption: text is wanted"):
        run("ftm", ftm(tmp_path / "a.json", odd))


# ------------------------------------------------------------------ nothing in silence


def spots(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, dict | list):
            yield from spots(value, (*path, key))
        else:
            yield (*path, key)


def put(tree: Any, path: tuple[Any, ...], value: object) -> Any:
    whole = copy.deepcopy(tree)
    at(whole, path[:-1])[path[-1]] = value
    return whole


UNREAD = frozenset(("id", "is_family", "kill_chain_name", "description", "x_mitre_version", "name"))
"""Bookkeeping that no loader reads. Of a bundle also its id."""

TREES = {("stix", "bundle.json"): samples.STIX, ("misp-galaxy", "threat-actor.json"): samples.MISP,
         ("microsoft", "names.json"): samples.MICROSOFT}  # fmt: skip


def outcome(format: str, folder: Path) -> tuple[str, str]:
    """What is told of a load, and all that it holds."""
    try:
        loaded: Loaded = run(format, folder)
    except InputError as why:
        return str(why), ""
    return f"{sorted(map(str, loaded.warnings))} {loaded.notes}", loaded.frame.write_json()


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.soak), 17])
@pytest.mark.parametrize(("format", "name"), TREES)
def test_what_is_of_another_type_never_goes_in_silence(
    tmp_path: Path, format: str, name: str, step: int
) -> None:
    """Each value of a sample (of `step` values one) is replaced by values of every other type."""
    sample = TREES[format, name]
    for file, content in sample.items():
        (tmp_path / file).write_bytes(content)
    tree, (before, _) = json.loads(sample[name]), outcome(format, tmp_path)
    silent = []
    for spot in list(dict.fromkeys(spots(tree)))[::step]:
        for odd in odds(at(tree, spot)):
            (tmp_path / name).write_text(json.dumps(put(tree, spot, odd)))
            told, held = outcome(format, tmp_path)
            if told == before and str(odd) not in held and spot[-1] not in UNREAD:
                silent.append((spot, odd))
    assert not silent, "\n".join(map(str, silent))


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def odds(given: object) -> Iterator[object]:
    """Values of other types; one is as good as a list of one."""
    types = set(map(type, given)) if isinstance(given, list) else {type(given)}
    for odd in (4711, "odd", True, [["odd"]], {"odd": ["odd"]}):
        if type(odd) not in types:
            yield odd
