"""The article as data and its companions: what may be in them, and what must not.

The article itself is not part of the project. Tests that need its text, or the list of questions
with their conventions, look for them beside the checkout and skip where they are absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from kg.claims.columns import STATEMENTS
from kg.claims.text import Text
from kg.graph.corpus import Corpus
from kg.graph.link import dangling
from kg.ontology import load as ontology
from kg.pipeline.read import claim_file, seeds

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seed"
ARTICLE = SEED / "sputnik-2019-09.yaml"
OTHERS = SEED / "other-documents"
DOCUMENT = "document:sputnik-2019-09"
TREASURY = "agency:us-treasury"
PAPER = "organization:sputnik"
BODY = range(6, 19)
"""The article's own paragraphs; before and after them stands the page's furniture."""

THEFTS = "incident:asian-exchange-thefts"


def corpus(*paths: Path) -> Corpus:
    frames = [batch.frame.select(list(STATEMENTS)) for batch in seeds(paths, ontology())]
    return Corpus.of(pl.concat(frames), ontology())


@pytest.fixture(scope="module")
def article() -> Corpus:
    return corpus(ARTICLE)


@pytest.fixture(scope="module")
def whole() -> Corpus:
    return corpus(ARTICLE, OTHERS)


@pytest.fixture(scope="session")
def text(shared: Path) -> Text:
    if not (shared / "article.txt").is_file():
        pytest.skip("no ../shared/article.txt beside the checkout")
    return Text.read(shared / "article.txt")


@pytest.fixture(scope="session")
def gold(shared: Path) -> dict[str, Any]:
    if not (shared / "gold" / "questions.yaml").is_file():
        pytest.skip("no ../shared/gold/questions.yaml beside the checkout")
    found: dict[str, Any] = yaml.safe_load((shared / "gold" / "questions.yaml").read_text("utf-8"))
    return found


def said(corpus: Corpus, predicate: str, **columns: object) -> list[dict[str, Any]]:
    """The claims of a predicate that have these values, denials too."""
    rows = corpus.claims.filter(pl.col("predicate") == predicate)
    for name, value in columns.items():
        rows = rows.filter(pl.col(name) == value)
    return rows.sort("subject", "object", "value").to_dicts()


def ends(rows: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(row["subject"], row["object"] or row["value"]) for row in rows}


def edge(corpus: Corpus, predicate: str, start: str, end: str) -> dict[str, Any]:
    rows = corpus.graph.edges_of(predicate).filter(
        (pl.col("from") == start) & (pl.col("to") == end)
    )
    assert rows.height == 1
    return rows.to_dicts()[0]


def category(corpus: Corpus) -> dict[str, str]:
    return dict(corpus.graph.nodes["Incident"].select("id", "category").iter_rows())


# ------------------------------------------------------------------ names and counts


def test_entities_are_called_as_agreed(article: Corpus, gold: dict[str, Any]) -> None:
    agreed = {id: name for kind, ids in gold["entities"].items() if isinstance(ids, dict)
              for id, name in ids.items()}  # fmt: skip
    agreed |= {f"sector:{name.replace(' ', '-')}": name for name in gold["entities"]["Sector"]}
    assert article.names == agreed


def test_what_is_a_set_is_one_node_without_invented_members(article: Corpus) -> None:
    organizations = article.graph.nodes["Organization"].filter(pl.col("unnamed"))
    assert dict(organizations.select("id", "cardinality").iter_rows()) == {
        "organization:asian-exchanges": 5,
        "organization:atms": None,
        "organization:financial-institutions": None,
    }


def test_nine_attributions_each_on_one_asserter(article: Corpus) -> None:
    edges = article.graph.edges_of("ATTRIBUTED_TO")
    kinds = category(article)
    cyber = edges.filter(pl.Series([kinds[id] == "cyber" for id in edges["from"]]))
    assert cyber.height == 9
    assert edges["asserters"].to_list() == [1] * edges.height
    fired = set(edges["from"]) - set(cyber["from"])  # who launched, the paper says itself
    assert fired == {"incident:projectiles-2019-09", "incident:missile-tests-2019"}


def test_the_paper_prints_it_and_the_treasury_says_most_of_it(article: Corpus) -> None:
    voices = dict(article.claims["asserter"].value_counts().iter_rows())
    assert set(voices) == {TREASURY, PAPER}
    assert voices[TREASURY] > voices[PAPER]


def test_statements_printed_twice_or_in_two_places_are_one(article: Corpus) -> None:
    stalled = said(article, "status", subject="process:us-dprk-talks")
    assert {row["paragraph"] for row in stalled} == {6, 18}
    assert len({row["statement"] for row in stalled}) == 1
    sanction = said(article, "DESIGNATES") + said(article, "IMPOSED_BY")
    assert len({row["statement"] for row in sanction}) == 1


def test_every_statement_says_where_and_what(article: Corpus) -> None:
    bare = article.claims.filter(
        pl.any_horizontal(
            pl.col("paragraph", "start", "end", "summary", "asserter", "document").is_null()
        )
    )
    assert bare.is_empty()


# ------------------------------------------------------------------ the traps


def test_trap_the_publication_date_is_not_printed(article: Corpus, text: Text) -> None:
    assert "2019" not in text.text
    document = article.graph.nodes["Document"].row(0, named=True)
    assert (document["date"], document["date_basis"]) == ("2019-09-13", "metadata")
    assert article.claims["asserted"].unique().to_list() == ["2019-09-13"]
    assert article.claims["asserted_basis"].unique().to_list() == ["metadata"]


def test_trap_no_year_of_its_own_is_called_stated(article: Corpus, text: Text) -> None:
    for row in article.claims.filter(pl.col("valid").is_not_null()).to_dicts():
        years = set(re.findall(r"[0-9]{4}", row["valid"]))
        printed = all(year in text.text[row["start"] : row["end"]] for year in years)
        assert printed == (row["valid_basis"] == "stated"), row["summary"]


def test_trap_the_launch_is_dated_by_the_statement_before_it(article: Corpus) -> None:
    (launch,) = said(article, "occurred", subject="incident:projectiles-2019-09")
    (offer,) = said(article, "occurred", subject="statement:talks-ready-2019")
    assert (launch["value"], launch["valid_basis"]) == ("2019-09-09", "derived")
    assert (launch["valid_from"] - offer["valid_from"]).days == 1


def test_trap_no_date_from_general_knowledge(article: Corpus) -> None:
    attributed = set(article.graph.edges_of("ATTRIBUTED_TO")["from"])
    dated = {row["subject"] for row in said(article, "occurred")}
    assert attributed - dated == {
        "incident:wannacry",
        "incident:bangladesh-bank-heist",
        "incident:atm-attempts",
    }
    assert "statement:kim-flexibility-2019" not in dated


def test_trap_attempted_is_not_stolen(article: Corpus) -> None:
    money = said(article, "amount_stolen") + said(article, "amount_attempted")
    found = {(m["subject"], m["predicate"], m["number"], m["unit"], m["bound"], m["hedge"])
             for m in money}  # fmt: skip
    assert found == {
        ("incident:bank-heist-attempts", "amount_attempted", 1.1e9, "USD", "lower", "tried to"),
        ("incident:bangladesh-bank-heist", "amount_stolen", 80e6, "USD", "point", None),
        (THEFTS, "amount_stolen", 571e6, "USD", "point", "estimated"),
    }


def test_trap_the_571_million_are_blamed_on_three_together(article: Corpus) -> None:
    rows = said(article, "ATTRIBUTED_TO", subject=THEFTS)
    assert [row["object"] for row in rows] == [
        "group:andariel",
        "group:bluenoroff",
        "group:lazarus-group",
    ]
    assert {(row["collective"], row["hedge"]) for row in rows} == {(True, "estimated")}


def test_trap_the_group_is_lazarus(article: Corpus) -> None:
    (row,) = said(article, "ATTRIBUTED_TO", subject="incident:wannacry")
    assert (row["object"], row["hedge"], row["paragraph"]) == (
        "group:lazarus-group",
        "involved in",
        11,
    )


def test_trap_no_bureau_and_no_order_in_the_article(article: Corpus) -> None:
    assert not said(article, "legal_basis") + said(article, "programme") + said(article, "CITES")
    assert ends(said(article, "CONTROLLED_BY")) == {
        (f"group:{name}", "agency:dprk-government")
        for name in ("lazarus-group", "bluenoroff", "andariel")
    }
    words = ARTICLE.read_text("utf-8").split("claims:")[1].casefold()
    assert "reconnaissance" not in words
    assert "13722" not in words


def test_trap_three_promises_of_different_firmness(article: Corpus) -> None:
    promised = {row["object"] for row in said(article, "HAS_COMMITMENT")}
    commitments = article.graph.nodes["Commitment"]
    obliged = dict(article.graph.edges_of("OBLIGES").select("from", "to").iter_rows())
    found = {id: (modality, obliged[id])
             for id, modality in commitments.select("id", "modality").iter_rows()}  # fmt: skip
    assert promised == set(found)
    assert found == {
        "commitment:denuclearisation": ("effort", "state:PRK"),
        "commitment:drills-freeze": ("firm", "state:USA"),
        "commitment:sanctions-removal": ("potential", "state:USA"),
    }


def test_trap_other_documents_dispute_promises(article: Corpus, whole: Corpus) -> None:
    key = ("HAS_COMMITMENT", "agreement:kim-trump-2018")
    for promise, disputed in [("denuclearisation", False), ("drills-freeze", True),
                              ("sanctions-removal", True)]:  # fmt: skip
        assert not edge(article, *key, f"commitment:{promise}")["disputed"]
        assert edge(whole, *key, f"commitment:{promise}")["disputed"] is disputed


def test_trap_one_estimate_repeated_is_one_origin(article: Corpus, whole: Corpus) -> None:
    alone = said(article, "amount_stolen", subject=THEFTS)
    assert [row["root_asserters"] for row in alone] == [[TREASURY]]
    repeated = said(whole, "amount_stolen", subject=THEFTS, number=571e6)
    assert {row["document"] for row in repeated} >= {
        DOCUMENT,
        "document:coindesk-japan-2019-03",
        "document:security-today-2019-09-17",
        "document:investing-2018-10",
    }
    assert {tuple(row["root_asserters"]) for row in repeated} == {("organization:group-ib",)}
    assert edge(whole, "ATTRIBUTED_TO", THEFTS, "group:lazarus-group")["asserters"] == 1


def test_trap_pointing_at_an_origin_adds_no_claim_to_the_article(
    article: Corpus, whole: Corpus
) -> None:
    printed = whole.claims.filter(pl.col("document") == DOCUMENT)
    assert set(printed["id"]) == set(article.claims["id"])
    assert set(printed["statement"]) == set(article.claims["statement"])


def test_trap_offsets_survive_and_lie_in_their_paragraphs(text: Text) -> None:
    batch = claim_file(ARTICLE, ontology())
    claims = batch.frame.filter(~pl.col("declared"))
    for row in claims.to_dicts():
        assert not list(text.problems(row))
        span = text.text[row["start"] : row["end"]]
        around = text.text[row["start"] - 1] + text.text[row["end"]]
        assert span == span.strip()
        assert not re.search(r"\w", around), f"{span!r} starts or ends within a word"


def test_trap_spans_hold_what_the_claim_says(article: Corpus, text: Text) -> None:
    printed = {
        "150": "150 countries", "300000": "300,000 computers", "1100000000": "$1.1 billion",
        "80000000": "$80 million", "571000000": "$571 million", "2": "two projectiles",
        "2019-09-08": "8 September", "2019-09-09": "a day after", "2014": "2014",
        "2018": "last year", "2018-06": "June 2018", "../2018": "by 2018",
        "2017-01/2018-09": "January 2017", "stalled": "stalled",
    }  # fmt: skip
    for row in article.claims.to_dicts():
        span = text.text[row["start"] : row["end"]]
        expected = [row["hedge"] or "", printed.get(row["value"] or "", "")]
        if row["predicate"] in ("TARGETS_SECTOR", "SUBGROUP_OF", "DESIGNATES"):
            expected.append(article.names[row["object"]])
        assert all(words in span for words in expected), (expected, span)


def test_trap_furniture_is_no_source_of_anything(article: Corpus, text: Text) -> None:
    assert set(article.claims["paragraph"]) == set(BODY)
    furniture = [text.text[slice(*text.paragraphs[n])] for n in range(len(text.paragraphs))
                 if n + 1 not in BODY]  # fmt: skip
    page = {"World", "Subscribe", "Newsfeed", "0", "loader", "Chats"}
    assert page <= set(furniture)
    assert not page & set(article.names.values())
    assert not re.search(r"[А-я]", "".join(article.names.values()))


def test_trap_a_sentence_says_no_more_than_it_prints(article: Corpus, whole: Corpus) -> None:
    parties = {row["subject"] for row in said(article, "PARTY_TO")}
    assert parties == {"person:kim-jong-un", "person:donald-trump"}, "the paper names two men"
    (reached,) = said(article, "occurred", subject="agreement:kim-trump-2018")
    assert (reached["value"], reached["valid_basis"]) == ("2018-06", "stated")
    (after,) = said(article, "motive")
    assert (after["subject"], after["value"], after["asserter"]) == (
        "group:bluenoroff", "money", TREASURY)  # fmt: skip
    demand = {
        row["object"] for row in said(article, "ABOUT", subject="statement:kim-flexibility-2019")
    }
    assert "commitment:sanctions-removal" in demand
    assert said(whole, "STEP_OF") == [], "a row of a list of travels names no negotiations"


def test_trap_denials_have_a_place_and_are_no_support(whole: Corpus) -> None:
    denials = whole.claims.filter("negative")
    assert "agency:dprk-foreign-ministry" in set(denials["asserter"])
    sony = edge(whole, "ATTRIBUTED_TO", "incident:sony-pictures-2014", "agency:dprk-government")
    assert (sony["asserters"], sony["disputed"]) == (1, True)
    assert not set(sony["claims"]) & set(denials["id"])


# ------------------------------------------------------------------ questions, without Cypher


def test_hedges_are_the_articles_own_words(article: Corpus) -> None:
    hedged = article.claims.filter(pl.col("hedge").is_not_null())
    found = {(row["subject"], row["predicate"], row["hedge"]) for row in hedged.to_dicts()}
    assert found == {
        ("incident:wannacry", "ATTRIBUTED_TO", "involved in"),
        ("incident:wannacry", "computers_affected", "some"),
        ("incident:bank-heist-attempts", "ATTRIBUTED_TO", "tried to"),
        ("incident:bank-heist-attempts", "amount_attempted", "tried to"),
        ("incident:atm-attempts", "ATTRIBUTED_TO", "attempted to"),
        (THEFTS, "ATTRIBUTED_TO", "estimated"),
        (THEFTS, "amount_stolen", "estimated"),
    }


def test_september_2019_in_order(article: Corpus) -> None:
    days = {row["subject"]: row["valid_from"] for row in said(article, "occurred")
            if row["valid_precision"] == "day"}  # fmt: skip
    assert sorted((str(day), id) for id, day in days.items()) == [
        ("2019-09-08", "statement:talks-ready-2019"),
        ("2019-09-09", "incident:projectiles-2019-09"),
        ("2019-09-13", "sanction:us-treasury-2019"),
    ]


def test_nine_sectors_for_lazarus_and_nobody_singled_out(article: Corpus) -> None:
    rows = said(article, "TARGETS_SECTOR")
    assert {row["collective"] for row in rows} == {True}
    by_group = {group: sum(row["subject"] == group for row in rows)
                for group in {row["subject"] for row in rows}}  # fmt: skip
    assert by_group == {
        "group:lazarus-group": 9,
        "group:bluenoroff": 9,
        "group:andariel": 9,
    }


# ------------------------------------------------------------------ the other documents


def test_other_documents_load_alone_and_with_the_article() -> None:
    alone = [batch.frame for batch in seeds([OTHERS], ontology())]
    together = [batch.frame for batch in seeds([ARTICLE, OTHERS], ontology())]
    for frames in (alone, together):
        assert dangling(pl.concat(frames)) == []


def test_each_file_declares_whatever_it_speaks_of() -> None:
    for path in OTHERS.glob("*.yaml"):
        missing = dangling(claim_file(path, ontology()).frame)
        assert [problem for problem in missing if problem.field not in ("derived_from",)] == []


def test_every_document_can_be_found_again(whole: Corpus) -> None:
    documents = whole.graph.nodes["Document"]
    without = set(documents.filter(pl.col("url").is_null())["id"])
    # Two tables that are published as data, without an address of their own.
    assert without == {"document:travels-us", "document:visits-us"}
    spoken_of = set(whole.claims["document"])
    assert set(documents["id"]) == spoken_of


@pytest.mark.parametrize(
    ("subject", "predicate"),
    [
        ("incident:wannacry", "computers_affected"),
        ("incident:bangladesh-bank-heist", "amount_stolen"),
        (THEFTS, "count"),
        ("statement:talks-ready-2019", "occurred"),
        ("incident:projectiles-2019-09", "occurred"),
    ],
)
def test_documents_contradict_one_another(
    article: Corpus, whole: Corpus, subject: str, predicate: str
) -> None:
    def conflicts(corpus: Corpus) -> list[str]:
        nodes = corpus.graph.nodes[corpus.graph.kind_of(subject) or ""]
        if "conflicts" not in nodes.columns:
            return []
        return nodes.filter(pl.col("id") == subject)["conflicts"].to_list()[0] or []

    assert predicate not in conflicts(article)
    assert predicate in conflicts(whole)


def test_documents_refine_one_another(whole: Corpus) -> None:
    meetings = dict(whole.graph.nodes["Meeting"].select("id", "occurred").iter_rows())
    assert meetings["meeting:kim-trump-2018"] == "2018-06-12"
    assert meetings["meeting:kim-moon-2018"] == "2018-04-27"


def test_documents_agree_from_several_mouths(whole: Corpus) -> None:
    wannacry = edge(whole, "ATTRIBUTED_TO", "incident:wannacry", "group:lazarus-group")
    assert wannacry["asserters"] == 3


def test_subgroup_for_some_alias_for_others(whole: Corpus) -> None:
    subgroup = {(row["subject"], row["asserter"]) for row in said(whole, "SUBGROUP_OF")}
    alias = {(row["value"], row["asserter"])
             for row in said(whole, "alias", subject="group:lazarus-group")}  # fmt: skip
    assert ("group:bluenoroff", "organization:kaspersky") in subgroup
    assert ("Bluenoroff", "organization:misp-project") in alias
    assert {"group:bluenoroff", "group:lazarus-group"} <= set(whole.graph.nodes["Group"]["id"])


def test_sanctions_get_programme_and_legal_basis(whole: Corpus) -> None:
    sanctions = {row["id"]: row for row in whole.graph.nodes["Sanction"].to_dicts()}
    assert sanctions["sanction:us-treasury-2019"]["programme"] == ["DPRK3"]
    assert sanctions["sanction:us-treasury-2019"]["legal_basis"] == ["Executive Order 13722"]
    assert sanctions["sanction:us-rgb-2015"]["programme"] == ["DPRK", "DPRK2"]


def test_something_was_on_record_before_2019(whole: Corpus) -> None:
    early = whole.claims.filter(pl.col("asserted_to").dt.year() < 2019)
    assert {"organization:group-ib", "agency:uk-ncsc"} <= set(early["asserter"])


# ------------------------------------------------------------------ real rows of the published data


def test_listed_as_in_the_published_list(shared: Path, whole: Corpus) -> None:
    rows = (shared / "data" / "ofac" / "sdn.csv").read_text("utf-8")
    for entry, name, programme in [("27307", "LAZARUS GROUP", "DPRK3"),
                                   ("27308", "BLUENOROFF", "DPRK3"), ("27309", "ANDARIEL", "DPRK3"),
                                   ("12210", "RECONNAISSANCE GENERAL BUREAU", "DPRK] [DPRK2"),
                                   ("24917", "KOREA EXPO JOINT VENTURE", "DPRK3")]:  # fmt: skip
        assert f'{entry},"{name}",-0- ,"{programme}"' in rows
    for row in said(whole, "alias", document="document:ofac-sdn-2021-07"):
        assert f"a.k.a. '{row['value']}'" in rows


def test_visits_and_travels_are_rows_of_the_tables(shared: Path) -> None:
    visits = (shared / "data/travel/foreign_leader_visits_to_us.csv").read_text("utf-8")
    travels = (shared / "data/travel/us_president_secretary_travels.csv").read_text("utf-8")
    assert '2912,President Moon Jae-in,"Korea, South",2018-05-22' in visits
    assert '2925,President Moon Jae-in,"Korea, South",2019-04-10,2019-04-11' in visits
    for row in ("3814,Donald J. Trump,2018-06-10,2018-06-13", "3890,Donald J. Trump,2019-06-30",
                "3901,Donald J. Trump,2019-02-27,2019-02-28"):  # fmt: skip
        assert row in travels


# ------------------------------------------------------------------ nothing copied


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


WORDS = {2: "two", 5: "five", 14: "fourteen"}
MONTHS = "January February March April May June July August September October November December"


def told_as(row: dict[str, Any]) -> list[str]:
    """What a paraphrase must hold to support a claim: the figure, the date, or the name."""
    if row["predicate"] in ("alias", "legal_basis", "programme"):
        return [row["value"]]
    if row["number"] is not None:
        number = int(row["number"])
        millions = f"{number / 1e6:g} million" if number < 1e9 else f"{number / 1e9:g} billion"
        return [millions if number >= 1e6 else WORDS.get(number, f"{number:,}")]
    if row["predicate"] == "occurred":
        days = re.findall(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", row["value"])
        return [
            word
            for year, month, day in days
            for word in (year, month and MONTHS.split()[int(month) - 1], day and f"{int(day)} ")
            if word
        ]
    if row["object"] and row["object"].startswith("sector:"):
        return [row["object"].partition(":")[2].replace("-", " ")]
    return []


def test_a_paraphrase_holds_what_the_claims_under_it_say(whole: Corpus) -> None:
    ours = whole.claims.filter(pl.col("source").str.starts_with("dprk-"))
    told = {
        (row["document"], row["predicate"], word): row["summary"]
        for row in ours.to_dicts()
        for word in told_as(row)
    }
    assert len(told) > 80
    lacking = [key for key, summary in told.items() if key[2].casefold() not in summary.casefold()]
    assert lacking == []


def test_no_sentence_of_the_article_is_in_the_project(text: Text) -> None:
    source = words(text.text)
    runs = {" ".join(source[n : n + 12]) for n in range(len(source) - 11)}
    for path in [*SEED.rglob("*.yaml"), *(ROOT / "docs").rglob("*.md")]:
        ours = words(path.read_text("utf-8"))
        copied = {" ".join(ours[n : n + 12]) for n in range(len(ours) - 11)} & runs
        assert not copied, path
