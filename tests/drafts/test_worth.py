"""What the rules are worth on texts that nobody wrote them for (`bench/reports/held`)."""

from __future__ import annotations

from bench import drafts as bench


def test_on_reports_held_back_the_rules_are_mostly_right_and_find_half() -> None:
    held = bench.reports(bench.SETS["held back"])
    score = bench.total(bench.of_report(gold, text, "rules") for gold, text in held)
    assert score.expected > 70
    assert score.precision >= 0.8
    assert score.recall >= 0.5
    assert score.of_right(score.asserter) >= 0.95
