from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fias_desktop.coach.models.download import Downloader
from tests.unit.coach.download_kit import CONTENT, QUICK, arrived, ended, failure, forget_proxies, names
from tests.unit.coach.model_server import Manners, entry_for, make_certificate, serve, wait_until


@pytest.fixture(autouse=True)
def no_proxy_around(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_proxies(monkeypatch)


@pytest.fixture
def downloader(tmp_path: Path) -> Iterator[Downloader]:
    made = Downloader(tmp_path / "models", limits=QUICK)
    yield made
    assert made.close()


def test_a_redirect_on_this_machine_is_followed(downloader: Downloader) -> None:
    manners = Manners(CONTENT)
    with serve(manners) as url:
        manners.redirect = f"{url}/moved"
        downloader.start(entry_for(CONTENT, url))
        assert ended(downloader).state == "done"
    assert [asked[0] for asked in manners.asked] == ["/tiny.gguf", "/moved"] and arrived(downloader)


@pytest.mark.parametrize("target", ["http://example.org/a.gguf", "file:///etc/passwd", "ftp://127.0.0.1/a"])
def test_an_unsafe_redirect_is_refused(downloader: Downloader, target: str) -> None:
    manners = Manners(CONTENT, redirect=target)
    with serve(manners) as url:
        downloader.start(entry_for(CONTENT, url))
        assert "unsafe" in failure(downloader).user_message
    assert len(manners.asked) == 1


def test_a_proxy_is_used_where_one_is_given(tmp_path: Path) -> None:
    manners = Manners(CONTENT)
    with serve(manners) as url:
        downloader = Downloader(tmp_path / "models", proxy=url, limits=QUICK)
        downloader.start(entry_for(CONTENT, "http://models.invalid"))
        assert ended(downloader).state == "done"
    assert manners.asked[0][0] == "http://models.invalid/tiny.gguf" and arrived(downloader)


def test_the_proxy_of_the_environment_is_used(downloader: Downloader, monkeypatch: pytest.MonkeyPatch) -> None:
    manners = Manners(CONTENT)
    with serve(manners) as url:
        monkeypatch.setenv("http_proxy", url)
        downloader.start(entry_for(CONTENT, "http://models.invalid"))
        assert ended(downloader).state == "done"
        assert manners.asked[0][0] == "http://models.invalid/tiny.gguf"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_certificate(tmp_path_factory.mktemp("certificate"))
    if made is None:
        pytest.skip("needs the openssl program")
    return made


def test_an_unknown_certificate_is_refused(downloader: Downloader, certificate: Path) -> None:
    with serve(Manners(CONTENT), certificate) as url:
        downloader.start(entry_for(CONTENT, url))
        assert "cannot prove who it is" in failure(downloader).user_message
    assert names(downloader) == set()


def test_a_server_that_speaks_no_tls_is_given_up(downloader: Downloader) -> None:
    with serve(Manners(CONTENT)) as url:
        downloader.start(entry_for(CONTENT, url.replace("http:", "https:")))
        assert "stopped" in failure(downloader).user_message
    assert names(downloader) == set()


def test_tls_is_resumed_and_paused_as_well(
    downloader: Downloader, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    manners = Manners(CONTENT, bytes_s=200_000.0)
    with serve(manners, certificate) as url:
        downloader.start(entry_for(CONTENT, url))
        wait_until(lambda: downloader.progress().done_bytes > 20_000)
        begun_s = time.monotonic()
        assert downloader.close() and time.monotonic() - begun_s < 1.0
        assert downloader.progress().state == "paused"
        manners.bytes_s, manners.drop_after = 0.0, [300_000]
        downloader.start(entry_for(CONTENT, url))
        assert ended(downloader).state == "done"
    assert arrived(downloader) and len(manners.asked) == 3


def test_https_goes_through_the_tunnel_of_a_proxy(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tunnel = Manners(b"")
    with serve(Manners(CONTENT), certificate) as url, serve(tunnel) as proxy:
        downloader = Downloader(tmp_path / "models", proxy=proxy, limits=QUICK)
        downloader.start(entry_for(CONTENT, url))
        assert ended(downloader).state == "done"
        assert tunnel.asked == [(f"CONNECT {url.removeprefix('https://')}", "", "")]
    assert arrived(downloader)


def test_a_redirect_away_from_tls_is_refused(
    downloader: Downloader, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serve(Manners(CONTENT)) as plain, serve(Manners(CONTENT, redirect=f"{plain}/moved"), certificate) as url:
        downloader.start(entry_for(CONTENT, url))
        assert "unsafe" in failure(downloader).user_message
