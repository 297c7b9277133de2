"""Two people at once: one wins, the other is told, and nothing is written twice."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.models import User
from common.errors import Conflict
from common.models import AuditEvent
from inspections.models import Feedback
from rectification import services
from rectification.models import Receipt, RectificationItem, SupervisionCheck, UrgeLetter
from tests.factories import rectification as make
from tests.factories.world import change

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls together; what each returned or raised."""
    barrier, outcomes = Barrier(len(calls)), [None] * len(calls)

    def run(index, call):
        barrier.wait()
        try:
            outcomes[index] = call()
        except Exception as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=one) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def conflicts(outcomes):
    others = [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, Conflict)]
    assert not others
    return sum(isinstance(one, Conflict) for one in outcomes)


def test_two_verify_at_once_and_one_wins(world):
    item = make.supervised_item(world)
    outcomes = at_once(
        lambda: services.verify_item(item=item, actor=world.county_officer, opinion="甲"),
        lambda: services.verify_item(item=item, actor=world.county_head, opinion="乙"),
    )
    assert conflicts(outcomes) == 1
    assert AuditEvent.objects.filter(action="verify").count() == 1


def test_verify_and_return_at_once_make_one_of_the_two(world):
    item = make.supervised_item(world)
    outcomes = at_once(
        lambda: services.verify_item(item=item, actor=world.county_officer),
        lambda: services.return_item(item=item, actor=world.county_head, note="照片不清"),
    )
    assert conflicts(outcomes) == 1
    assert AuditEvent.objects.filter(action__in=["verify", "return"]).count() == 1


def test_all_three_sign_at_once_and_the_item_moves_on_once(world):
    item = make.submitted_item(world)
    outcomes = at_once(*[lambda who=who: make.sign(item, who) for who in make.signers(world)])
    item.refresh_from_db()
    assert conflicts(outcomes) == 0
    assert item.status == "UNDER_VERIFICATION"
    assert AuditEvent.objects.filter(action="supervised").count() == 1


def test_the_same_signature_pressed_twice_is_one(world):
    item = make.submitted_item(world)
    outcomes = at_once(lambda: make.sign(item, world.supervisor), lambda: make.sign(item, world.supervisor))
    assert conflicts(outcomes) == 1
    assert SupervisionCheck.objects.count() == 1


def test_issued_twice_at_once_the_items_are_made_once(world):
    feedback = make.drafted_feedback(world)
    outcomes = at_once(*[lambda: services.hand_over(feedback=feedback, actor=world.county_head)] * 2)
    assert conflicts(outcomes) == 1
    assert RectificationItem.objects.count() == 2
    assert Feedback.objects.get().status == "ISSUED"


def test_a_report_and_a_submission_at_once_leave_no_report_behind_the_door(world):
    item = make.reported_item(world)
    outcomes = at_once(
        lambda: services.submit_item(item=item, actor=world.township_secretary),
        lambda: services.report_progress(item=item, actor=world.village_secretary, text="又补了一张照片。"),
    )
    item.refresh_from_db()
    assert item.status == "UNDER_SUPERVISION"
    assert item.reports.count() == 2 - conflicts(outcomes)


def test_urged_by_two_at_once_there_is_one_letter_though_nobody_is_there_to_read_it(world):
    item = make.supervised_item(world)
    change(*User.objects.filter(organ__division__in=(item.township, item.village.division)), is_active=False)
    outcomes = at_once(
        *[
            lambda who=who: services.urge_items(items=[item], actor=who)
            for who in (world.county_officer, world.county_head)
        ]
    )
    assert conflicts(outcomes) == 0
    assert UrgeLetter.objects.count() == 1


def test_two_accept_items_of_one_feedback_at_once_and_it_is_received_once(world):
    items = make.assigned_items(world)[:2]
    people = (world.township_secretary, world.township_officer)
    outcomes = at_once(
        *[
            lambda item=item, who=who: services.accept_item(
                item=item, actor=who, measures=make.measures(item), people=make.people()
            )
            for item, who in zip(items, people, strict=True)
        ]
    )
    assert conflicts(outcomes) == 0
    assert Receipt.objects.count() == 1
