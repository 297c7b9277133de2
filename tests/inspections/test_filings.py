"""任务报备: filed with the city, accepted or returned with a reason, and what is late (G1)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import policy
from common.calendar import today
from common.errors import Conflict
from common.models import Message
from inspections import services
from inspections.enums import FilingStatus, PlanStatus
from inspections.models import Filing, Term
from inspections.selectors.filings import missing
from tests.factories import inspections as build


@pytest.fixture
def plan(world):
    return services.file_plan(plan=build.approved_plan(world), actor=world.county_officer)


@pytest.fixture
def filing(plan):
    return plan.filings.get()


def returned(world, filing):
    return services.return_filing(filing=filing, actor=world.city_officer, note="提级巡察安排不足")


def test_filing_a_plan_keeps_the_figures_of_its_day(world, filing):
    assert (filing.status, filing.figures) == (FilingStatus.SUBMITTED, {"KEY_FOCUS": 1, "total": 1})
    assert filing.filed_by == world.county_officer


def test_the_city_accepts_and_the_office_is_told(world, filing):
    accepted = services.accept_filing(filing=filing, actor=world.city_officer, note="同意")
    assert (accepted.status, accepted.answer) == (FilingStatus.ACCEPTED, "同意")
    assert Message.objects.filter(recipient=world.county_head, title__contains="已备案").exists()
    with pytest.raises(Conflict):
        services.accept_filing(filing=filing, actor=world.city_officer)


def test_returning_needs_a_reason(world, filing):
    with pytest.raises(ValidationError):
        services.return_filing(filing=filing, actor=world.city_officer, note=" ")


@pytest.mark.parametrize("name", ["city_roster_admin", "county_head", "leading_group", "team_leader"])
def test_only_the_citys_office_answers(world, filing, name):
    with pytest.raises(PermissionDenied):
        services.accept_filing(filing=filing, actor=getattr(world, name))


def test_a_returned_plan_is_revised_approved_and_filed_anew(world, plan, filing):
    with pytest.raises(ValidationError, match="没有退回"):
        services.revise_plan(plan=plan, actor=world.county_officer)
    returned(world, filing)
    draft = services.revise_plan(plan=plan, actor=world.county_officer)
    services.add_to_plan(
        plan=draft, villages=[build.classed(world, world.second_village)], wave=2, actor=world.county_officer
    )
    services.submit_plan(plan=draft, actor=world.county_officer)
    services.approve_plan(plan=draft, actor=world.leading_group)
    again = services.file_plan(plan=draft, actor=world.county_officer)
    assert again.status == PlanStatus.FILED
    assert [one.figures["total"] for one in again.filings.order_by("id")] == [1, 2]


def test_what_has_begun_stays_while_a_returned_plan_is_revised(world, plan, filing):
    build.checklist()
    services.open_round(plan=plan, number=1, starts_on=today(), ends_on=today(), actor=world.county_officer)
    returned(world, filing)
    draft = services.revise_plan(plan=plan, actor=world.county_officer)
    for act in (services.remove_from_plan, services.change_on_plan):
        with pytest.raises(ValidationError, match="已经开展"):
            act(plan=draft, villages=[world.village], actor=world.county_officer)
    with pytest.raises(ValidationError, match="已经开展"):
        services.add_to_plan(
            plan=draft, villages=[build.classed(world, world.second_village)], wave=1, actor=world.county_officer
        )


@pytest.fixture
def round_(world, plan):
    build.checklist()
    last = today() + timedelta(days=20)
    return services.open_round(plan=plan, number=1, starts_on=today(), ends_on=last, actor=world.county_officer)


def test_a_round_is_filed_once_until_it_is_returned(world, round_):
    first = services.file_round(round=round_, actor=world.county_officer)
    assert first.figures == {"KEY_FOCUS": 1, "total": 1, "teams": 0}
    with pytest.raises(Conflict, match="不用重复报"):
        services.file_round(round=round_, actor=world.county_officer)
    returned(world, first)
    assert services.file_round(round=round_, actor=world.county_officer).pk != first.pk


def test_a_round_waits_for_its_plan(world):
    round = build.opened_round(world)
    with pytest.raises(ValidationError, match="请先报备计划"):
        services.file_round(round=round, actor=world.county_officer)


@pytest.mark.parametrize("name", ["roster_admin", "other_county_officer", "city_officer", "team_leader"])
def test_only_the_county_office_files_a_round(world, round_, name):
    with pytest.raises(PermissionDenied):
        services.file_round(round=round_, actor=getattr(world, name))


def test_round_is_filed_from_its_page_after_a_question(world, round_, signed_in):
    client, url = signed_in(world.county_officer), reverse("inspections:round_file", args=[round_.pk])
    assert "报市备案" in client.get(round_.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 200
    assert not round_.filings.exists()
    assert client.post(url, {"confirmed": "1"}).status_code == 302
    assert client.post(url, {"confirmed": "1"}).status_code == 409
    assert round_.filings.count() == 1


def test_city_answers_on_the_page(world, filing, signed_in):
    client = signed_in(world.city_officer)
    assert "同意备案" in client.get(filing.get_absolute_url()).content.decode()
    url = reverse("inspections:filing_return", args=[filing.pk])
    assert client.post(url, {"confirmed": "1", "note": ""}).status_code == 422
    assert client.post(url, {"confirmed": "1", "note": "缺提级安排"}).status_code == 302
    page = signed_in(world.county_officer).get(filing.plan.get_absolute_url()).content.decode()
    assert "缺提级安排" in page
    assert "按市级意见修改" in page


def late(world, name="city_officer"):
    return [(one.county.name, one.round and one.round.number) for one in missing(getattr(world, name))]


def test_the_city_sees_who_is_late_with_plans_and_rounds(world, round_, time_machine):
    time_machine.move_to(date(today().year, 3, 31))
    assert late(world) == []
    time_machine.move_to(date(today().year, 4, 1))
    assert ("游仙区", None) in late(world)
    assert ("涪城区", None) not in late(world)


def test_a_round_is_late_from_some_days_before_it_begins(world, plan, time_machine):
    build.checklist()
    first = today() + timedelta(days=5)
    made = services.open_round(plan=plan, number=1, starts_on=first, ends_on=first, actor=world.county_officer)
    assert ("涪城区", 1) not in late(world)
    time_machine.move_to(first - timedelta(days=2))
    assert ("涪城区", 1) in late(world)
    assert ("涪城区", 1) not in late(world, "other_county_officer")
    filed = services.file_round(round=made, actor=world.county_officer)
    assert ("涪城区", 1) not in late(world)
    returned(world, filed)
    assert ("涪城区", 1) in late(world)


def test_another_countys_filing_is_not_seen(world, filing):
    assert not policy.visible(world.other_county_officer, Filing.objects.all()).exists()
    assert policy.visible(world.leading_group, Filing.objects.all()).exists()


def test_answered_filings_stay_as_they_are(world, filing):
    services.accept_filing(filing=filing, actor=world.city_officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.filter(pk=filing.pk).update(answer="另一句")
    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.all().delete()


def test_list_asks_the_same_at_one_row_and_at_three(world, filing, round_, signed_in):
    client, url = signed_in(world.city_officer), reverse("inspections:filings")
    before = queries(client, url)
    for _more in range(2):
        returned(world, services.file_round(round=round_, actor=world.county_officer))
    assert queries(client, url) == before <= 12


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_targets_and_filing_days_of_a_term_are_changed_with_a_trace(world, signed_in):
    term = build.term(world)
    url = reverse("inspections:term_edit", args=[term.pk])
    values = {"name": "本届", "targets": "10 30 60 80 100", "plan_due_month": 2, "round_due_days": 7}
    client = signed_in(world.city_officer)
    assert client.post(url, values).status_code == 302
    fresh = Term.objects.get()
    assert (fresh.plan_due_month, fresh.round_due_days) == (2, 7)
    assert list(fresh.targets.values_list("percent", flat=True)) == [10, 30, 60, 80, 100]
    assert client.post(url, values | {"targets": "50 30"}).status_code == 422
    assert signed_in(world.county_head).post(url, values).status_code == 403
