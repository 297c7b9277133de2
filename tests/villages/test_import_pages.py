"""Import in the browser: upload, preview, confirm, give up; what is left behind is nothing."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.enums import Tier
from common.models import AuditEvent
from tests.factories import rectification as make
from tests.factories.villages import approved, book, content, lacking, merge, row, uploaded
from tests.factories.world import division
from villages.models import RosterChange, RosterImport, RosterRow, Village

URL = "/villages/import/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": settings.MEDIA_ROOT},
        }
    }
    return settings.MEDIA_ROOT


@pytest.fixture
def admin(signed_in, world):
    return signed_in(world.roster_admin)


def left(media: Path):
    return [one for one in media.rglob("*") if one.is_file()] if media.exists() else []


def send(client, made, name="名册.xlsx"):
    data = made if isinstance(made, bytes) else content(made)
    return client.post(URL, {"file": SimpleUploadedFile(name, data)})


def previewed(client, *rows):
    send(client, book(*rows))
    return RosterImport.objects.latest("uploaded_at")


def address(roster, act=""):
    name = f"villages:import_{act or 'detail'}"
    return reverse(name, args=[roster.pk])


def bound(roster):
    return {"sha256": roster.sha256, "data_version": roster.data_version}


def test_an_upload_leads_to_its_preview_and_writes_no_village(admin, media, world):
    response = send(admin, book(row(户数=320), row("510703103201", "龙门社区")))
    roster = RosterImport.objects.get()
    assert response.headers["Location"] == address(roster)
    page = admin.get(address(roster)).content.decode()
    assert "确认导入，写入 2 行" in page
    assert (Village.objects.count(), len(left(media)), roster.county) == (4, 1, world.county)
    assert left(media)[0].name != "名册.xlsx"


def test_the_preview_shows_field_changes_by_kind(admin):
    roster = previewed(admin, row(), row("510703103201", "龙门社区", 户数=9))
    page = admin.get(address(roster), {"t": "RENAMED"})
    (line,) = page.context["page"].rows
    assert next((one.label, one.old, one.new) for one in line.said) == ("村(社区)名称", "龙门村", "龙门社区")
    assert [one.name for one in admin.get(address(roster), {"t": "MISSING"}).context["page"].rows] == [
        "二社村",
        "方水村",
    ]


def test_confirming_writes_what_was_shown_and_removes_the_upload(
    admin, media, world, django_capture_on_commit_callbacks
):
    roster = previewed(admin, row(户数=320))
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(address(roster, "commit"), bound(roster))
    found = Village.objects.get(division__code="510703103203")
    change = RosterChange.objects.get()
    assert (found.households, change.roster, change.actor, left(media)) == (320, roster, world.roster_admin, [])
    assert AuditEvent.objects.get(action="import_roster").actor == world.roster_admin
    assert set(RosterRow.objects.values_list("change", flat=True)) == {"MISSING"}
    assert "已导入" in admin.get(address(roster)).content.decode()


def test_confirming_twice_is_a_conflict(admin):
    roster = previewed(admin, row())
    admin.post(address(roster, "commit"), bound(roster))
    assert admin.post(address(roster, "commit"), bound(roster)).status_code == 409
    assert RosterChange.objects.count() == 1


@pytest.mark.parametrize("key", ["sha256", "data_version"])
def test_confirming_another_file_or_version_is_a_conflict(admin, key):
    roster = previewed(admin, row())
    assert admin.post(address(roster, "commit"), bound(roster) | {key: "0" * 64}).status_code == 409
    assert Village.objects.count() == 4


def test_a_roster_that_changed_meanwhile_must_be_previewed_again(admin, world):
    roster = previewed(admin, row(), row("510703103201", "龙门村", 户数=9))
    Village.objects.filter(pk=world.village.pk).update(households=9, version=2)
    assert "重新预检" in admin.get(address(roster)).content.decode()
    assert admin.post(address(roster, "commit"), bound(roster)).status_code == 409
    admin.post(address(roster, "recheck"))
    roster.refresh_from_db()
    assert (roster.result["created"], roster.result["unchanged"]) == (1, 1)
    admin.post(address(roster, "commit"), bound(roster))
    assert Village.objects.count() == 5


def test_a_township_renamed_meanwhile_must_be_previewed_again(admin, world):
    roster = previewed(admin, row())
    world.township.name = "青义街道"
    world.township.save()
    assert admin.post(address(roster, "commit"), bound(roster)).status_code == 409


def test_a_part_of_a_roster_leaves_the_villages_that_it_lacks_alone(admin, world):
    lacking(world.village)
    roster = previewed(admin, row("510703103201", "龙门村", 户数=9))
    page = admin.get(address(roster)).content.decode()
    assert 'name="partial" value="1" form="commit" checked' in page
    admin.post(address(roster, "commit"), bound(roster) | {"partial": "1"})
    assert Village.objects.get(pk=world.village.pk).households == 9
    assert not Village.objects.exclude(missing_from=None).exists()
    assert "这份名册只有一部分村，这些村不受影响" in admin.get(address(roster), {"t": "MISSING"}).content.decode()


def test_what_a_part_lacks_and_waits_already_waits_on(admin, world):
    earlier = lacking(world.second_village)
    roster = previewed(admin, row("510703103201", "龙门村", 户数=9))
    admin.post(address(roster, "commit"), bound(roster) | {"partial": "1"})
    assert Village.objects.get(pk=world.second_village.pk).missing_from == earlier


def test_a_roster_with_new_villages_is_taken_for_a_whole_one(admin, world):
    roster = previewed(admin, row())
    assert 'name="partial" value="1" form="commit">' in admin.get(address(roster)).content.decode()
    admin.post(address(roster, "commit"), bound(roster))
    assert Village.objects.filter(missing_from=roster).count() == 3


def test_a_village_with_open_work_under_a_wholly_different_name_is_to_be_looked_at(admin, world):
    make.assigned_items(world)
    for name, hints in (("红星村", 1), ("龙凤村", 0)):
        roster = previewed(admin, row("510703103201", name), row("510703103202", "别处村"))
        assert len(roster.result["hints"]) == hints
    told = "510703103201由“龙门村”改为“红星村”，名称完全不同，名下还有未销号的整改 2 件、未办结的巡察 1 次"
    roster = previewed(admin, row("510703103201", "红星村"), row("510703100201", "二社村", "丰谷街道"))
    page = admin.get(address(roster)).content.decode()
    assert (told in page, "请核对 2 处" in page) == (True, True)


def test_a_roster_that_only_renames_a_township_does_not_say_that_nothing_changes(admin):
    page = admin.get(address(previewed(admin, row("510703103201", "龙门村", "青义街道")))).content.decode()
    assert "确认导入，1 个乡镇更名" in page
    assert "没有变化）" not in page


def test_a_class_approved_meanwhile_is_no_matter(admin, world):
    roster = previewed(admin, row())
    approved(world.village, officer=world.county_officer, head=world.county_head)
    assert admin.post(address(roster, "commit"), bound(roster)).status_code == 302


def test_refused_rows_cannot_be_confirmed(admin):
    roster = previewed(admin, row(), row("510703103204", 户数="x"))
    assert "确认导入，写入" not in admin.get(address(roster)).content.decode()
    admin.post(address(roster, "commit"), bound(roster))
    assert (Village.objects.count(), RosterChange.objects.count()) == (4, 0)


def test_giving_up_removes_upload_and_rows(admin, media, django_capture_on_commit_callbacks):
    roster = previewed(admin, row())
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(address(roster, "discard"))
    roster.refresh_from_db()
    assert (roster.discarded_at is not None, left(media), RosterRow.objects.count()) == (True, [], 0)
    assert admin.post(address(roster, "commit"), bound(roster)).status_code == 409


def test_a_preview_forgotten_for_a_week_is_dropped(admin, media, django_capture_on_commit_callbacks):
    roster = previewed(admin, row())
    RosterImport.objects.update(uploaded_at=timezone.now() - timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        send(admin, book(row()))
    roster.refresh_from_db()
    assert (roster.discarded_at is not None, len(left(media))) == (True, 1)


BAD = {
    "名册.xls": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600,
    "名册.xlsx": b"PK\x03\x04broken",
    "名册.csv": b"\xff\xfe\xff\x00",
    "表.csv": "姓名,电话\n".encode(),
    "空.xlsx": b"",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_answered_4xx_with_a_message_and_leaves_nothing(admin, media, name):
    response = send(admin, BAD[name], name)
    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert (left(media), RosterImport.objects.count(), RosterRow.objects.count()) == ([], 0, 0)


def test_a_file_that_is_too_big_is_refused(admin, settings):
    settings.MAX_UPLOAD_MB = 0
    response = send(admin, book(row()))
    assert (response.status_code, "文件超过" in response.content.decode()) == (422, True)


def test_an_upload_without_a_file_is_refused(admin):
    assert admin.post(URL, {}).status_code == 422


def test_a_storage_that_fails_leaves_nothing(admin, media, monkeypatch):
    monkeypatch.setattr("villages.models.RosterImport.save", _fail_on_second_save())
    with pytest.raises(OSError, match="full"):
        send(admin, book(row()))
    assert (left(media), RosterImport.objects.count()) == ([], 0)


def _fail_on_second_save():
    original, calls = RosterImport.save, []

    def save(self, *args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise OSError("disk full")
        return original(self, *args, **kwargs)

    return save


def test_refused_rows_come_back_with_their_reasons_and_import_when_mended(admin):
    roster = previewed(admin, row(户数="x", 备注="甲"), row("510703103204", "好村"))
    made = load_workbook(io.BytesIO(admin.get(address(roster, "refused")).content))
    sheet = made.active
    assert (sheet.max_row, sheet["E2"].value, sheet["L2"].value) == (2, "x", "甲")
    assert "不是数字" in sheet["E2"].comment.text
    assert AuditEvent.objects.filter(action="download").exists()
    sheet["E2"] = 320
    assert RosterImport.objects.get(pk=_sent(admin, made)).result["refused"] == 0


def _sent(client, made):
    return send(client, made).headers["Location"].rstrip("/").rpartition("/")[2]


def test_the_whole_file_comes_back_with_the_wrong_rows_first(admin):
    roster = previewed(admin, row("510703103204", "好村"), row(户数="x"))
    sheet = load_workbook(io.BytesIO(admin.get(address(roster, "refused") + "?all=1").content)).active
    assert [sheet.cell(line, 3).value for line in (2, 3)] == ["新村", "好村"]


def test_a_row_without_a_name_is_listed_by_its_code(admin):
    roster = previewed(admin, row(name=None))
    assert "青义镇 510703103203" in admin.get(address(roster)).content.decode()


def test_of_a_very_long_file_only_the_wrong_rows_come_back(admin, monkeypatch):
    monkeypatch.setattr("villages.roster.reporting.MOST_WHOLE", 1)
    roster = previewed(admin, row("510703103204", "好村"), row(户数="x"))
    page = admin.get(address(roster)).content.decode()
    assert "refused/?all=1" not in page
    assert "对照着在原来的文件里改好" in page
    assert admin.get(address(roster, "refused") + "?all=1").status_code == 409
    sheet = load_workbook(io.BytesIO(admin.get(address(roster, "refused")).content)).active
    assert [sheet.cell(line, 3).value for line in (2, 3)] == ["新村", None]


def test_a_formula_comes_back_as_text_only(admin):
    roster = previewed(admin, row(户数="=1+1"))
    sheet = load_workbook(io.BytesIO(admin.get(address(roster, "refused")).content)).active
    assert (sheet["E2"].value, sheet["E2"].data_type, sheet["E2"].quotePrefix) == ("=1+1", "s", True)


def test_refused_rows_of_a_finished_import_are_gone(admin):
    roster = previewed(admin, row())
    admin.post(address(roster, "commit"), bound(roster))
    assert admin.get(address(roster, "refused")).status_code == 409


# ----------------------------------------------------------------------- scope


@pytest.mark.parametrize("name", ["county_officer", "township_secretary", "org_officer", "sysadmin", "team_leader"])
def test_who_does_not_look_after_rosters_may_not_import(world, signed_in, name):
    client = signed_in(getattr(world, name))
    assert (client.get(URL).status_code, send(client, book(row())).status_code) == (403, 403)
    assert not RosterImport.objects.exists()


@pytest.mark.parametrize("act", ["", "commit", "discard", "recheck", "refused"])
def test_another_countys_import_is_not_found(world, signed_in, act):
    roster = uploaded(book(row()), world.roster_admin)
    client = signed_in(world.other_county_head)
    method = client.get if act in ("", "refused") else client.post
    assert method(address(roster, act)).status_code == 404


@pytest.mark.parametrize("act", ["commit", "discard", "recheck"])
def test_reading_changes_nothing(admin, act):
    roster = previewed(admin, row())
    assert admin.get(address(roster, act)).status_code == 405


def test_the_head_may_confirm_what_the_administrator_uploaded(world, signed_in):
    roster = uploaded(book(row()), world.roster_admin)
    signed_in(world.county_head).post(address(roster, "commit"), bound(roster))
    assert Village.objects.count() == 5


def test_a_county_cannot_write_into_another(admin, world):
    roster = previewed(admin, row("510704101201", "抗香村", "沉抗镇", "游仙区", 户数=1))
    assert roster.result["refused"] == 1
    admin.post(address(roster, "commit"), bound(roster))
    world.other_village.refresh_from_db()
    assert world.other_village.households is None


def test_the_city_imports_for_every_county(world, signed_in):
    client = signed_in(world.city_roster_admin)
    roster = previewed(client, row("510704101201", "抗香村", "沉抗镇", "游仙区", 户数=1), row())
    client.post(address(roster, "commit"), bound(roster))
    world.other_village.refresh_from_db()
    assert (world.other_village.households, Village.objects.count(), roster.county) == (1, 5, None)


def test_the_list_shows_the_own_countys_imports_only(world, signed_in):
    uploaded(book(row()), world.roster_admin, "涪城.xlsx")
    uploaded(book(row("510704101201", "抗香村", "沉抗镇", "游仙区")), world.other_county_head, "游仙.xlsx")
    page = signed_in(world.roster_admin).get(URL).content.decode()
    assert ("涪城.xlsx" in page, "游仙.xlsx" in page) == (True, False)


# -------------------------------------------------------------------- template


def test_the_template_has_drop_downs_notes_and_an_example_that_is_not_imported(admin, world):
    made = load_workbook(io.BytesIO(admin.get(reverse("villages:import_template")).content))
    sheet = made["填写"]
    assert made.sheetnames == ["填写", "填写说明", "字典"]
    assert (sheet["C1"].value, sheet["C1"].font.color.rgb[-6:], sheet["D2"].number_format) == (
        "村(社区)名称*",
        "B3261E",
        "@",
    )
    ranges = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert ranges
    assert all(one.startswith("字典!$") for one in ranges)
    assert "青义镇" in [cell.value for cell in made["字典"]["B"]]
    assert "沉抗镇" not in [cell.value for cell in made["字典"]["B"]]
    assert send(admin, made).status_code == 422
    for at, value in enumerate(("涪城区", "青义镇", "新村", "510703103203"), 1):
        sheet.cell(3, at, value)
    result = RosterImport.objects.get(pk=_sent(admin, made)).result
    assert (result["rows"], result["created"], result["refused"]) == (1, 1, 0)


def test_a_township_whose_villages_have_all_ended_is_not_offered(admin, world):
    merge(world.sibling_village, world.village)
    made = load_workbook(io.BytesIO(admin.get(reverse("villages:import_template")).content))
    offered = [cell.value for cell in made["字典"]["B"]]
    assert ("青义镇" in offered, "丰谷镇" in offered) == (True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_imports_costs_the_same_for_one_and_for_three(world, signed_in, django_assert_num_queries, count):
    for _ in range(count):
        uploaded(book(row()), world.roster_admin)
    client = signed_in(world.roster_admin)
    client.get(URL)  # the first page of a session also writes the session
    with django_assert_num_queries(6):
        client.get(URL)


@pytest.mark.parametrize("count", [1, 3])
def test_a_preview_costs_the_same_for_one_row_and_for_three(world, signed_in, django_assert_num_queries, count):
    roster = uploaded(book(*(row(f"51070310320{3 + one}") for one in range(count))), world.roster_admin)
    client = signed_in(world.roster_admin)
    client.get(URL)
    with django_assert_num_queries(12):
        client.get(address(roster), {"t": "CREATED"})


def test_a_city_cannot_write_into_another_city(world, signed_in):
    elsewhere = division("510600000000", "德阳市", Tier.CITY)
    county = division("510603000000", "旌阳区", Tier.COUNTY, elsewhere)
    division("510603100000", "黄许镇", Tier.TOWNSHIP, county)
    roster = previewed(signed_in(world.city_roster_admin), row("510603100201", "远村", "黄许镇", "旌阳区"))
    assert roster.result["refused"] == 1
