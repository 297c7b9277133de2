"""Each act by its page: works, wrong role, wrong place, wrong state, twice, without JavaScript."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from common.calendar import today
from rectification import services
from rectification.models import Measure, RectificationItem
from tests.factories import rectification as make


def plan(item):
    rows = {"measures-TOTAL_FORMS": "3", "measures-INITIAL_FORMS": "3"}
    for number in range(3):
        rows |= {
            f"measures-{number}-text": "补公示七天" if number == 0 else "",
            f"measures-{number}-owner": "村党组织书记",
            f"measures-{number}-due_on": str(item.deadline),
        }
    return rows


def four(item):
    people = {f"{kind}_{part}": value for kind, one in make.people().items() for part, value in one.items()}
    return people | {"version": item.version}


@dataclass
class Case:
    page: str
    build: Any
    actor: str
    role: str  # sees the item, may not act
    place: str  # would act, elsewhere
    then: str  # status afterwards
    other: Any = make.closed_item  # an item in a state that does not fit
    data: Any = field(default=lambda item: {"version": item.version})


CASES = [
    Case(
        "accept",
        lambda world: make.assigned_items(world)[0],
        "township_secretary",
        "village_secretary",
        "sibling_township_secretary",
        "IN_PROGRESS",
        data=lambda item: plan(item) | four(item),
    ),
    Case(
        "measures",
        make.open_item,
        "township_officer",
        "village_secretary",
        "sibling_township_secretary",
        "IN_PROGRESS",
        data=lambda item: plan(item) | {"version": item.version},
    ),
    Case(
        "people",
        make.open_item,
        "township_officer",
        "county_officer",
        "sibling_township_secretary",
        "IN_PROGRESS",
        data=four,
    ),
    Case(
        "report",
        make.open_item,
        "village_secretary",
        "supervisor",
        "other_village_secretary",
        "IN_PROGRESS",
        data=lambda item: {"text": "已公示七天。", "evidence": [make.photo()]},
    ),
    Case(
        "submit",
        make.reported_item,
        "township_secretary",
        "village_secretary",
        "sibling_township_secretary",
        "UNDER_SUPERVISION",
    ),
    Case(
        "sign",
        make.submitted_item,
        "supervisor",
        "village_secretary",
        "other_supervisor",
        "UNDER_SUPERVISION",
        other=make.open_item,
        data=lambda item: {
            "result": "PASS",
            "method": "ON_SITE",
            "place": "公开栏",
            "checked_on": str(today()),
            "opinion": "属实。",
        },
    ),
    Case(
        "verify",
        make.supervised_item,
        "county_officer",
        "township_secretary",
        "other_county_officer",
        "CLOSED",
        data=lambda item: {"version": item.version, "opinion": "同意销号。"},
    ),
    Case(
        "return",
        make.supervised_item,
        "county_officer",
        "leading_group",
        "other_county_officer",
        "IN_PROGRESS",
        data=lambda item: {"version": item.version, "note": "照片看不清日期。"},
    ),
    Case(
        "reopen",
        make.closed_item,
        "county_head",
        "county_officer",
        "other_county_head",
        "IN_PROGRESS",
        other=make.open_item,
        data=lambda item: {
            "version": item.version,
            "why": "问题反弹",
            "note": "又没有公示。",
            "deadline": str(today() + timedelta(days=30)),
        },
    ),
    Case(
        "long_term",
        make.open_item,
        "county_officer",
        "township_secretary",
        "other_county_officer",
        "IN_PROGRESS",
        data=lambda item: {
            "version": item.version,
            "note": "需要长期管护。",
            "review_on": str(today() + timedelta(days=90)),
        },
    ),
    Case(
        "ask_extension",
        make.open_item,
        "township_secretary",
        "village_secretary",
        "sibling_township_secretary",
        "IN_PROGRESS",
        data=lambda item: {"new_deadline": str(item.deadline + timedelta(days=30)), "reason": "须等枯水期施工。"},
    ),
]
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.page)
ONCE = [case for case in CASES if case.page not in ("measures", "people", "report", "long_term")]


def url(case, item):
    return reverse(f"rectification:{case.page}", args=[item.pk])


@EACH
def test_the_page_shows_and_the_act_is_done(world, signed_in, case):
    item = case.build(world)
    client = signed_in(getattr(world, case.actor))
    assert client.get(url(case, item)).status_code == 200
    response = client.post(url(case, item), case.data(item))
    item.refresh_from_db()
    assert response.status_code == 302, response.context["form"].errors
    assert item.status == case.then


@EACH
def test_others_are_refused_and_nothing_changes(world, signed_in, case):
    item = case.build(world)
    before = (item.status, item.version, Measure.objects.count(), item.reports.count(), item.checks.count())
    answers, page = {}, url(case, item)
    for name in (case.role, case.place, "sysadmin"):
        client = signed_in(getattr(world, name))
        answers[name] = [one.status_code for one in (client.get(page), client.post(page, case.data(item)))]
    item.refresh_from_db()
    after = (item.status, item.version, Measure.objects.count(), item.reports.count(), item.checks.count())
    assert answers == {case.role: [403, 403], case.place: [404, 404], "sysadmin": [403, 403]}
    assert before == after


@EACH
def test_an_item_in_another_state_is_a_conflict(world, signed_in, case):
    item = case.other(world)
    client = signed_in(getattr(world, case.actor))
    codes = [client.get(url(case, item)).status_code, client.post(url(case, item), case.data(item)).status_code]
    assert codes == [409, 409]


@pytest.mark.parametrize("case", ONCE, ids=lambda case: case.page)
def test_pressed_twice_it_happens_once(world, signed_in, case):
    item = case.build(world)
    client, data = signed_in(getattr(world, case.actor)), case.data(item)
    codes = [client.post(url(case, item), data).status_code for _ in range(2)]
    assert codes == [302, 409]


@pytest.mark.parametrize("page", ["submit", "verify", "return", "long_term"])
def test_an_old_version_is_a_conflict(world, signed_in, page):
    case = next(one for one in CASES if one.page == page)
    item = case.build(world)
    data = case.data(item) | {"version": item.version + 1}
    assert signed_in(getattr(world, case.actor)).post(url(case, item), data).status_code == 409


@pytest.mark.parametrize(
    ("page", "data", "why"),
    [
        ("return", {"note": ""}, "请写明退回理由"),
        (
            "sign",
            {"result": "PASS", "method": "ON_SITE", "place": "公开栏", "checked_on": "2099-01-01", "opinion": "看过"},
            "不能晚于今天",
        ),
        ("report", {"text": "做了", "evidence": [make.photo("a.svg")]}, "扩展名"),
        ("ask_extension", {"new_deadline": "2020-01-01", "reason": "枯水期"}, "须晚于"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(world, signed_in, page, data, why):
    case = next(one for one in CASES if one.page == page)
    item = case.build(world)
    response = signed_in(getattr(world, case.actor)).post(url(case, item), {"version": item.version} | data)
    assert response.status_code == 422
    assert why in response.content.decode()


def test_more_rows_keep_what_was_filled_in(world, signed_in, assigned):
    data = plan(assigned) | {"more": "1"}
    page = signed_in(world.township_secretary).post(f"/rectification/{assigned.pk}/accept/", data).content.decode()
    assert "补公示七天" in page
    assert page.count('-text"') >= 5


def test_the_four_are_taken_over_from_the_last_item(world, signed_in):
    first, second = make.assigned_items(world)
    make.open_item(world, first)
    page = signed_in(world.township_secretary).get(f"/rectification/{second.pk}/accept/").content.decode()
    assert "张建国" in page
    assert "已按上次签收的事项预填" in page


def test_an_incomplete_plan_is_refused_in_words(world, signed_in, assigned):
    data = plan(assigned) | four(assigned) | {"measures-0-text": ""}
    response = signed_in(world.township_secretary).post(f"/rectification/{assigned.pk}/accept/", data)
    assert response.status_code == 422
    assert "请至少填写一条整改措施" in response.content.decode()


def test_a_measure_is_marked_by_post_only(world, signed_in, item):
    client, measure = signed_in(world.village_secretary), item.measures.first()
    url = f"/rectification/{item.pk}/measures/{measure.pk}/done/"
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    measure.refresh_from_db()
    assert measure.done_on == today()


def test_a_measure_of_another_item_is_not_found(world, signed_in):
    first, second = make.assigned_items(world)
    first, second = make.open_item(world, first), make.open_item(world, second)
    foreign = second.measures.first()
    response = signed_in(world.village_secretary).post(f"/rectification/{first.pk}/measures/{foreign.pk}/done/")
    assert response.status_code == 404


def test_a_finished_measure_of_another_item_is_no_choice(world, signed_in):
    first, second = make.assigned_items(world)
    first, second = make.open_item(world, first), make.open_item(world, second)
    data = {"text": "做了", "done": [second.measures.first().pk]}
    assert signed_in(world.village_secretary).post(f"/rectification/{first.pk}/report/", data).status_code == 422


@pytest.fixture
def request_for_time(world, item):
    return services.ask_extension(
        item=item, actor=world.township_secretary, new_deadline=item.deadline + timedelta(days=30), reason="枯水期"
    )


def decision(extension, **changes):
    values = {"version": extension.version, "decision": "grant", "deadline": str(extension.new_deadline), "note": ""}
    return values | changes


def test_the_county_grants_once(world, signed_in, request_for_time):
    client, url = signed_in(world.county_officer), f"/rectification/extensions/{request_for_time.pk}/"
    assert client.get(url).status_code == 200
    codes = [client.post(url, decision(request_for_time)).status_code for _ in range(2)]
    item = RectificationItem.objects.get(pk=request_for_time.item_id)
    assert codes == [302, 409]
    assert item.deadline == request_for_time.new_deadline


def test_the_county_refuses_with_a_reason(world, signed_in, request_for_time):
    client, url = signed_in(world.county_officer), f"/rectification/extensions/{request_for_time.pk}/"
    assert client.post(url, decision(request_for_time, decision="refuse")).status_code == 422
    assert client.post(url, decision(request_for_time, decision="refuse", note="请抓紧。")).status_code == 302


@pytest.mark.parametrize(
    ("name", "code"), [("township_secretary", 403), ("other_county_officer", 404), ("city_officer", 403)]
)
def test_others_decide_nothing(world, signed_in, request_for_time, name, code):
    url = f"/rectification/extensions/{request_for_time.pk}/"
    client = signed_in(getattr(world, name))
    assert [client.get(url).status_code, client.post(url, decision(request_for_time)).status_code] == [code, code]


@pytest.mark.parametrize(("page", "typed"), [("measures", "再查一遍账"), ("people", "周敏")])
def test_an_old_page_is_answered_with_what_was_typed(world, item, signed_in, page, typed):
    data = (plan(item) | {"version": item.version}) if page == "measures" else four(item)
    field = "measures-0-text" if page == "measures" else "LEADER_name"
    client, url = signed_in(world.township_officer), f"/rectification/{item.pk}/{page}/"
    assert client.post(url, data | {field: "先到的内容"}).status_code == 302
    answer = client.post(url, data | {field: typed})
    assert answer.status_code == 409
    assert typed in answer.content.decode()
    assert "先到的内容" in answer.content.decode()
