import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from common import audit, integrity, policy
from common.calendar import today
from rectification import services
from rectification.models import Clue, Dissent, RectificationItem
from rectification.selectors.satisfaction import satisfaction_of
from rectification.selectors.village_panel import village_panel
from rectification.services.villages import follow_villages
from tests.factories import inspections as field
from tests.factories import rectification as make
from tests.factories import villages as build
from villages import followers
from villages.followers import Merged, Moved, Readjustment
from villages.models import Village


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path


def merge(village, successor):
    Village.objects.filter(pk=village.pk).update(status="MERGED", successor=successor, valid_to="2026-01-01")
    return Merged(village.pk, successor.pk)


def test_open_items_go_to_the_successor_with_a_trace(world, item):
    follow_villages(Readjustment(world.city_roster_admin, merged=[merge(world.village, world.second_village)]))
    item.refresh_from_db()
    assert item.village == world.second_village
    assert audit.history(item).first().changes["village"] == ["龙门村", "方水村"]


def test_a_chain_of_mergers_is_followed_to_its_end(world, item):
    chain = [merge(world.village, world.second_village), merge(world.second_village, world.sibling_village)]
    follow_villages(Readjustment(world.city_roster_admin, merged=chain))
    item.refresh_from_db()
    assert (item.village, item.township) == (world.sibling_village, world.sibling_township)


def test_closed_items_stay_as_they_were_closed(world, closed):
    follow_villages(Readjustment(world.city_roster_admin, merged=[merge(world.village, world.second_village)]))
    closed.refresh_from_db()
    assert closed.village == world.village


def test_a_village_takes_its_open_items_to_another_township(world, item):
    Village.objects.filter(pk=world.village.pk).update(township=world.sibling_township)
    moved = [Moved(world.village.pk, world.sibling_township.pk)]
    follow_villages(Readjustment(world.city_roster_admin, moved=moved))
    item.refresh_from_db()
    assert item.township == world.sibling_township


def test_an_item_goes_nowhere_that_its_village_does_not(world, item):
    with pytest.raises(IntegrityError, match="建制调整"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rectification_rectificationitem SET township_id = %s WHERE id = %s",
            [world.sibling_township.pk, item.pk],
        )


def test_the_panel_of_a_village_shows_its_items(world, item):
    panel = village_panel(world.township_secretary, world.village)
    assert [row["item"] for row in panel["context"]["rows"]] == list(
        RectificationItem.objects.order_by("deadline", "id")
    )
    assert panel["context"]["total"] == 2


def test_the_panel_is_absent_for_others(world, item):
    assert village_panel(world.sibling_township_secretary, world.village) is None
    assert village_panel(world.sysadmin, world.village) is None


def test_a_restored_village_gets_back_what_is_still_open(world, item):
    build.merge(world.village, world.second_village)
    build.restore(world.village)
    item.refresh_from_db()
    assert item.village == world.village
    assert audit.history(item).first().changes["village"] == ["方水村", "龙门村"]


def test_an_item_fed_back_after_the_merger_goes_back_with_its_inspection(world):
    feedback = make.drafted_feedback(world)
    build.merge(world.village, world.second_village)
    feedback.refresh_from_db()
    items = services.hand_over(feedback=feedback, actor=world.county_head)
    assert {one.village for one in items} == {world.second_village}
    build.restore(world.village)
    assert {one.village for one in RectificationItem.objects.all()} == {world.village}


def test_an_item_reopened_after_the_merger_goes_on_in_the_successor(world, closed):
    build.merge(world.village, world.second_village)
    item = services.reopen_item(item=closed, actor=world.county_head, note="复查发现又有反弹")
    assert (item.village, item.is_open) == (world.second_village, True)


def test_an_item_of_a_withdrawn_village_cannot_be_reopened(world, closed):
    Village.objects.filter(pk=world.village.pk).update(status="WITHDRAWN", valid_to="2026-01-01")
    with pytest.raises(ValidationError, match="已经撤销"):
        services.reopen_item(item=closed, actor=world.county_head, note="复查发现又有反弹")


def test_a_village_with_open_items_cannot_be_withdrawn(world, item):
    with pytest.raises(ValidationError, match="还有未销号的整改 2 件、未办结的巡察 1 次，不能撤销"):
        followers.follow(Readjustment(None, withdrawn=[world.village.pk]))


def test_the_old_village_shows_the_items_that_went_on(world, item):
    build.merge(world.village, world.second_village)
    panel = village_panel(world.township_secretary, Village.objects.get(pk=world.village.pk))
    assert [row["left"] for row in panel["context"]["rows"]] == [True, True]


def test_an_open_item_left_in_an_ended_village_is_found(world, item):
    merge(world.village, world.second_village)
    told = "\n".join(line for one in integrity.ask() for line in one.found)
    assert f"整改事项 {item.number} 还没有销号，却留在已并入的龙门村" in told


def test_nothing_is_found_when_the_items_went_along(world, item):
    build.merge(world.village, world.second_village)
    assert [line for one in integrity.ask() for line in one.found] == []


def test_what_belongs_to_an_item_goes_along_with_it(world, item):
    """The successor's people find receipts, objections and counts where the item is; the old village's do not."""
    party = RectificationItem.objects.get(finding__checklist_item__party_building=True)
    services.receive_item(item=party, actor=world.org_officer)
    submitted = make.submitted_item(world, item)
    make.sign(submitted, world.discipline_officer)
    make.sign(submitted, world.supervisor, "OBJECT")
    poll = {"channel": "VISIT", "asked": 9, "satisfied": 9, "fair": 0, "polled_on": submitted.assigned_on}
    services.record_poll(item=submitted, actor=world.discipline_officer, key=uuid.uuid4(), **poll)
    build.merge(world.village, world.second_village)
    party.refresh_from_db()
    assert (party.village, party.party_receipt.signer) == (world.second_village, world.org_officer)
    (dissent,) = policy.visible(world.county_officer, Dissent.objects.all())
    assert dissent.item.village == world.second_village
    assert satisfaction_of(dissent.item).asked == 9


def test_a_draw_shows_the_item_where_its_village_went(world, closed):
    line = make.lookback(world).lines.get()
    build.merge(world.village, world.second_village)
    seen = {"checked_on": today(), "place": "公开栏", "seen": "账目又没有公示。"}
    services.record_lookback(line=line, actor=world.county_head, result="BAD", **seen)
    closed.refresh_from_db()
    assert (closed.village, closed.is_open) == (world.second_village, True)


def test_a_clue_stays_in_its_county_whatever_becomes_of_the_village(world):
    make.deadlines()
    clue = make.sent_clue(world, field.running_inspection(world))
    build.merge(world.village, world.second_village)
    clue = services.receive_clue(clue=clue, actor=world.county_discipline)
    assert (clue.county, clue.status) == (world.county, "RECEIVED")
    assert list(policy.visible(world.county_head, Clue.objects.all())) == [clue]
