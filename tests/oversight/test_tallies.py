"""The boards' counters: what every kind of change leaves in them, and that a recount finds the same."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from common import integrity, workflow
from common.calendar import today
from oversight.models import ContentTally, FindingTally, ItemTally
from oversight.selectors.board import Asked, figures
from oversight.selectors.tallies import counted, kept, rows
from oversight.services import sum_up
from oversight.tasks import sum_up_tallies
from rectification import services
from rectification.models import RectificationItem
from tests.factories import rectification as make

pytestmark = pytest.mark.usefixtures("reference_data")
WRONG = "看板的计数与逐条重算一致"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path


def wrong() -> list[str]:
    return next(one.found for one in integrity.ask() if one.label == WRONG)


def by_status() -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows(kept(ItemTally)):
        if row[3]:
            found[row[3]] = found.get(row[3], 0) + row[8]
    return found


def test_each_step_of_an_item_is_counted_at_once(world):
    item = make.assigned_items(world, findings=2)[0]
    assert by_status() == {"ASSIGNED": 2}
    item = make.open_item(world, item)
    assert by_status() == {"ASSIGNED": 1, "IN_PROGRESS": 1}
    make.closed_item(world, item)
    assert by_status() == {"ASSIGNED": 1, "CLOSED": 1}
    assert sum(row[-1] for row in rows(kept(FindingTally))) == 2
    assert wrong() == []


def test_what_one_statement_does_to_many_is_counted_as_well(world):
    day = today() + timedelta(days=120)
    make.assigned_items(world, findings=3)
    given = {"actor": world.county_officer, "note": "按方案调整", "deadline": day}
    workflow.apply_all(list(RectificationItem.objects.order_by("id")), "extend", **given)
    assert [(row[1], row[4], row[8]) for row in rows(kept(ItemTally)) if row[4]] == [(world.township.pk, day, 3)]
    assert wrong() == []


def test_what_villagers_said_counts_for_the_attempt_at_hand(world):
    item = make.supervised_item(world)
    assert rows(kept(ContentTally)) == []
    make.poll(world, item, asked=20, satisfied=8, fair=3)
    make.poll(world, item, asked=10, satisfied=5, fair=5)
    assert [row[-3:] for row in rows(kept(ContentTally))] == [(1, 30, 21)]
    assert wrong() == []
    services.return_item(item=item, actor=world.county_officer, note="群众不满意，重新整改。")
    assert rows(kept(ContentTally)) == []
    assert wrong() == []


def test_an_update_that_moves_nothing_adds_nothing(world):
    make.assigned_items(world, findings=1)
    before = ItemTally.objects.count()
    RectificationItem.objects.update(updated_at="2026-01-01T00:00:00Z")
    assert ItemTally.objects.count() == before


def test_summing_up_changes_no_figure_and_leaves_one_row_for_each(world):
    make.closed_item(world)
    before = sorted(rows(kept(ItemTally)), key=str), sorted(rows(kept(FindingTally)), key=str)
    board = vars(figures(Asked(world.city_officer)))
    sum_up_tallies()
    assert vars(figures(Asked(world.city_officer))) == board | {"asked": Asked(world.city_officer)}
    assert (sorted(rows(kept(ItemTally)), key=str), sorted(rows(kept(FindingTally)), key=str)) == before
    assert ItemTally.objects.count() == len(before[0])
    sum_up()
    assert wrong() == []


def test_a_count_gone_wrong_is_found_and_mended(world):
    make.closed_item(world)
    assert wrong() == []
    ItemTally.objects.filter(status="CLOSED", n=1).update(n=3)
    FindingTally.objects.all().delete()
    assert any("记为 3，实为 1" in line for line in wrong())
    assert any("记为 0，实为" in line for line in wrong())
    call_command("recount_boards", verbosity=0)
    assert wrong() == []
    assert sorted(rows(kept(ItemTally)), key=str) == sorted(rows(counted(ItemTally)), key=str)
