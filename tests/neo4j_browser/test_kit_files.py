"""What the files of the kit hold; no server is needed to read them."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ask.questions import discover, read
from kg.base.errors import UsageError
from kg.neo4j_browser import GuideServer, write_browser_kit
from kg.neo4j_browser.grass import DARK, LIGHT, luminance, readable_on
from kg.neo4j_browser.guide import origin
from kg.neo4j_browser.scripts import favourite, folders, runnable
from kg.ontology import load

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def test_the_kit_is_written_where_asked(tmp_path: Path) -> None:
    paths = write_browser_kit(tmp_path / "new" / "folder")
    assert [path.name for path in paths] == ["favourites.zip", "style.grass", "guide.html"]
    assert all(path.parent == tmp_path / "new" / "folder" for path in paths)


def test_the_same_questions_give_the_same_bytes(kit: Path, tmp_path: Path) -> None:
    again = write_browser_kit(tmp_path)
    assert all(path.read_bytes() == (kit / path.name).read_bytes() for path in again)


def test_every_saved_question_is_a_favourite(kit: Path) -> None:
    with ZipFile(kit / "favourites.zip") as zipped:
        names = {Path(name) for name in zipped.namelist()}
        texts = {Path(name).stem: zipped.read(name).decode() for name in zipped.namelist()}
    questions = discover()
    assert {name.stem for name in names if name.parent.name == "kg questions"} == set(questions)
    for name, question in questions.items():
        assert texts[name].startswith(f"// {question.title}\n")
        assert question.means in texts[name]


def test_what_browser_runs_is_one_statement_without_parameters() -> None:
    for scripts in folders().values():
        for script in scripts:
            code = [line for line in favourite(script).splitlines() if not line.startswith("//")]
            assert "".join(code).count(";") == 1
            assert not re.search(r"\$\w|:param", "".join(code))


def test_a_default_with_a_quote_is_one_literal(tmp_path: Path) -> None:
    path = tmp_path / "odd.cypher"
    path.write_text(
        "// title: Odd\n// question: Odd?\n// param word: text, a word\n// param most: integer, n\n"
        "// param also: flag, or not\n// columns: n\n// means: Nothing.\n"
        ':param word => "it\'s a \\";\n:param most => 3;\n:param also => true;\n\n'
        "RETURN $word AS n, $most AS m, $also AS a;\n",
        encoding="utf-8",
    )
    assert runnable(read(path)).splitlines()[1] == (r"RETURN 'it\'s a \\' AS n, 3 AS m, true AS a;")


def test_every_kind_has_its_rule_in_the_style_sheet(kit: Path) -> None:
    text = (kit / "style.grass").read_text(encoding="utf-8")
    rules = dict(re.findall(r"(\S+) \{\n(.*?)^\}", text, re.DOTALL | re.MULTILINE))
    ontology = load()
    wanted = {*(f"node.{kind}" for kind in ontology.nodes)}
    wanted |= {f"relationship.{name}" for name in ontology.edges}
    assert set(rules) == {"node", "relationship", *wanted}
    for kind, node in ontology.nodes.items():
        assert f"  color: {node.look.colour};\n" in rules[f"node.{kind}"]
        whose = "{polarity} {asserter} {hedge}" if kind == "Claim" else "{name}"
        assert f'  caption: "{whose}";\n' in rules[f"node.{kind}"]
    for name, edge in ontology.edges.items():
        rule = rules[f"relationship.{name}"]
        width = 4 if name == "DISPUTES" else edge.look.width
        assert f"  shaft-width: {width}px;\n" in rule
        assert ("{hedges}" in rule and "{disputed}" in rule) != edge.structural
    assert "  color: #b3123a;\n" in rules["relationship.DISPUTES"]


def test_a_declaration_has_one_colon_and_one_semicolon(kit: Path) -> None:
    """Browser's reader of style sheets splits at both, wherever they stand."""
    for line in (kit / "style.grass").read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            assert (line.count(":"), line.count(";"), line[-1]) == (1, 1, ";")


@given(COLOURS)
def test_text_on_a_colour_has_the_larger_contrast(colour: str) -> None:
    def contrast(other: str) -> float:
        pair = sorted([luminance(colour), luminance(other)])
        return (pair[1] + 0.05) / (pair[0] + 0.05)

    chosen = readable_on(colour)
    assert contrast(chosen) == max(contrast(LIGHT), contrast(DARK))
    assert contrast(chosen) >= 3


def test_luminance_of_the_ends_of_the_scale() -> None:
    assert luminance("#000000") == 0
    assert abs(luminance("#ffffff") - 1) < 1e-9


