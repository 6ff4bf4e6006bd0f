"""`fias bench`: every network of the program is timed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.model_card import bare_spec
from fias_desktop.engine.bench import PUBLISHED, median_ms
from fias_desktop.models.registry import build


def test_every_network_that_a_card_can_ask_for_is_timed() -> None:
    with pytest.raises(FiasError) as refused:
        build(bare_spec("none of them", "coco17", 40, 15.0))
    known = refused.value.hint.removeprefix("Known: ").removesuffix(".").split(", ")
    assert sorted(PUBLISHED) == sorted(known)


def test_the_first_two_calls_only_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 9.0, 18.0, 18.001, 19.0, 19.003, 20.0, 20.002])
    monkeypatch.setattr("fias_desktop.engine.bench.time", SimpleNamespace(perf_counter=lambda: next(clock)))
    assert median_ms(lambda: None, 3) == pytest.approx(2.0)
