"""A picture on paper: SVG, PNG or PDF, with its heading, legend, facts and marking inside.

What draws the page's canvas draws this too: the page's modules run in an engine of their own,
without a browser, and write the SVG. For PNG and PDF a Chromium that is found here prints that SVG.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from kg.base.errors import KgError, UsageError, offering
from kg.views.kit.evidence import Json
from kg.views.kit.payload import to_text
from kg.views.kit.script import PAGE, TYPES, joined, types_module

SIZES: Mapping[str, tuple[int, int]] = {
    "16:9": (1600, 900),
    "A4": (1123, 794),
    "A4-portrait": (794, 1123),
    "figure": (680, 510),
}
"""Sizes by name, in CSS pixels (96 to an inch)."""

ENDINGS = (".svg", ".png", ".pdf")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
PATIENCE = 120
"""Seconds for a browser to print one sheet."""
MEMORY = 2_000_000_000

AROUND = """
const document = { documentElement: { dataset: { theme: "light" } } };
const COLOURS = %s;
const getComputedStyle = () => ({ getPropertyValue: (name) => COLOURS[name] ?? "" });
Number.prototype.toLocaleString = function () {
  const [whole, rest] = String(this).split(".");
  return whole.replace(/\\B(?=(\\d{3})+$)/g, ",") + (rest ? "." + rest : "");
};
"""
"""The little of a page that drawing asks for."""


def size_of(text: str) -> tuple[int, int]:
    """`1600x900`, or the name of a size. Raises `UsageError`."""
    if text in SIZES:
        return SIZES[text]
    if found := re.fullmatch(r"(\d{2,5})\s*[x×]\s*(\d{2,5})", text):
        width, height = int(found[1]), int(found[2])
        if 300 <= width <= 20_000 and 200 <= height <= 20_000:
            return width, height
    raise UsageError(
        offering(
            f"--size {text!r} is neither WIDTHxHEIGHT (1600x900) nor a size by name", text, SIZES
        )
    )


def svg(data: Json, rules: Mapping[str, str], size: tuple[int, int]) -> str:
    """The sheet as the text of an SVG."""
    import quickjs

    script = joined(PAGE, {TYPES: types_module(rules)}, "still.js")
    context = quickjs.Context()
    context.set_memory_limit(MEMORY)
    context.set_max_stack_size(64_000_000)
    context.eval(AROUND % json.dumps(_colours()) + script)
    # joined, because the engine hands out no text that it still holds in pieces
    draw = context.eval('(text) => [still(JSON.parse(text)), ""].join("")')
    return str(draw(to_text({"data": data, "width": size[0], "height": size[1]})))


def _colours() -> dict[str, str]:
    """The light colours of the page's style sheet: paper is light."""
    style = (PAGE / "style.css").read_text(encoding="utf-8").partition("}")[0]
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]+);", style))


def sheet(ending: str, drawing: str) -> bytes:
    """The file of this ending for a drawing. Raises `KgError` where no browser is found."""
    if ending == ".svg":
        return drawing.encode()
    with tempfile.TemporaryDirectory() as folder:
        made = _printed(ending, drawing, Path(folder))
    return _signed_png(made) if ending == ".png" else made + SIGNED_PDF


def _printed(ending: str, drawing: str, folder: Path) -> bytes:
    width, height = (int(n) for n in re.findall(r'(?:width|height)="(\d+)"', drawing)[:2])
    page, out = folder / "sheet.html", folder / f"sheet{ending}"
    body = drawing.partition("?>")[2]
    page.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><title>Picture</title><style>@page{{size:{width}px "
        f"{height}px;margin:0}}html,body{{margin:0}}svg{{display:block}}</style>{body}",
        encoding="utf-8",
    )
    asked = {
        ".png": [f"--screenshot={out}", f"--window-size={width},{height}",
                 "--force-device-scale-factor=2"],
        ".pdf": [f"--print-to-pdf={out}", "--no-pdf-header-footer"],
    }[ending]  # fmt: skip
    command = [browser(), *FLAGS, f"--user-data-dir={folder / 'profile'}", *asked, page.as_uri()]
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE)
        return out.read_bytes()
    except (subprocess.SubprocessError, OSError) as error:
        raise KgError(f"{command[0]} did not print the picture: {error}") from error


def browser() -> str:
    """The command of a Chromium. Raises `UsageError` where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        raise UsageError(
            "PNG and PDF need a Chromium, and none is found "
            f"({', '.join(BROWSERS)}): install one, or write --out NAME.svg, which needs none"
        )
    return found


# --- whose file it is ---------------------------------------------------------------------------

MARK = b"kg picture"
SIGNED_PDF = b"\n% " + MARK + b"\n"
SIGNED_SVG = b"<metadata>{&quot;title&quot;"
PNG_HEAD = 33
"""Bytes of a PNG before what may be added: its signature and its first chunk."""


def _signed_png(image: bytes) -> bytes:
    """The same image that says that it was drawn here."""
    text = b"tEXtSoftware\0" + MARK
    chunk = (len(text) - 4).to_bytes(4, "big") + text + zlib.crc32(text).to_bytes(4, "big")
    return image[:PNG_HEAD] + chunk + image[PNG_HEAD:]


def is_still(path: Path) -> bool:
    """Whether a file is a sheet that was drawn here: it may be drawn anew."""
    content = path.read_bytes()
    return MARK in content[:200] or content.endswith(SIGNED_PDF) or SIGNED_SVG in content[:20_000]
