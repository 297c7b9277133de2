from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from common import audit, workflow
from common.errors import Conflict
from rectification import services
from rectification.models import Extension
from tests.factories import rectification as make
from tests.factories.world import moved

OFFICE = ["county_officer", "county_head", "roster_admin"]


def ask(item, actor, days=30, reason="须等枯水期施工。"):
    return services.ask_extension(
        item=item, actor=actor, new_deadline=item.deadline + timedelta(days=days), reason=reason
    )


@pytest.fixture
def asked(world, item):
    return ask(item, world.township_secretary)


def test_asking_changes_no_deadline(world, item):
    before = item.deadline
    ask(item, world.township_officer)
    item.refresh_from_db()
    assert item.deadline == before
    assert audit.history(item).first().action == "ask_extension"


def test_only_the_township_asks(world, item, let_through):
    passed = let_through(lambda user: ask(item, user), except_for=["township_secretary", "township_officer"])
    assert passed == set()


@pytest.mark.parametrize(("days", "reason", "why"), [(0, "枯水期", "晚于"), (-3, "枯水期", "晚于"), (5, " ", "理由")])
def test_an_earlier_date_or_no_reason_is_refused(world, item, days, reason, why):
    with pytest.raises(ValidationError, match=why):
        ask(item, world.township_secretary, days, reason)


def test_a_date_beyond_two_years_is_refused(world, item):
    with pytest.raises(ValidationError, match="两年"):
        ask(item, world.township_secretary, days=800)


def test_only_one_request_is_open_at_a_time(world, item, asked):
    with pytest.raises(ValidationError, match="待审批"):
        ask(item, world.township_secretary, 60)


def test_a_long_term_item_needs_no_extension(world, item):
    long_term = services.mark_long_term(item=item, actor=world.county_officer, note="长期管护")
    with pytest.raises(ValidationError, match="长期坚持"):
        services.ask_extension(
            item=long_term, actor=world.township_secretary, new_deadline=item.deadline, reason="枯水期"
        )


def test_granting_moves_the_deadline_and_keeps_the_old_one(world, item, asked):
    old = item.deadline
    granted = services.grant_extension(extension=asked, actor=world.county_officer, note="同意。")
    item.refresh_from_db()
    assert item.deadline == granted.granted_deadline == asked.new_deadline
    assert (granted.old_deadline, item.original_deadline, granted.status) == (old, old, "GRANTED")


def test_granting_writes_two_events(world, item, asked):
    services.grant_extension(extension=asked, actor=world.county_officer, note="同意。")
    assert audit.history(item).first().action == "extend"
    assert audit.history(asked).first().action == "grant"


def test_the_county_may_grant_less_than_was_asked(world, item, asked):
    until = asked.new_deadline - timedelta(days=10)
    services.grant_extension(extension=asked, actor=world.county_officer, deadline=until)
    item.refresh_from_db()
    asked.refresh_from_db()
    assert item.deadline == until
    assert asked.new_deadline > until


def test_the_county_does_not_grant_more_than_was_asked(world, item, asked):
    with pytest.raises(ValidationError, match="不能晚于申请"):
        services.grant_extension(
            extension=asked, actor=world.county_officer, deadline=asked.new_deadline + timedelta(days=1)
        )


def test_refusing_needs_a_reason_and_leaves_the_deadline(world, item, asked):
    with pytest.raises(ValidationError, match="理由"):
        services.refuse_extension(extension=asked, actor=world.county_officer, note="")
    refused = services.refuse_extension(extension=asked, actor=world.county_officer, note="请抓紧施工。")
    before = item.deadline
    item.refresh_from_db()
    assert refused.status == "REFUSED"
    assert item.deadline == before


def test_nobody_else_decides(world, asked, let_through):
    assert let_through(lambda user: services.grant_extension(extension=asked, actor=user), except_for=OFFICE) == set()
    assert (
        let_through(lambda user: services.refuse_extension(extension=asked, actor=user, note="否"), except_for=OFFICE)
        == set()
    )


def test_deciding_twice_is_a_conflict(world, asked):
    services.grant_extension(extension=asked, actor=world.county_officer)
    with pytest.raises(Conflict):
        services.refuse_extension(extension=asked, actor=world.county_head, note="不同意")


def test_closing_ends_an_open_request(world):
    item = make.supervised_item(world)
    ask(item, world.township_secretary)
    services.verify_item(item=item, actor=world.county_officer)
    assert Extension.objects.get().status == "REFUSED"


def test_who_asked_does_not_decide_after_changing_post(world, item):
    asked = ask(item, world.township_officer)
    mover = moved(world.township_officer, to=world.county_officer)
    with pytest.raises(PermissionDenied, match="其他人"):
        services.grant_extension(extension=asked, actor=mover)
    with pytest.raises(PermissionDenied, match="其他人"):
        services.refuse_extension(extension=asked, actor=mover, note="不同意。")


def test_who_asked_does_not_make_it_long_term_after_changing_post(world, item):
    ask(item, world.township_officer)
    mover = moved(world.township_officer, to=world.county_officer)
    with pytest.raises(PermissionDenied, match="其他人"):
        services.mark_long_term(item=item, actor=mover, note="需长期坚持。")


def test_who_only_asked_for_time_does_not_sign_after_changing_post(world, item):
    ask(item, world.township_officer)
    item = make.submitted_item(world, item)
    with pytest.raises(PermissionDenied, match="其他人"):
        make.sign(item, moved(world.township_officer, to=world.discipline_officer))


def test_who_judged_does_not_ask_for_time_after_changing_post(world, supervised):
    item = services.return_item(item=supervised, actor=world.county_officer, note="照片看不清日期。")
    with pytest.raises(PermissionDenied, match="其他人"):
        ask(item, moved(world.county_officer, to=world.township_officer))


def test_the_database_lets_nobody_decide_who_put_it_right(world, item, asked):
    services.set_measures(item=item, actor=world.township_officer, measures=make.measures(item)[:1])
    mover = moved(world.township_officer, to=world.county_officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        workflow.apply(
            asked,
            "grant",
            actor=mover,
            decided_by=mover,
            decided_at=timezone.now(),
            granted_deadline=asked.new_deadline,
        )
