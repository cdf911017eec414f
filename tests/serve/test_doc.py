"""What docs/serve.md shows is so: its commands are read, its questions are answered."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from kg.cli.serving import serve
from tests.serve.conftest import Client

PAGE = (Path(__file__).parents[2] / "docs" / "serve.md").read_text(encoding="utf-8")


def test_its_commands_are_ones() -> None:
    (block,) = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines():
        words = shlex.split(line.removeprefix("$ "))
        assert words[:2] == ["kg", "serve"]
        assert serve.make_context("serve", words[2:]).params["port"] in (8010, 8080)


def test_its_questions_are_answered(client: Client) -> None:
    asked = re.findall(r"```http\nPOST (\w+)\n(.*?)\n```", PAGE, re.DOTALL)
    assert {name for name, _ in asked} == set(client.server.answers.all())
    for name, question in asked:
        found = client.ask(name, **json.loads(question))
        assert found["status"] == 200, found
