"""Several workers share the tests so that what takes long is built once."""

from __future__ import annotations

import pytest

from tests import sharing


def test_all_that_ask_for_the_one_server_are_together(request: pytest.FixtureRequest) -> None:
    asking = [item.nodeid for item in request.session.items if item.get_closest_marker("neo4j")]
    apart = [id for id in asking if sharing.part(id.partition("::")[0]) != sharing.SERVER]
    assert apart == [], "their worker would start a second server"


def test_the_longest_parts_come_first_and_a_part_stays_whole() -> None:
    files = ["tests/base/test_limits.py", "tests/parity/test_graph.py", "tests/browser/test_a.py",
             "tests/base/test_shown.py", "tests/stores/test_py2neo.py"]  # fmt: skip
    assert [sharing.part(file) for file in sorted(files, key=sharing.turn)] == [
        *(sharing.SERVER, sharing.SERVER, "tests/browser", "tests/base", "tests/base")
    ]
