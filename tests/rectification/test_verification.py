from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common import audit, policy
from common.calendar import today
from common.errors import Conflict
from rectification import services
from rectification.models import RectificationItem
from tests.factories import rectification as make

OFFICE = ["county_officer", "county_head", "roster_admin"]


def test_the_county_closes_with_its_opinion(world, supervised):
    item = services.verify_item(item=supervised, actor=world.county_officer, opinion="同意销号。")
    assert item.status == "CLOSED"
    assert item.closed_by == world.county_officer
    assert item.closed_at
    assert audit.history(item).first().note == "同意销号。"


def test_nobody_else_closes(world, supervised, let_through):
    passed = let_through(lambda user: services.verify_item(item=supervised, actor=user), except_for=OFFICE)
    assert passed == set()


def test_without_three_signatures_nothing_is_closed(world, submitted):
    with pytest.raises(Conflict):
        services.verify_item(item=submitted, actor=world.county_officer)


def test_who_signed_does_not_verify_after_changing_post(world, supervised):
    User.objects.filter(pk=world.discipline_officer.pk).update(organ=world.county_officer.organ, post="OFFICER")
    mover = User.objects.select_related("organ__division").get(pk=world.discipline_officer.pk)
    with pytest.raises(PermissionDenied, match="签署过"):
        services.verify_item(item=supervised, actor=mover)


def test_who_submitted_does_not_verify_after_changing_post(world, supervised):
    User.objects.filter(pk=world.township_secretary.pk).update(organ=world.county_officer.organ, post="OFFICER")
    mover = User.objects.select_related("organ__division").get(pk=world.township_secretary.pk)
    with pytest.raises(PermissionDenied, match="办理过"):
        services.verify_item(item=supervised, actor=mover)


def test_who_signed_an_earlier_attempt_does_not_verify(world, supervised):
    item = services.return_item(item=supervised, actor=world.county_officer, note="照片看不清日期。")
    User.objects.filter(pk=world.discipline_officer.pk).update(organ=world.county_officer.organ, post="OFFICER")
    mover = User.objects.select_related("organ__division").get(pk=world.discipline_officer.pk)
    assert "签署过" in policy.allows(mover, "verify", item).reason


def test_who_reported_does_not_verify_after_changing_post(world, supervised):
    User.objects.filter(pk=world.village_secretary.pk).update(organ=world.county_officer.organ, post="OFFICER")
    mover = User.objects.select_related("organ__division").get(pk=world.village_secretary.pk)
    with pytest.raises(ValidationError, match="办理过"):
        services.verify_item(item=supervised, actor=mover)


def test_a_reopened_item_gets_no_deadline_beyond_two_years(world, closed):
    with pytest.raises(ValidationError, match="两年"):
        services.reopen_item(item=closed, actor=world.county_head, note="反弹", deadline=date(9999, 12, 31))


def test_a_review_lies_within_two_years(world, item):
    with pytest.raises(ValidationError, match="两年"):
        services.mark_long_term(item=item, actor=world.county_officer, note="管护", review_on=date(9999, 12, 31))


def test_closing_twice_is_a_conflict(world, closed):
    with pytest.raises(Conflict):
        services.verify_item(item=closed, actor=world.county_head)


def test_an_item_is_returned_with_the_reason(world, supervised):
    item = services.return_item(item=supervised, actor=world.county_officer, note="照片看不清日期。")
    assert (item.status, item.attempt) == ("IN_PROGRESS", 2)


def test_no_return_without_a_reason(world, supervised):
    with pytest.raises(ValidationError, match="理由"):
        services.return_item(item=supervised, actor=world.county_officer, note=" ")


def test_a_returned_item_goes_the_whole_way_again(world, supervised):
    item = services.return_item(item=supervised, actor=world.county_officer, note="照片看不清日期。")
    item = make.supervised_item(world, item)
    assert (item.status, item.attempt) == ("UNDER_VERIFICATION", 2)


@pytest.mark.parametrize(("days", "said"), [(3, "超期 3 天销号"), (0, ""), (-1, "")])
def test_an_item_closed_after_its_deadline_says_so(world, item, signed_in, days, said):
    make.dated(world, item, deadline=today() - timedelta(days=days))
    closed = make.closed_item(world, RectificationItem.objects.get(pk=item.pk))
    assert (closed.days_late, closed.due) == (max(days, 0), said)
    page = signed_in(world.county_officer).get(closed.get_absolute_url()).content.decode()
    assert ("天销号" in page) == bool(said)


def test_the_head_reopens_with_a_reason_and_a_new_deadline(world, closed):
    item = services.reopen_item(item=closed, actor=world.county_head, note="问题反弹：又未公示。")
    assert (item.status, item.attempt, item.closed_by) == ("IN_PROGRESS", 2, None)
    assert item.deadline > today()


def test_nobody_but_the_head_reopens(world, closed, let_through):
    passed = let_through(
        lambda user: services.reopen_item(item=closed, actor=user, note="反弹"), except_for=["county_head"]
    )
    assert passed == set()


def test_no_reopening_without_a_reason(world, closed):
    with pytest.raises(ValidationError, match="理由"):
        services.reopen_item(item=closed, actor=world.county_head, note="")


def test_long_term_puts_a_review_in_the_place_of_the_deadline(world, item):
    item = services.mark_long_term(item=item, actor=world.county_officer, note="需要长期管护。")
    assert item.is_long_term
    assert item.deadline is None
    assert item.review_on == today() + timedelta(days=90)
    assert item.days_left is None
    assert item.light() == "green"


def test_a_review_sets_the_next_one(world, item):
    services.mark_long_term(item=item, actor=world.county_officer, note="需要长期管护。")
    later = today() + timedelta(days=120)
    item = services.mark_long_term(item=item, actor=world.county_officer, note="复核：管护正常。", review_on=later)
    assert item.review_on == later


def test_only_the_county_marks_long_term(world, item, let_through):
    passed = let_through(lambda user: services.mark_long_term(item=item, actor=user, note="长期"), except_for=OFFICE)
    assert passed == set()


def test_a_move_takes_at_most_twelve_statements(world):
    taken = {}

    def count(name, call):
        with CaptureQueriesContext(connection) as captured:
            result = call()
        taken[name] = len(captured)
        return result

    item, other = make.assigned_items(world)
    item = make.reported_item(world, item)
    services.set_measures(item=other, actor=world.township_secretary, measures=make.measures(other))
    services.assign_responsibles(item=other, actor=world.township_secretary, people=make.people())
    count("accept", lambda: services.accept_item(item=other, actor=world.township_secretary))
    count("submit", lambda: services.submit_item(item=item, actor=world.township_secretary))
    for number, signer in enumerate(make.signers(world)):
        count(f"sign {number}", lambda signer=signer: make.sign(item, signer))
    count("return", lambda: services.return_item(item=item, actor=world.county_officer, note="照片不清。"))
    item = make.supervised_item(world, RectificationItem.objects.get(pk=item.pk))
    closed = count("verify", lambda: services.verify_item(item=item, actor=world.county_officer))
    count("reopen", lambda: services.reopen_item(item=closed, actor=world.county_head, note="反弹"))
    moves = {"sign 2": 14}  # the last signature is two moves: signed, and on to the county
    assert {name: number for name, number in taken.items() if number > moves.get(name, 12)} == {}
