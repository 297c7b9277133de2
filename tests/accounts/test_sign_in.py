"""Coming in: lock-out, sessions, expiry (security.md A 1–3, 5, 6)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import SignInAttempt
from common.models import AuditEvent
from tests.factories.world import PASSWORD

WRONG = "not-the-password"


@pytest.fixture
def officer(world):
    world.county_officer.set_password(PASSWORD)
    world.county_officer.save()
    return world.county_officer


def attempt(client, username, password, ip="192.0.2.1", **data):
    return client.post("/sign-in/", {"username": username, "password": password} | data, REMOTE_ADDR=ip)


def fail(client, username, times, ip="192.0.2.1"):
    for _ in range(times):
        last = attempt(client, username, WRONG, ip)
    return last


def test_the_right_password_opens_the_workbench(client, officer):
    assert attempt(client, "county_officer", PASSWORD).headers["Location"] == "/"


def test_the_page_that_was_wanted_comes_after_sign_in(client, officer):
    sent = client.get("/password/")
    assert sent.headers["Location"] == "/sign-in/?next=/password/"
    assert attempt(client, "county_officer", PASSWORD, next="/password/").headers["Location"] == "/password/"


@pytest.mark.parametrize(
    "target", ["//evil.example/x", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_foreign_target_is_ignored(client, officer, target):
    assert attempt(client, "county_officer", PASSWORD, next=target).headers["Location"] == "/"


def test_a_target_that_is_no_address_does_not_break_sign_in(client, officer):
    sent = attempt(client, "county_officer", PASSWORD, next="%2F%2Fevil")
    assert sent.status_code == 302
    assert not sent.headers["Location"].startswith(("//", "http"))


def test_the_session_key_changes_at_sign_in_and_the_old_one_is_dead(client, officer):
    session = client.session
    session["marker"] = "before"
    session.save()
    before = client.cookies["sessionid"].value
    attempt(client, "county_officer", PASSWORD)
    after = client.cookies["sessionid"].value
    thief = Client()
    thief.cookies["sessionid"] = before
    assert after != before
    assert thief.get("/").status_code == 302


def body_without_input(response):
    return response.content.replace(b"county_officer", b"NAME").replace(b"nobody_at_all", b"NAME")


def test_unknown_name_wrong_password_and_lock_say_the_same(client, officer):
    unknown = attempt(client, "nobody_at_all", WRONG)
    wrong = fail(client, "county_officer", 5)
    locked = attempt(client, "county_officer", PASSWORD)
    pages = {(one.status_code, strip_token(body_without_input(one))) for one in (unknown, wrong, locked)}
    assert len(pages) == 1
    assert unknown.status_code == 422


def strip_token(body):
    start = body.index(b"csrfmiddlewaretoken")
    end = body.index(b">", start)
    return body[:start] + body[end:]


def test_four_failures_do_not_lock(client, officer):
    fail(client, "county_officer", 4)
    assert attempt(client, "county_officer", PASSWORD).status_code == 302


def test_five_failures_lock_the_account_at_that_address(client, officer):
    fail(client, "county_officer", 5)
    assert attempt(client, "county_officer", PASSWORD).status_code == 422


def test_a_locked_account_stays_open_at_another_address(client, officer):
    fail(client, "county_officer", 5)
    assert attempt(client, "county_officer", PASSWORD, ip="192.0.2.2").status_code == 302


def test_other_people_at_the_address_are_not_locked(client, officer, world):
    world.county_head.set_password(PASSWORD)
    world.county_head.save()
    fail(client, "county_officer", 5)
    assert attempt(client, "county_head", PASSWORD).status_code == 302


def test_the_lock_ends_after_fifteen_minutes(client, officer, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    fail(client, "county_officer", 5)
    time_machine.move_to(start + timedelta(minutes=14), tick=False)
    assert attempt(client, "county_officer", PASSWORD).status_code == 422
    time_machine.move_to(start + timedelta(minutes=15, seconds=1), tick=False)
    assert attempt(client, "county_officer", PASSWORD).status_code == 302


def test_twenty_failures_in_an_hour_lock_the_account_everywhere(client, officer):
    for number in range(5):
        fail(client, "county_officer", 4, ip=f"198.51.100.{number}")
    assert attempt(client, "county_officer", PASSWORD, ip="203.0.113.9").status_code == 422


def test_a_flushed_cache_unlocks_nobody(client, officer):
    fail(client, "county_officer", 5)
    cache.clear()
    assert attempt(client, "county_officer", PASSWORD).status_code == 422


def test_trying_while_locked_does_not_lengthen_the_lock(client, officer):
    fail(client, "county_officer", 5)
    fail(client, "county_officer", 3)
    assert SignInAttempt.objects.count() == 5


def test_success_forgets_the_failures_of_that_address(client, officer):
    fail(client, "county_officer", 4)
    attempt(client, "county_officer", PASSWORD)
    client.post("/sign-out/")
    fail(client, "county_officer", 4)
    assert attempt(client, "county_officer", PASSWORD).status_code == 302


def test_a_forwarded_address_is_not_believed_without_a_proxy(client, officer):
    for number in range(5):
        client.post(
            "/sign-in/",
            {"username": "county_officer", "password": WRONG},
            REMOTE_ADDR="192.0.2.1",
            HTTP_X_FORWARDED_FOR=f"10.0.0.{number}",
        )
    assert attempt(client, "county_officer", PASSWORD).status_code == 422


def test_every_attempt_is_on_record(client, officer):
    fail(client, "county_officer", 5)
    attempt(client, "county_officer", PASSWORD)
    attempt(client, "county_officer", PASSWORD, ip="192.0.2.2")
    results = list(AuditEvent.objects.exclude(action="cast").order_by("id").values_list("action", "result", "ip"))
    assert results == [
        *[("sign_in", "FAILED", "192.0.2.1")] * 5,
        ("sign_in_locked", "DENIED", "192.0.2.1"),
        ("sign_in", "OK", "192.0.2.2"),
    ]


def test_a_name_with_line_breaks_or_nul_is_no_error(client, officer):
    assert attempt(client, "county\x00officer\r\nx", WRONG).status_code == 422


def test_a_disabled_person_cannot_sign_in(client, officer):
    officer.is_active = False
    officer.save()
    assert attempt(client, "county_officer", PASSWORD).status_code == 422


def test_thirty_idle_minutes_end_the_session(client, officer, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    attempt(client, "county_officer", PASSWORD)
    assert client.get("/").status_code == 200
    time_machine.move_to(start + timedelta(minutes=29), tick=False)
    assert client.get("/").status_code == 200
    time_machine.move_to(start + timedelta(minutes=29 + 31), tick=False)
    assert client.get("/").headers["Location"] == "/sign-in/?next=/"
    assert client.get("/").status_code == 302


def test_the_sign_in_page_says_why_one_had_to_come_back(client, officer, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    attempt(client, "county_officer", PASSWORD)
    client.get("/")
    time_machine.move_to(start + timedelta(minutes=31), tick=False)
    assert "您已离开较长时间" in client.get("/", follow=True).content.decode()


def test_eight_hours_end_a_busy_session_too(client, officer, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    attempt(client, "county_officer", PASSWORD)
    for quarter in range(32):
        time_machine.move_to(start + timedelta(minutes=15 * quarter), tick=False)
        assert client.get("/").status_code == 200
    time_machine.move_to(start + timedelta(hours=8, seconds=1), tick=False)
    assert client.get("/").status_code == 302


def test_sign_out_kills_the_session_and_clears_the_browser(client, officer):
    attempt(client, "county_officer", PASSWORD)
    cookie = client.cookies["sessionid"].value
    response = client.post("/sign-out/")
    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert thief.get("/").status_code == 302


def test_sign_out_by_get_does_nothing(client, officer):
    attempt(client, "county_officer", PASSWORD)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/").status_code == 200


def test_sign_in_without_token_is_refused(officer):
    strict = Client(enforce_csrf_checks=True)
    assert attempt(strict, "county_officer", PASSWORD).status_code == 403


def test_pages_of_signed_in_people_are_kept_by_no_cache(client, officer):
    attempt(client, "county_officer", PASSWORD)
    kept = client.get("/").headers["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept


def test_whoever_is_signed_in_already_goes_on(client, officer):
    attempt(client, "county_officer", PASSWORD)
    assert client.get("/sign-in/?next=/password/").headers["Location"] == "/password/"


HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/inspections/1/findings/new/?q=cbf"}
BACK = "/sign-in/?next=%2Finspections%2F1%2Ffindings%2Fnew%2F%3Fq%3Dcbf"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_fragment_for_a_stranger_sends_the_whole_page_to_sign_in(client, db, method):
    response = getattr(client, method)("/inspections/1/findings/new/", headers=HTMX)
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, BACK)
    assert "Location" not in response.headers
    assert response.content == b""


def test_a_fragment_of_an_expired_session_sends_the_whole_page_to_sign_in(client, officer, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    attempt(client, "county_officer", PASSWORD)
    client.get("/")
    time_machine.move_to(start + timedelta(minutes=31), tick=False)
    response = client.get("/", headers=HTMX)
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, BACK)
    assert "您已离开较长时间" in client.get(BACK).content.decode()


def test_a_fragment_before_the_first_own_password_sends_the_whole_page_there(client, officer, settings):
    settings.PASSWORD_FORCE_CHANGE = True
    attempt(client, "county_officer", PASSWORD)
    officer.must_change_password = True
    officer.save()
    response = client.get("/", headers=HTMX)
    assert response.status_code == 401
    assert response.headers["HX-Redirect"].startswith("/password/")


def test_a_fragment_from_another_site_leads_back_to_no_other_site(client, db):
    response = client.get("/", headers=HTMX | {"HX-Current-URL": "https://evil.example/x"})
    assert response.headers["HX-Redirect"] == "/sign-in/?next=%2F"


def test_a_fragment_of_a_session_in_force_is_a_fragment(client, officer):
    attempt(client, "county_officer", PASSWORD)
    assert client.get("/", headers=HTMX).status_code == 200


def test_an_expired_page_is_found_again_with_its_query(client, officer, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    attempt(client, "county_officer", PASSWORD)
    client.get("/")
    time_machine.move_to(start + timedelta(minutes=31), tick=False)
    way = client.get("/rectification/?tab=overdue&q=a").headers["Location"]
    assert way == "/sign-in/?next=/rectification/%3Ftab%3Doverdue%26q%3Da"
