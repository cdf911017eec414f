"""docker-compose.yml: valid, on loopback, with a password from outside and no default for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture
def service(root: Path) -> Any:
    file = root / "docker-compose.yml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))["services"]["neo4j"]


def test_is_neo4j_lts_with_apoc(service: Any) -> None:
    assert service["image"] == "neo4j:5.26-community"
    assert service["environment"]["NEO4J_PLUGINS"] == '["apoc"]'


def test_ports_are_on_loopback(service: Any) -> None:
    assert service["ports"], "nothing is published"
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_password_comes_from_outside_and_may_not_be_empty(service: Any) -> None:
    # `:?` refuses unset and empty; `?` alone would take an empty one
    assert service["environment"]["NEO4J_AUTH"].startswith("neo4j/${NEO4J_PASSWORD:?")
    # the image would read this one as a setting of the server and not start
    assert "NEO4J_PASSWORD" not in service["environment"]


def test_health_is_asked_of_the_database(service: Any) -> None:
    assert "cypher-shell" in " ".join(service["healthcheck"]["test"])


def test_volumes_are_named(service: Any, root: Path) -> None:
    compose = yaml.safe_load((root / "docker-compose.yml").read_text(encoding="utf-8"))
    used = {volume.split(":")[0] for volume in service["volumes"]}
    assert used == set(compose["volumes"])
    assert any(volume.endswith(":/data") for volume in service["volumes"])


def _compose(root: Path, password: str) -> subprocess.CompletedProcess[str]:
    docker = shutil.which("docker")
    if (
        docker is None
        or subprocess.run(
            [docker, "compose", "version"], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("no `docker compose` to ask; its rules are tested on the YAML above")
    return subprocess.run(
        [docker, "compose", "config", "--format", "json"],
        cwd=root,
        env={**os.environ, "NEO4J_PASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )


def test_compose_accepts_it(root: Path) -> None:
    done = _compose(root, "long enough")
    assert done.returncode == 0, done.stderr
    assert "neo4j/long enough" in done.stdout


def test_compose_refuses_an_empty_password(root: Path) -> None:
    done = _compose(root, "")
    assert done.returncode != 0
    assert "set NEO4J_PASSWORD" in done.stderr
