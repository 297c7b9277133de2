import pytest
from django.db import IntegrityError, connection, transaction

from common import audit
from rectification.models import RectificationItem
from rectification.selectors.village_panel import village_panel
from rectification.services.villages import follow_villages
from villages.followers import Merged, Moved, Readjustment
from villages.models import Village


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
