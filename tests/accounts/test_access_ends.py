"""Who is disabled, moved or demoted loses access on the very next request (security.md A 6)."""

from accounts import services
from accounts.enums import OrganKind, Post
from accounts.models import User


def test_a_disabled_person_is_out_on_the_next_request(client, world):
    client.force_login(world.county_officer)
    assert client.get("/").status_code == 200
    services.set_active(user=world.county_officer, active=False, actor=world.sysadmin)
    assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_an_auditor_who_is_moved_reads_no_trail_on_the_next_request(client, world):
    client.force_login(world.auditor)
    assert client.get("/accounts/audit/").status_code == 200
    move(world, world.auditor, world.county, OrganKind.INSPECTION_OFFICE, Post.OFFICER)
    assert client.get("/accounts/audit/").status_code == 403


def test_a_reset_password_ends_open_sessions(client, world):
    client.force_login(world.county_officer)
    services.reset_password(user=world.county_officer, actor=world.sysadmin)
    assert client.get("/").status_code == 302


def test_a_changed_password_ends_the_other_sessions_only(client, world):
    from django.test import Client

    world.county_officer.set_password("Old-pass-phrase-9")
    world.county_officer.save()
    other = Client()
    client.force_login(world.county_officer)
    other.force_login(world.county_officer)
    new = "Bright-lantern-47"
    done = client.post("/password/", {"old": "Old-pass-phrase-9", "new": new, "again": new})
    assert done.status_code == 302
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


def move(world, person, division, kind, post):
    return services.edit_user(
        user=person,
        actor=world.sysadmin,
        division=division,
        kind=kind,
        organ_name="",
        full_name=person.full_name,
        post=post,
        email="",
        phone="",
        native_township=None,
    )


def test_a_move_changes_the_role(world):
    moved = move(world, world.county_officer, world.township, OrganKind.PARTY_COMMITTEE, Post.OFFICER)
    assert "TOWNSHIP_COMMITTEE" in User.objects.get(pk=moved.pk).roles
