"""Versions of the checklist: drafted, changed, enabled; what is in use stays; a county adds and retires (C1)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.enums import OrganKind, Post
from common.audit import history
from common.calendar import today
from common.errors import Conflict
from inspections import services
from inspections.models import Checklist, ChecklistItem
from inspections.selectors.checklist import checklist_in_force, compared, items_for, retired
from inspections.selectors.hits import hits, years
from tests.factories import inspections as build
from tests.factories.world import person

ITEM = {"text": "会议记录事后补写", "theme": "软弱涣散", "basis": "", "evidence": "", "lead_department": ""}
ITEM |= {"party_building": True}


@pytest.fixture
def first(world):
    return build.checklist()


@pytest.fixture
def draft(world, first):
    return services.draft_checklist(county=world.county, actor=world.county_officer)


def add(world, draft, point_code="B1", **values):
    draft.refresh_from_db()
    given = {"actor": world.county_officer, "revision": draft.revision, "point_code": point_code}
    return services.add_item(checklist=draft, **given, **ITEM | values)


def retire(world, draft, code):
    draft.refresh_from_db()
    services.retire_item(item=draft.items.get(code=code), actor=world.county_officer, revision=draft.revision)


def enabled(world, draft):
    draft.refresh_from_db()
    return services.enable_checklist(checklist=draft, on=today(), actor=world.county_head, revision=draft.revision)


def test_a_county_adds_and_retires_and_the_city_keeps_its_list(world, first, draft):
    added = add(world, draft)
    assert (added.code, added.own, added.point) == ("B1-X01", True, "惠民补贴")
    retire(world, draft, "B2-01")
    assert [one.code for one in retired(draft)] == ["B2-01"]
    own = enabled(world, draft)
    assert list(own.items.values_list("code", flat=True)) == ["B1-01", "B1-X01"]
    assert first.items.count() == 2
    assert (checklist_in_force(county=world.county), checklist_in_force(county=world.other_county)) == (own, first)
    found = compared(first, own)
    assert ([one.code for one in found.added], [one.code for one in found.retired]) == (["B1-X01"], ["B2-01"])


def test_what_was_retired_can_be_taken_back(world, draft):
    retire(world, draft, "B2-01")
    services.restore_item(checklist=draft, code="B2-01", actor=world.county_officer, revision=2)
    assert retired(draft) == []


def test_a_county_rewords_only_its_own(world, draft):
    with pytest.raises(Conflict, match="市级清单的条目"):
        services.edit_item(item=draft.items.get(code="B1-01"), actor=world.county_officer, revision=1, **ITEM)
    added = add(world, draft)
    services.edit_item(item=added, actor=world.county_officer, revision=2, **ITEM | {"text": "改写"})
    assert draft.items.get(own=True).text == "改写"


def test_the_citys_new_version_takes_over_until_the_county_stands_on_it(world, first, draft):
    add(world, draft, "B2")
    retire(world, draft, "B2-01")
    enabled(world, draft)
    head = person("city_head", "市巡察办主任", world.city, OrganKind.INSPECTION_OFFICE, Post.HEAD)
    second = services.draft_checklist(county=None, actor=world.city_officer)
    services.edit_item(item=second.items.get(code="B1-01"), actor=world.city_officer, revision=1, **ITEM)
    services.add_item(checklist=second, actor=world.city_officer, revision=2, point_code="B1", **ITEM)
    second = services.enable_checklist(checklist=second, on=today(), actor=head, revision=3)
    ((was, now, fields),) = compared(first, second).reworded
    assert (was.code, now.code, fields) == ("B1-01", "B1-01", ["具体问题", "重点问题", "党建问题"])
    assert checklist_in_force(county=world.county) == second
    following = services.draft_checklist(county=world.county, actor=world.county_officer)
    assert list(following.items.values_list("code", flat=True)) == ["B1-01", "B1-02", "B2-X01"]


def test_one_draft_at_a_time(world, draft):
    with pytest.raises(Conflict, match="已有一份草稿"):
        services.draft_checklist(county=world.county, actor=world.county_officer)


def test_changing_what_another_has_changed_is_a_conflict(world, draft):
    add(world, draft)
    with pytest.raises(Conflict, match="已被他人更新"):
        services.add_item(checklist=draft, actor=world.county_officer, revision=1, point_code="B1", **ITEM)
    with pytest.raises(Conflict, match="已被他人更新"):
        services.enable_checklist(checklist=draft, on=today(), actor=world.county_head, revision=1)


OTHERS = ["roster_admin", "leading_group", "team_leader", "other_county_officer", "city_officer"]


@pytest.mark.parametrize("name", OTHERS)
def test_others_change_no_draft_of_the_county(world, draft, name):
    with pytest.raises(PermissionDenied):
        services.add_item(checklist=draft, actor=getattr(world, name), revision=1, point_code="B1", **ITEM)


def test_only_the_head_enables_and_not_for_yesterday(world, draft):
    with pytest.raises(PermissionDenied):
        services.enable_checklist(checklist=draft, on=today(), actor=world.county_officer, revision=1)
    with pytest.raises(ValidationError, match="不能早于今天"):
        services.enable_checklist(checklist=draft, on=today() - timedelta(days=1), actor=world.county_head, revision=1)


def test_an_enabled_version_is_not_changed_and_every_step_is_on_record(world, draft):
    add(world, draft)
    own = enabled(world, draft)
    with pytest.raises(Conflict, match="起草新的一版"):
        services.retire_item(item=own.items.first(), actor=world.county_officer, revision=own.revision)
    assert [one.action for one in history(own)] == ["enable_checklist", "edit_checklist", "draft"]


def test_an_inspection_takes_the_version_of_the_day_it_begins_and_keeps_it(world):
    waiting = build.arranged_inspection(world)
    own = enabled(world, services.draft_checklist(county=world.county, actor=world.county_officer))
    begun = build.enter(world, waiting)
    later = enabled(world, services.draft_checklist(county=world.county, actor=world.county_officer))
    begun.refresh_from_db()
    assert (begun.checklist, list(items_for(begun))) == (own, list(own.items.order_by("code")))
    assert refused("UPDATE inspections_inspection SET checklist_id = %s WHERE id = %s", later.pk, begun.pk)


# what the database itself refuses


def refused(sql, *values):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return True


def test_by_sql_a_used_version_does_not_change(world):
    pk = build.running_inspection(world).checklist_id
    assert refused("UPDATE inspections_checklistitem SET text = 'x' WHERE checklist_id = %s", pk)
    assert refused("DELETE FROM inspections_checklistitem WHERE checklist_id = %s", pk)
    assert refused("UPDATE inspections_checklist SET in_force_from = NULL WHERE id = %s", pk)
    assert refused("UPDATE inspections_checklist SET name = 'x' WHERE id = %s", pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        ChecklistItem.objects.create(checklist_id=pk, code="B9-01", text="x", theme="乡村治理")


def test_by_sql_a_version_is_not_born_enabled_and_a_draft_serves_no_inspection(world):
    inspection = build.arranged_inspection(world)
    draft = services.draft_checklist(county=world.county, actor=world.county_officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Checklist.objects.create(name="x", number=77, in_force_from=today())
    assert refused("UPDATE inspections_inspection SET checklist_id = %s WHERE id = %s", draft.pk, inspection.pk)


def test_by_sql_a_county_rewords_nothing_of_the_citys(world, draft):
    assert refused("UPDATE inspections_checklistitem SET text = 'x' WHERE checklist_id = %s", draft.pk)
    assert refused("UPDATE inspections_checklistitem SET own = true WHERE checklist_id = %s", draft.pk)


# pages


def url(name, *args):
    return reverse(f"inspections:checklist_{name}", args=args)


def test_pages_take_a_draft_from_the_first_press_to_the_day_of_use(world, first, signed_in):
    officer = signed_in(world.county_officer)
    assert [officer.post(url("begin")).status_code for _press in range(2)] == [302, 409]
    draft = Checklist.objects.get(county=world.county)
    values = ITEM | {"revision": 1, "point_code": "B1", "party_building": "on"}
    assert [officer.post(url("item_new", draft.pk), values).status_code for _press in range(2)] == [302, 409]
    item = draft.items.get(code="B2-01")
    assert officer.post(url("item_retire", item.pk), {"revision": 2}).status_code == 200
    assert officer.post(url("item_retire", item.pk), {"revision": 2, "confirmed": "1"}).status_code == 302
    assert "这一版停用的条目" in officer.get(url("draft", draft.pk)).content.decode()
    assert officer.post(url("item_restore", draft.pk), {"revision": 3, "code": "B2-01"}).status_code == 302
    own = draft.items.get(own=True)
    assert officer.post(url("item", own.pk), ITEM | {"revision": 4, "text": ""}).status_code == 422
    assert officer.get(url("enable", draft.pk)).status_code == 403
    head = signed_in(world.county_head)
    assert "会议记录事后补写" in head.get(url("enable", draft.pk)).content.decode()
    day = {"on": today().isoformat(), "revision": 4}
    assert head.post(url("enable", draft.pk), day | {"on": "2020-01-01"}).status_code == 422
    assert [head.post(url("enable", draft.pk), day).status_code for _press in range(2)] == [302, 409]
    for page in (url("compare"), reverse("inspections:checklist")):
        assert "会议记录事后补写" in signed_in(world.township_secretary).get(page).content.decode()


def test_a_draft_is_given_up_after_asking(world, draft, signed_in):
    client = signed_in(world.county_officer)
    assert client.post(url("discard", draft.pk), {"revision": 1}).status_code == 200
    assert client.post(url("discard", draft.pk), {"revision": 1, "confirmed": "1"}).status_code == 302
    assert not Checklist.objects.filter(county=world.county).exists()


def test_nobody_else_reads_a_draft(world, draft, signed_in):
    add(world, draft)
    for name in ("township_secretary", "city_officer", "other_county_officer", "team_leader"):
        assert ITEM["text"] not in signed_in(getattr(world, name)).get(draft.get_absolute_url()).content.decode()


# hits


def test_hits_are_counted_by_item_point_theme_and_post_of_what_one_may_see(world, signed_in):
    inspection = build.running_inspection(world)
    for _one in range(2):
        build.confirmed_finding(world, inspection, post_concerned="BOOKKEEPER")
    build.draft_finding(world, inspection)
    year = inspection.round.plan.year
    assert years(world.county_officer) == [year]
    for way in ("item", "point", "theme", "post"):
        (row,) = hits(world.county_officer, way, [year])
        assert (row.total, row.cells[0][0]) == (2, 2)
    page = signed_in(world.county_officer).get(url("hits"), {"by": "post"}).content.decode()
    assert f"post=BOOKKEEPER&amp;year={year}" in page
    assert hits(world.township_secretary, "item", [year]) == []


@pytest.mark.parametrize("name", ["checklist", "checklist_hits", "checklist_compare"])
def test_pages_ask_no_more_for_more_rows(world, signed_in, name, django_assert_max_num_queries):
    inspection = build.running_inspection(world)
    for _one in range(3):
        build.confirmed_finding(world, inspection)
    client, address = signed_in(world.county_officer), reverse(f"inspections:{name}")
    client.get(address)
    with django_assert_max_num_queries(12):
        client.get(address)
