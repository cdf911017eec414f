"""A real Neo4j for the tests: the one the environment names, else Docker's, else one from Maven.

`neo4j_server` is started once a run; `neo4j_empty` is the same, wiped, for tests that write.
The three ways are the three generators below; each yields the server and stops what it started.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlsplit

import neo4j
import pytest
from neo4j.exceptions import DriverError, Neo4jError

from kg import ontology
from kg.ontology.derive import constraints, fulltext
from kg.stores.base import MARK as LOCK
from tests.machine import (
    apt_install,
    cache_folder,
    can_apt_install,
    free_port,
    locked,
    on_all_cores,
    say,
    unavailable,
)

VERSION = "5.26.30"
BROWSER_VERSION = "5.24.0"
JAVA = (17, 21)
START_SECONDS = 240
"""20 s on two quiet cores; a machine may be busy."""

MARK = "kg_tests_may_wipe_this"
"""The constraint that marks a server which is not ours: neither counts nor queries see it."""

# Read at import: tests themselves run with these taken out of the environment.
NAMED = {key: os.environ.get(key, "") for key in ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD")}
NAMED_DATABASE = os.environ.get("NEO4J_DATABASE") or "neo4j"
NAMED_HTTP = os.environ.get("NEO4J_HTTP", "")


@dataclass(frozen=True)
class Neo4jServer:
    """A server that tests may write to, and wipe."""

    uri: str
    """`bolt://127.0.0.1:PORT`, or as the environment names it."""
    user: str
    password: str
    database: str
    http: str
    """`http://127.0.0.1:PORT`, without a slash at the end."""
    version: str = ""

    @property
    def browser(self) -> str:
        """The address of Neo4j Browser with its login form filled in, all but the password."""
        return f"{self.http}/browser/?dbms={self.uri.replace('://', f'://{self.user}@', 1)}"

    @property
    def environment(self) -> dict[str, str]:
        """What names this server to a command run as another process."""
        return {
            "NEO4J_URI": self.uri,
            "NEO4J_USERNAME": self.user,
            "NEO4J_PASSWORD": self.password,
            "NEO4J_DATABASE": self.database,
        }

    def url(self, scheme: str = "bolt") -> str:
        """Its address as `kg` takes it, with user and password in it, under a driver's scheme."""
        host = self.uri.partition("://")[2]
        return f"{scheme}://{self.user}:{quote(self.password)}@{host}"

    def driver(self) -> neo4j.Driver:
        """A driver of its own for the caller, who closes it."""
        return neo4j.GraphDatabase.driver(self.uri, auth=(self.user, self.password))

    def run(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows that a query gives, each a dict by column."""
        with self.driver() as driver, driver.session(database=self.database) as session:
            return session.run(query, parameters).data()

    def wipe(self, *, bare: bool = False) -> None:
        """Remove every node, constraint and index, but not the mark. Those that every build makes
        stay, unless `bare`: after a change of its schema the server plans every statement anew,
        which costs more than most tests. Few nodes at a time: a transaction holds all edges of
        them, and of one there may be thousands."""
        self.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS")
        kept = [MARK] if bare else [MARK, *_made_by_each_build()]
        found = "YIELD name, labelsOrTypes AS labels WHERE NOT name IN $kept AND labels <> [$lock]"
        lock = "" if bare else LOCK
        for row in self.run(f"SHOW CONSTRAINTS {found} RETURN name", kept=kept, lock=lock):
            self.run(f"DROP CONSTRAINT `{row['name']}`")
        free = "WHERE type <> 'LOOKUP' AND owningConstraint IS NULL AND NOT name IN $kept"
        found = f"YIELD name, type, owningConstraint {free} RETURN name"
        for row in self.run(f"SHOW INDEXES {found}", kept=kept):
            self.run(f"DROP INDEX `{row['name']}`")


@cache
def _made_by_each_build() -> tuple[str, ...]:
    """The names of the constraints and indexes that follow from the ontology."""
    declared = ontology.load()
    return tuple(
        text.split()[2].strip("`") if "CONSTRAINT" in text else text.split()[3].strip("`")
        for text in (*constraints(declared), *fulltext(declared))
    )


@pytest.fixture(scope="session")
def neo4j_server(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Neo4jServer]:
    """A running Neo4j 5.26 or newer; the test that wants it empty takes `neo4j_empty`."""
    with ExitStack() as stack:
        if NAMED["NEO4J_URI"]:
            server = stack.enter_context(_named())
        elif _docker_answers():
            server = stack.enter_context(_in_docker(pytestconfig))
        else:
            home = tmp_path_factory.mktemp("neo4j")
            server = stack.enter_context(from_maven(pytestconfig, home, SHORT_LIVED))
        yield server


@pytest.fixture
def neo4j_empty(neo4j_server: Neo4jServer) -> Neo4jServer:
    """The server without a node of an earlier test, nor a constraint or index of its own."""
    neo4j_server.wipe()
    return neo4j_server


# --- the server that the environment names


@contextmanager
def _named() -> Iterator[Neo4jServer]:
    """Somebody's server: used if it holds nothing, or the mark that a run which broke off left."""
    host = urlsplit(NAMED["NEO4J_URI"]).hostname
    server = _with_version(
        Neo4jServer(
            uri=NAMED["NEO4J_URI"],
            user=NAMED["NEO4J_USERNAME"] or "neo4j",
            password=NAMED["NEO4J_PASSWORD"],
            database=NAMED_DATABASE,
            http=NAMED_HTTP or f"http://{host}:7474",
        )
    )
    marked = server.run("SHOW CONSTRAINTS YIELD name WHERE name = $mark RETURN name", mark=MARK)
    if not marked and server.run("MATCH (n) RETURN 1 LIMIT 1"):
        pytest.fail(
            f"the server that NEO4J_URI names ({server.uri}, database {server.database}) holds "
            "data that these tests did not write, and they wipe what they use: "
            "name an empty one, or unset NEO4J_URI",
            pytrace=False,
        )
    server.run(f"CREATE CONSTRAINT {MARK} IF NOT EXISTS FOR (n:KgTests) REQUIRE n.id IS UNIQUE")
    yield server
    server.wipe(bare=True)
    server.run(f"DROP CONSTRAINT {MARK}")


def _with_version(server: Neo4jServer) -> Neo4jServer:
    rows = server.run("CALL dbms.components() YIELD name, versions RETURN versions[0] AS version")
    return Neo4jServer(**{**vars(server), "version": rows[0]["version"]})


# --- a server in Docker


def _docker_answers() -> bool:
    if shutil.which("docker") is None:
        return False
    asked = subprocess.run(["docker", "info"], capture_output=True, timeout=60, check=False)
    return asked.returncode == 0


@contextmanager
def _in_docker(config: pytest.Config) -> Iterator[Neo4jServer]:
    from testcontainers.core.container import DockerContainer

    say(config, f"starting Neo4j {VERSION} in Docker")
    password = secrets.token_hex(16)
    container = DockerContainer(f"neo4j:{VERSION}-community")
    container.with_env("NEO4J_AUTH", f"neo4j/{password}")
    container.with_env("JDK_JAVA_OPTIONS", " ".join(SHORT_LIVED))
    # An address without a port: Docker chooses a free one, and only this machine can reach it.
    # docker-py takes that form; testcontainers hands it through without having a type for it.
    cast(Any, container).ports = {"7687/tcp": ("127.0.0.1",), "7474/tcp": ("127.0.0.1",)}
    with container:
        bolt, http = container.get_exposed_port(7687), container.get_exposed_port(7474)
        server = Neo4jServer(
            f"bolt://127.0.0.1:{bolt}", "neo4j", password, "neo4j", f"http://127.0.0.1:{http}"
        )
        _until_it_answers(server)
        yield _with_version(server)


def _until_it_answers(server: Neo4jServer) -> None:
    """Wait for the first answer to a query; a server that never gives one fails the run."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.run("RETURN 1")
        except (DriverError, Neo4jError) as error:
            if time.monotonic() > deadline:
                pytest.fail(f"Neo4j did not answer in {START_SECONDS} s: {error}", pytrace=False)
            time.sleep(0.5)
        else:
            return


# --- a server assembled with Maven

POM = f"""\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>kg.tests</groupId><artifactId>neo4j</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId>
      <version>{VERSION}</version></dependency>
    <dependency><groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId>
      <version>{VERSION}</version></dependency>
    <dependency><groupId>org.neo4j.client</groupId><artifactId>neo4j-browser</artifactId>
      <version>{BROWSER_VERSION}</version></dependency>
  </dependencies>
</project>
"""

SHORT_LIVED = (
    *("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
    *("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote"),
)
"""For a server that lives for minutes: what the second compiler costs is never earned back (half
the processor time of a run, measured), nor what it costs to verify the code of Neo4j's own jars (an
eighth of a start and a build)."""

OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")

CONF = """\
server.bolt.listen_address=127.0.0.1:{bolt}
server.bolt.advertised_address=127.0.0.1:{bolt}
server.http.listen_address=127.0.0.1:{http}
server.http.advertised_address=127.0.0.1:{http}
server.https.enabled=false
server.memory.pagecache.size=256m
db.tx_log.preallocate=false
dbms.usage_report.enabled=false
client.allow_telemetry=false
"""


PLANS_ONCE = """\
dbms.cypher.min_replan_interval=1d
internal.cypher.use_parameter_size=false
"""
"""Also for such a server alone: its graphs are small, whatever their statistics, and a statement is
not planned anew for a longer text or list (a quarter of what the server does for a build and its
questions, measured)."""


@contextmanager
def from_maven(
    config: pytest.Config | None, home: Path, options: Sequence[str] = ()
) -> Iterator[Neo4jServer]:
    """Run the jars with authentication on, in a home of its own, on free loopback ports. Without
    `config` it is no test that asks. `options` are Java's."""
    java = java_binary(config)
    jars = jars_folder(config)
    say(config, f"starting Neo4j {VERSION} on {java}")
    with _stopped_by_sigterm_too(), ExitStack() as stack:
        with locked("neo4j-start"):  # so that two runs never choose the same free ports
            process, server = _start(java, jars, home, options)
            stack.callback(_stop, process, home)
            _set_password(process, server, home)
        yield _with_version(server)


