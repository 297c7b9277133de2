"""What a village's page shows of inspections, and how inspections follow a village (B1, B5)."""

from django.urls import reverse

from inspections.models import Feedback, Finding, Inspection
from inspections.selectors.village_panel import village_panel
from inspections.services.villages import follow_villages
from tests.factories import inspections as build
from villages.enums import VillageStatus
from villages.followers import Moved, Readjustment
from villages.models import Village


def shown(world, name, village):
    panel = village_panel(build.fresh(getattr(world, name)), village)
    return panel and [one.village for one in panel["context"]["inspections"]]


def test_office_sees_the_villages_inspections(world):
    build.running_inspection(world)
    assert shown(world, "county_officer", world.village) == [world.village]
    assert shown(world, "county_officer", world.second_village) == []


def test_inspections_of_a_merged_village_are_shown_on_its_successor(world):
    build.running_inspection(world)
    Village.objects.filter(pk=world.village.pk).update(
        status=VillageStatus.MERGED, successor=world.second_village, valid_to="2026-01-01"
    )
    assert shown(world, "county_officer", world.second_village) == [world.village]


def test_village_page_lists_its_inspections(world, signed_in):
    inspection = build.running_inspection(world)
    url = reverse("villages:detail", args=[world.village.division.code])
    assert inspection.get_absolute_url() in signed_in(world.county_officer).get(url).content.decode()
    assert inspection.get_absolute_url() not in signed_in(world.township_secretary).get(url).content.decode()


def test_township_gets_no_panel(world):
    build.running_inspection(world)
    assert shown(world, "township_secretary", world.village) is None


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
