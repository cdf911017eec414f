"""The real data that may lie beside the checkout load with every count that its own page states.

What has a loader is read by it; a table that has none by a mapping that stands here."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from kg.ontology import load
from kg.pipeline.history import read_history
from tests.loaders.loading import Loaded, run, shared, whole
from tests.machine import Once


def stated(words: str) -> list[int]:
    """The numbers that the page has where a pattern has groups."""
    page = shared("SOURCES.md").read_text(encoding="utf-8")
    found = re.search(words, page)
    assert found, f"SOURCES.md no longer says {words}"
    return [int(number.replace(",", "")) for number in found.groups()]


def test_misp_galaxy(once: Once) -> None:
    loaded = whole("misp-galaxy", "misp-galaxy", once)
    (actors,) = stated(r"threat-actor ([\d,]+),")
    keys = loaded.rows(predicate="record").select("subject", "value")
    assert keys.filter(pl.col("value").str.starts_with("misp:")).n_unique("value") == actors
    placed = loaded.claims(predicate="ATTRIBUTED_TO").filter(
        pl.col("document") == "document:misp-galaxy-threat-actor",
        pl.col("locator").str.contains("meta.country"),
    )
    counts = placed["subject"].n_unique(), placed.filter(object="state:PRK")["subject"].n_unique()
    assert list(counts) == stated(r"has (\d+) actors with a country, (\d+) of them KP")
    unset, of = stated(r'is "50" in (\d+) of (\d+) cases')
    assert placed["confidence"].is_not_null().sum() == of - unset


@pytest.fixture(scope="module")
def enterprise() -> Loaded:
    return run("stix", shared("attack") / "enterprise-attack-18.1.json")


def left_out(loaded: Loaded, what: str) -> int:
    return sum(
        count for note, count in loaded.notes.items() if note.startswith(f"not used: {what}")
    )


@pytest.mark.soak
def test_attack_has_its_relationships(enterprise: Loaded) -> None:
    objects, relationships, blames = stated(
        r"enterprise ([\d,]+) objects, ([\d,]+) relationships, (\d+) attributed-to"
    )
    edges = enterprise.claims().filter(pl.col("object").is_not_null())
    used = edges["locator"].str.extract("(relationship--[0-9a-f-]+)").n_unique()
    own = edges.filter(predicate="SUBGROUP_OF").height  # said in a description, by no relationship
    assert used - own + left_out(enterprise, "relationship") == relationships
    assert edges.filter(predicate="ATTRIBUTED_TO").height == blames
    named = sum(map(enterprise.count, ("group", "software", "technique", "campaign")))
    about = 2  # MITRE itself, its notice
    unused = left_out(enterprise, "STIX type")
    assert named + unused + about + relationships == objects


@pytest.mark.soak
def test_attack_has_its_groups_and_who_calls_them_so(enterprise: Loaded) -> None:
    groups, gone = stated(r"(\d+) intrusion-sets of which (\d+) are revoked or deprecated")
    assert enterprise.count("group") == groups
    ended = enterprise.rows(predicate="status").filter(pl.col("subject").str.starts_with("group:"))
    assert ended.height == gone
    cited, names = stated(r"(\d+) of (\d+) other names carry a citation")
    called = pl.col("locator").str.extract("name '(.*)'")
    said = enterprise.claims().with_columns(name=called).drop_nulls("name")
    titles = enterprise.rows(predicate="name").select("subject", name="value")
    live = said.join(ended.select("subject"), on="subject", how="anti")
    live = live.join(titles, on=("subject", "name"), how="anti")
    live = live.filter(pl.col("subject").str.starts_with("group:"))
    assert live.n_unique(["subject", "name"]) == names
    untold = 13  # printed where nobody is known to publish
    assert live.drop_nulls("cites").n_unique(["subject", "name"]) + untold == cited


@pytest.mark.soak
def test_all_sanctions(once: Once) -> None:
    ofac = whole("ofac", "ofac", once)
    assert [ofac.count("sanction")] == stated(r"\*\*no listing dates\*\* \| ([\d,]+) \|")
    assert ofac.claims(predicate="listed").is_empty()


@pytest.mark.soak
def test_lists_of_names_and_travels(once: Once) -> None:
    microsoft = whole("microsoft", "microsoft", once)
    assert [microsoft.count("group")] == stated(r"others call them \| (\d+) \|")
    stays = whole("travel", "travel", once).rows(declared=True, predicate="name")["subject"]
    numbers = stays.str.extract(r"^(?:meeting|travel):((?:travel|visit)-\d+)").drop_nulls()
    lists = Counter(number.partition("-")[0] for number in numbers.unique())
    assert [lists["travel"], lists["visit"]] == stated(r"Historian\) \| ([\d,]+); ([\d,]+) \|")


# Tables without a mapping of their own

TABLE = """\
name: {folder}
format: table
licence: as its page says
url: https://{folder}.example/
publisher: {{id: organization:{folder}, name: {folder}}}
files: ["{file}"]
table:
  document: document:{folder}
  asserter: organization:{folder}
