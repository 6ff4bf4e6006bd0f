from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from fias_desktop.coach.models.download import Downloader, Limits, Progress
from fias_desktop.domain.errors import FiasError
from tests.unit.coach.download_kit import CONTENT, QUICK, NearlyFull, arrived, ended, failure, forget_proxies, names
from tests.unit.coach.model_server import Manners, entry_for, serve, wait_until


@pytest.fixture(autouse=True)
def no_proxy_around(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_proxies(monkeypatch)


@pytest.fixture
def downloader(tmp_path: Path) -> Iterator[Downloader]:
    made = Downloader(tmp_path / "models", limits=QUICK)
    yield made
    assert made.close()


def test_a_file_arrives_whole_and_leaves_nothing_beside_it(downloader: Downloader) -> None:
    manners = Manners(CONTENT)
    with serve(manners) as url:
        assert downloader.progress() == Progress() or downloader.progress().state == "idle"
        assert manners.asked == [], "nothing is fetched before start()"
        downloader.start(entry_for(CONTENT, url))
        progress = ended(downloader)
    assert progress.state == "done" and progress.done_bytes == progress.total_bytes == len(CONTENT)
    assert arrived(downloader) and len(manners.asked) == 1


def test_a_dropped_connection_is_resumed_where_it_broke(downloader: Downloader) -> None:
    manners = Manners(CONTENT, drop_after=[300_000, 200_000])
    with serve(manners) as url:
        downloader.start(entry_for(CONTENT, url))
        assert ended(downloader).state == "done"
    assert arrived(downloader)
    assert [asked[1:] for asked in manners.asked] == [
        ("", ""), ("bytes=300000-", '"v1"'), ("bytes=500000-", '"v1"'),
    ]  # fmt: skip


def test_a_file_that_changed_meanwhile_is_fetched_from_the_start(downloader: Downloader) -> None:
    old = os.urandom(len(CONTENT))
    manners = Manners(old, drop_after=[400_000], errors=[])
    with serve(manners) as url:
        entry = entry_for(CONTENT, url)
        patient = Downloader(downloader.folder, limits=Limits(first_wait_s=30.0, reserve_bytes=0))
        patient.start(entry)
        wait_until(lambda: patient.progress().state == "waiting")
        assert patient.close() and patient.progress().state == "paused"
        manners.content, manners.etag = CONTENT, '"v2"'
        downloader.start(entry)
        assert ended(downloader).state == "done"
    assert arrived(downloader)
    assert manners.asked[-1][1:] == ("bytes=400000-", '"v1"')


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_strong_tag_the_hash_alone_decides(downloader: Downloader, etag: str) -> None:
    manners = Manners(CONTENT, etag=etag, drop_after=[300_000])
    with serve(manners) as url:
        downloader.start(entry_for(CONTENT, url))
        assert ended(downloader).state == "done"
    assert manners.asked[1][1:] == ("bytes=300000-", "") and arrived(downloader)


def test_a_server_without_ranges_sends_it_all_again(downloader: Downloader) -> None:
    manners = Manners(CONTENT, ranges=False, drop_after=[300_000])
    with serve(manners) as url:
        downloader.start(entry_for(CONTENT, url))
        assert ended(downloader).state == "done"
    assert arrived(downloader) and len(manners.asked) == 2


def test_a_server_that_always_breaks_off_is_given_up_and_the_part_kept(downloader: Downloader) -> None:
    manners = Manners(CONTENT, ranges=False, drop_after=[300_000] * 20)
    with serve(manners) as url:
        entry = entry_for(CONTENT, url)
        downloader.start(entry)
        error = failure(downloader)
        assert "stopped" in error.user_message and downloader.part_bytes(entry) == 300_000
        assert len(manners.asked) == 1 + QUICK.tries
        manners.drop_after.clear()
        downloader.start(entry)
        assert ended(downloader).state == "done"
    assert arrived(downloader)


def test_a_wrong_hash_is_thrown_away(downloader: Downloader) -> None:
    with serve(Manners(CONTENT)) as url:
        downloader.start(entry_for(CONTENT, url, sha256="0" * 64))
        error = failure(downloader)
    assert "SHA-256" in error.user_message and names(downloader) == set()


def test_a_server_that_lies_about_the_length_is_caught(downloader: Downloader) -> None:
    with serve(Manners(CONTENT, length=len(CONTENT) + 5)) as url:
        downloader.start(entry_for(CONTENT, url))
        assert "another size" in failure(downloader).user_message
    assert names(downloader) == set()


def test_a_server_that_sends_less_than_it_says_is_asked_again(downloader: Downloader) -> None:
    short = Manners(CONTENT[:-100], length=len(CONTENT), ranges=False)
    with serve(short) as url:
        downloader.start(entry_for(CONTENT, url))
        assert "broke" in failure(downloader).user_message
    assert not (downloader.folder / "tiny.gguf").exists()


def test_more_than_promised_is_thrown_away(downloader: Downloader) -> None:
    with serve(Manners(CONTENT + b"x" * 100_000, no_length=True)) as url:
        downloader.start(entry_for(CONTENT[:-7], url))
        assert "promised" in failure(downloader).user_message
    assert names(downloader) == set()


def test_a_file_without_a_length_arrives(downloader: Downloader) -> None:
    with serve(Manners(CONTENT, no_length=True)) as url:
        downloader.start(entry_for(CONTENT, url))
        assert ended(downloader).state == "done"
    assert arrived(downloader)


@pytest.mark.parametrize(("code", "words"), [(404, "does not have it"), (403, "refuses"), (400, "error (400)")])
def test_a_refusal_is_said_at_once(downloader: Downloader, code: int, words: str) -> None:
    manners = Manners(CONTENT, errors=[code] * 9)
    with serve(manners) as url:
        downloader.start(entry_for(CONTENT, url))
        assert words in failure(downloader).user_message
    assert len(manners.asked) == 1


def test_a_busy_server_is_asked_again(downloader: Downloader) -> None:
    manners = Manners(CONTENT, errors=[503, 429])
    with serve(manners) as url:
        downloader.start(entry_for(CONTENT, url))
        assert ended(downloader).state == "done"
    assert len(manners.asked) == 3 and arrived(downloader)


def test_nobody_there_is_said_after_a_few_tries(downloader: Downloader) -> None:
    with serve(Manners(CONTENT)) as url:
        pass
    downloader.start(entry_for(CONTENT, url))
    assert "127.0.0.1" in failure(downloader).user_message


def test_a_slow_server_can_be_paused_and_goes_on(downloader: Downloader) -> None:
    manners = Manners(CONTENT, bytes_s=100_000.0)
    with serve(manners) as url:
        entry = entry_for(CONTENT, url)
        downloader.start(entry)
        wait_until(lambda: downloader.progress().done_bytes > 40_000)
        progress = downloader.progress()
        assert progress.state == "running" and 20_000 < progress.rate_bytes_s < 300_000
        assert 0 < progress.left_s < 60
        begun_s = time.monotonic()
        downloader.pause()
        assert downloader.progress().state == "paused"
        assert downloader.close() and time.monotonic() - begun_s < 1.0
        kept = downloader.part_bytes(entry)
        assert kept == downloader.progress().done_bytes > 40_000 and manners.asked[0][1] == ""
        manners.bytes_s = 0.0
        downloader.start(entry)
        assert ended(downloader).state == "done"
    assert manners.asked[1][1] == f"bytes={kept}-" and arrived(downloader)


def test_a_silent_server_can_be_cancelled_at_once(downloader: Downloader) -> None:
    manners = Manners(CONTENT, silent=True)
    with serve(manners) as url:
        entry = entry_for(CONTENT, url)
        downloader.start(entry)
        wait_until(lambda: len(manners.asked) == 1)
        time.sleep(0.05)
        begun_s = time.monotonic()
        downloader.cancel(entry)
        assert downloader.close() and time.monotonic() - begun_s < 1.0
    assert downloader.progress().state == "cancelled" and names(downloader) == set()


def test_a_silent_server_is_given_up(tmp_path: Path) -> None:
    downloader = Downloader(tmp_path, limits=Limits(timeout_s=0.1, tries=2, first_wait_s=0.01, reserve_bytes=0))
    with serve(Manners(CONTENT, silent=True)) as url:
        downloader.start(entry_for(CONTENT, url))
        assert "timed out" in failure(downloader).user_message


def test_what_a_pause_left_can_be_thrown_away(downloader: Downloader) -> None:
    with serve(Manners(CONTENT, bytes_s=200_000.0)) as url:
        entry = entry_for(CONTENT, url)
        downloader.start(entry)
        wait_until(lambda: downloader.progress().done_bytes > 0)
        assert downloader.close()
        assert names(downloader) == {"tiny.gguf.part", "tiny.gguf.part.tag"}
        Downloader(downloader.folder).cancel(entry)
        assert names(downloader) == set()
        downloader.start(entry)
        downloader.pause()
        downloader.close()
        downloader.cancel(entry)
        assert downloader.progress().state == "cancelled" and names(downloader) == set()


def test_only_one_download_at_a_time(downloader: Downloader) -> None:
    with serve(Manners(CONTENT, bytes_s=100_000.0)) as url:
        downloader.start(entry_for(CONTENT, url))
        with pytest.raises(FiasError, match="under way"):
            downloader.start(entry_for(CONTENT, url, id="other", file="other.gguf"))
        assert downloader.close()


def test_pausing_and_going_on_in_a_row_keeps_one_thread_and_one_file(downloader: Downloader) -> None:
    manners = Manners(CONTENT, bytes_s=2_000_000.0)
    with serve(manners) as url:
        entry = entry_for(CONTENT, url)
        for _ in range(15):
            downloader.start(entry)
            time.sleep(0.01)
            downloader.pause()
        manners.bytes_s = 0.0
        downloader.start(entry)
        assert ended(downloader).state == "done"
    assert arrived(downloader)
    assert not [thread for thread in threading.enumerate() if thread.name == "fias-download"]


def test_the_next_one_waits_until_the_last_one_has_let_go_of_the_file(tmp_path: Path) -> None:
    disk = threading.Event()

    class SlowDisk(NearlyFull):
        def write(self, data: memoryview) -> int:
            disk.wait(10)
            return super().write(data)

    def open_part(path: Path, mode: str) -> BinaryIO:
        return SlowDisk(path, mode, 1 << 30)  # type: ignore[return-value]

    manners = Manners(CONTENT)
    with serve(manners) as url:
        entry = entry_for(CONTENT, url)
        downloader = Downloader(tmp_path / "models", limits=QUICK, open_part=open_part)
        downloader.start(entry)
        wait_until((downloader.folder / "tiny.gguf.part").exists)
        downloader.pause()
        downloader.start(entry)
        time.sleep(0.5)
        assert len(manners.asked) == 1, "the first one still writes"
        disk.set()
        assert ended(downloader).state == "done"
    assert arrived(downloader) and len(manners.asked) == 2


def test_a_file_that_is_there_is_not_fetched_again(downloader: Downloader) -> None:
    downloader.folder.mkdir()
    (downloader.folder / "tiny.gguf").write_bytes(b"mine")
    with pytest.raises(FiasError, match="there already"):
        downloader.start(entry_for(CONTENT, "http://127.0.0.1:9"))
    assert (downloader.folder / "tiny.gguf").read_bytes() == b"mine"


def test_too_little_space_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    manners = Manners(CONTENT)
    with serve(manners) as url:
        downloader = Downloader(tmp_path / "models", limits=Limits(reserve_bytes=1 << 60))
        with pytest.raises(FiasError, match="free"):
            downloader.start(entry_for(CONTENT, url))
    assert manners.asked == [] and downloader.progress().state == "idle"


def test_a_disk_that_fills_up_is_a_message_and_the_part_is_kept(tmp_path: Path) -> None:
    full = [True]

    def open_part(path: Path, mode: str) -> BinaryIO:
        return NearlyFull(path, mode, 100_000) if full[0] else path.open(mode, buffering=0)  # type: ignore[return-value]

    downloader = Downloader(tmp_path / "models", limits=QUICK, open_part=open_part)
    with serve(Manners(CONTENT)) as url:
        entry = entry_for(CONTENT, url)
        downloader.start(entry)
        assert "disk is full" in failure(downloader).user_message
        assert downloader.part_bytes(entry) == 100_000
        full[0] = False
        downloader.start(entry)
        assert ended(downloader).state == "done"
    assert arrived(downloader)


def test_a_really_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=1536k", "none", str(disk)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        downloader = Downloader(disk, limits=QUICK)
        with serve(Manners(CONTENT, bytes_s=400_000.0)) as url:
            entry = entry_for(CONTENT, url)
            downloader.start(entry)
            wait_until(lambda: downloader.progress().done_bytes > 50_000)
            with contextlib.suppress(OSError), (disk / "ballast").open("wb", buffering=0) as ballast:
                while ballast.write(b"x" * 4096):
                    pass
            assert "full" in failure(downloader).user_message
            assert downloader.part_bytes(entry) > 50_000
            with pytest.raises(FiasError, match="free"):
                downloader.start(entry)
            (disk / "ballast").unlink()
            downloader.start(entry)
            assert ended(downloader).state == "done"
    finally:
        subprocess.run(["umount", str(disk)], check=True)
