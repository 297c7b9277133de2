from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from common.calendar import today
from common.errors import Conflict
from rectification import services
from rectification.models import SupervisionCheck
from tests.factories import rectification as make

LINKS = {
    "discipline_officer": "TOWNSHIP_DISCIPLINE_OFFICER",
    "discipline_member": "TOWNSHIP_DISCIPLINE_MEMBER",
    "supervisor": "VILLAGE_SUPERVISORY_COMMITTEE",
}


def test_submission_needs_evidence(world, item):
    with pytest.raises(ValidationError, match="佐证"):
        services.submit_item(item=item, actor=world.township_secretary)


def test_only_the_township_submits(world, let_through):
    item = make.reported_item(world)
    passed = let_through(
        lambda user: services.submit_item(item=item, actor=user), except_for=["township_secretary", "township_officer"]
    )
    assert passed == set()


def test_submitting_twice_is_a_conflict(world, submitted):
    with pytest.raises(Conflict):
        services.submit_item(item=submitted, actor=world.township_secretary)


def test_the_link_follows_from_organ_and_post(world, submitted):
    for name in LINKS:
        make.sign(submitted, getattr(world, name))
    assert {one.signer.username: one.link for one in SupervisionCheck.objects.all()} == LINKS


def test_nobody_else_signs(world, submitted, let_through):
    assert let_through(lambda user: make.sign(submitted, user), except_for=LINKS) == set()


def test_two_signatures_are_not_enough(world, submitted):
    make.sign(submitted, world.discipline_officer)
    make.sign(submitted, world.supervisor)
    submitted.refresh_from_db()
    assert submitted.status == "UNDER_SUPERVISION"


def test_the_third_signature_moves_the_item_on(world, submitted):
    for signer in make.signers(world):
        make.sign(submitted, signer)
    submitted.refresh_from_db()
    assert submitted.status == "UNDER_VERIFICATION"


def test_one_fail_sends_the_item_back_at_once(world, submitted):
    make.sign(submitted, world.discipline_officer)
    make.sign(submitted, world.supervisor, "FAIL", opinion="公示栏里没有看到名单。")
    submitted.refresh_from_db()
    assert (submitted.status, submitted.attempt) == ("IN_PROGRESS", 2)


def test_signatures_of_an_earlier_attempt_do_not_count(world, submitted):
    make.sign(submitted, world.discipline_officer)
    make.sign(submitted, world.supervisor, "FAIL")
    again = make.submitted_item(world, fresh(submitted))
    make.sign(again, world.discipline_member)
    make.sign(again, world.supervisor)
    again.refresh_from_db()
    assert again.status == "UNDER_SUPERVISION"


def fresh(item):
    """The returned item, so that the builder reports and submits anew."""
    item.refresh_from_db()
    return item


def test_a_returned_item_needs_new_evidence(world, submitted):
    make.sign(submitted, world.supervisor, "FAIL")
    with pytest.raises(ValidationError, match="佐证"):
        services.submit_item(item=submitted, actor=world.township_secretary)


def test_a_link_signs_once(world, submitted):
    make.sign(submitted, world.supervisor)
    with pytest.raises(Conflict, match="已经签署"):
        make.sign(submitted, world.supervisor)


def test_who_submitted_does_not_sign_after_changing_post(world, submitted):
    """Moved from the township committee to its discipline committee in between."""
    User.objects.filter(pk=world.township_secretary.pk).update(
        organ=world.discipline_officer.organ, post="DISCIPLINE_OFFICER"
    )
    mover = User.objects.select_related("organ__division").get(pk=world.township_secretary.pk)
    with pytest.raises(PermissionDenied, match="本人提交"):
        make.sign(submitted, mover)


@pytest.mark.parametrize(("days", "why"), [(1, "今天"), (-400, "交办日期")])
def test_the_day_of_the_check_must_be_possible(world, submitted, days, why):
    with pytest.raises(ValidationError, match=why):
        make.sign(submitted, world.supervisor, checked_on=today() + timedelta(days=days))


def test_an_opinion_is_required(world, submitted):
    with pytest.raises(ValidationError, match="核查看到的情况"):
        make.sign(submitted, world.supervisor, opinion="  ")


def test_signing_before_submission_is_a_conflict(world, item):
    with pytest.raises(Conflict):
        make.sign(item, world.supervisor)
