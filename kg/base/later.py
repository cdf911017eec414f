"""A library that is loaded when it is first used: what a command does not need costs it nothing."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from threading import RLock
from types import ModuleType
from typing import Any

_one_at_a_time = RLock()


class _Later(ModuleType):
    """Stands for a module until something of it is asked for; from then on it holds all that the
    module does. (What `importlib.util.LazyLoader` makes is loaded by the next `import` of it.)"""

    def __getattr__(self, name: str) -> Any:
        with _one_at_a_time:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
            module = import_module(self.__name__)
        vars(self).update(vars(module))
        return getattr(module, name)


def later(name: str) -> None:
    """From now on `import NAME` costs nothing, and the first use of it loads it; a library that
    is loaded already, or is not there, is left as it is."""
    if name not in sys.modules and (spec := find_spec(name)) is not None:
        sys.modules[name] = standing = _Later(name)
        standing.__spec__ = spec
