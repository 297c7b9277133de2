"""底稿 → 已确认: who writes, who decides, what is refused (C1, E1)."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from accounts.enums import OrganKind
from common import policy
from common.audit import history
from common.errors import Conflict
from inspections import services
from inspections.enums import FindingStatus, TeamPost
from inspections.models import Checklist, ChecklistItem, Finding
from tests.factories import inspections as build
from tests.factories.world import person

S = FindingStatus


@pytest.fixture
def inspection(world):
    return build.running_inspection(world)


def item(inspection):
    return inspection.checklist.items.order_by("code").first()


def test_member_writes_a_draft_without_a_number(world, inspection):
    finding = build.draft_finding(world, inspection, amount=Decimal("2400.50"), is_common=True)
    assert (finding.status, finding.number) == (S.DRAFT, None)
    assert (finding.township, finding.inspector) == (world.township, world.team_member)


def test_the_number_comes_with_the_decision_and_numbers_go_on(world, inspection):
    build.draft_finding(world, inspection)
    assert build.reviewed_finding(world, inspection).number is None
    assert build.confirmed_finding(world, inspection).number == f"{inspection.number}-01"
    assert build.confirmed_finding(world, inspection).number == f"{inspection.number}-02"


def test_what_is_taken_back_leaves_its_number_to_the_next(world, inspection):
    first, second = build.confirmed_finding(world, inspection), build.confirmed_finding(world, inspection)
    assert services.reject_finding(finding=first, actor=world.team_leader, note="查无实据").number is None
    assert build.confirmed_finding(world, inspection).number == f"{inspection.number}-01"
    second.refresh_from_db()
    assert second.number == f"{inspection.number}-02"


def test_numbers_that_are_fed_back_have_no_gap(world, inspection):
    gone = build.confirmed_finding(world, inspection)
    stays = build.confirmed_finding(world, inspection)
    services.reject_finding(finding=gone, actor=world.team_leader, note="另案处理")
    inspection = build.leave(world, inspection)
    feedback = services.draft_feedback(inspection=inspection, actor=world.county_officer)
    services.issue_feedback(
        feedback=feedback,
        actor=world.county_head,
        on=build.today(),
        deadline=build.today(),
        plan_due_on=None,
        document_number="",
    )
    stays.refresh_from_db()
    assert (stays.status, stays.number) == (S.FED_BACK, f"{inspection.number}-01")


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
    other = Checklist.objects.create(name="旧版", number=99)
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
    finding = build.confirmed_finding(world, inspection)
    assert (finding.status, finding.reviewed_by, finding.approved_by) == (
        S.CONFIRMED,
        world.spare_member,
        world.team_leader,
    )


OTHERS = ["county_head", "county_officer", "leading_group", "township_secretary"]


@pytest.mark.parametrize("name", ["team_member", "spare_member", *OTHERS])
def test_nobody_but_the_second_inspector_signs(world, inspection, name):
    with pytest.raises(PermissionDenied):
        services.cosign_finding(finding=build.draft_finding(world, inspection), actor=getattr(world, name))


@pytest.mark.parametrize("name", ["team_member", "team_leader", *OTHERS])
def test_nobody_but_the_deputy_reviews(world, inspection, name):
    with pytest.raises(PermissionDenied):
        services.review_finding(finding=build.signed_finding(world, inspection), actor=getattr(world, name))


@pytest.mark.parametrize("name", ["team_member", "spare_member", *OTHERS])
def test_nobody_but_the_leader_decides(world, inspection, name):
    with pytest.raises(PermissionDenied):
        services.confirm_finding(finding=build.reviewed_finding(world, inspection), actor=getattr(world, name))


@pytest.mark.parametrize("service", [services.review_finding, services.confirm_finding])
def test_no_step_is_skipped(world, inspection, service):
    finding, actor = build.draft_finding(world, inspection), world.spare_member
    with pytest.raises(Conflict, match="不能再"):
        service(finding=finding, actor=actor if service is services.review_finding else world.team_leader)


def by(world, inspection, author, second):
    finding = services.record_finding(
        inspection=inspection,
        actor=author,
        checklist_item=item(inspection),
        title="x",
        facts="y",
        second_inspector=second,
    )
    return services.cosign_finding(finding=finding, actor=second)


def second_deputy(world, inspection):
    organ, kind = world.team_leader.organ, OrganKind.INSPECTION_TEAM
    user = person("deputy2", "第二副组长", organ.division, kind)
    services.add_member(team=inspection.team, user=user, post=TeamPost.DEPUTY, actor=world.county_officer)
    return build.fresh(user)


def test_a_deputy_does_not_review_what_he_wrote(world, inspection):
    finding = by(world, inspection, world.spare_member, world.team_member)
    with pytest.raises(PermissionDenied, match="由您本人登记"):
        services.review_finding(finding=finding, actor=world.spare_member)
    other = second_deputy(world, inspection)
    assert services.review_finding(finding=finding, actor=other).status == S.REVIEWED


def test_a_deputy_does_not_review_what_he_signed(world, inspection):
    finding = by(world, inspection, world.team_member, world.spare_member)
    with pytest.raises(PermissionDenied, match="由您签名"):
        services.review_finding(finding=finding, actor=world.spare_member)
    assert services.review_finding(finding=finding, actor=second_deputy(world, inspection)).status == S.REVIEWED


def test_the_leader_may_have_it_signed_by_another_where_there_is_one_deputy(world, inspection):
    finding = by(world, inspection, world.team_member, world.spare_member)
    finding = services.reopen_finding(finding=finding, actor=world.team_leader, note="副组长要初审，换人签名")
    services.edit_finding(finding=finding, actor=world.team_member, second_inspector=world.team_leader)
    assert build.decided(world, Finding.objects.get()).status == S.CONFIRMED


def test_what_the_leader_wrote_is_decided_by_a_deputy_who_did_not_review_it(world, inspection):
    other = second_deputy(world, inspection)
    finding = by(world, inspection, world.team_leader, world.team_member)
    finding = services.review_finding(finding=finding, actor=world.spare_member)
    with pytest.raises(PermissionDenied, match="由您本人登记"):
        services.confirm_finding(finding=finding, actor=world.team_leader)
    with pytest.raises(PermissionDenied, match="由您初审"):
        services.confirm_finding(finding=finding, actor=world.spare_member)
    assert services.confirm_finding(finding=finding, actor=other).status == S.CONFIRMED


def test_whoever_is_recused_signs_and_decides_nothing(world, inspection):
    draft = build.draft_finding(world, inspection, second_inspector=world.spare_member)
    signed = build.signed_finding(world, inspection)
    type(world.spare_member).objects.filter(pk=world.spare_member.pk).update(native_township=inspection.township)
    deputy = build.fresh(world.spare_member)
    for service, finding in ((services.cosign_finding, draft), (services.review_finding, signed)):
        with pytest.raises(PermissionDenied, match="回避"):
            service(finding=finding, actor=deputy)


def test_one_inspector_is_not_enough(world, inspection):
    finding = build.draft_finding(world, inspection, second_inspector=None)
    with pytest.raises(ValidationError, match="两名巡察人员"):
        services.cosign_finding(finding=finding, actor=world.team_leader)


def test_signing_what_has_changed_meanwhile_is_a_conflict(world, inspection):
    read = build.draft_finding(world, inspection)
    services.edit_finding(finding=read, actor=world.team_member, title="改过了")
    with pytest.raises(Conflict):
        services.cosign_finding(finding=read, actor=world.team_leader)


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
        services.cosign_finding(finding=finding, actor=world.team_leader)


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
    inspection = build.leave(world, inspection)
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
