"""Redis stopped by a signal: pages answer, what they write waits in the database (security.md, 64)."""

import http.client
import os
import signal
import socket
from pathlib import Path

import pytest
from django.test import Client

from common import outbox
from common.models import Delivery
from tests.faults.conftest import ROOT, until

TOKEN = "a" * 32
PACKAGES = ("accounts", "common", "inspections", "mianyang_xuncha", "oversight", "rectification", "villages")


@pytest.fixture
def port(house):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    house.start("gunicorn", "mianyang_xuncha.wsgi", BIND=f"127.0.0.1:{number}", WEB_CONCURRENCY="1")
    until(lambda: answers(number), "the web server")
    return number


def answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/healthz")[0] == 200
    except OSError:
        return False


def ask(port: int, method: str, path: str, user=None, body: str | None = None) -> tuple[int, str]:
    """One request, as the user if given; an answer that takes ten seconds is none."""
    headers = {"Host": "127.0.0.1", "X-CSRFToken": TOKEN}
    cookies = [f"csrftoken={TOKEN}"]
    if user is not None:
        client = Client()
        client.force_login(user)
        cookies.append(f"sessionid={client.cookies['sessionid'].value}")
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    headers["Cookie"] = "; ".join(cookies)
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        wire.request(method, path, body, headers)
        answer = wire.getresponse()
        return answer.status, answer.read().decode()
    finally:
        wire.close()


@pytest.fixture
def frozen(house, port):
    pid = house.redis.pid()
    os.kill(pid, signal.SIGSTOP)
    yield port
    os.kill(pid, signal.SIGCONT)


def test_pages_answer_and_what_they_write_is_sent_later(people, due, frozen, mailoutbox):
    """An office urges while Redis stands still: the page answers, the letters wait, and go out once."""
    status, health = ask(frozen, "GET", "/healthz")
    assert (status, '"broker": "away"' in health) == (200, True)
    assert ask(frozen, "GET", "/", user=people.county_head)[0] == 200
    body = f"ids={due[0].pk}&confirmed=1&text=x&action=urge"
    assert ask(frozen, "POST", "/rectification/batch/urge/", user=people.county_head, body=body)[0] == 302
    assert Delivery.objects.filter(status="PENDING").count() == 3
    assert outbox.dispatch()["sent"] == 3
    assert outbox.dispatch()["sent"] == 0
    assert len(mailoutbox) == 3


def test_nothing_publishes_inside_a_request():
    """Only beat publishes: with the broker frozen a bare apply_async held a page for 45 seconds."""
    calls = (".delay(", ".apply_async(", "send_task(", ".delay_on_commit(")
    found = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in Path(ROOT / package).rglob("*.py")
        if any(call in path.read_text(encoding="utf-8") for call in calls)
    ]
    assert found == []
