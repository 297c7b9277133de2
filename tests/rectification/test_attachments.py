"""Files are handed out through the policy of their item: to be saved, on record, or photographs to be looked at."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.files import path_of
from common.models import AuditEvent
from rectification import services
from rectification.models import Attachment
from tests.factories import rectification as make

SEES = ["county_officer", "county_head", "leading_group", "county_discipline", "city_officer", "team_leader"]
SEES += ["team_member", "township_secretary", "township_officer", "discipline_officer", "discipline_member"]
SEES += ["village_secretary", "supervisor", "roster_admin", "city_roster_admin", "spare_member"]


@pytest.fixture
def file(world):
    make.reported_item(world)
    return Attachment.objects.get()


def url(file):
    return f"/rectification/attachments/{file.pk}/"


def body(response):
    return b"".join(response.streaming_content)


def test_who_sees_the_item_gets_the_file_and_nobody_else(world, signed_in, file):
    got = {name for name, user in world.people.items() if signed_in(user).get(url(file)).status_code == 200}
    assert got == set(SEES)


def test_out_of_scope_is_not_found_and_not_a_role_is_forbidden(world, signed_in, file):
    codes = {
        name: signed_in(getattr(world, name)).get(url(file)).status_code
        for name in ("sibling_township_secretary", "other_county_officer", "other_village_secretary", "org_officer")
    }
    assert set(codes.values()) == {404}
    assert signed_in(world.sysadmin).get(url(file)).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client, world, file):
    response = client.get(url(file))
    assert response.status_code == 302
    assert "/sign-in/" in response.url


def test_the_content_comes_unchanged(world, signed_in, file):
    assert body(signed_in(world.county_officer).get(url(file))) == make.JPEG


def test_the_headers_keep_it_out_of_the_sites_origin(world, signed_in, file):
    response = signed_in(world.county_officer).get(url(file))
    assert response["Content-Disposition"].startswith("attachment;")
    assert "filename*=utf-8''%E6%95%B4%E6%94%B9" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Type"] == "image/jpeg"


def test_a_photograph_is_shown_apart_from_the_sites_origin_and_is_no_download(world, signed_in, file):
    response = signed_in(world.county_officer).get(f"{url(file)}?show=1")
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert response["Content-Disposition"].startswith("inline;")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]
    assert not AuditEvent.objects.filter(action="download").exists()
    assert signed_in(world.sibling_township_secretary).get(f"{url(file)}?show=1").status_code == 404


def test_what_is_no_photograph_is_never_shown(world, signed_in):
    item = make.open_item(world)
    paper = SimpleUploadedFile("记录.pdf", make.PDF, "application/pdf")
    services.report_progress(item=item, actor=world.village_secretary, text="附件", files=[paper])
    response = signed_in(world.county_officer).get(f"{url(Attachment.objects.get())}?show=1")
    assert response["Content-Disposition"].startswith("attachment;")


def test_the_items_page_shows_the_photograph_itself(world, signed_in, file):
    page = signed_in(world.county_officer).get(file.item.get_absolute_url()).content.decode()
    assert f'<img class="ph" src="{url(file)}?show=1"' in page
    assert f'class="save" href="{url(file)}"' in page


def test_a_name_with_line_breaks_makes_no_header(world, signed_in):
    item = make.open_item(world)
    services.report_progress(
        item=item, actor=world.village_secretary, text="附件", files=[make.photo('a"\r\nX-Evil: 1\u202e.jpg')]
    )
    response = signed_in(world.county_officer).get(url(Attachment.objects.get()))
    assert "X-Evil" not in response.headers
    assert "\u202e" not in response["Content-Disposition"]


def test_every_download_is_on_record(world, signed_in, file):
    signed_in(world.township_secretary).get(url(file))
    event = AuditEvent.objects.get(action="download")
    assert (event.actor, event.note, event.object_id) == (world.township_secretary, file.name, str(file.item_id))


def test_a_refused_download_is_on_record_as_denied(world, signed_in, file):
    signed_in(world.sibling_township_secretary).get(url(file))
    assert AuditEvent.objects.filter(action="denied", actor=world.sibling_township_secretary).exists()


@pytest.mark.parametrize("address", ["..%2f..%2fetc%2fpasswd", "x", f"{uuid.UUID(int=7)}"])
def test_other_addresses_are_not_found(world, signed_in, file, address):
    assert signed_in(world.county_officer).get(f"/rectification/attachments/{address}/").status_code == 404


def test_there_is_no_public_folder(world, signed_in, file):
    name = path_of(file.pk).name
    for address in (f"/media/{name}", f"/media/attachments/{name[:2]}/{name}", f"/static/{name}"):
        assert signed_in(world.county_officer).get(address).status_code == 404


def test_a_missing_file_is_said_and_breaks_nothing(world, signed_in, file):
    path_of(file.pk).unlink()
    assert signed_in(world.county_officer).get(url(file)).status_code == 404


def test_posting_is_refused(world, signed_in, file):
    assert signed_in(world.county_officer).post(url(file)).status_code == 405
