"""MISP galaxy clusters: the traps on clusters of our own, then the whole where it is at hand."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.base.errors import InputError
from tests.loaders.loading import Loaded, run, shared
from tests.loaders.loading import whole as whole_list
from tests.machine import Once

PRODUCER = {"uuid": "p-1", "value": "CrowdStrike", "meta": {"country": "US"}}
LIKELY = ['estimative-language:likelihood-probability="likely"']


def galaxy(folder: Path, type_: str, *values: dict[str, Any]) -> Path:
    content = {"type": type_, "name": type_.title(), "version": 7, "values": list(values)}
    path = folder / f"{type_}.json"
    path.write_text(json.dumps(content))
    return path


def actor(
    value: str, uuid: str = "a-1", related: list[Any] | None = None, **meta: Any
) -> dict[str, Any]:
    fields = {name.replace("_", "-"): found for name, found in meta.items()}
    return {"value": value, "uuid": uuid, "meta": fields, "related": related or []}


def claimed(loaded: Loaded, predicate: str, *columns: str) -> set[tuple[Any, ...]]:
    return set(loaded.claims(predicate=predicate).select(columns).iter_rows())


def test_a_name_is_said_by_misp_which_cites_whose_it_is(tmp_path: Path) -> None:
    fireeye: dict[str, Any] = {"origin:APT99": "FireEye"}
    galaxy(tmp_path, "producer", PRODUCER)
    galaxy(tmp_path, "threat-actor", actor(
        "Wolf", synonyms=["GREY PANDA", "APT99", "UNC9"], name_attribution=["GREY PANDA:p-1"],
        **fireeye))  # fmt: skip
    loaded = run("misp-galaxy", tmp_path)
    assert claimed(loaded, "alias", "value", "asserter", "cites", "locator") == {
        ("GREY PANDA", "organization:misp-project", "CrowdStrike", "Wolf, meta.name-attribution"),
        ("APT99", "organization:misp-project", "Mandiant", "Wolf, meta.origin:APT99"),
        ("UNC9", "organization:misp-project", None, "Wolf, meta.synonyms"),
    }


def test_a_producer_is_the_publisher_of_that_name(tmp_path: Path) -> None:
    made = [actor(name, f"p-{name}") for name in ("FireEye", "Mandiant", "CISA", "Some Shop")]
    galaxy(tmp_path, "producer", *made)
    found = run("misp-galaxy", tmp_path).rows(predicate="name", declared=True)
    assert {"organization:mandiant", "agency:us-cisa", "organization:some-shop"} <= {
        *found["subject"]}  # fmt: skip
    assert "organization:fireeye" not in {*found["subject"]}


@pytest.mark.parametrize(
    ("description", "part"),
    [
        ("Cub is a subgroup of Wolf, which steals.", ("group:misp-wolf", None)),
        ("Cub, identified as a subset of GREY PANDA, is active.", ("group:misp-wolf", None)),
        ("The group is believed to be a sub-group of the Wolf group and others.",
         ("group:misp-wolf", "believed")),
        ("It was one of three sub-groups of Iranian actor Wolf.", ("group:misp-wolf", None)),
        ("Others call the Bear gang a subgroup of Wolf.", None),
        ("Cub uses a subset of tools.", None),
        ("Cub is a subgroup of Twins.", None),
        ("Cub is a subgroup of Cub.", None),
    ],
)  # fmt: skip
def test_a_description_that_calls_it_a_sub_group_of_another_is_a_claim(
    tmp_path: Path, description: str, part: tuple[str, str | None] | None
) -> None:
    """Where it names one other cluster; whatever else stands in prose is left alone."""
    cub = {**actor("Cub", "a-1"), "description": f"Found in 2020. {description}"}
    wolf = actor("Wolf", "a-2", synonyms=["GREY PANDA", "Twins"])
    bear = actor("Bear", "a-3", synonyms=["Twins"])
    loaded = run("misp-galaxy", galaxy(tmp_path, "threat-actor", cub, wolf, bear))
    assert claimed(loaded, "SUBGROUP_OF", "subject", "object", "hedge") == (
        {("group:misp-cub", *part)} if part else set()
    )


@pytest.mark.parametrize(
    ("given", "confidence"),
    [("50", None), (50, None), ("10", "low"), ("75", "high"), (75, "high"), ("0", None)],
)
def test_fifty_is_filler_and_not_a_confidence(
    tmp_path: Path, given: str | int, confidence: str | None
) -> None:
    galaxy(tmp_path, "threat-actor", actor("Wolf", country="KP", attribution_confidence=given))
    loaded = run("misp-galaxy", tmp_path)
    assert claimed(loaded, "ATTRIBUTED_TO", "object", "confidence") == {("state:PRK", confidence)}
    assert ("confidence" in loaded.claims(predicate="ATTRIBUTED_TO")["locator"][0]) == (
        str(given) != "50"
    )
    assert loaded.warnings == []


@pytest.mark.parametrize("given", ["999", "abc", "-1", ["10", "90"], {"a": 1}])
def test_what_can_be_no_confidence_is_reported_and_none_is_claimed(
    tmp_path: Path, given: object
) -> None:
    galaxy(tmp_path, "threat-actor", actor("Wolf", country="KP", attribution_confidence=given))
    loaded = run("misp-galaxy", tmp_path)
    assert claimed(loaded, "ATTRIBUTED_TO", "confidence", "locator") == {
        (None, "Wolf, meta.country")
    }
    assert [problem.field for problem in loaded.warnings] == ["meta.attribution-confidence"]


def test_names_that_are_no_text_are_reported_and_are_no_names(tmp_path: Path) -> None:
    galaxy(tmp_path, "threat-actor", actor("Wolf", synonyms=[None, 5, {"a": 1}, "Cub"]))
    loaded = run("misp-galaxy", tmp_path)
    assert claimed(loaded, "alias", "value") == {("Cub",)}
    (problem,) = loaded.warnings
    assert (problem.field, problem.value) == ("meta.synonyms", "None")
    assert "(3 times)" in problem.message


def test_unknown_fields_of_a_cluster_and_a_meta_that_is_none_are_reported(tmp_path: Path) -> None:
    galaxy(tmp_path, "threat-actor", {"value": "Wolf", "uuid": "a-1", "meta": ["x"], "mood": "bad"})
    found = {problem.field: problem.value for problem in run("misp-galaxy", tmp_path).warnings}
    assert found == {"mood": "bad", "meta": "['x']"}


def test_of_two_clusters_with_one_uuid_the_first_counts_and_both_are_told(tmp_path: Path) -> None:
    file = galaxy(tmp_path, "threat-actor", actor("Wolf"), actor("Bear"))
    loaded = run("misp-galaxy", file)
    (problem,) = loaded.warned("uuid")
    assert problem.place == f"{file}#values[1]"
    assert f"{file}#values[0]" in problem.message
    assert loaded.count("group") == 1


def test_the_council_s_suspicions_are_the_council_s(tmp_path: Path) -> None:
    suspicions: dict[str, Any] = {
        "cfr-suspected-state-sponsor": "Korea (Democratic People's Republic of)",
        "cfr-suspected-victims": ["Japan", "Uighurs"],
        "cfr-target-category": ["Private sector"],
    }
    galaxy(tmp_path, "threat-actor", actor("Wolf", **suspicions))
    loaded = run("misp-galaxy", tmp_path)
    assert claimed(loaded, "CONTROLLED_BY", "object", "asserter", "hedge") == {
        ("state:PRK", "organization:cfr", "suspected")
    }
    assert claimed(loaded, "TARGETED", "object", "asserter") == {("state:JPN", "organization:cfr")}
    assert claimed(loaded, "TARGETS_SECTOR", "object") == {("sector:private-sector",)}
    assert [w.value for w in loaded.warned("meta.cfr-suspected-victims")] == ["Uighurs"]


def test_nobody_suspected_is_no_claim(tmp_path: Path) -> None:
    unknown: dict[str, Any] = {"cfr-suspected-state-sponsor": "Unknown"}
    galaxy(tmp_path, "threat-actor", actor("Wolf", **unknown))
    loaded = run("misp-galaxy", tmp_path)
    assert claimed(loaded, "CONTROLLED_BY", "object") == set()
    assert loaded.warnings == []


def test_personas_umbrellas_and_foreign_keys_are_kept_and_are_no_aliases(tmp_path: Path) -> None:
    written = ["Guardians of Peace", "Hidden Cobra", "G0032", "Operation Troy", "Subgroup: Cub"]
    galaxy(tmp_path, "threat-actor", actor("Wolf", synonyms=written))
    loaded = run("misp-galaxy", tmp_path)
    assert claimed(loaded, "persona", "value") == {("Guardians of Peace",)}
    assert claimed(loaded, "umbrella_term", "value") == {("Hidden Cobra",)}
    assert claimed(loaded, "foreign_key", "value") == {("attack:G0032",)}
    assert claimed(loaded, "subgroup_name", "value") == {("Cub",)}
    assert claimed(loaded, "alias", "value") == {("Operation Troy",)}


def test_relations_keep_their_likelihood_and_similar_is_not_same(tmp_path: Path) -> None:
    to_cub = [{"dest-uuid": "a-2", "type": "similar", "tags": LIKELY},
              {"dest-uuid": "a-2", "type": "part-of", "tags": LIKELY},
              {"dest-uuid": "elsewhere", "type": "uses"}]  # fmt: skip
    galaxy(tmp_path, "threat-actor", actor("Wolf", related=to_cub), actor("Pack", "a-2"))
    loaded = run("misp-galaxy", tmp_path)
    ends = ("group:misp-wolf", "group:misp-pack", "likely")
    assert claimed(loaded, "MAY_BE_SAME", "subject", "object", "likelihood") == {ends}
    assert claimed(loaded, "SUBGROUP_OF", "subject", "object", "likelihood") == {ends}
    assert loaded.notes["not used: relation uses to a cluster that is not loaded"] == 1


def test_what_the_source_calls_an_operation_is_a_campaign(tmp_path: Path) -> None:
    galaxy(tmp_path, "threat-actor", actor("Soft", threat_actor_classification=["operation"]))
    loaded = run("misp-galaxy", tmp_path)
    assert (loaded.count("campaign"), loaded.count("group")) == (1, 0)


@pytest.mark.parametrize("type_", ["ransomware", "rat", "botnet", "exploit-kit"])
def test_all_sorts_of_malware_are_software(type_: str, tmp_path: Path) -> None:
    galaxy(tmp_path, type_, actor("Locky", synonyms=["Osiris"], country="RU", price="0.5 BTC"))
    loaded = run("misp-galaxy", tmp_path)
    id = f"software:misp-{type_}-locky"
    assert loaded.values(id, "record") == [f"misp-{type_}:Locky"]
    assert loaded.values(id, "alias") == ["Osiris"]
    assert loaded.count("state") == 0  # of which nothing is said
    assert loaded.notes["not used: country, of a Software"] == 1
    assert not loaded.warnings


def test_two_values_with_one_slug_stay_two(tmp_path: Path) -> None:
    galaxy(tmp_path, "threat-actor", actor("C0d0so!"), actor("C0d0so?", "b-2"))
    assert run("misp-galaxy", tmp_path).count("group") == 2


def test_clusters_without_anything_of_ours_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing in these clusters"):
        run("misp-galaxy", galaxy(tmp_path, "360net-threat-actor", actor("Wolf")))


def test_regions_hold_regions_and_states_and_may_be_victims(tmp_path: Path) -> None:
    europe = {"value": "150 - Europe", "uuid": "r-1", "meta": {"subregions": ["151 - East"]}}
    inner = ["616 - Poland", "999 - Ruritania"]
    east = {"value": "151 - East", "uuid": "r-2", "meta": {"subregions": inner}}
    galaxy(tmp_path, "region", europe, east)
    victims: dict[str, Any] = {
        "cfr-suspected-victims": ["Europe", "The Middle East", "Poland", "East Asia"]
    }
    galaxy(tmp_path, "threat-actor", actor("Wolf", **victims))
    loaded = run("misp-galaxy", tmp_path)
    lies = loaded.rows(predicate="LOCATED_IN")
    assert set(lies.select("subject", "object").iter_rows()) == {
        ("region:east", "region:europe"),
        ("state:POL", "region:east"),
    }
    assert lies["declared"].all()
    aimed = loaded.rows(predicate="TARGETED")
    assert set(aimed["object"]) == {"region:europe", "region:middle-east", "state:POL"}
    assert [w.value for w in loaded.warned("meta.subregions")] == ["Ruritania"]
    # East Asia is another name of a region that these files do not list.
    assert [w.value for w in loaded.warned("meta.cfr-suspected-victims")] == ["East Asia"]


def test_a_cluster_that_was_taken_back_says_so_also_in_other_words_for_true(tmp_path: Path) -> None:
    wolf, fox = actor("Wolf") | {"revoked": True}, actor("Fox", "a-2") | {"revoked": "True"}
    galaxy(tmp_path, "threat-actor", wolf, fox, actor("Hare", "a-3") | {"revoked": "no"})
    loaded = run("misp-galaxy", tmp_path)
    assert set(loaded.claims(predicate="status")["locator"]) == {"Wolf, revoked", "Fox, revoked"}
    assert {told.value for told in loaded.warned("revoked")} == {"True", "no"}


def test_what_is_not_understood_is_said_once(tmp_path: Path) -> None:
    galaxy(tmp_path, "threat-actor", actor("Wolf", mood="bad"), actor("Fox", "a-2", mood="good"))
    loaded = run("misp-galaxy", tmp_path)
    (warning,) = loaded.warned("meta.mood")
    assert "2 times" in warning.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "broken JSON"),
        ("{}", "no MISP galaxy cluster"),
        ('{"type": "tool", "values": [{"uuid": "x"}]}', "no cluster with"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        run("misp-galaxy", path)
    assert caught.value.problems[0].place.startswith(str(path))


def test_one_value_that_is_no_cluster_is_left_out_and_told(tmp_path: Path) -> None:
    galaxy(tmp_path, "threat-actor", actor("Wolf"), {"uuid": "Fox"}, actor("Bear"))
    loaded = run("misp-galaxy", tmp_path)
    messages = {problem.place.partition("#")[2]: problem.message for problem in loaded.warnings}
    assert messages == {
        "values[1]": "is no cluster with a `value`; the record was left out",
        "values[2]": messages["values[2]"],
    }
    assert "two clusters with one UUID" in messages["values[2]"]
    assert loaded.count("group") == 1


def test_a_cluster_that_has_no_name_is_somebody_all_the_same(tmp_path: Path) -> None:
    galaxy(tmp_path, "threat-actor", actor("Unnamed Actor", country=["KP"]))
    galaxy(tmp_path, "sector", {"value": "Unknown", "uuid": "s"})
    loaded = run("misp-galaxy", tmp_path)
    assert loaded.values("group:misp-unnamed-actor", "unnamed") == ["true"]
    assert loaded.count("sector") == 0


ANY = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=5,
)
META = st.sampled_from(
    ["synonyms", "country", "refs", "name-attribution", "origin:X", "cfr-suspected-victims", "?",
     "attribution-confidence", "targeted-sector", "microsoft-origin-threat", "external_id"]
)  # fmt: skip


@settings(max_examples=60)
@given(st.sampled_from(["threat-actor", "tool", "producer", "country", "mitre-intrusion-set"]),
       st.dictionaries(META, ANY, max_size=4), ANY)  # fmt: skip
def test_whatever_stands_in_the_fields_the_answer_is_a_frame_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, type_: str, meta: dict[str, Any], related: Any
) -> None:
    folder = tmp_path_factory.mktemp("misp")
    cluster = {"value": "Wolf", "uuid": "a", "meta": meta, "related": related}
    with suppress(InputError):
        loaded = run("misp-galaxy", galaxy(folder, type_, cluster))
        assert loaded.frame["id"].is_unique().all()


# The real thing


@pytest.fixture(scope="module")
def whole(once: Once) -> Loaded:
    return whole_list("misp-galaxy", "misp-galaxy", once)


def test_every_actor_is_there_under_its_key(whole: Loaded) -> None:
    content = json.loads((shared("misp-galaxy") / "threat-actor.json").read_text())
    wanted = {f"misp:{value['value'].strip()}" for value in content["values"]}
    assert len(wanted) == 1041
    assert wanted <= set(whole.rows(predicate="record")["value"])


def test_nothing_refers_to_what_is_not_there(whole: Loaded) -> None:
    from kg.graph.link import dangling

    assert dangling(whole.frame) == []


def test_derived_and_unread_clusters_are_named(whole: Loaded) -> None:
    assert {w.value for w in whole.warned("type")} == {"360net-threat-actor"}
