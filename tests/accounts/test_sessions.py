"""Whoever reads or writes the table of sessions is nobody by it; with Django's own store he would be anybody."""

from importlib import import_module

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

OWN, DJANGO = "accounts.sessions", "django.contrib.sessions.backends.db"
ENGINES = pytest.mark.parametrize(("engine", "opens"), [(OWN, 302), (DJANGO, 200)])


def opened(engine, key):
    """How the workbench answers to a cookie with this key."""
    client = Client()
    client.cookies["sessionid"] = key
    return client.get("/").status_code


@pytest.fixture
def victim(world, settings, engine):
    settings.SESSION_ENGINE = engine
    client = Client()
    client.force_login(world.county_officer)
    assert client.get("/").status_code == 200
    return Session.objects.get()


@ENGINES
def test_the_key_is_not_read_from_the_table(victim, engine, opens):
    assert opened(engine, victim.session_key) == opens


@ENGINES
def test_the_content_of_a_session_is_void_under_another_key(victim, engine, opens):
    own = import_module(engine).SessionStore()
    own["own"] = True
    own.create()
    Session.objects.exclude(pk=victim.pk).update(session_data=victim.session_data)
    assert opened(engine, own.session_key) == opens


def test_a_session_is_saved_found_and_ended_by_its_key(world):
    client = Client()
    client.force_login(world.county_officer)
    key = client.session.session_key
    assert client.session.exists(key)
    assert (opened(OWN, key), Session.objects.count()) == (200, 1)
    client.post("/sign-out/")
    assert (opened(OWN, key), Session.objects.count()) == (302, 0)
