"""The import as a clerk does it, in Chromium, with and without JavaScript: upload, look, confirm."""

import pytest

from tests.e2e.visitors import give_passwords
from tests.factories.villages import book, row
from tests.factories.world import PASSWORD, build
from villages.models import Village

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    world = build()
    give_passwords(world.roster_admin, world.county_officer, world.county_head)
    return world


def signed_in(page, server, username):
    page.goto(f"{server.url}/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("javascript", [True, False])
def test_a_roster_is_imported_in_three_clicks(world, live_server, new_page, tmp_path, javascript):
    path = tmp_path / "涪城区名册.xlsx"
    book(row(户数=320), row("510703103201", "龙门社区"), above=[["涪城区名册"]]).save(path)
    page = signed_in(new_page(javascript=javascript), live_server, "roster_admin")
    page.goto(f"{live_server.url}/villages/import/")
    page.set_input_files("input[type=file]", path)
    page.click("text=上传并预检")
    page.wait_for_url("**/villages/import/*-*/")
    assert page.locator("text=确认导入，写入 2 行").count() == 1
    assert Village.objects.count() == 4
    page.click("text=确认导入，写入 2 行")
    page.wait_for_selector("text=名册已导入")
    assert Village.objects.get(division__code="510703103203").households == 320


@pytest.mark.parametrize("javascript", [True, False])
def test_classes_are_proposed_and_approved_by_two_people(world, live_server, new_page, javascript):
    from mianyang_xuncha import reference

    reference.load_kinds_and_rules()
    Village.objects.filter(county=world.county).update(petitions_3y=9)
    page = signed_in(new_page(javascript=javascript), live_server, "county_officer")
    _batch(page, f"{live_server.url}/villages/classes/", "按建议提出分类", javascript)
    page.wait_for_selector("text=已为 3 个村提出分类")
    page = signed_in(new_page(javascript=javascript), live_server, "county_head")
    _batch(page, f"{live_server.url}/villages/classes/?t=proposed", "审定", javascript)
    page.wait_for_selector("text=已审定 3 个村的分类")
    assert Village.objects.filter(klass="RISK").count() == 3


def _batch(page, url, verb, javascript):
    page.goto(url)
    for box in page.locator("tbody input[name=ids]").all():
        box.check()
    page.locator(".batch button", has_text=verb).first.click()
    if javascript:
        page.click("dialog [data-go]")
    else:
        page.click(".formfoot button[type=submit]")
