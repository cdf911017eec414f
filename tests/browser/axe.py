"""axe-core, the accessibility checker, asked of an open picture."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from typing import Any

from tests.browser.hand import Hand
from tests.machine import cache_folder, locked, unavailable


def axe_core() -> str:
    """The text of axe-core, from the npm registry; kept outside the checkout."""
    npm = shutil.which("npm") or unavailable("no npm, whose registry has the accessibility checker")
    folder = cache_folder()
    with locked("axe-core"):
        if not list(folder.glob("axe-core-*.tgz")):
            done = subprocess.run([npm, "pack", "--silent", "axe-core@4"], cwd=folder, check=False)
            if done.returncode:
                unavailable("axe-core, the accessibility checker, is not in npm's registry")
    with tarfile.open(sorted(folder.glob("axe-core-*.tgz"))[-1]) as archive:
        file = archive.extractfile("package/axe.min.js")
        assert file is not None
        return file.read().decode()


def violations(hand: Hand, axe: str, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong, one line each: by all rules, or by some."""
    hand.js(f"(() => {{ window.axe ?? (() => {{ {axe}; window.axe = axe; }})(); }})()")
    only = json.dumps({"runOnly": list(rules)} if rules else {})
    found: list[dict[str, Any]] = hand.js(f"axe.run({only}).then((result) => result.violations)")
    return [f"{one['id']}: {json.dumps([n['html'][:120] for n in one['nodes']])}" for one in found]
