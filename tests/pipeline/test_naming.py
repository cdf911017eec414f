"""What a source is called: two files never take each other's place by their names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.base.errors import InputError, UsageError
from kg.ledger.ledger import Ledger
from kg.pipeline.naming import Names, plain_name
from tests.command import Done, run

GROUPS = "MATCH (g:Group) RETURN g.name AS name ORDER BY name"


def bundle(path: Path, group: str) -> Path:
    """A STIX bundle with one group."""
    id = f"intrusion-set--00000000-0000-4000-8000-{abs(hash(group)) % 10**12:012}"
    when = "2024-03-01T09:00:00.000Z"
    found = {"type": "intrusion-set", "spec_version": "2.1", "id": id, "name": group,
             "created": when, "modified": when}  # fmt: skip
    held = {"type": "bundle", "id": "bundle--" + id.partition("--")[2], "objects": [found]}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(held), encoding="utf-8")
    return path


def dataset(path: Path, name: str, dataset: str) -> Path:
    """A FollowTheMoney file with one organization."""
    entity = {"id": f"{dataset}-1", "schema": "Organization", "datasets": [dataset],
              "properties": {"name": [name]}}  # fmt: skip
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(entity) + "\n", encoding="utf-8")
    return path


def claims(path: Path, group: str) -> Path:
    """A claim file about one group."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"document: {{id: document:{path.stem}, name: Paper, date: 2020}}\n"
        f"entities: {{'group:{group.lower()}': {group}}}\n"
        f"claims: [{{says: ['group:{group.lower()}', alias, Nightfall]}}]\n",
        encoding="utf-8",
    )
    return path


def groups(folder: Path) -> list[str]:
    done = run(folder, "query", GROUPS, "--format", "json")
    return [row["name"] for row in json.loads(done.stdout)]


def load(folder: Path, *words: object) -> Done:
    done = run(folder, "load", *map(str, words))
    assert done.returncode == 0, done.stderr
    return done


def sources(folder: Path) -> list[str]:
    entries = Ledger(folder / "kg.ledger").manifest().entries
    return [entry.source.name for entry in entries if entry.source.name != "identity"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bulletin-2024-001.json", "bulletin-2024-002.json"),
        ("2024-01/export.json", "2024-02/export.json"),
        ("report.v1.json", "report.v2.json"),
        ("b_1.json", "b-1.json"),
        ("a.json", "a.json.d/a.json"),
    ],
)
def test_files_that_differ_by_number_or_folder_stand_beside_each_other(
    tmp_path: Path, one: str, other: str
) -> None:
    load(tmp_path, "stix", bundle(tmp_path / one, "Copper Heron"))
    done = load(tmp_path, "stix", bundle(tmp_path / other, "Tin Gull"))
    assert "replaces the source" not in done.stderr
    assert groups(tmp_path) == ["Copper Heron", "Tin Gull"]
    assert len(sources(tmp_path)) == 2


def test_claim_files_of_one_name_in_two_folders_stand_beside_each_other(tmp_path: Path) -> None:
    load(tmp_path, "claims", claims(tmp_path / "a" / "mine.yaml", "Heron"))
    done = load(tmp_path, "claims", claims(tmp_path / "b" / "mine.yaml", "Gull"))
    assert "beside mine, of other files (--name mine replaces that)" in done.stderr
    assert groups(tmp_path) == ["Gull", "Heron"]
    assert sources(tmp_path) == ["mine", "mine-in-b"]


def test_a_file_is_called_as_it_says_itself(tmp_path: Path) -> None:
    for name in ("one", "two"):
        load(tmp_path, "ftm", dataset(tmp_path / name / "entities.ftm.json", name, f"list_{name}"))
    assert sources(tmp_path) == ["ftm-list-one", "ftm-list-two"]


def test_the_same_file_replaces_what_was_read_of_it_and_says_so(tmp_path: Path) -> None:
    path = bundle(tmp_path / "export.json", "Copper Heron")
    load(tmp_path, "stix", path)
    load(tmp_path, "stix", bundle(tmp_path / "b" / "export.json", "Tin Gull"))
    for _ in range(2):
        done = load(tmp_path, "stix", bundle(tmp_path / "b" / "export.json", "Zinc Owl"))
        assert "replaces the source of that name" in done.stderr
    assert groups(tmp_path) == ["Copper Heron", "Zinc Owl"]
    assert sources(tmp_path) == ["stix-export", "stix-export-in-b"]


def test_the_ledger_and_its_files_may_move_together(tmp_path: Path) -> None:
    load(tmp_path / "here", "stix", bundle(tmp_path / "here" / "export.json", "Copper Heron"))
    shutil.move(tmp_path / "here", tmp_path / "there")
    done = load(tmp_path / "there", "stix", tmp_path / "there" / "export.json")
    assert "replaces the source of that name" in done.stderr
    assert sources(tmp_path / "there") == ["stix-export"]


def test_a_given_name_is_taken_and_replaces_the_source_that_has_it(tmp_path: Path) -> None:
    load(tmp_path, "stix", bundle(tmp_path / "one.json", "Copper Heron"), "--name", "bulletin")
    done = load(tmp_path, "stix", bundle(tmp_path / "two.json", "Tin Gull"), "--name", "bulletin")
    assert "replaces the source of that name" in done.stderr
    assert (groups(tmp_path), sources(tmp_path)) == (["Tin Gull"], ["bulletin"])
    done = load(tmp_path, "stix", tmp_path / "two.json", "--name", "other")
    assert "also loaded as bulletin (kg unload bulletin takes that out)" in done.stderr


