"""What the drafter by rules is worth stays what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import drafts
from bench.drafts import (
    ARTICLE,
    SETS,
    Claims,
    Row,
    Score,
    of_report,
    reports,
    scored,
    total,
)

HELD = reports(SETS["held back"])[0]
SHARED = Path(__file__).parents[3] / "shared"


def row(subject: str, target: str, **more: object) -> Row:
    given = {"negative": False, "asserter": "", "hedge": "", "start": 0, "end": 10}
    return Row(subject, "ATTRIBUTED_TO", target, **{**given, **more})  # type: ignore[arg-type]


def test_things_without_a_name_are_paired_by_what_is_said_of_them() -> None:
    gold = Claims(
        (row("incident:a", "group:x"), row("incident:b", "group:y")),
        frozenset(("incident:a", "incident:b")),
    )
    drafted = Claims(
        (row("incident:1", "group:y"), row("incident:2", "group:z")),
        frozenset(("incident:1", "incident:2")),
    )
    found = scored(drafted, gold)
    assert (found.right, found.precision, found.recall) == (1, 0.5, 0.5)


def test_a_denial_is_no_claim() -> None:
    gold = Claims((row("incident:a", "group:x", negative=True),), frozenset(("incident:a",)))
    drafted = Claims((row("incident:1", "group:x"),), frozenset(("incident:1",)))
    assert scored(drafted, gold).right == 0


def good(found: Score) -> None:
    assert found.precision >= 0.8
    assert found.recall >= 0.5
    assert found.of_right(found.asserter) >= 0.95


@pytest.mark.parametrize("name", ["reports", "held back"])
def test_rules_on_short_reports_and_on_those_held_back(name: str) -> None:
    good(total(of_report(gold, text, "rules") for gold, text in reports(SETS[name])))


def test_recorded_answers_of_a_model_pass_the_same_proof() -> None:
    """The short reports, and four texts that nobody mended anything on."""
    asked = [*drafts.texts("model", drafts.shipped())]
    found = total(of_report(*pair, "model", options) for _, pair, options in asked)
    assert len(asked) == 10
    assert found.f1 >= 0.8
    assert found.of_right(found.asserter) >= 0.9


def test_the_table_of_the_model_is_of_recorded_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one = next(pair for pair in reports() if pair[0].stem == "denial")
    monkeypatch.setattr(drafts, "shipped", lambda: {"reports": [one], "held back": [HELD]})
    drafts.main(["--drafter", "model", "--shared", "nowhere"])
    told = capsys.readouterr().out
    assert "denial" in told
    assert HELD[0].stem not in told
    assert "nobody was asked" in told


@pytest.mark.parametrize(("name", "told"), [("rule", "did you mean 'rules'"), ("asks", "address")])
def test_what_a_drafter_lacks_is_a_sentence(
    name: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(drafts, "shipped", lambda: {"held back": [HELD]})
    if name == "asks":  # one of somebody's own, that has no answers here
        monkeypatch.setattr(drafts, "RECORDED", "")
        name = "model"
    with pytest.raises(SystemExit) as ended:
        drafts.main(["--drafter", name, "--shared", "nowhere"])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_rules_on_the_article() -> None:
    if not (SHARED / "article.txt").is_file():
        pytest.skip("the article is not ours to ship")
    good(of_report(ARTICLE, SHARED / "article.txt", "rules"))