def java_binary(config: pytest.Config | None) -> Path:
    """A Java that Neo4j 5.26 runs on; installed where it is missing and we may."""
    with locked("java"):  # half an installation of another worker would be found
        found = _suitable_java()
        if found is None and can_apt_install():
            apt_install(config, "default-jre-headless")
            found = _suitable_java()
    if found is None:
        unavailable(
            f"no Neo4j: none named by NEO4J_URI, no Docker, and no Java {JAVA[0]} or {JAVA[1]} "
            "(JAVA_HOME, the path and /usr/lib/jvm were searched)"
        )
    return found


def _suitable_java() -> Path | None:
    homes = [os.environ["JAVA_HOME"]] if os.environ.get("JAVA_HOME") else []
    on_path = shutil.which("java")
    candidates = [
        *(Path(home) / "bin" / "java" for home in homes),
        *([Path(on_path)] if on_path else []),
        *sorted(Path("/usr/lib/jvm").glob("*/bin/java")),
    ]
    return next(
        (java for java in candidates if java.exists() and _java_release(java) in JAVA), None
    )


def _java_release(java: Path) -> int:
    """`17` for a Java that calls itself `openjdk version "17.0.15"`; 0 where it does not say."""
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    quoted = told.split('"')
    first = quoted[1].split(".")[0] if len(quoted) > 1 else ""
    return int(first) if first.isdigit() else 0


