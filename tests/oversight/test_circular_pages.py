"""Circulars and special reports as pages: written, issued, read and followed; lists ask as often for more rows."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Division
from accounts.services import open_organ
from common.calendar import today
from inspections import services as inspecting
from oversight import services
from oversight.models import Circular
from oversight.selectors import circulars as read
from rectification import services as mending
from tests.factories import inspections as build
from tests.factories import oversight as make
from tests.factories import rectification as mend


@pytest.fixture
def common(world):
    """The code of an item found in two villages, which is enough for the county."""
    round = build.opened_round(world, [build.classed(world, one) for one in (world.village, world.second_village)])
    team = build.staffed_team(world, round)
    build.reload_people(world)
    for one in round.inspections.select_related("village__division").order_by("pk"):
        inspection = build.enter(world, inspecting.assign_team(inspection=one, team=team, actor=world.county_officer))
        feedback = mend.drafted_feedback(world, findings=1, inspection=inspection)
        item = mending.hand_over(feedback=feedback, actor=world.county_head)[0]
    services.set_thresholds(county=world.county, villages=2, townships=1, share=0, actor=world.county_head)
    return item.finding.checklist_item.code


def test_a_campaign_is_opened_from_a_report_and_followed_on_it(world, common):
    issued = make.issued(world, make.report(world, f"item:{common}"))
    assert list(issued.receipts.values_list("organ", flat=True)) == [make.department(world).pk]
    given = {"county": world.county, "code": common, "deadline": today() + timedelta(days=60), "report": issued}
    given |= {"actor": world.county_officer, **read.proposal(issued)}
    assert make.WRITTEN in given["analysis"]
    issue = services.open_issue(**given)
    item, now, campaign = read.followed(world.county_officer, issued)[0]
    assert (item["code"], now.issue, campaign) == (common, issue, None)
    campaign = services.approve_issue(issue=issue, actor=world.leading_group).campaign
    services.take_on(
        campaign=campaign, plan="x", measure="y", deadline=campaign.deadline, actor=world.department_officer
    )
    task = campaign.tasks.order_by("pk")[0]
    services.finish_task(task=task, result="已改", done_on=today(), actor=world.department_officer)
    _item, _now, seen = read.followed(world.county_officer, issued)[0]
    assert (seen.total, seen.done) == (2, 1)
    assert list(read.campaigns_from(world.department_officer, issued)) == [campaign]


def test_another_department_does_not_take_over_a_report(world, common):
    issued = make.issued(world, make.report(world, f"item:{common}"))
    other = open_organ(division=world.county, kind="FUNCTIONAL_DEPARTMENT", name="水利局", actor=None)
    given = read.proposal(issued) | {"department": other, "deadline": today() + timedelta(days=60)}
    with pytest.raises(ValidationError, match="同一部门"):
        services.open_issue(county=world.county, code=common, report=issued, actor=world.county_officer, **given)


def test_a_circular_is_written_issued_and_read_in_the_browser(world, common, client):
    client.force_login(world.county_officer)
    days = {"first_day": today() - timedelta(days=30), "last_day": today()}
    wrong = client.post(reverse("oversight:circular_new"), days | {"last_day": today() + timedelta(days=1)})
    assert wrong.status_code == 422
    page = client.post(reverse("oversight:circular_new"), days | {"key": uuid4()}, follow=True)
    draft = page.context["circular"]
    assert "<svg" in page.content.decode()
    assert "问题整改情况排名表" in page.content.decode()
    finding = read.candidates(world.county_officer, draft)[0]
    assert finding.number in client.get(reverse("oversight:examples", args=[draft.pk])).content.decode()
    example = reverse("oversight:example", args=[draft.pk, finding.pk])
    assert client.post(example, {"text": f"{finding.village.division.short_name}不公开"}).status_code == 422
    client.post(example, {"text": "某村公开不及时。"})
    draft.refresh_from_db()
    form = client.get(draft.get_absolute_url()).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent |= {name: make.WRITTEN for name, value in sent.items() if "（请填写" in str(value)}
    edit = reverse("oversight:circular_edit", args=[draft.pk])
    client.post(edit, sent)
    assert client.post(edit, sent | {"title": "别人同时改的"}).status_code == 409
    client.force_login(world.county_head)
    issue = reverse("oversight:circular_issue", args=[draft.pk])
    draft.refresh_from_db()
    left = Division.objects.create(code="510703199000", name="新设街道", tier="TOWNSHIP", parent=world.county)
    assert f"收不到的：{left.name}。" in client.get(issue).content.decode()
    told = {"version": draft.version, "kinds": ["PARTY_COMMITTEE"], "places": [world.township.pk]}
    assert client.post(issue, told).status_code == 422
    client.post(issue, told | {"cleared": "on"})
    page = client.get(draft.get_absolute_url()).content.decode()
    assert "1 个单位，1 个未签阅" in page
    assert client.get(reverse("oversight:circular_file", args=[draft.pk])).content[:2] == b"PK"
    assert client.post(issue, told | {"cleared": "on"}).status_code == 409
    client.post(reverse("oversight:circular_urge", args=[draft.pk]))
    client.force_login(world.township_secretary)
    assert "1 份通报、专题报告等本单位签阅" in client.get("/").content.decode()
    receipt = Circular.objects.get(pk=draft.pk).receipts.get()
    url = reverse("oversight:receipt", args=[receipt.pk])
    text = client.get(url).content.decode()
    assert "某村公开不及时" in text
    assert make.WRITTEN in text
    receipt.refresh_from_db()
    assert receipt.read_at is None
    client.post(url)
    assert client.get(reverse("oversight:receipt_file", args=[receipt.pk])).content[:2] == b"PK"
    client.force_login(world.county_officer)
    assert "1 个单位，0 个未签阅" in client.get(draft.get_absolute_url()).content.decode()


def test_a_report_is_written_and_its_campaign_opened_in_the_browser(world, common, client):
    client.force_login(world.county_officer)
    new = reverse("oversight:report_new")
    days = {"first_day": today() - timedelta(days=30), "last_day": today(), "key": uuid4()}
    asked = days | {"department": make.department(world).pk, "subject": f"item:{common}"}
    assert client.post(new, asked | {"subject": "item:Z9-99"}).status_code == 422
    draft = client.post(new, asked, follow=True).context["circular"]
    issued = make.issued(world, make.written(draft, world.county_officer))
    link = f"{reverse('oversight:spread')}?item={common}&amp;report={issued.pk}"
    assert link in client.get(issued.get_absolute_url()).content.decode()
    page = client.get(link.replace("&amp;", "&"))
    assert make.WRITTEN in page.content.decode()
    initial = page.context["form"].initial
    sent = {"department": initial["department"].pk, "analysis": initial["analysis"]}
    answer = client.post(link.replace("&amp;", "&"), sent | {"deadline": today() + timedelta(days=60)}, follow=True)
    assert answer.context["issue"].report == issued
    assert "待县委审批" in client.get(issued.get_absolute_url()).content.decode()
    services.approve_issue(issue=answer.context["issue"], actor=world.leading_group)
    assert "已整治 0 / 2 村" in client.get(issued.get_absolute_url()).content.decode()
    client.force_login(world.department_officer)
    page = client.get(reverse("oversight:receipt", args=[issued.receipts.get().pk])).content.decode()
    assert "由此提出的专项整治" in page


def test_a_draft_is_renewed_or_dropped_after_it_was_asked(world, common, client):
    client.force_login(world.county_officer)
    draft = make.circular(world)
    renew, drop = (reverse(f"oversight:circular_{name}", args=[draft.pk]) for name in ("renew", "drop"))
    asked = client.post(renew, {"version": draft.version}).content.decode()
    assert "手工修改的内容会被替换" in asked
    assert f'name="version" value="{draft.version}"' in asked
    make.written(draft, world.county_officer)
    assert client.post(renew, {"confirmed": "1", "version": draft.version}).status_code == 409
    draft.refresh_from_db()
    client.post(renew, {"confirmed": "1", "version": draft.version})
    draft.refresh_from_db()
    assert "（请填写" in draft.sections[-1]["text"]
    client.post(drop, {"confirmed": "1", "note": "时间选错"})
    draft.refresh_from_db()
    assert draft.status == "DROPPED"
    assert draft not in read.circulars(world.county_officer, "CIRCULAR")
    assert client.post(renew).status_code == 409


def test_the_city_reads_what_a_county_issued_and_nothing_before(world, common, client):
    draft = make.circular(world)
    client.force_login(world.city_officer)
    assert client.get(draft.get_absolute_url()).status_code == 404
    make.issued(world, draft)
    page = client.get(draft.get_absolute_url()).content.decode()
    assert "未签阅" in page
    assert "催阅" not in page
    assert draft.title in client.get(reverse("oversight:circulars")).content.decode()


def test_a_department_sees_no_finding_by_its_report_alone(world, common, client):
    issued = make.issued(world, make.report(world, f"item:{common}"))
    client.force_login(world.department_officer)
    page = client.get(reverse("oversight:receipt", args=[issued.receipts.get().pk])).content.decode()
    for village in (world.village, world.second_village):
        assert village.division.short_name not in page
    assert client.get(issued.get_absolute_url()).status_code == 403


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("kind", ["circulars", "reports"])
def test_the_lists_ask_as_often_at_three_rows_as_at_one(world, common, signed_in, kind):
    make_one = make.circular if kind == "circulars" else lambda world: make.report(world, f"item:{common}")
    client, url = signed_in(world.county_officer), reverse(f"oversight:{kind}")
    make.issued(world, make_one(world))
    before = queries(client, url)
    for _more in range(2):
        make.issued(world, make_one(world))
    assert queries(client, url) == before <= 10


def test_what_was_received_asks_as_often_at_three_rows_as_at_one(world, common, signed_in):
    client, url = signed_in(world.township_secretary), reverse("oversight:received")
    make.issued(world, make.circular(world))
    before = queries(client, url)
    for _more in range(2):
        make.issued(world, make.circular(world))
    assert queries(client, url) == before <= 9


def test_one_asks_as_often_for_more_units_and_more_examples(world, common, signed_in):
    client = signed_in(world.county_officer)
    one = make.issued(world, make.circular(world))
    before = queries(client, one.get_absolute_url())
    draft = make.circular(world)
    examples = reverse("oversight:examples", args=[draft.pk])
    few = queries(client, examples)
    for finding in read.candidates(world.county_officer, draft):
        draft = services.set_example(
            circular=draft, finding=finding, text="某村公开不及时。", actor=world.county_officer
        )
    assert queries(client, examples) == few <= 11
    many = make.issued(world, draft, kinds=["PARTY_COMMITTEE", "VILLAGE_PARTY"])
    assert many.receipts.count() >= 3
    assert queries(client, many.get_absolute_url()) == before <= 12


def test_a_report_with_campaigns_asks_as_often(world, common, signed_in):
    client = signed_in(world.county_officer)
    one = make.issued(world, make.report(world, f"item:{common}"))
    before = queries(client, one.get_absolute_url())
    given = read.proposal(one) | {"deadline": today() + timedelta(days=60), "report": one}
    issue = services.open_issue(county=world.county, code=common, actor=world.county_officer, **given)
    services.approve_issue(issue=issue, actor=world.leading_group)
    assert queries(client, one.get_absolute_url()) == before <= 17


def test_drafting_stays_within_its_statements(world, common, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        make_draft = services.draft_circular(
            kind="CIRCULAR", first_day=today(), last_day=today(), actor=world.county_officer
        )
    draft = make.written(make_draft, world.county_officer)
    with django_assert_max_num_queries(24):
        make.issued(world, draft)
