"""What a person reads when something was refused or went wrong."""

import sys
from importlib import import_module
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.db import connection, connections
from django.test import Client

from common.errors import Conflict
from common.models import AuditEvent
from mianyang_xuncha.settings import one_line_of_refusals


def test_a_refusal_gives_its_reason(client, world):
    client.force_login(world.county_officer)
    response = client.get("/accounts/users/")
    assert response.status_code == 403
    assert "您的单位或岗位不能办理此事项" in response.content.decode()


def test_a_refusal_names_who_may_where_they_are_few(client, world):
    client.force_login(world.county_officer)
    page = client.get("/rectification/settings/").content.decode()
    assert "可以办理的是：县委巡察办（主要负责人）。" in page


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


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_is_said_and_what_to_do(client, world, monkeypatch):
    client.force_login(world.county_officer)
    client.raise_request_exception = False
    monkeypatch.setattr("villages.views.villages.page_of", lambda *args, **options: _cut())
    response = client.get("/villages/")
    page = response.content.decode()
    assert response.status_code == 503
    assert "数据库的连接中断了" in page
    assert "再重新提交" in page
    connection.close()


def _cut():
    """What happens to a query whose server is stopped."""
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    other.close()
    connection.cursor().execute("SELECT 1")


def test_a_crash_shows_a_number_and_nothing_else(client, world, monkeypatch):
    def crash(*args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(import_module("mianyang_xuncha.views.home"), "desk_for", crash)
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


# -------------------------------------------------------------- acts of a session that has ended


@pytest.mark.parametrize(
    ("path", "came", "lands"),
    [
        ("/rectification/batch/urge/", "http://testserver/rectification/?tab=overdue", "/rectification/?tab=overdue"),
        ("/rectification/batch/urge/", "", "/"),
        ("/rectification/batch/urge/", "http://testserver/rectification/batch/urge/", "/"),
        ("/inbox/mark/", "https://evil.example/inbox/", "/"),
    ],
)
def test_an_act_without_a_session_is_told_and_leads_back_to_a_page(client, db, path, came, lands):
    sent = client.post(path, headers={"Referer": came})
    assert unquote(parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]) == lands
    assert "刚才的操作没有执行" in client.get(sent.headers["Location"]).content.decode()


def test_signing_out_twice_leads_to_sign_in(client, db):
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("path", ["/sign-out/", "/inbox/mark/", "/rectification/batch/urge/"])
def test_an_address_for_acts_alone_says_so_when_it_is_opened(client, world, path):
    client.force_login(world.county_officer)
    response = client.get(path)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "这个网址不能直接打开" in response.content.decode()
    assert int(response.headers["Content-Length"]) == len(response.content)


# -------------------------------------------------------------- what is said of a refusal


def test_a_conflict_says_what_it_is_and_leads_back(client, world, monkeypatch):
    def conflict(*args):
        raise Conflict("这份延期申请已经审批。")

    monkeypatch.setattr(sys.modules["mianyang_xuncha.views.home"], "desk_for", conflict)
    client.force_login(world.county_officer)
    response = client.get("/", headers={"Referer": "http://testserver/inbox/?only=unread"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "<h1>这份延期申请已经审批。</h1>" in page
    assert 'href="/inbox/?only=unread"' in page
    assert "您的提交没有保存" not in page


@pytest.mark.parametrize("path", ["/accounts/users/add/%00/", "/accounts/users/?q=%00", "/sign-in/?next=%00"])
def test_a_character_that_no_text_may_hold_is_refused(client, world, path):
    client.force_login(world.sysadmin)
    response = client.get(path)
    assert response.status_code == 400
    assert "不能识别的字符" in response.content.decode()


def test_a_refusal_is_one_line_in_the_log(client, world, caplog):
    client.force_login(world.county_officer)
    client.get("/accounts/users/")
    (record,) = [one for one in caplog.records if one.name == "django.request"]
    assert one_line_of_refusals(record)
    assert record.exc_info is None


def test_a_browser_set_to_english_reads_djangos_texts_in_chinese_too(client, world):
    client.force_login(world.county_officer)
    english = {"Accept-Language": "en-US,en"}
    page = client.post("/password/", {"old": "x", "new": "short", "again": "short"}, headers=english).content.decode()
    assert "too short" not in page
    assert "密码" in page
