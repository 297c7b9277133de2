"""Who acts is whom the event names, at their own place and in their own turn, whatever SQL says."""

import pytest
from django.db import transaction

from accounts.models import User
from rectification import services
from tests.factories import rectification as make
from tests.rectification.by_sql import ITEM, asked, close, insert_check, refused, run, told


def moved(person, seat):
    """The person sits in another's unit and post now, as SQL could also make it."""
    User.objects.filter(pk=person.pk).update(organ=seat.organ, post=seat.post)


SAID = "没有本环节人员的办理记录"
ONLY_THEN = "只在办理时写入"


def test_who_took_part_does_not_close_by_naming_others(world, supervised):
    moved(world.township_secretary, world.county_officer)
    told(supervised, world.township_secretary, "CLOSED")
    refused(
        f"UPDATE {ITEM} SET status = 'CLOSED', closed_at = now(), closed_by_id = %s,"
        " submitted_by_id = %s, accepted_by_id = %s WHERE id = %s",
        world.township_secretary.pk,
        world.township_officer.pk,
        world.township_officer.pk,
        supervised.pk,
        match=ONLY_THEN,
    )


@pytest.mark.parametrize("column", ["accepted_by_id", "submitted_by_id"])
def test_who_accepted_and_submitted_is_not_rewritten(world, supervised, column):
    refused(f"UPDATE {ITEM} SET {column} = %s WHERE id = %s", world.township_officer.pk, supervised.pk, match=ONLY_THEN)


@pytest.mark.parametrize("column", ["accepted_at", "submitted_at"])
def test_when_it_was_accepted_and_submitted_is_not_rewritten(world, supervised, column):
    refused(f"UPDATE {ITEM} SET {column} = now() - interval '9 days' WHERE id = %s", supervised.pk, match=ONLY_THEN)


def test_who_submitted_an_earlier_attempt_does_not_close(world, supervised):
    item = services.return_item(item=supervised, actor=world.county_officer, note="照片看不清日期。")
    services.report_progress(item=item, actor=world.village_secretary, text="重拍。", files=[make.photo()])
    item = services.submit_item(item=item, actor=world.township_officer)
    for signer in make.signers(world):
        make.sign(item, signer)
    item.refresh_from_db()
    moved(world.village_secretary, world.county_officer)
    told(item, world.village_secretary, "CLOSED")
    refused(*close(item, world.village_secretary), match="未参与整改")


def accept(item, by):
    return (
        f"UPDATE {ITEM} SET status = 'IN_PROGRESS', accepted_at = now(), accepted_by_id = %s WHERE id = %s",
        by.pk,
        item.pk,
    )


def planned(world, item):
    services.set_measures(item=item, actor=world.township_secretary, measures=make.measures(item))
    services.assign_responsibles(item=item, actor=world.township_secretary, people=make.people())


@pytest.mark.parametrize("name", ["other_county_officer", "sibling_township_secretary", "village_secretary"])
def test_an_item_is_not_accepted_by_others(world, assigned, name):
    planned(world, assigned)
    told(assigned, getattr(world, name), "IN_PROGRESS", action="accept")
    refused(*accept(assigned, getattr(world, name)), match="本乡镇党委")


@pytest.mark.parametrize("lacking", ["measure", "responsible"])
def test_an_item_is_not_accepted_without_measures_and_the_four(world, assigned, lacking):
    planned(world, assigned)
    with transaction.atomic():
        told(assigned, world.township_secretary, "IN_PROGRESS", action="accept")
        run(f"DELETE FROM rectification_{lacking} WHERE id = (SELECT max(id) FROM rectification_{lacking})")
        if lacking == "measure":
            run("DELETE FROM rectification_measure WHERE item_id = %s", assigned.pk)
    refused(*accept(assigned, world.township_secretary), match="整改措施和“四抓”")


def test_no_move_without_an_event(world, assigned):
    planned(world, assigned)
    refused(*accept(assigned, world.township_secretary), match=SAID)
    told(assigned, world.township_officer, "IN_PROGRESS", action="accept")
    refused(*accept(assigned, world.township_secretary), match=SAID)
    told(assigned, world.township_secretary, "IN_PROGRESS", action="accept")
    run(*accept(assigned, world.township_secretary))


@pytest.mark.parametrize("name", ["county_officer", "township_secretary", "other_county_head"])
def test_a_closed_item_is_reopened_by_the_countys_head_only(world, closed, name):
    told(closed, getattr(world, name), "IN_PROGRESS", action="reopen")
    sql = f"UPDATE {ITEM} SET status = 'IN_PROGRESS', attempt = 2, closed_at = NULL, closed_by_id = NULL WHERE id = %s"
    refused(sql, closed.pk, match=SAID)
    told(closed, world.county_head, "IN_PROGRESS", action="reopen")
    run(sql, closed.pk)


def test_a_submitted_item_comes_back_only_with_a_failed_check(world, submitted):
    told(submitted, world.discipline_officer, "IN_PROGRESS", action="send_back")
    refused(f"UPDATE {ITEM} SET status = 'IN_PROGRESS', attempt = 2 WHERE id = %s", submitted.pk, match=SAID)


@pytest.mark.parametrize("name", ["township_secretary", "other_county_officer", None])
def test_a_deadline_moves_only_by_the_countys_office(world, item, name):
    if name:
        later = item.deadline.replace(year=2099).isoformat()
        told(item, getattr(world, name), item.status, action="extend", deadline=[None, later])
    refused(f"UPDATE {ITEM} SET deadline = '2099-01-01' WHERE id = %s", item.pk, match="时限须由")


def test_a_deadline_moves_only_to_the_day_on_record(world, item):
    told(item, world.county_officer, item.status, action="extend", deadline=[None, "2098-12-31"])
    refused(f"UPDATE {ITEM} SET deadline = '2099-01-01' WHERE id = %s", item.pk, match="时限须由")
    run(f"UPDATE {ITEM} SET deadline = '2098-12-31' WHERE id = %s", item.pk)


def test_a_signature_without_an_event_is_refused(world, submitted):
    refused(*insert_check(submitted, world.supervisor, "VILLAGE_SUPERVISORY_COMMITTEE"), match="没有办理记录")


@pytest.mark.parametrize("name", ["township_secretary", "township_officer", "other_county_officer"])
def test_an_extension_is_not_granted_by_others(world, item, name):
    extension, actor = asked(world, item), getattr(world, name)
    told(extension, actor, "GRANTED", action="grant")
    sql = (
        "UPDATE rectification_extension SET status = 'GRANTED', decided_at = now(), granted_deadline = new_deadline,"
        " decided_by_id = %s WHERE id = %s"
    )
    refused(sql, actor.pk, extension.pk, match="须由本县巡察办审批")
    refused(sql, world.county_officer.pk, extension.pk, match="须由本县巡察办审批")


def test_who_asked_does_not_decide_from_another_seat(world, item):
    extension = asked(world, item)
    moved(world.township_secretary, world.county_officer)
    told(extension, world.township_secretary, "REFUSED", action="refuse")
    refused(
        "UPDATE rectification_extension SET status = 'REFUSED', decided_at = now(), decided_by_id = %s WHERE id = %s",
        world.township_secretary.pk,
        extension.pk,
        match="须由本县巡察办审批",
    )


@pytest.mark.parametrize("change", ["new_deadline = '2099-01-01'", "reason = '改'", "asked_by_id = decided_by_id"])
def test_a_request_is_not_rewritten(world, item, change):
    refused(f"UPDATE rectification_extension SET {change} WHERE id = %s", asked(world, item).pk, match="不能修改")
