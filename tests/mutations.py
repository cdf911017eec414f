"""Small valid inputs, spoilt: one seed is one spoilt input, the same on every machine.

A sample is a folder's files. A mutation changes the tree that a file holds (JSON, YAML, a table's
rows), its text or bytes, or the files themselves.
"""

from __future__ import annotations

import copy
import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import yaml

Sample = dict[str, bytes]
"""File name → content."""

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 3.5, 1e308, 10**400, float("nan"), float("inf"), [], {}, "", " ",
    [None], [[]], [{}], {"": ""}, {"a": {"b": ["c"]}}, [["a", ["b"]], 1], ["a", "a", None, 2],
    "true", "false", "null", "0", "85", "-0-", "N/A", "NaN", "1e400", "²", "9" * 5_000, "x" * 9_000,
    "\0", "a\0b", "\x1b[31mred", "\x07\x08\x0b\x1f\x7f", "\u202egnp.exe", "\u2066a\u2069\u200b",
    "\ud800", "\udfff tail", "\ufeff", "\u0085\u2028", "é́", "🐺", "{Title}", "{", "%s", "{0}",
    "0000-00-00", "9999-99-99", "2019-02-30", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59.9Z",
    "2019-13-01T25:61:61Z", "..", "../..", "2018/2017", "12 Dec", "=1+1", "@import", "' OR 1=1",
    "claim:0", "group:", ":", "state:USA", "document:paper", "Claim", "__class__", "place", "id",
    "3–5 May 2019", "early 0000", "c. 9999", "0001-9999", "since 1500", "winter 9999", "0000-W00",
    "A; B (C; D", "A or B and C", "A (" * 500, "kp; ru", 1e-320, "1" * 400, ["2019"] * 50,
    "javascript:alert(1)", "http://[::1", "https://a b/", "file:///etc/passwd", ";", ",", '"',
    "(Citation: A)", "A < B < ", "a/b (c, d)", "[[[[", "['a', 5, {'b': 1}]", "circa ", " to ",
)  # fmt: skip

NOISE = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\x1a", b"\r", b"\n",
    b'"', b"'", b",", b";", b":", b"{", b"}", b"[", b"]", b"\\", b"\\u0000", b"\\ud83d", b"\t",
    b"#", b"&a ", b"*a", b"!!python/object:os.system ", b"!!binary ", b"<<: ", b"---\n", b"? ",
    b"[" * 10_000, b'{"a":' * 10_000, b"(" * 10_000, "Ã©â€™".encode(), b" < " * 3_000,
    b"%YAML 9\n", b"|\n", b"-0-", b"\xe2\x80\xae", b"\xc2\x85", b"NaN", b"1e999", b"-", b" ",
)  # fmt: skip

CODECS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1252", "latin-1", "utf-7", "cp037")


class Pairs(list[list[Any]]):
    """A mapping as pairs, so that a key may stand twice."""


def mutated(sample: Sample, seed: int) -> Sample:
    """The sample after one to three mutations that this seed stands for."""
    random = Random(seed)
    spoilt = dict(sample)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        name = random.choice(sorted(spoilt))
        how = random.choices((_tree, _text, _files), (7, 3, 1))[0]
        how(spoilt, name, random)
        if not spoilt:
            return dict.fromkeys(sample, b"")
    return spoilt


# ------------------------------------------------------------------ trees


def _tree(files: Sample, name: str, random: Random) -> None:
    """Change one spot of what a file holds; a file that holds no tree (any more) gets noise."""
    read, write = FORMS.get(name.rpartition(".")[2], FORMS["csv"])
    try:
        tree = read(files[name].decode())
        changed = _changed(tree, random)
        files[name] = write(changed).encode("utf-8", "surrogatepass")
    except (ValueError, AttributeError, RecursionError, yaml.YAMLError, csv.Error):
        _text(files, name, random)


def _changed(tree: Any, random: Random) -> Any:
    holder, index = random.choice(list(_spots(tree)) or [([tree], 0)])
    odd = copy.deepcopy(random.choice(ODD))
    match random.choice(("odd", "odd", "odd", "odd", "drop", "again", "other", "wrap", "key")):
        case "odd":
            _put(holder, index, odd)
        case "drop":
            del holder[index]
        case "again":  # for a mapping: the key stands twice
            holder.insert(index, [holder[index][0], odd] if _pair(holder) else holder[index])
        case "other":
            other, at = random.choice(list(_spots(tree)) or [([tree], 0)])
            _put(holder, index, copy.deepcopy(other[at][1] if _pair(other) else other[at]))
        case "wrap":
            inner = holder[index][1] if _pair(holder) else holder[index]
            _put(holder, index, random.choice(([inner], [inner, inner], Pairs([["a", inner]]))))
        case _ if _pair(holder):
            holder[index] = [str(odd), holder[index][1]]
    return tree