class Page(HTMLParser):
    """The code blocks of a guide, and every tag that was not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        if tag == "pre":
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "pre":
            self.blocks[-1] += data


def test_the_guide_holds_every_script_and_kind(kit: Path) -> None:
    text = (kit / "guide.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.blocks == [runnable(one) for scripts in folders().values() for one in scripts]
    assert all(f"<b>{kind}</b>" in text for kind in load().nodes)
    assert all(f"<code>{edge}</code>" in text for edge in load().edges)
    assert "http" not in text


def test_a_port_that_is_taken_is_told() -> None:
    with (
        GuideServer([], port=0) as server,
        pytest.raises(UsageError, match=f"port {server.server_port}: Address already in use"),
    ):
        GuideServer([], port=server.server_port)
    with pytest.raises(UsageError, match="port 65536: a port is a number"):
        GuideServer([], port=65536)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[GuideServer]:
    """The kit in a folder with other things in it, as `kg browser --serve --out .` writes it."""
    (tmp_path / ".env").write_text("NEO4J_PASSWORD=secret", encoding="utf-8")
    files = write_browser_kit(tmp_path)
    (tmp_path / "kg.kgl").write_text("the graph", encoding="utf-8")
    with GuideServer(files, port=0) as server:
        # Not what was written, once it is another's: a link put in its place leads nowhere.
        (tmp_path / "style.grass").unlink()
        (tmp_path / "style.grass").symlink_to(tmp_path / ".env")
        serving = Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield server
        server.shutdown()
        serving.join()


def asked(server: GuideServer, path: str, method: str = "GET", **headers: str) -> HTTPResponse:
    """The answer to a request, its `Host` as a browser would send it unless one is given."""
    connection = HTTPConnection("127.0.0.1", server.server_port)
    given = {"Host": f"localhost:{server.server_port}"} | headers
    connection.request(method, path, headers={key: v for key, v in given.items() if v})
    return connection.getresponse()


BROWSER = "http://localhost:7474"


def test_the_guide_is_for_browser_alone(served: GuideServer) -> None:
    answer = asked(served, "/guide.html", Origin=BROWSER)
    assert (answer.status, answer.getheader("Access-Control-Allow-Origin")) == (200, BROWSER)
    assert answer.getheader("Vary") == "Origin"
    assert b"Who says so" in answer.read()
    before = asked(served, "/guide.html", "OPTIONS", Origin=BROWSER)
    assert (before.status, before.getheader("Access-Control-Allow-Origin")) == (204, BROWSER)
    assert before.getheader("Access-Control-Allow-Headers") == "pragma, cache-control"
    assert asked(served, "/guide.html", "HEAD").status == 200
    for stranger in (
        "http://evil.example",
        "null",
        "http://localhost:7475",
        BROWSER + ".evil.example",
    ):
        for method in ("GET", "OPTIONS"):
            answer = asked(served, "/guide.html", method, Origin=stranger)
            assert answer.status == 403
            assert answer.getheader("Access-Control-Allow-Origin") is None
            assert b"Who says so" not in answer.read()


@pytest.mark.parametrize(
    "path",
    ["/", "/.env", "/kg.kgl", "/../guide.html", "/%2e%2e/x", "/guide.html/", "*", "/.",
     "/%67uide.html", "/etc/passwd", "//etc/passwd"],
)  # fmt: skip
def test_nothing_else_in_the_folder_is_served(served: GuideServer, path: str) -> None:
    answer = asked(served, path, Origin=BROWSER)
    assert answer.status == 404
    assert b"secret" not in answer.read()


def test_a_file_is_served_as_it_was_made(served: GuideServer) -> None:
    content = asked(served, "/style.grass").read()
    assert b"node.Group" in content
    assert b"secret" not in content


def test_another_hosts_name_that_points_here_is_refused(served: GuideServer) -> None:
    port = served.server_port
    for host in ("evil.example", f"evil.example:{port}", "localhost", f"localhost.:{port}"):
        assert asked(served, "/guide.html", Host=host).status == 403
    assert asked(served, "/guide.html", Host=f"127.0.0.1:{port}").status == 200
    assert served.socket.getsockname()[0] == "127.0.0.1"


def test_what_is_no_request_is_no_traceback(
    served: GuideServer, capfd: pytest.CaptureFixture[str]
) -> None:
    for said in (b"\x16\x03\x01\n\n", b"GET\r\n\r\n", b"GET /guide.html\r\n\r\n", b"\n", b""):
        with socket.create_connection(("127.0.0.1", served.server_port)) as raw:
            raw.sendall(said)
            raw.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: raw.recv(65536), b""))
        assert b"Who says so" not in answer
        assert (b"400" in answer) == said.startswith((b"\x16", b"GET\r"))
    assert asked(served, "/guide.html").status == 200
    assert capfd.readouterr().err == ""


def test_an_origin_is_where_browser_is_opened() -> None:
    assert origin("https://Graph.example.org:7473/browser/?x") == "https://graph.example.org:7473"
    assert origin("http://localhost:7474") == BROWSER
    for wrong in ("*", "null", "localhost:7474", "ftp://localhost", "http://", "http://a b"):
        with pytest.raises(UsageError, match="--origin"):
            origin(wrong)