"""


def table(folder: Path, name: str, file: str, rest: str) -> Loaded:
    folder.mkdir()
    shutil.copy(shared(name) / file, folder)
    text = TABLE.format(folder=name, file=file) + rest
    (folder / "source.yaml").write_text(text, encoding="utf-8")
    return run("table", folder)


GEONAMES = """\
  entities:
    "document:geonames": {name: Countries, published_by: organization:geonames}
    "state:{iso3}": "{iso3|country}"
    "state:{neighbours}": "{neighbours|country}"
  claims: [["state:{iso3}", BORDERS, "state:{neighbours}"]]
  columns: {iso3: {country: true}, neighbours: {country: true, split: ","}}
"""


def test_countries_and_neighbours(tmp_path: Path) -> None:
    loaded = table(tmp_path / "a", "geonames", "geonames_countries_neighbours.csv", GEONAMES)
    assert [loaded.count("state")] == stated(r"Countries with neighbours \| (\d+) \|")
    assert {problem.message.partition(" ")[0] for problem in loaded.warnings} <= {"column"}


ROLL_CALLS = """\
  entities:
    "document:unga": {name: Roll calls, published_by: organization:unga}
    "statement:unga-{rcid}": "Roll call {rcid}"
  claims: [["statement:unga-{rcid}", occurred, "{date}"]]
"""
VOTES = """\
  entities:
    "document:unga": {name: Votes, published_by: organization:unga}
    "statement:unga-{rcid}": "Roll call {rcid}"
    "person:unga-{rcid}-{country|slug}": "Delegate of {country}, {rcid}"
  claims: [["statement:unga-{rcid}", MADE_BY, "person:unga-{rcid}-{country|slug}"]]
"""
ALLIES = """\
  entities:
    "document:atop": {name: Alliances, published_by: organization:atop}
    "organization:cow-{ccode1}": "Member {ccode1}"
    "organization:cow-{ccode2}": "Member {ccode2}"
  claims:
  - ["organization:cow-{ccode1}", LINKED_TO, "organization:cow-{ccode2}", {valid: "{year}"}]
"""


SENTENCES = """\
  entities:
    "document:plover": {name: Gold sentences, published_by: organization:plover}
    "statement:plover-{id|slug}": "{id}"
  claims: [["statement:plover-{id|slug}", occurred, "{date}"]]
"""


@pytest.mark.parametrize(
    ("name", "file", "mapping", "words"),
    [
        ("plover", "PLOVER_GSR_CAMEO.json", SENTENCES, r"CAMEO→PLOVER table \| (\d+);"),
        pytest.param("unga", "un_roll_calls.csv", ROLL_CALLS, r"2010–2019 \| ([\d,]+);",
                     marks=pytest.mark.soak),
        pytest.param("unga", "un_votes_2010_2019.csv", VOTES, r"2010–2019 \| [\d,]+; ([\d,]+)",
                     marks=pytest.mark.soak),
        pytest.param("atop", "atop_alliance.csv", ALLIES, r"([\d,]+) dyad-years",
                     marks=pytest.mark.soak),
    ],
)  # fmt: skip
def test_a_claim_for_each_row(
    tmp_path: Path, name: str, file: str, mapping: str, words: str
) -> None:
    assert [table(tmp_path / "a", name, file, mapping).claims().height] == stated(words)


# Histories


@pytest.mark.soak
@pytest.mark.parametrize(
    ("format_", "bundle", "path", "words", "broken"),
    [
        ("misp-galaxy", "galaxy", "clusters/threat-actor.json", r"holds (\d+) versions of MISP",
         ["2019-06-20"]),
        ("stix", "attack-groups", "enterprise-groups.json", r"of (\d+) releases of ATT&CK", []),
    ],
)  # fmt: skip
def test_every_version_of_a_history_is_read_or_told(
    format_: str, bundle: str, path: str, words: str, broken: list[str]
) -> None:
    where = shared("history") / f"{bundle}-history.bundle"
    batch = read_history(format_, where, path, load())
    lost = [
        problem.place for problem in batch.warnings if "version cannot be read" in problem.message
    ]
    assert [day for day, place in zip(broken, lost, strict=True) if f"({day})" not in place] == []
    assert [batch.notes["versions"] + len(lost)] == stated(words)
    if broken:
        (odd,) = [
            p.place for p in batch.warnings if p.field == "meta" and "not an object" in p.message
        ]
        assert "(2020-01-" in odd
