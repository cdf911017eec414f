"""Keeping up with sources: only what changed, politely, each on its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from medallion import load_app

import kg
from kg.exports.taxii import COLLECTION as STATIC
from kg.feeds import polite
from kg.feeds.feed import Feed
from kg.feeds.taxii import MEDIA
from tests.command import run
from tests.loaders.test_misp import TAGS, UUID, event
from tests.servers.web import files, serving

CLAIMS = """\
document: {id: document:paper, name: Paper, date: 2018-03-01}
entities: {organization:vendor: Vendor, group:night: Night, incident:theft: Theft}
claims:
- {asserter: organization:vendor, says: [incident:theft, ATTRIBUTED_TO, group:night]}
"""


def update(folder: Path, text: str, *names: str, **environment: str) -> tuple[int, dict[str, str]]:
    """The exit code, and what became of each source."""
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    done = run(folder, "update", *names, "--format", "json", **environment)
    told = json.loads(done.stdout)["sources"] if done.stdout else []
    return done.returncode, {one["name"]: one["status"] for one in told} | {"said": done.stderr}


def statuses(found: tuple[int, dict[str, str]]) -> tuple[int, dict[str, str]]:
    code, told = found
    return code, {name: status for name, status in told.items() if name != "said"}


def test_files_and_folders_are_read_again_where_they_changed(tmp_path: Path) -> None:
    claims = tmp_path / "claims"
    claims.mkdir()
    for name in ("one", "two"):
        (claims / f"{name}.yaml").write_text(CLAIMS.replace("Paper", name), encoding="utf-8")
    (tmp_path / "three.yaml").write_text(CLAIMS, encoding="utf-8")
    text = """sources:
- {name: notes, format: claims, folder: claims}
- {name: single, format: claims, file: three.yaml}
"""
    assert statuses(update(tmp_path, text)) == (0, {"notes": "updated", "single": "updated"})
    assert statuses(update(tmp_path, text)) == (0, {"notes": "unchanged", "single": "unchanged"})
    (claims / "two.yaml").unlink()
    assert statuses(update(tmp_path, text)) == (0, {"notes": "updated", "single": "unchanged"})
    with kg.open(tmp_path / "kg.kgl") as graph:
        assert set(graph.corpus().sources) == {"one", "single"}
        graph.unload("single")
    assert statuses(update(tmp_path, text, "single")) == (0, {"single": "updated"})


def test_one_that_fails_is_told_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(CLAIMS, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(CLAIMS, encoding="utf-8")
    text = """sources:
- {name: bad, format: claims, file: bad.yaml}
- {name: gone, format: stix, file: gone.json}
- {name: good, format: claims, file: good.yaml}
"""
    assert statuses(update(tmp_path, text)) == (
        3, {"bad": "updated", "gone": "failed", "good": "updated"})  # fmt: skip
    (tmp_path / "bad.yaml").write_text("claims: 5\n", encoding="utf-8")
    (tmp_path / "good.yaml").write_text(CLAIMS + " \n", encoding="utf-8")
    code, told = update(tmp_path, text)
    assert (code, told["bad"], told["good"]) == (3, "failed", "updated")
    assert "bad  failed: left as it was" in told["said"]
    with kg.open(tmp_path / "kg.kgl") as graph:
        assert set(graph.corpus().sources) == {"bad", "good"}
    assert update(tmp_path, text)[1]["bad"] == "failed"  # and again, until it is mended


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{name: a, format: stix}", "needs one of"),
        ("{name: a, format: stix, file: a, web: 'https://e.org'}", "has two places"),
        ("{name: a, file: a}", "is missing"),
        ("{name: a, format: stix, wbe: 'https://e.org', file: a}", "did you mean 'web'"),
        ("{name: a, format: stix, web: 'file:///etc/hosts'}", "begins with https://"),
        ("{name: a, format: stix, web: 'https://me:pw@e.org/'}", "holds a secret"),
        ("{name: a, format: stix, file: a, timeout: soon}", "must be a number"),
        ("{name: a, format: stix, git: a}", "needs `path`"),
        ("{name: a, format: stix, file: a}\n- {name: a, format: stix, file: b}", "too"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_line(
    tmp_path: Path, line: str, said: str
) -> None:
    code, told = update(tmp_path, f"sources:\n- {line}\n")
    assert code == 3
    assert said in told["said"]
    assert "sources.yaml:" in told["said"]
    assert "pw" not in told["said"]


def web(address: str, more: str = "allow_private: true") -> str:
    return f"""sources:
- {{name: list, format: misp, web: "{address}/a.json", {more}}}
"""


def test_the_web_is_asked_on_condition(tmp_path: Path) -> None:
    root = tmp_path / "web"
    root.mkdir()
    (root / "a.json").write_text(json.dumps(event(1, *TAGS)), encoding="utf-8")
    with files(root) as (address, server):
        assert update(tmp_path, web(address))[1]["list"] == "updated"
        assert update(tmp_path, web(address))[1]["list"] == "unchanged"
        headers = [asked for _, asked in server.seen]  # type: ignore[attr-defined]
        assert "If-Modified-Since" not in headers[0]
        assert "If-Modified-Since" in headers[-1]
        assert headers[0]["User-Agent"].startswith("kg/")
        (root / "a.json").write_text(json.dumps(event(2, *TAGS)), encoding="utf-8")
        os.utime(root / "a.json", (2e9, 2e9))
        assert update(tmp_path, web(address))[1]["list"] == "updated"
        (root / "a.json").write_text("broken", encoding="utf-8")
        os.utime(root / "a.json", (2.1e9, 2.1e9))
        assert update(tmp_path, web(address))[0] == 3
    with kg.open(tmp_path / "kg.kgl") as graph:
        assert f"incident:misp-{UUID}2" in graph.corpus().names


def answering(path_to: Callable[[str], tuple[int, dict[str, str], bytes]]) -> Any:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
            status, headers, body = path_to(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Answers


@pytest.mark.parametrize(
    ("answer", "more", "said"),
    [
        ((302, {"Location": "file:///etc/passwd"}, b""), "", "no address of the web"),
        ((302, {"Location": "/a.json"}, b""), "", "redirects"),
        ((200, {"Content-Length": "9"}, b"12"), "", "ended before all of it was there"),
        ((200, {}, b"1" * 3000), "max_mb: 0.001", "more than 0.001 MB"),
        ((200, {"Content-Encoding": "gzip"}, b"1"), "", "packed"),
        ((404, {}, b""), "", "answers 404"),
        ((304, {}, b""), "", "answers 304"),
    ],
)
def test_what_a_server_may_not_do(
    tmp_path: Path, answer: tuple[int, dict[str, str], bytes], more: str, said: str
) -> None:
    with serving(answering(lambda _: answer)) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        code, told = update(tmp_path, web(address, f"allow_private: true, {more}".rstrip(", ")))
    assert code == 3
    assert said in told["said"]


def test_no_private_address_is_asked_unless_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(answering(lambda _: (200, {}, b"{}"))) as server:
        for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]"):
            code, told = update(tmp_path, web(f"http://{host}:{server.server_port}", "timeout: 2"))
            assert code == 3, host
            assert "private address" in told["said"], host
        # What a name means is asked once: that very address is looked at, and connected to.
        meant = iter([("127.0.0.1", server.server_port)])
        monkeypatch.setattr(
            socket, "getaddrinfo",
            lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", next(meant))],
        )  # fmt: skip
        code, told = update(tmp_path, web("http://rebinding.example", "timeout: 2"))
        assert "private address" in told["said"]
        assert server.seen == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fe80::1",
                                     "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "fc00::1",
                                     "::ffff:10.0.0.1", "100.64.0.1", "0.0.0.0"])  # fmt: skip
def test_what_is_no_address_of_the_open_web(address: str) -> None:
    assert not polite.is_public(address)
    assert polite.is_public("93.184.216.34")


def test_secrets_come_from_the_environment_and_go_to_nobody_else(tmp_path: Path) -> None:
    body = json.dumps(event(1, *TAGS)).encode()
    with serving(answering(lambda _: (200, {}, body))) as other:
        to = {"Location": f"http://127.0.0.1:{other.server_port}/b.json"}
        with serving(answering(lambda _: (307, to, b""))) as server:
            address = f"http://127.0.0.1:{server.server_port}"
            text = web(address, "allow_private: true, token_env: FEED_TOKEN")
            code, told = update(tmp_path, text, FEED_TOKEN="hush-hush")
            assert code == 0
            assert "hush" not in str(told)
            assert server.seen[0][1]["Authorization"] == "Bearer hush-hush"  # type: ignore[attr-defined]
            assert "Authorization" not in other.seen[0][1]  # type: ignore[attr-defined]
            code, told = update(tmp_path, text)
            assert code == 3
            assert "FEED_TOKEN of the environment is not set" in told["said"]
    kept = [p.read_bytes() for p in (tmp_path / "kg.feeds").rglob("*") if p.is_file()]
    assert not any(b"hush" in data for data in kept)
    feed = Feed("a", "misp", "web", "http://e.org", secrets={"token": "PATH"})
    with pytest.raises(kg.InputError, match="not sent over http"):
        polite.get(feed, "http://e.org/")


def test_a_repository_is_read_where_a_commit_changed_it(tmp_path: Path) -> None:
    work, bare = tmp_path / "work", tmp_path / "list.git"

    def git(*words: str) -> None:
        env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, env=env, check=True,
                       capture_output=True)  # fmt: skip

    git("init", "-q", "-b", "main", str(work))
    for number, title in enumerate(("Theft", "Another theft"), 1):
        (work / "lists").mkdir(exist_ok=True)
        (work / "lists" / "claims.yaml").write_text(CLAIMS.replace("Theft", title))
        git("-C", str(work), "add", ".")
        git("-C", str(work), "commit", "-q", "-m", str(number))
        if not bare.exists():
            git("clone", "-q", "--bare", str(work), str(bare))
        git("-C", str(work), "push", "-q", str(bare), "main")
        text = """sources:
- {name: list, format: claims, git: list.git, path: lists/claims.yaml}
- {name: lost, format: claims, git: list.git, path: lists/none.yaml}
- {name: bad, format: claims, git: "ext::sh -c touch% pwned", path: a}
"""
        code, told = update(tmp_path, text)
        assert (code, told["list"], told["lost"], told["bad"]) == (3, "updated", "failed", "failed")
        assert update(tmp_path, text)[1]["list"] == "unchanged"
        with kg.open(tmp_path / "kg.kgl") as graph:
            assert graph.corpus().names["incident:theft"] == title
    assert not (tmp_path / "pwned").exists()


def test_a_feed_of_misp_is_fetched_event_by_event(tmp_path: Path) -> None:
    root = tmp_path / "web"
    root.mkdir()

    def publish(*numbers: int, stamp: str = "1") -> None:
        for path in root.glob("*.json"):
            path.unlink()
        manifest = {f"{UUID}{n}": {"timestamp": stamp if n == 1 else "1"} for n in numbers}
        (root / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        os.utime(root / "manifest.json", (2e9 + len(stamp), 2e9 + len(stamp) + sum(numbers)))
        for number in numbers:
            text = json.dumps(event(number, *TAGS, info=f"Theft {stamp}"))
            (root / f"{UUID}{number}.json").write_text(text, encoding="utf-8")

    publish(1, 2)
    with files(root) as (address, server):
        text = f"sources:\n- {{name: feed, misp: '{address}', allow_private: true}}\n"
        assert update(tmp_path, text)[1]["feed"] == "updated"
        assert update(tmp_path, text)[1]["feed"] == "unchanged"
        seen = len(server.seen)  # type: ignore[attr-defined]
        publish(1, 3, stamp="22")
        assert update(tmp_path, text)[1]["feed"] == "updated"
        asked = [path for path, _ in server.seen[seen:]]  # type: ignore[attr-defined]
        assert asked == ["/manifest.json", f"/{UUID}1.json", f"/{UUID}3.json"]
        (root / "manifest.json").write_text('{"../../x": {"timestamp": "1"}}', encoding="utf-8")
        os.utime(root / "manifest.json", (3e9, 3e9))
        assert update(tmp_path, text)[0] == 3
    with kg.open(tmp_path / "kg.kgl") as graph:
        assert {id[-1] for id in graph.corpus().names if id.startswith("incident:")} == {"1", "3"}


OBJECT = "intrusion-set--0000000{}-1111-4111-8111-111111111111"
COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"


def stix(number: int) -> dict[str, Any]:
    return {"type": "intrusion-set", "spec_version": "2.1", "id": OBJECT.format(number),
            "created": "2020-01-01T00:00:00.000Z", "modified": "2020-01-01T00:00:00.000Z",
            "name": f"Group {number}"}  # fmt: skip


def listed(number: int) -> dict[str, str]:
    return {"id": OBJECT.format(number), "date_added": f"2020-01-0{number}T00:00:00.000000Z",
            "version": "2020-01-01T00:00:00.000Z",
            "media_type": "application/stix+json;version=2.1"}  # fmt: skip


@contextmanager
def medallion(folder: Path, objects: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """OASIS's own TAXII server with pages of two; its address, and the collection in its memory."""
    collection = {
        "id": COLLECTION, "title": "c", "can_read": True, "can_write": False,
        "media_types": ["application/stix+json;version=2.1"],
        "objects": [stix(number) for number in range(1, objects + 1)],
        "manifest": [listed(number) for number in range(1, objects + 1)],
    }  # fmt: skip
    root = {"information": {"title": "t", "versions": [MEDIA], "max_content_length": 9765625},
            "status": [], "collections": [collection]}  # fmt: skip
    data = {"/discovery": {"title": "t", "api_roots": ["http://localhost/api/"]}, "api": root}
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend",
               "filename": str(folder / "data.json")}  # fmt: skip
    config = {"users": {"me": "hush-hush"}, "taxii": {"max_page_size": 2}, "backend": backend}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    app = load_app(str(folder / "config.json"))
    server = make_server("127.0.0.1", 0, app, handler_class=Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        inside = app.medallion_backend.data["api"]["collections"][0]
        yield f"http://127.0.0.1:{server.server_port}/api/collections/{COLLECTION}/", inside
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def test_of_a_collection_only_what_was_added_is_asked_for(tmp_path: Path) -> None:
    with medallion(tmp_path, 5) as (address, inside):
        text = f"""sources:
- {{name: partner, taxii: "{address}", allow_private: true, user_env: WHO, password_env: HOW}}
"""
        secrets = {"WHO": "me", "HOW": "hush-hush"}
        assert update(tmp_path, text, WHO="me", HOW="wrong-one")[0] == 3
        assert update(tmp_path, text, **secrets)[1]["partner"] == "updated"
        assert groups(tmp_path) == {1, 2, 3, 4, 5}
        assert update(tmp_path, text, **secrets)[1]["partner"] == "unchanged"
        inside["objects"].append(stix(6))
        inside["manifest"].append(listed(6))
        del inside["objects"][0], inside["manifest"][0]  # not asked for again
        assert update(tmp_path, text, **secrets)[1]["partner"] == "updated"
        assert groups(tmp_path) == {1, 2, 3, 4, 5, 6}


def groups(folder: Path) -> set[int]:
    with kg.open(folder / "kg.kgl") as graph:
        return {int(name.rpartition(" ")[2]) for name in graph.corpus().names.values()
                if name.startswith("Group ")}  # fmt: skip


def test_a_collection_of_static_files_is_one_too(tmp_path: Path) -> None:
    claims = tmp_path / "claims.yaml"
    claims.write_text(CLAIMS, encoding="utf-8")
    (tmp_path / "first").mkdir()
    with kg.open(tmp_path / "first" / "kg.kgl") as graph:
        graph.build(claims)
        graph.export("taxii", tmp_path / "web")
    with files(tmp_path / "web") as (address, _):
        place = f"{address}/kg/collections/{STATIC}/"
        text = f"sources:\n- {{name: ours, taxii: '{place}', allow_private: true}}\n"
        assert update(tmp_path, text)[1]["ours"] == "updated"
        assert update(tmp_path, text)[1]["ours"] == "unchanged"
    with kg.open(tmp_path / "kg.kgl") as graph:
        assert graph.corpus().names["incident:theft"] == "Theft"
