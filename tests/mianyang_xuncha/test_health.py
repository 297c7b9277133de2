"""/healthz: public, quick and quiet about everything but three words."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from common.models import Heartbeat
from mianyang_xuncha.views import health


def beat(age: timedelta) -> None:
    Heartbeat.objects.update_or_create(name="beat", defaults={"at": timezone.now() - age})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("age", "state"),
    [(timedelta(seconds=30), "ok"), (timedelta(minutes=5), "late"), (timedelta(hours=1), "away")],
)
def test_health_tells_whether_beat_lives(client, age, state):
    beat(age)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok", "beat": state})


@pytest.mark.django_db(transaction=True)
def test_a_beat_that_never_showed_is_away(client):
    assert client.get("/healthz").json()["beat"] == "away"


@pytest.mark.django_db(transaction=True)
def test_without_the_broker_pages_still_work(client, settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/no.sock"
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["broker"]) == (200, "away")


def refuse() -> str:
    raise OSError("connection refused")


def test_without_the_database_it_is_unavailable(client, monkeypatch):
    monkeypatch.setattr(health, "database", refuse)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": "away", "broker": "ok", "beat": "away"})


def test_a_frozen_server_does_not_hold_the_answer(monkeypatch):
    monkeypatch.setattr(health, "SECONDS", 0.2)
    thawed = threading.Event()
    answers = health.ask({"database": lambda: str(thawed.wait(60)), "broker": lambda: "ok"})
    thawed.set()
    assert answers == {"database": None, "broker": "ok"}


@pytest.mark.django_db(transaction=True)
def test_the_answer_holds_nothing_but_states(client):
    answer = client.get("/healthz")
    assert set(answer.json()) == {"database", "broker", "beat"}
    assert connection.settings_dict["NAME"] not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_only_reading_is_allowed(client):
    assert client.post("/healthz").status_code == 405