def jars_folder(config: pytest.Config | None) -> Path:
    """The folder of Neo4j's jars: fetched once a machine, whole or not at all."""
    ready = cache_folder() / f"neo4j-{VERSION}-browser-{BROWSER_VERSION}"
    with locked(ready.name):
        if not ready.exists():
            _fetch_jars(config, ready)
    return ready


def _fetch_jars(config: pytest.Config | None, ready: Path) -> None:
    if shutil.which("mvn") is None and can_apt_install():
        apt_install(config, "maven")
    maven = shutil.which("mvn")
    if maven is None:
        unavailable("no Neo4j: none named by NEO4J_URI, no Docker, and no Maven (mvn) to fetch it")
    say(config, f"fetching Neo4j {VERSION} with Maven into {ready} (once, about 140 MB)")
    part = ready.with_name(ready.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    (part / "pom.xml").write_text(POM, encoding="utf-8")
    done = subprocess.run(
        [maven, "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=."],
        cwd=part,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        unavailable(f"Maven could not fetch Neo4j: {(done.stdout + done.stderr).strip()[-800:]}")
    part.rename(ready)


def _start(
    java: Path, jars: Path, home: Path, options: Sequence[str]
) -> tuple[subprocess.Popen[bytes], Neo4jServer]:
    bolt, http = free_port(), free_port()
    (home / "conf").mkdir(parents=True, exist_ok=True)
    settings = CONF.format(bolt=bolt, http=http) + PLANS_ONCE * (options is SHORT_LIVED)
    (home / "conf" / "neo4j.conf").write_text(settings, encoding="utf-8")
    command = [
        str(java),
        "-Xmx1g",
        *options,
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED),
        # Plugins stand on the class path as well as in their folder, as Neo4j's own script has it.
        *("-cp", f"{jars}/*:{home}/plugins/*", "org.neo4j.server.CommunityEntryPoint"),
        *(f"--home-dir={home}", f"--config-dir={home / 'conf'}", "--console-mode"),
    ]
    with (home / "console.log").open("wb") as log, on_all_cores():
        # A session of its own: Ctrl-C reaches pytest alone, which then stops the server in order.
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    password = secrets.token_hex(16)
    server = Neo4jServer(
        f"bolt://127.0.0.1:{bolt}", "neo4j", password, "neo4j", f"http://127.0.0.1:{http}"
    )
    return process, server


def _set_password(process: subprocess.Popen[bytes], server: Neo4jServer, home: Path) -> None:
    """Wait until the server is up and change the password that every new Neo4j has."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with neo4j.GraphDatabase.driver(
                server.uri,
                auth=("neo4j", "neo4j"),
                max_transaction_retry_time=0,  # its pauses grow: it would sleep past the start
            ) as driver:
                driver.execute_query(
                    "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new",
                    new=server.password,
                    database_="system",
                )
        except (DriverError, Neo4jError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                log = (home / "console.log").read_text(encoding="utf-8", errors="replace")
                pytest.fail(f"Neo4j did not start ({error}):\n{log[-3000:]}", pytrace=False)
            time.sleep(0.5)
        else:
            break
    _until_it_answers(server)


def _stop(process: subprocess.Popen[bytes], home: Path) -> None:
    """At once: to end in order takes seconds, and what it holds is thrown away."""
    process.kill()
    process.wait()
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _stopped_by_sigterm_too() -> Iterator[None]:
    """Make SIGTERM end the run as Ctrl-C does, so that the server is stopped with it."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
