"""What a person reads when something was refused or went wrong."""

import sys

import pytest
from django.test import Client

from common.models import AuditEvent


def test_a_refusal_gives_its_reason(client, world):
    client.force_login(world.county_officer)
    response = client.get("/accounts/users/")
    assert response.status_code == 403
    assert "您的单位或岗位不能办理此事项" in response.content.decode()


def test_what_is_out_of_scope_reads_like_what_does_not_exist(client, world):
    client.force_login(world.township_secretary)
    foreign = client.get(f"/villages/{world.other_village.division.code}/")
    missing = client.get("/villages/510799999999/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_but_the_trail_tells_them_apart(client, world):
    client.force_login(world.township_secretary)
    client.get("/villages/510799999999/")
    assert not AuditEvent.objects.filter(result="DENIED").exists()
    client.get(f"/villages/{world.other_village.division.code}/")
    assert AuditEvent.objects.filter(result="DENIED", actor=world.township_secretary).count() == 1


def test_a_stale_page_is_explained(world):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.county_officer)
    response = strict.post("/sign-out/")
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


def test_a_foreign_origin_is_refused(world):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.county_officer)
    strict.get("/password/")
    token = strict.cookies["csrftoken"].value
    refused = strict.post("/sign-out/", {"csrfmiddlewaretoken": token}, HTTP_ORIGIN="https://evil.example")
    assert refused.status_code == 403


def test_a_crash_shows_a_number_and_nothing_else(client, world, monkeypatch):
    def crash(*args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(sys.modules["mianyang_xuncha.views.home"], "desk_for", crash)
    client.raise_request_exception = False
    client.force_login(world.county_officer)
    response = client.get("/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "secret detail" not in page
    assert response.headers["X-Request-ID"] in page


def test_a_foreign_host_is_refused(client, world):
    assert client.get("/sign-in/", HTTP_HOST="evil.example").status_code == 400


@pytest.mark.parametrize("path", ["/admin/", "/media/x", "/nowhere/", "/villages/../admin/"])
def test_what_is_not_there_is_404_or_sign_in(client, world, path):
    client.force_login(world.county_officer)
    assert client.get(path).status_code == 404


def test_the_headers_of_a_page(client, world):
    client.force_login(world.county_officer)
    headers = client.get("/").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
