"""底稿 → 已确认: who writes, who decides, what is refused (C1, E1)."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from common import policy
from common.audit import history
from common.errors import Conflict
from inspections import services
from inspections.enums import FindingStatus, Stage
from inspections.models import Checklist, ChecklistItem, Finding
from tests.factories import inspections as build

S = FindingStatus


@pytest.fixture
def inspection(world):
    return build.running_inspection(world)


def item(inspection):
    return inspection.checklist.items.order_by("code").first()


def test_member_writes_a_draft_with_a_number(world, inspection):
    finding = build.draft_finding(world, inspection, amount=Decimal("2400.50"), is_common=True)
    assert (finding.status, finding.number) == (S.DRAFT, f"{inspection.number}-01")
    assert (finding.township, finding.inspector) == (world.township, world.team_member)


def test_numbers_go_on(world, inspection):
    build.draft_finding(world, inspection)
    assert build.draft_finding(world, inspection).number.endswith("-02")


@pytest.mark.parametrize(
    "name", ["county_officer", "county_head", "leading_group", "township_secretary", "org_officer"]
)
def test_nobody_off_the_team_writes_drafts(world, inspection, name):
    with pytest.raises(PermissionDenied):
        services.record_finding(
            inspection=inspection, actor=getattr(world, name), checklist_item=item(inspection), title="x", facts="y"
        )


def test_no_drafts_before_the_team_has_entered(world):
    with pytest.raises(Conflict, match="进驻之后"):
        build.draft_finding(world, build.arranged_inspection(world))


def test_item_of_another_version_is_refused(world, inspection):
    other = Checklist.objects.create(name="旧版", number=99, in_force_from=inspection.planned_from)
    old = ChecklistItem.objects.get(pk=item(inspection).pk)
    old.pk, old.checklist = None, other
    old.save()
    with pytest.raises(ValidationError) as caught:
        build.draft_finding(world, inspection, checklist_item=old)
    assert "checklist_item" in caught.value.error_dict


@pytest.mark.parametrize(
    ("fields", "named"), [({"title": " "}, "title"), ({"facts": ""}, "facts"), ({"amount": Decimal(-1)}, "amount")]
)
def test_what_is_missing_or_absurd_is_named(world, inspection, fields, named):
    with pytest.raises(ValidationError) as caught:
        build.draft_finding(world, inspection, **fields)
    assert named in caught.value.error_dict


@pytest.mark.parametrize("name", ["team_member", "county_officer"])
def test_second_inspector_is_another_member_of_the_team(world, inspection, name):
    with pytest.raises(ValidationError) as caught:
        build.draft_finding(world, inspection, second_inspector=getattr(world, name))
    assert "second_inspector" in caught.value.error_dict


def test_unknown_fields_are_a_mistake_of_the_caller(world, inspection):
    with pytest.raises(TypeError):
        build.draft_finding(world, inspection, status=S.CONFIRMED)


def test_edit_leaves_an_event_with_what_changed(world, inspection):
    finding = build.draft_finding(world, inspection)
    services.edit_finding(finding=finding, actor=world.team_member, title="补贴没有公示", version=finding.version)
    event = history(finding).first()
    assert (event.action, event.changes["title"][1]) == ("edit", "补贴没有公示")


def test_edit_from_an_old_page_is_a_conflict(world, inspection):
    finding = build.draft_finding(world, inspection)
    services.edit_finding(finding=finding, actor=world.team_member, title="甲", version=finding.version)
    with pytest.raises(Conflict):
        services.edit_finding(finding=finding, actor=world.spare_member, title="乙", version=finding.version)


def test_leader_confirms(world, inspection):
    assert build.confirmed_finding(world, inspection).status == S.CONFIRMED


@pytest.mark.parametrize("name", ["team_member", "county_head", "county_officer", "leading_group"])
def test_nobody_but_leader_and_deputy_confirms(world, inspection, name):
    with pytest.raises(PermissionDenied):
        services.confirm_finding(finding=build.draft_finding(world, inspection), actor=getattr(world, name))


def test_the_author_does_not_confirm(world, inspection):
    finding = services.record_finding(
        inspection=inspection,
        actor=world.team_leader,
        checklist_item=item(inspection),
        title="x",
        facts="y",
        second_inspector=world.team_member,
    )
    with pytest.raises(PermissionDenied, match="另一人确认"):
        services.confirm_finding(finding=finding, actor=world.team_leader)
    assert services.confirm_finding(finding=finding, actor=world.spare_member).status == S.CONFIRMED


def test_one_inspector_is_not_enough(world, inspection):
    finding = build.draft_finding(world, inspection, second_inspector=None)
    with pytest.raises(ValidationError, match="两名巡察人员"):
        services.confirm_finding(finding=finding, actor=world.team_leader)


def test_confirming_twice_is_a_conflict(world, inspection):
    finding = build.confirmed_finding(world, inspection)
    with pytest.raises(Conflict):
        services.confirm_finding(finding=finding, actor=world.team_leader)


def test_rejecting_and_reopening_need_a_reason(world, inspection):
    finding = build.draft_finding(world, inspection)
    with pytest.raises(ValidationError):
        services.reject_finding(finding=finding, actor=world.team_leader)
    finding = services.reject_finding(finding=finding, actor=world.team_leader, note="查无实据")
    with pytest.raises(ValidationError):
        services.reopen_finding(finding=finding, actor=world.team_leader)
    finding = services.reopen_finding(finding=finding, actor=world.team_leader, note="补充了账页")
    assert finding.status == S.DRAFT


def test_confirmed_finding_cannot_be_edited(world, inspection):
    finding = build.confirmed_finding(world, inspection)
    with pytest.raises(Conflict):
        services.edit_finding(finding=finding, actor=world.team_member, title="改一改")


def test_after_the_feedback_nothing_moves(world):
    feedback = build.issued_feedback(world)
    finding = Finding.objects.get(inspection=feedback.inspection)
    with pytest.raises(Conflict):
        services.reopen_finding(finding=finding, actor=world.team_leader, note="x")
    with pytest.raises(Conflict, match="已经签发"):
        build.draft_finding(world, feedback.inspection)
    with pytest.raises(DatabaseError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(title="改")


def test_drafts_of_a_cancelled_inspection_stay_as_they_are(world, inspection):
    finding = build.draft_finding(world, inspection)
    services.cancel_inspection(inspection=inspection, actor=world.county_officer, note="村正在换届")
    with pytest.raises(ValidationError):
        services.confirm_finding(finding=finding, actor=world.team_leader)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("county_officer", 1, 1),
        ("leading_group", 1, 1),
        ("team_member", 1, 1),
        ("city_officer", 0, 1),
        ("county_discipline", 0, 1),
        ("township_secretary", 0, 1),
        ("discipline_officer", 0, 1),
        ("village_secretary", 0, 1),
        ("supervisor", 0, 1),
        ("org_officer", 0, 0),
        ("department_officer", 0, 0),
        ("sibling_township_secretary", 0, 0),
        ("other_village_secretary", 0, 0),
        ("other_county_officer", 0, 0),
        ("sysadmin", 0, 0),
        ("auditor", 0, 0),
    ],
)
def test_who_sees_a_finding_before_and_after_the_feedback(world, name, before, after):
    def seen():
        return policy.visible(build.fresh(getattr(world, name)), Finding.objects.all()).count()

    feedback = build.feedback_draft(world)
    assert seen() == before
    services.issue_feedback(
        feedback=feedback,
        actor=world.county_head,
        on=build.today(),
        deadline=build.today(),
        plan_due_on=None,
        document_number="",
    )
    assert seen() == after


def test_organisation_department_sees_party_building_findings(world):
    inspection = build.running_inspection(world)
    build.confirmed_finding(world, inspection, checklist_item=inspection.checklist.items.get(party_building=True))
    build.confirmed_finding(world, inspection)
    inspection = services.leave_inspection(inspection=inspection, actor=world.team_leader)
    feedback = services.draft_feedback(inspection=inspection, actor=world.county_officer)
    services.issue_feedback(
        feedback=feedback,
        actor=world.county_head,
        on=build.today(),
        deadline=build.today(),
        plan_due_on=None,
        document_number="",
    )
    assert policy.visible(world.org_officer, Finding.objects.all()).count() == 1


# ------------------------------------------------------------------ pages


def new(inspection):
    return reverse("inspections:finding_new", args=[inspection.pk])


VALUES = {"title": "惠民补贴没有公示", "facts": "46 户没有公示。", "severity": "GENERAL"}


def test_page_first_offers_the_checklist(world, inspection, signed_in):
    page = signed_in(world.team_member).get(new(inspection)).content.decode()
    assert "惠民补贴发放不公开" in page
    assert "村集体资金账目不清" in page


def test_page_finds_an_item_without_javascript(world, inspection, signed_in):
    page = signed_in(world.team_member).get(new(inspection), {"q": "集体 资金"}).content.decode()
    assert "村集体资金账目不清" in page
    assert "惠民补贴发放不公开" not in page


def test_page_records_a_finding(world, inspection, signed_in):
    values = VALUES | {"item": item(inspection).pk, "second_inspector": world.team_leader.pk}
    response = signed_in(world.team_member).post(new(inspection), values)
    assert response.status_code == 302
    assert Finding.objects.get().second_inspector == world.team_leader


def test_page_goes_on_with_the_next(world, inspection, signed_in):
    values = VALUES | {"item": item(inspection).pk, "then": "again"}
    assert signed_in(world.team_member).post(new(inspection), values).url == new(inspection)


def test_page_keeps_what_was_written_when_something_is_missing(world, inspection, signed_in):
    values = VALUES | {"item": item(inspection).pk, "title": ""}
    response = signed_in(world.team_member).post(new(inspection), values)
    assert response.status_code == 422
    assert "46 户没有公示。" in response.content.decode()


def test_page_before_entering_sends_back_with_the_reason(world, signed_in):
    inspection = build.arranged_inspection(world)
    page = signed_in(world.team_member).get(new(inspection), follow=True).content.decode()
    assert "进驻之后" in page


@pytest.mark.parametrize(
    ("name", "status"), [("county_officer", 403), ("other_county_officer", 403), ("sysadmin", 403)]
)
def test_page_is_for_the_team(world, inspection, signed_in, name, status):
    values = VALUES | {"item": item(inspection).pk}
    assert signed_in(getattr(world, name)).post(new(inspection), values).status_code == 403
    assert not Finding.objects.exists()


def test_page_edits_a_draft_and_its_item(world, inspection, signed_in):
    finding = build.draft_finding(world, inspection)
    other = inspection.checklist.items.get(code="B2-01")
    values = VALUES | {"item": other.pk, "version": finding.version, "second_inspector": world.spare_member.pk}
    url = reverse("inspections:finding_edit", args=[finding.pk])
    assert signed_in(world.team_member).post(url, values).status_code == 302
    finding.refresh_from_db()
    assert (finding.checklist_item, finding.title) == (other, VALUES["title"])


def test_page_confirms_after_asking(world, inspection, signed_in):
    finding = build.draft_finding(world, inspection)
    url, client = reverse("inspections:finding_confirm", args=[finding.pk]), signed_in(world.team_leader)
    client.post(url)
    assert Finding.objects.get().status == S.DRAFT
    client.post(url, {"confirmed": "1", "version": finding.version})
    assert Finding.objects.get().status == S.CONFIRMED


def test_page_tells_the_author_why_not(world, inspection, signed_in):
    finding = build.draft_finding(world, inspection)
    Finding.objects.filter(pk=finding.pk).update(inspector=world.team_leader)
    page = signed_in(world.team_leader).get(finding.get_absolute_url()).content.decode()
    assert "须由组长、副组长中的另一人确认" in page


@pytest.mark.parametrize("name", ["finding_confirm", "finding_reject", "finding_reopen"])
def test_decisions_are_posts_only(world, inspection, signed_in, name):
    finding = build.draft_finding(world, inspection)
    assert signed_in(world.team_leader).get(reverse(f"inspections:{name}", args=[finding.pk])).status_code == 405


def test_township_reads_a_finding_without_names_of_inspectors(world, signed_in):
    feedback = build.issued_feedback(world)
    finding = Finding.objects.get(inspection=feedback.inspection)
    page = signed_in(world.township_secretary).get(finding.get_absolute_url()).content.decode()
    assert finding.facts in page
    assert world.team_member.full_name not in page
    assert finding.inspection.get_absolute_url() not in page.replace(feedback.get_absolute_url(), "")


def test_township_does_not_find_a_draft(world, inspection, signed_in):
    finding = build.draft_finding(world, inspection)
    client = signed_in(world.township_secretary)
    assert client.get(finding.get_absolute_url()).status_code == 404
    assert finding.title not in client.get(reverse("inspections:findings")).content.decode()


def test_inspection_of_another_county_is_not_found(world, inspection, signed_in):
    assert signed_in(world.other_county_officer).get(inspection.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "补贴"}, True),
        ({"q": "lmc"}, True),
        ({"q": "没有这回事"}, False),
        ({"t": "confirmed"}, False),
        ({"t": "draft"}, True),
        ({"kind": "party"}, False),
        ({"severity": "GENERAL", "aspect": "B"}, True),
        ({"township": "x"}, True),
    ],
)
def test_list_filters(world, inspection, signed_in, query, found):
    finding = build.draft_finding(world, inspection)
    page = signed_in(world.team_leader).get(reverse("inspections:findings"), query).content.decode()
    assert (finding.title in page) is found


def test_cancelled_is_not_running(world, inspection):
    cancelled = services.cancel_inspection(inspection=inspection, actor=world.county_officer, note="换届")
    assert cancelled.status == Stage.CANCELLED