def _pair(holder: list[Any]) -> bool:
    return isinstance(holder, Pairs)


def _put(holder: list[Any], index: int, value: Any) -> None:
    holder[index] = [holder[index][0], value] if _pair(holder) else value


def _spots(tree: Any) -> Iterator[tuple[list[Any], int]]:
    """Each place in a tree that holds something: the list it is in, and its number there."""
    for index, item in enumerate(tree if isinstance(tree, list) else ()):
        yield tree, index
        yield from _spots(item[1] if _pair(tree) else item)


def _pairs(tree: Any) -> Any:
    if isinstance(tree, dict):
        return Pairs([key, _pairs(value)] for key, value in tree.items())
    return [_pairs(item) for item in tree] if isinstance(tree, list) else tree


def _dumped(tree: Any) -> str:
    """JSON; a key may stand in it twice. Nearly all of it is YAML too."""
    if isinstance(tree, Pairs):
        return "{" + ", ".join(f"{json.dumps(str(k))}: {_dumped(v)}" for k, v in tree) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(_dumped, tree)) + "]"
    return json.dumps(tree)


def _json_read(text: str) -> Any:
    return json.loads(text, object_pairs_hook=lambda pairs: Pairs(map(list, pairs)))


def _lines_read(text: str) -> Any:
    return [_json_read(line) for line in text.splitlines() if line.strip()]


def _lines_write(tree: Any) -> str:
    return "\n".join(map(_dumped, tree))


def _yaml_read(text: str) -> Any:
    return _pairs(yaml.load(text, Loader=yaml.BaseLoader))


def _yaml_write(tree: Any) -> str:
    """A key a line, so that lines mean something; below, JSON, which is YAML."""
    if not isinstance(tree, Pairs):
        return _dumped(tree)
    return "\n".join(f"{json.dumps(str(key))}: {_dumped(value)}" for key, value in tree)


def _csv_read(text: str) -> Any:
    return list(csv.reader(io.StringIO(text, newline="")))


def _csv_write(tree: Any) -> str:
    out = io.StringIO(newline="")
    rows = [row if isinstance(row, list) else [row] for row in tree]
    csv.writer(out).writerows(
        [[cell if isinstance(cell, str) else _dumped(_pairs(cell)) for cell in row] for row in rows]
    )
    return out.getvalue()


FORMS: dict[str, tuple[Callable[[str], Any], Callable[[Any], str]]] = {
    "json": (_json_read, _dumped), "jsonl": (_lines_read, _lines_write),
    "yaml": (_yaml_read, _yaml_write), "csv": (_csv_read, _csv_write),
}  # fmt: skip


# ------------------------------------------------------------------ text, bytes and files


def _text(files: Sample, name: str, random: Random) -> None:
    raw = files[name]
    start = random.randint(0, len(raw))
    end = min(len(raw), start + random.choice((0, 1, 1, 5, 50, 500)))
    noise = random.choice(NOISE) * random.choice((1, 1, 1, 2, 300))
    match random.choice(("noise", "noise", "flip", "cut", "end", "twice", "codec", "ends", "bom")):
        case "noise":
            raw = raw[:start] + noise + raw[end:]
        case "flip":
            raw = raw[:start] + bytes(255 - byte for byte in raw[start:end]) + raw[end:]
        case "cut":
            raw = raw[:start] + raw[end:]
        case "end":
            raw = raw[:start]
        case "twice":
            raw = raw[:end] + raw[start:]
        case "codec":
            raw = raw.decode(errors="ignore").encode(random.choice(CODECS), "replace")
        case "ends":
            raw = raw.replace(b"\n", random.choice((b"\r\n", b"\r", b"\n\n", b"\n\r", b"\0")))
        case "bom":
            raw = random.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) + raw
    files[name] = raw


def _files(files: Sample, name: str, random: Random) -> None:
    match random.choice(("none", "empty", "swap", "zip", "half a zip", "copy")):
        case "none":
            del files[name]
        case "empty":
            files[name] = b""
        case "swap":
            other = random.choice(sorted(files))
            files[name], files[other] = files[other], files[name]
        case "copy":
            files[f"again-{name}"] = files[name]
        case how:
            zipped = gzip.compress(files.pop(name), mtime=0)
            files[f"{name}.gz"] = zipped[: len(zipped) // 2] if how == "half a zip" else zipped
