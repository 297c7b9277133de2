"""Tests in a real browser: mark them `chromium` and use `page` or `new_page` with `live_server`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_PROGRAM = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
MISSING = "没有找到 Chromium：请安装（Debian/Ubuntu：apt-get install chromium fonts-noto-cjk）"
skipped = pytest.StashKey[int]()


def program() -> str | None:
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return found or (str(MAC_PROGRAM) if MAC_PROGRAM.exists() else None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests come last; without a browser they are skipped, loudly."""
    in_browser = [item for item in items if item.get_closest_marker("chromium")]
    items.sort(key=lambda item: item.get_closest_marker("chromium") is not None)
    if in_browser and program() is None:
        config.stash[skipped] = len(in_browser)
        for item in in_browser:
            item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    count = sum(MISSING in str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    if count:
        terminalreporter.section("缺少 Chromium", sep="!", red=True, bold=True)
        terminalreporter.line(f"{count} 项浏览器测试没有运行。{MISSING}", red=True, bold=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    # Playwright's event loop stays on this thread, and Django would take every query for an async one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A function that opens a page as a new person (own cookies), 1440 wide unless told."""
    contexts = []

    def open_page(*, width: int = 1440, height: int = 900, javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()
