"""What tests of identity share."""

from __future__ import annotations

import pytest

from tests.identity.worlds import World


@pytest.fixture
def world() -> World:
    return World()
