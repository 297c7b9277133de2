"""反馈意见: drafted from the findings, edited, issued by somebody else, frozen (E1, E2)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from common.calendar import today
from common.errors import Conflict
from inspections import services
from inspections.enums import FeedbackStatus, Mode
from inspections.models import Feedback
from inspections.selectors.opinion import told
from tests.factories import inspections as build


def issue(world, feedback, **changes):
    values = {
        "actor": world.county_head,
        "on": today(),
        "deadline": today() + timedelta(days=60),
        "plan_due_on": None,
        "document_number": "涪巡办反〔2026〕1号",
    } | changes
    return services.issue_feedback(feedback=feedback, **values)


def test_text_is_made_from_the_confirmed_findings(world):
    inspection = build.running_inspection(world)
    build.confirmed_finding(
        world, inspection, title="补贴没有公示", amount=2400, people_affected=46, severity="SERIOUS"
    )
    build.confirmed_finding(world, inspection, title="账目不清", is_common=True, is_immediate=True)
    left_out = build.draft_finding(world, inspection, title="查无实据的事")
    services.reject_finding(finding=left_out, actor=world.team_leader, note="查无实据")
    inspection = build.leave(world, inspection)
    text = services.draft_feedback(inspection=inspection, actor=world.county_officer).opinion
    assert text.startswith("关于巡察青义镇龙门村情况的反馈意见")
    assert "巡察共发现问题2个，其中严重问题1个、一般问题1个，涉及资金2400元，涉及群众46人次，需立巡立改1个。" in text
    assert "共性问题1个：1．账目不清。" in text
    assert "个性问题1个：1．补贴没有公示。" in text
    assert "立巡立改。对标明" in text
    assert "查无实据的事" not in text


def test_text_names_team_days_and_mode(world):
    text = build.feedback_draft(world).opinion
    day = f"{today().year}年{today().month}月{today().day}日"
    assert f"第一巡察组于{day}对青义镇龙门村开展了常规巡察" in text


def test_own_words_are_kept(world):
    inspection = build.left_inspection(world)
    feedback = services.draft_feedback(inspection=inspection, actor=world.county_officer, opinion="自拟")
    assert feedback.opinion == "自拟"


@pytest.mark.parametrize("name", ["team_leader", "leading_group", "other_county_officer", "township_secretary"])
def test_only_the_county_office_drafts(world, name):
    inspection = build.left_inspection(world)
    with pytest.raises(PermissionDenied):
        services.draft_feedback(inspection=inspection, actor=getattr(world, name))


def test_whoever_issues_does_not_draft(world):
    with pytest.raises(PermissionDenied, match="请由其他同志拟稿"):
        services.draft_feedback(inspection=build.left_inspection(world), actor=world.county_head)


def test_no_draft_while_the_team_is_in_the_village(world):
    inspection = build.running_inspection(world)
    with pytest.raises(Conflict, match="结束驻村后"):
        services.draft_feedback(inspection=inspection, actor=world.county_officer)


def test_no_draft_without_confirmed_findings(world):
    with pytest.raises(ValidationError, match="还没有已确认的问题"):
        services.draft_feedback(inspection=build.left_inspection(world, findings=0), actor=world.county_officer)


def test_one_feedback_an_inspection(world):
    feedback = build.feedback_draft(world)
    with pytest.raises(Conflict, match="已经起草"):
        services.draft_feedback(inspection=feedback.inspection, actor=world.county_officer)


def test_team_may_edit_the_draft(world):
    feedback = services.edit_feedback(
        feedback=build.feedback_draft(world), actor=world.team_leader, opinion="改好的意见"
    )
    assert feedback.opinion == "改好的意见"


def test_empty_text_is_refused(world):
    with pytest.raises(ValidationError):
        services.edit_feedback(feedback=build.feedback_draft(world), actor=world.county_officer, opinion="  ")


def test_edit_from_an_old_page_is_a_conflict(world):
    feedback = build.feedback_draft(world)
    with pytest.raises(Conflict):
        services.edit_feedback(feedback=feedback, actor=world.county_officer, opinion="x", version=feedback.version + 1)


def test_head_issues(world):
    feedback = issue(world, build.feedback_draft(world))
    assert (feedback.status, feedback.issued_by) == (FeedbackStatus.ISSUED, world.county_head)


@pytest.mark.parametrize("name", ["county_officer", "team_leader", "leading_group", "other_county_head"])
def test_nobody_else_issues(world, name):
    with pytest.raises(PermissionDenied):
        issue(world, build.feedback_draft(world), actor=getattr(world, name))


def test_issuing_twice_is_a_conflict(world):
    feedback = issue(world, build.feedback_draft(world))
    with pytest.raises(Conflict):
        issue(world, feedback)


def test_deadline_before_the_issue_is_refused(world):
    with pytest.raises(ValidationError):
        issue(world, build.feedback_draft(world), deadline=today() - timedelta(days=1))


def test_a_draft_that_came_up_meanwhile_stops_the_issue(world):
    feedback = build.feedback_draft(world)
    build.draft_finding(world, feedback.inspection)
    with pytest.raises(ValidationError, match="还有 1 条底稿"):
        issue(world, feedback)


def test_issued_feedback_cannot_be_changed_by_sql(world):
    feedback = issue(world, build.feedback_draft(world))
    with pytest.raises(DatabaseError), transaction.atomic():
        Feedback.objects.filter(pk=feedback.pk).update(opinion="改")


def test_theme_of_a_special_inspection_is_in_the_text(world):
    inspection = build.arranged_inspection(world, klass="RISK")
    services.arrange(
        inspection=inspection, actor=world.county_officer, mode=Mode.SPECIAL, theme="“三资”管理", focus=["B1"]
    )
    inspection = services.enter_inspection(inspection=inspection, actor=world.team_leader)
    build.confirmed_finding(world, inspection)
    inspection = build.leave(world, inspection)
    text = services.draft_feedback(inspection=inspection, actor=world.county_officer).opinion
    assert "专项巡察（主题：“三资”管理）" in text


# ------------------------------------------------------------------ pages


def page_of(feedback):
    return reverse("inspections:feedback", args=[feedback.inspection_id])


def test_page_drafts_from_the_inspection(world, signed_in):
    inspection = build.left_inspection(world)
    url = reverse("inspections:feedback_draft", args=[inspection.pk])
    assert signed_in(world.county_officer).post(url).status_code == 302
    assert Feedback.objects.get().drafted_by == world.county_officer


def test_page_before_the_draft_says_who_drafts(world, signed_in):
    inspection = build.left_inspection(world)
    page = signed_in(world.team_leader).get(reverse("inspections:feedback", args=[inspection.pk]))
    assert "还没有起草" in page.content.decode()


def test_page_saves_the_text(world, signed_in):
    feedback = build.feedback_draft(world)
    values = {"opinion": "修改后的意见", "version": feedback.version}
    assert signed_in(world.county_officer).post(page_of(feedback), values).status_code == 302
    feedback.refresh_from_db()
    assert feedback.opinion == "修改后的意见"


def test_page_makes_the_text_anew_after_asking(world, signed_in):
    feedback = build.feedback_draft(world)
    services.edit_feedback(feedback=feedback, actor=world.county_officer, opinion="手写")
    url, client = reverse("inspections:feedback_renew", args=[feedback.inspection_id]), signed_in(world.county_officer)
    assert client.post(url, {"confirmed": "1", "version": feedback.version}).status_code == 409
    asked = client.post(url).content.decode()
    assert Feedback.objects.get().opinion == "手写"
    assert f'name="version" value="{feedback.version + 1}"' in asked
    client.post(url, {"confirmed": "1", "version": feedback.version + 1})
    assert Feedback.objects.get().opinion.startswith("关于巡察")


def test_head_is_led_to_the_check_page(world, signed_in):
    feedback = build.feedback_draft(world)
    page = signed_in(world.county_head).get(page_of(feedback)).content.decode()
    assert reverse("rectification:hand_over", args=[feedback.pk]) in page


def test_township_finds_the_feedback_only_when_issued(world, signed_in):
    feedback = build.feedback_draft(world)
    client = signed_in(world.township_secretary)
    assert client.get(page_of(feedback)).status_code == 404
    issue(world, feedback)
    page = client.get(page_of(feedback))
    assert page.status_code == 200
    assert world.team_leader.full_name not in page.content.decode()


def test_township_cannot_edit_it(world, signed_in):
    feedback = issue(world, build.feedback_draft(world))
    values = {"opinion": "x", "version": feedback.version}
    assert signed_in(world.township_secretary).post(page_of(feedback), values).status_code == 403
    assert signed_in(world.county_officer).post(page_of(feedback), values).status_code == 409


@pytest.mark.parametrize("values", [{}, {"opinion": ""}, {"opinion": "改掉", "version": "1"}, {"confirmed": "1"}])
@pytest.mark.parametrize("page", ["inspections:feedback", "inspections:feedback_renew"])
@pytest.mark.parametrize("name", ["county_officer", "team_leader"])
def test_an_issued_feedback_is_not_changed_whatever_is_posted(world, signed_in, name, page, values):
    feedback = issue(world, build.feedback_draft(world))
    before = Feedback.objects.values().get()
    response = signed_in(world.people[name]).post(reverse(page, args=[feedback.inspection_id]), values)
    assert response.status_code == 409
    assert "已经签发" in response.content.decode()
    assert Feedback.objects.values().get() == before


def test_nothing_is_saved_where_no_feedback_is(world, signed_in):
    url = reverse("inspections:feedback", args=[build.left_inspection(world).pk])
    assert signed_in(world.county_officer).post(url, {"opinion": "x", "version": "1"}).status_code == 404
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("name", ["sibling_township_secretary", "other_village_secretary", "other_county_officer"])
def test_others_do_not_find_it(world, signed_in, name):
    feedback = issue(world, build.feedback_draft(world))
    assert signed_in(getattr(world, name)).get(page_of(feedback)).status_code == 404


@pytest.mark.parametrize(
    ("facts", "said"),
    [("承包费 24,000 元没有入账。", 0), ("承包费 24000 元没有入账。", 0), ("承包费没有入账。", 1)],
)
def test_an_amount_that_the_facts_tell_is_not_told_twice(world, facts, said):
    finding = build.draft_finding(world, facts=facts, amount=Decimal(24000))
    assert told(finding).count("涉及金额24000元") == said
