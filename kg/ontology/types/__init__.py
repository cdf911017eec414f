"""The types of values: one class in one file each, found here and in folders of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

from kg.base.discovery import by_name, in_modules
from kg.ontology.value_type import ValueType


def discover(folders: Iterable[Path] = ()) -> Mapping[str, ValueType]:
    """Every type by its word: of `kg/ontology/types/`, of `types/` in the folders, of
    `ontology/types/` in `$KG_PATH`, and of entry points in the group `kg.ontology.types`.

    Raises `InputError` for two of one name of which none says `REPLACES = True`.
    """
    extra = [folder / "types" for folder in folders]
    return by_name("value type", in_modules("ontology.types", _types, extra))


def _types(module: ModuleType) -> Iterator[tuple[str, ValueType]]:
    for thing in vars(module).values():
        own = isinstance(thing, type) and thing.__module__ == module.__name__
        if own and issubclass(thing, ValueType) and "name" in vars(thing):
            yield thing.name, thing()
