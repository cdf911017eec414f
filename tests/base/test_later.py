"""A library that is loaded when it is first used."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from types import ModuleType
from typing import Any

import pytest

from kg.base.later import later

SLOW = "import time\nSTARTED = 1\ntime.sleep(0.05)\ndef answer(): return 42\n"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a library that takes a while to load, with a module in it."""
    name = "loaded_later"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text(SLOW, encoding="utf-8")
    (tmp_path / name / "inner.py").write_text("WORD = 'within'\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    for each in [one for one in sys.modules if one.partition(".")[0] == name]:
        del sys.modules[each]


def postponed(name: str) -> ModuleType:
    later(name)
    return import_module(name)


def test_a_library_is_loaded_when_something_of_it_is_asked_for(library: str) -> None:
    module = postponed(library)
    assert "STARTED" not in vars(module)
    assert module.answer() == 42
    assert {"STARTED", "answer"} <= vars(module).keys()


def test_threads_that_ask_at_once_load_it_once_and_find_it_whole(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, together = postponed(library), Barrier(2, timeout=1)

    class Meeting(dict[str, ModuleType]):
        """`sys.modules` in which two threads that ask for the library see the same."""

        def get(self, name: str, default: Any = None) -> Any:
            found = super().get(name, default)
            if name == library:
                with suppress(BrokenBarrierError):
                    together.wait(0.2)
            return found

    monkeypatch.setattr(sys, "modules", Meeting(sys.modules))
    with ThreadPoolExecutor(2) as threads:
        assert [*threads.map(lambda _: module.answer(), range(2))] == [42, 42]


def test_a_module_of_it_can_be_imported_first(library: str) -> None:
    module = postponed(library)
    assert import_module(f"{library}.inner").WORD == "within"
    assert module.inner.WORD == "within"


def test_what_it_lacks_it_lacks(library: str) -> None:
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = postponed(library).nothing_such


def test_what_is_loaded_or_not_there_is_left_as_it_is() -> None:
    later("pytest")
    later("no_library_of_this_name")
    assert sys.modules["pytest"] is pytest
    assert "no_library_of_this_name" not in sys.modules
