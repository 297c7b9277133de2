"""A special inspection names its theme and its part of the checklist (C1, C3, D2)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from inspections import services
from inspections.enums import Mode
from tests.factories import inspections as build

SPECIAL = {"mode": Mode.SPECIAL, "mode_reason": "集中反映"}


def arrange(world, inspection, **changes):
    return services.arrange(inspection=inspection, actor=world.county_officer, **SPECIAL | changes)


def test_one_of_the_five_themes_brings_its_points(world):
    inspection = arrange(world, build.arranged_inspection(world), theme="基层“微腐败”")
    assert inspection.focus == ["B1", "B2"]


def test_a_theme_of_ones_own_needs_its_points_before_entering(world):
    inspection = arrange(world, build.arranged_inspection(world), theme="惠民补贴")
    build.finish_duties(world, inspection)
    with pytest.raises(ValidationError, match="请在“调整方案”里选定清单范围"):
        services.enter_inspection(inspection=inspection, actor=world.team_leader)
    inspection = arrange(world, inspection, theme="惠民补贴", focus=["B1"])
    assert services.enter_inspection(inspection=inspection, actor=world.team_leader).focus == ["B1"]


def test_points_that_the_list_does_not_have_are_refused(world):
    with pytest.raises(ValidationError) as caught:
        arrange(world, build.arranged_inspection(world), theme="惠民补贴", focus=["Z9"])
    assert "focus" in caught.value.error_dict


def test_another_mode_is_about_the_whole_list_again(world):
    inspection = arrange(world, build.arranged_inspection(world), theme="惠民补贴", focus=["B1"])
    assert services.arrange(inspection=inspection, actor=world.county_officer, mode=Mode.REGULAR).focus == []


def test_recording_begins_with_the_points_and_reaches_the_whole_list(world, signed_in):
    inspection = build.running_inspection(world)
    arrange(world, inspection, theme="惠民补贴", focus=["B1"])
    client, url = signed_in(world.team_member), reverse("inspections:finding_new", args=[inspection.pk])
    page = client.get(url).content.decode()
    assert "惠民补贴发放不公开" in page
    assert "村集体资金账目不清" not in page
    assert "村集体资金账目不清" in client.get(url, {"all": "1"}).content.decode()
    assert "村集体资金账目不清" in client.get(url, {"q": "资金"}).content.decode()


def test_page_takes_points_and_dates_that_follow_the_mode(world, signed_in):
    inspection = build.arranged_inspection(world)
    url = reverse("inspections:arrange", args=[inspection.pk])
    values = {"theme": "惠民补贴", "focus": ["B2"], "version": inspection.version} | SPECIAL
    values |= {"planned_from": inspection.planned_from, "planned_to": inspection.planned_to}
    assert signed_in(world.county_officer).post(url, values).status_code == 302
    inspection.refresh_from_db()
    assert inspection.focus == ["B2"]
    assert (inspection.planned_to - inspection.planned_from).days == 6
