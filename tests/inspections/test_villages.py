"""What a village's page shows of inspections, and how inspections follow a village (B1, B5)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import audit, integrity
from common.calendar import today
from common.errors import Conflict
from inspections import services
from inspections.enums import Stage
from inspections.models import Feedback, Finding, Inspection, PlanEntry
from inspections.selectors.village_panel import findings_panel, village_panel
from inspections.services.villages import follow_villages
from tests.factories import inspections as build
from tests.factories.villages import merge, restore
from villages import followers
from villages.enums import VillageStatus
from villages.followers import Moved, Readjustment
from villages.models import Village


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path


def shown(world, name, village):
    panel = village_panel(build.fresh(getattr(world, name)), village)
    return panel and [one.village for one in panel["context"]["inspections"]]


def test_office_sees_the_villages_inspections(world):
    build.running_inspection(world)
    assert shown(world, "county_officer", world.village) == [world.village]
    assert shown(world, "county_officer", world.second_village) == []


def test_inspections_of_a_merged_village_are_shown_on_its_successor(world):
    build.closed_inspection(world)
    merge(world.village, world.second_village)
    merge(world.second_village, world.sibling_village)
    assert shown(world, "county_officer", world.sibling_village) == [world.village]


def test_village_page_lists_its_inspections(world, signed_in):
    inspection = build.running_inspection(world)
    url = reverse("villages:detail", args=[world.village.division.code])
    assert inspection.get_absolute_url() in signed_in(world.county_officer).get(url).content.decode()
    assert inspection.get_absolute_url() not in signed_in(world.township_secretary).get(url).content.decode()


def test_township_gets_no_panel(world):
    build.running_inspection(world)
    assert shown(world, "township_secretary", world.village) is None


def told(world, name, village):
    panel = findings_panel(build.fresh(getattr(world, name)), village)
    return panel and [one.title for one in panel["context"]["findings"]]


def test_findings_are_told_as_far_as_one_may_see_them(world):
    finding = build.draft_finding(world)
    for name in ("county_officer", "leading_group", "team_member"):
        assert told(world, name, world.village) == [finding.title]
    for name in ("city_officer", "township_secretary", "village_secretary", "other_county_officer"):
        assert told(world, name, world.village) is None
    assert told(world, "county_officer", world.second_village) is None


def test_findings_of_a_merged_village_are_told_on_its_successor(world, signed_in):
    inspection = build.closed_inspection(world)
    merge(world.village, world.sibling_village)
    finding = inspection.findings.get()
    assert told(world, "county_officer", world.sibling_village) == [finding.title]
    url = reverse("villages:detail", args=[world.sibling_village.division.code])
    assert finding.get_absolute_url() in signed_in(world.county_officer).get(url).content.decode()


def move(world):
    Village.objects.filter(pk=world.village.pk).update(township=world.sibling_township)
    follow_villages(Readjustment(world.roster_admin, moved=[Moved(world.village.pk, world.sibling_township.pk)]))


def test_open_inspection_and_its_findings_follow_the_village(world):
    feedback = build.feedback_draft(world)
    move(world)
    places = {
        Inspection.objects.get().township,
        Finding.objects.get().township,
        Feedback.objects.get(pk=feedback.pk).township,
    }
    assert places == {world.sibling_township}


def test_what_is_closed_keeps_the_place_it_had(world):
    build.closed_inspection(world)
    move(world)
    assert {Inspection.objects.get().township, Finding.objects.get().township} == {world.township}


# ------------------------------------------------------------------- mergers


def test_an_open_inspection_goes_on_at_the_successor_with_its_findings_and_draft(world):
    feedback = build.feedback_draft(world)
    merge(world.village, world.sibling_village, actor=world.roster_admin)
    inspection = Inspection.objects.get()
    assert (inspection.village, inspection.township, inspection.origin) == (
        world.sibling_village,
        world.sibling_township,
        world.village,
    )
    assert {Finding.objects.get().village, Feedback.objects.get(pk=feedback.pk).village} == {world.sibling_village}


def test_the_move_is_on_record_and_told(world, signed_in):
    inspection = build.running_inspection(world)
    merge(world.village, world.sibling_village, actor=world.roster_admin)
    event = audit.history(inspection).first()
    assert event.changes == {"village": ["龙门村", "二社村"], "township": ["青义镇", "丰谷镇"]}
    page = signed_in(world.county_officer).get(inspection.get_absolute_url()).content.decode()
    assert "龙门村 → 二社村，青义镇 → 丰谷镇" in page
    assert "原龙门村" in page


def test_both_villages_show_an_inspection_that_moved(world, signed_in):
    build.running_inspection(world)
    merge(world.village, world.second_village)
    pages = [
        signed_in(world.county_officer).get(reverse("villages:detail", args=[one.division.code])).content.decode()
        for one in (world.village, world.second_village)
    ]
    assert "已转入青义镇 方水村" in pages[0]
    assert "原青义镇 龙门村" in pages[1]


def test_a_closed_inspection_stays_where_it_was(world):
    inspection = build.closed_inspection(world)
    merge(world.village, world.second_village)
    inspection.refresh_from_db()
    assert (inspection.village, inspection.origin) == (world.village, None)


def test_two_open_inspections_of_a_round_go_on_side_by_side_when_their_villages_merge(world):
    build.opened_round(world, [build.classed(world), build.classed(world, world.second_village)])
    merge(world.village, world.second_village)
    rows = Inspection.objects.filter(village=world.second_village).order_by("origin")
    assert {one.origin for one in rows} == {None, world.village}


def test_a_chain_keeps_the_first_village(world):
    build.running_inspection(world)
    merge(world.village, world.second_village)
    merge(world.second_village, world.sibling_village)
    inspection = Inspection.objects.get()
    assert (inspection.village, inspection.origin) == (world.sibling_village, world.village)


def test_the_database_refuses_a_second_inspection_of_a_village_in_a_round(world):
    inspection = build.running_inspection(world)
    inspection.pk, inspection.number, inspection.status = None, "FC-X", Stage.BEFORE
    with pytest.raises(IntegrityError, match="inspection_once_a_round"), transaction.atomic():
        inspection.save(force_insert=True)


def test_places_on_a_plan_not_begun_become_the_successors(world):
    plan = build.approved_plan(world)
    merge(world.village, world.second_village, actor=world.roster_admin)
    entry = PlanEntry.objects.get()
    assert (entry.village, entry.origin) == (world.second_village, world.village)
    assert audit.history(plan).first().note == "龙门村 → 方水村"


def test_places_on_a_round_that_has_begun_stay_as_they_were(world):
    build.opened_round(world)
    merge(world.village, world.second_village)
    assert PlanEntry.objects.get().village == world.village


def test_a_plan_that_had_both_shows_both(world, signed_in):
    plan = build.approved_plan(world, [build.classed(world), build.classed(world, world.second_village)])
    merge(world.village, world.second_village)
    page = signed_in(world.county_officer).get(plan.get_absolute_url()).content.decode()
    assert PlanEntry.objects.filter(village=world.second_village).count() == 2
    assert "原龙门村" in page


def test_a_restored_village_gets_back_what_is_still_open(world):
    build.running_inspection(world)
    merge(world.village, world.second_village)
    restore(world.village)
    inspection = Inspection.objects.get()
    assert (inspection.village, inspection.origin) == (world.village, None)


def test_a_restored_link_of_a_chain_takes_back_what_came_through_it(world):
    build.running_inspection(world)
    merge(world.village, world.second_village)
    merge(world.second_village, world.sibling_village)
    restore(world.second_village)
    inspection = Inspection.objects.get()
    assert (inspection.village, inspection.origin) == (world.second_village, world.village)


def test_a_restored_village_gets_back_its_place_on_a_plan(world):
    build.approved_plan(world, [build.classed(world), build.classed(world, world.second_village)])
    merge(world.village, world.second_village)
    restore(world.village)
    assert {(one.village, one.origin) for one in PlanEntry.objects.all()} == {
        (world.village, None),
        (world.second_village, None),
    }


def test_a_village_under_inspection_cannot_be_withdrawn(world):
    build.running_inspection(world)
    with pytest.raises(ValidationError, match="青义镇 龙门村”还有未办结的巡察 1 次，不能撤销"):
        followers.follow(Readjustment(None, withdrawn=[world.village.pk]))


def test_everything_adds_up_after_a_merger(world, settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path  # files that other tests left behind are not of this story
    feedback = build.issued_feedback(world)
    merge(world.village, world.second_village)
    assert [line for one in integrity.ask() for line in one.found if "没有整改事项" not in line] == []
    services.close_inspection(inspection=feedback.inspection, actor=world.county_officer)
    assert Inspection.objects.get().status == Stage.CLOSED


def test_what_was_left_behind_is_found(world):
    build.running_inspection(world)
    Village.objects.filter(pk=world.village.pk).update(
        status=VillageStatus.MERGED, successor=world.second_village, valid_to="2026-01-01"
    )
    told = "\n".join(line for one in integrity.ask() for line in one.found)
    assert "还没有办结，却留在已并入的龙门村" in told


def test_a_plan_that_was_left_behind_is_found(world):
    build.approved_plan(world)
    Village.objects.filter(pk=world.village.pk).update(
        status=VillageStatus.MERGED, successor=world.second_village, valid_to="2026-01-01"
    )
    told = "\n".join(line for one in integrity.ask() for line in one.found)
    assert "第 1 轮还列着已并入他村的龙门村" in told


# ----------------------------------------------------------------- 上次巡察


def last_day(village):
    return Village.objects.get(pk=village.pk).last_inspected_on


def test_a_closed_inspection_is_the_villages_last_one(world):
    feedback = build.issued_feedback(world)
    assert last_day(world.village) is None
    with CaptureQueriesContext(connection) as queries:
        services.close_inspection(inspection=feedback.inspection, actor=world.county_officer)
    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) == 9
    assert last_day(world.village) == today()


def test_the_last_inspection_follows_a_merger_and_a_return(world):
    feedback = build.issued_feedback(world)
    merge(world.village, world.second_village)
    services.close_inspection(inspection=Inspection.objects.get(pk=feedback.inspection_id), actor=world.county_officer)
    assert (last_day(world.village), last_day(world.second_village)) == (None, today())
    restore(world.village)
    assert last_day(world.village) == today()


def test_the_successor_takes_over_the_day_of_a_merged_village(world):
    build.closed_inspection(world)
    merge(world.village, world.second_village)
    assert last_day(world.second_village) == today()


def test_an_inspection_that_is_not_left_yet_is_refused_by_its_stage(world):
    inspection = build.arranged_inspection(world)
    with pytest.raises(Conflict, match="巡前"):
        services.close_inspection(inspection=inspection, actor=world.county_officer)