@pytest.mark.parametrize("name", ["", " x", "identity", "a#b", "a\nb", "x" * 81])
def test_what_can_be_no_name_is_refused(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, "load", "stix", str(bundle(tmp_path / "a.json", "X")), "--name", name)
    assert done.returncode == 2
    assert done.stderr.startswith("--name")
    assert not (tmp_path / "kg.ledger").exists()


def test_one_name_is_for_one_source(tmp_path: Path) -> None:
    paths = [claims(tmp_path / f"{name}.yaml", name) for name in ("one", "two")]
    with (
        kg.open(tmp_path / "g.kgl") as graph,
        pytest.raises(UsageError, match="--name both names one source, and these paths hold 2"),
    ):
        graph.load("claims", paths, name="both")


@pytest.mark.parametrize(
    ("paths", "name"),
    [
        (["enterprise-attack-18.1.json"], "stix-enterprise-attack-18-1"),
        (["b.json.gz", "a-2024_05.json"], "stix-a-2024-05+b"),
        (["stix"], "stix"),
        (["U.S. list.json"], "stix-u-s-list"),
        ([f"part-of-a-long-list-{letter * 9}.json" for letter in "abcd"], None),
    ],
)
def test_files_are_loaded_under_their_own_names(
    tmp_path: Path, paths: list[str], name: str | None
) -> None:
    found = plain_name("stix", [tmp_path / path for path in paths])
    assert found == (name or found)
    assert len(found) < 90
    assert found == plain_name("stix", [tmp_path / "x" / path for path in paths[::-1]])


def test_a_source_of_which_no_files_were_noted_is_known_by_its_name(tmp_path: Path) -> None:
    path = bundle(tmp_path / "export.json", "Copper Heron")
    load(tmp_path, "stix", path)
    manifest = tmp_path / "kg.ledger" / "manifest.json"
    kept: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    for entry in kept["entries"]:  # as a ledger has it that is older than this rule
        del entry["files"], entry["allowed"]
    manifest.write_text(json.dumps(kept), encoding="utf-8")
    assert Names(Ledger(manifest.parent)).of("stix", "stix-export", [path]) == "stix-export"


# Two of one name in one build


def folder(path: Path, more: str = "") -> Path:
    path.mkdir()
    about = f"name: trips\nformat: table\nlicence: CC0 1.0\n{more}"
    mapping = "table:\n  entities: {'group:{who|slug}': '{who}'}\n  claims: []\n"
    (path / "source.yaml").write_text(about + mapping, encoding="utf-8")
    (path / "t.csv").write_text(f"who\n{path.name}\n", encoding="utf-8")
    return path


def test_two_sources_of_one_name_in_a_build_are_told_with_both_files(tmp_path: Path) -> None:
    one, two = folder(tmp_path / "one"), folder(tmp_path / "two")
    with kg.open(tmp_path / "g.kgl") as graph:
        with pytest.raises(InputError) as caught:
            graph.build([one, two])
        (problem,) = caught.value.problems
        assert problem.place == str(two / "source.yaml")
        assert f"already, in {one / 'source.yaml'}" in problem.message
        assert "`replaces: true`" in problem.message
        shutil.rmtree(two)
        graph.build([one, folder(tmp_path / "two", "replaces: true\n")])
        assert [row["name"] for row in graph.query(GROUPS)] == ["two"]


def test_two_claim_files_of_one_name_in_a_build_are_told_with_both_files(tmp_path: Path) -> None:
    one, two = claims(tmp_path / "a" / "m.yaml", "One"), claims(tmp_path / "b" / "m.yaml", "Two")
    with kg.open(tmp_path / "g.kgl") as graph, pytest.raises(InputError) as caught:
        graph.build([one, two])
    assert str(caught.value) == (
        f"{two}: there is a source 'm' already, in {one}: give this one another name"
    )


def test_an_entity_of_the_ledger_need_not_be_declared_again(tmp_path: Path, root: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "document: {id: document:mine, name: Mine, date: 2020-03-02}\n"
        "entities: {organization:vendor: A vendor}\n"
        "claims:\n"
        "- asserter: organization:vendor\n"
        "  summary: The vendor blames the group.\n"
        "  says: [incident:wannacry, ATTRIBUTED_TO, group:lazarus-group]\n",
        "utf-8",
    )
    with kg.open(tmp_path / "kg.kgl") as graph:
        with pytest.raises(kg.InputError, match="no entity of this id is declared"):
            graph.check(file)
        graph.build(root / "seed" / "sputnik-2019-09.yaml")
        assert "load adds it" in graph.check(file).warnings[0]
        with pytest.raises(kg.InputError, match="no entity of this id is declared"):
            graph.build(file)
        graph.load("claims", file)
        (row,) = graph.query("who_attributes", according_to="A vendor")
        assert row["actor"] == "Lazarus Group"
        file.write_text(file.read_text("utf-8").replace("lazarus-group", "lazarus-grop"), "utf-8")
        with pytest.raises(kg.InputError, match="did you mean 'group:lazarus-group'"):
            graph.check(file)
