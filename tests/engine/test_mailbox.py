from __future__ import annotations

import threading
import time

import pytest

from fias_desktop.engine.mailbox import ClosedError, Inbox, Newest


def test_only_the_newest_value_is_taken() -> None:
    box: Newest[int] = Newest()
    for value in (1, 2, 3):
        box.put(value)
    assert box.take(0.0) == 3
    assert box.take(0.01) is None
    assert box.replaced == 2


def test_a_waiting_reader_gets_the_value_at_once() -> None:
    box: Newest[str] = Newest()
    threading.Timer(0.05, lambda: box.put("here")).start()
    started = time.monotonic()
    assert box.take(2.0) == "here"
    assert time.monotonic() - started < 0.5


def test_closing_wakes_the_reader_and_drops_the_rest() -> None:
    box: Newest[int] = Newest()
    threading.Timer(0.05, box.close).start()
    with pytest.raises(ClosedError):
        box.take()
    box.put(1)
    with pytest.raises(ClosedError):
        box.take(0.0)


def test_clearing_gives_back_what_was_not_taken() -> None:
    box: Newest[int] = Newest()
    box.put(7)
    assert box.clear() == 7
    assert box.clear() is None


def test_an_inbox_loses_nothing_between_threads() -> None:
    box: Inbox[int] = Inbox()

    def write(number: int) -> None:
        for i in range(500):
            box.add(number * 1000 + i)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    taken: list[int] = []
    while any(thread.is_alive() for thread in threads):
        taken += box.take_all()
    taken += box.take_all()
    assert sorted(taken) == sorted(n * 1000 + i for n in range(4) for i in range(500))
    for n in range(4):
        own = [value for value in taken if value // 1000 == n]
        assert own == sorted(own), "the order of one writer was changed"
