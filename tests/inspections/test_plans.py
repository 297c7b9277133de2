"""年度计划: villages, modes, approval and filing (D2, G1)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from common.audit import history
from common.calendar import today
from common.errors import Conflict
from inspections import services
from inspections.enums import Mode, PlanStatus
from inspections.models import AnnualPlan
from tests.factories import inspections as build
from villages.enums import VillageClass, VillageStatus
from villages.models import Village


def add(world, plan, village, **options):
    values = {"wave": 1, "actor": world.county_officer} | options
    return services.add_to_plan(plan=plan, villages=[village], **values)


def test_plan_walks_from_draft_to_filed(world):
    plan = services.file_plan(plan=build.approved_plan(world), actor=world.county_officer)
    verbs = [one.action for one in history(plan)]
    assert plan.status == PlanStatus.FILED
    assert verbs == ["file", "approve", "submit", "add_to_plan", "create_plan"]


def test_one_plan_a_county_and_year(world):
    build.draft_plan(world, [])
    with pytest.raises(ValidationError, match="已经建立"):
        services.create_plan(county=world.county, year=today().year, actor=world.county_officer)


def test_no_plan_outside_a_term(world):
    build.term(world)
    with pytest.raises(ValidationError, match="届期"):
        services.create_plan(county=world.county, year=today().year + 9, actor=world.county_officer)


@pytest.mark.parametrize("name", ["other_county_officer", "city_officer", "leading_group", "township_secretary"])
def test_only_the_county_office_makes_its_plan(world, name):
    build.term(world)
    with pytest.raises(PermissionDenied):
        services.create_plan(county=world.county, year=today().year, actor=getattr(world, name))


def test_village_without_approved_class_cannot_be_planned(world):
    plan = build.draft_plan(world, [])
    with pytest.raises(ValidationError, match="龙门村"):
        add(world, plan, world.village)


def test_village_of_another_county_cannot_be_planned(world):
    plan = build.draft_plan(world, [])
    with pytest.raises(ValidationError, match="不是本县的村"):
        add(world, plan, build.classed(world, world.other_village))


def test_merged_village_cannot_be_planned(world):
    plan, village = build.draft_plan(world, []), build.classed(world)
    Village.objects.filter(pk=village.pk).update(
        status=VillageStatus.MERGED, successor=world.second_village, valid_to="2026-01-01"
    )
    with pytest.raises(ValidationError, match="已并入"):
        add(world, plan, Village.objects.get(pk=village.pk))


@pytest.mark.parametrize(
    ("klass", "mode"),
    [
        (VillageClass.KEY_FOCUS, Mode.REGULAR),
        (VillageClass.RISK, Mode.CROSS),
        (VillageClass.ORDINARY, Mode.MOBILE),
    ],
)
def test_mode_follows_from_the_class(world, klass, mode):
    plan = build.draft_plan(world, [])
    [entry] = add(world, plan, build.classed(world, klass=klass))
    assert (entry.klass, entry.mode) == (klass, mode)


def test_another_mode_needs_a_reason(world):
    plan, village = build.draft_plan(world, []), build.classed(world)
    with pytest.raises(ValidationError) as caught:
        add(world, plan, village, mode=Mode.MOBILE)
    assert "mode_reason" in caught.value.error_dict
    [entry] = add(world, plan, village, mode=Mode.MOBILE, mode_reason="常规巡察刚结束，机动核查")
    assert entry.mode_reason == "常规巡察刚结束，机动核查"


def test_special_inspection_names_its_theme(world):
    plan, village = build.draft_plan(world, []), build.classed(world, klass=VillageClass.RISK)
    with pytest.raises(ValidationError) as caught:
        add(world, plan, village, mode=Mode.SPECIAL)
    assert "theme" in caught.value.error_dict
    [entry] = add(world, plan, village, mode=Mode.SPECIAL, theme="“三资”管理", mode_reason="不需要")
    assert (entry.theme, entry.mode_reason) == ("“三资”管理", "")


def test_adding_twice_changes_nothing(world):
    plan = build.draft_plan(world)
    village = plan.entries.get().village
    assert add(world, plan, village, wave=2) == []
    assert plan.entries.get().wave == 1


@pytest.mark.parametrize("wave", [0, 13])
def test_wave_has_bounds(world, wave):
    plan, village = build.draft_plan(world, []), build.classed(world)
    with pytest.raises(ValidationError):
        add(world, plan, village, wave=wave)


def test_villages_can_be_moved_to_another_wave_and_removed(world):
    plan = build.draft_plan(world)
    village = plan.entries.get().village
    services.change_on_plan(plan=plan, villages=[village], actor=world.county_officer, wave=3)
    assert plan.entries.get().wave == 3
    assert services.remove_from_plan(plan=plan, villages=[village], actor=world.county_officer) == 1
    assert not plan.entries.exists()


def test_submitted_plan_keeps_its_villages(world):
    plan = services.submit_plan(plan=build.draft_plan(world), actor=world.county_officer)
    village = plan.entries.get().village
    with pytest.raises(Conflict):
        services.remove_from_plan(plan=plan, villages=[village], actor=world.county_officer)


def test_empty_plan_cannot_be_submitted(world):
    with pytest.raises(ValidationError, match="还没有村"):
        services.submit_plan(plan=build.draft_plan(world, []), actor=world.county_officer)


def test_only_the_leading_group_approves(world):
    plan = services.submit_plan(plan=build.draft_plan(world), actor=world.county_officer)
    for name in ("county_officer", "county_head", "city_officer"):
        with pytest.raises(PermissionDenied):
            services.approve_plan(plan=plan, actor=getattr(world, name))


def test_return_needs_a_reason_and_opens_the_plan_again(world):
    plan = services.submit_plan(plan=build.draft_plan(world), actor=world.county_officer)
    with pytest.raises(ValidationError):
        services.return_plan(plan=plan, actor=world.leading_group)
    plan = services.return_plan(plan=plan, actor=world.leading_group, note="风险村偏少")
    assert plan.status == PlanStatus.DRAFT


def test_approving_twice_is_a_conflict(world):
    plan = build.approved_plan(world)
    with pytest.raises(Conflict):
        services.approve_plan(plan=plan, actor=world.leading_group)


def test_city_sees_filed_plans_only(world, signed_in):
    plan = build.approved_plan(world)
    url = reverse("inspections:plan", args=[plan.pk])
    assert signed_in(world.city_officer).get(url).status_code == 404
    services.file_plan(plan=plan, actor=world.county_officer)
    assert signed_in(world.city_officer).get(url).status_code == 200


def test_page_makes_a_plan_and_adds_villages(world, signed_in):
    build.term(world)
    village, client = build.classed(world), signed_in(world.county_officer)
    client.post(reverse("inspections:plan_new"), {"year": today().year})
    plan = AnnualPlan.objects.get()
    response = client.post(reverse("inspections:plan_pick", args=[plan.pk]), {"ids": [village.pk], "wave": 1})
    assert response.status_code == 302
    assert plan.entries.get().village == village


def test_page_keeps_what_was_ticked_when_the_reason_is_missing(world, signed_in):
    plan, village = build.draft_plan(world, []), build.classed(world)
    values = {"ids": [village.pk], "wave": 1, "mode": Mode.CROSS}
    response = signed_in(world.county_officer).post(reverse("inspections:plan_pick", args=[plan.pk]), values)
    page = response.content.decode()
    assert response.status_code == 422
    assert "请写明理由" in page
    assert "checked" in page


def test_page_removes_only_after_confirmation(world, signed_in):
    plan = build.draft_plan(world)
    url, pk = reverse("inspections:plan_entries", args=[plan.pk]), plan.entries.get().village_id
    client = signed_in(world.county_officer)
    response = client.post(url, {"ids": [pk], "action": "remove"})
    assert "龙门村" in response.content.decode()
    assert plan.entries.exists()
    client.post(url, {"ids": [pk], "action": "remove", "confirmed": "1"})
    assert not plan.entries.exists()


def test_page_changes_the_mode_with_a_reason(world, signed_in):
    plan = build.draft_plan(world)
    url, pk = reverse("inspections:plan_entries", args=[plan.pk]), plan.entries.get().village_id
    values = {"ids": [pk], "action": "change", "wave": "", "mode": Mode.MOBILE}
    client = signed_in(world.county_officer)
    assert client.post(url, values).status_code == 422
    client.post(url, values | {"mode_reason": "力量不足"})
    assert plan.entries.get().mode == Mode.MOBILE


def test_stale_page_does_not_move_the_plan(world, signed_in):
    plan = build.draft_plan(world)
    url = reverse("inspections:plan_submit", args=[plan.pk])
    response = signed_in(world.county_officer).post(url, {"version": plan.version + 1, "confirmed": "1"})
    assert response.status_code == 409
