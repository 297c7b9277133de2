"""One link does not agree with another: the county decides, the item waits, all of it on record (E8)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from common.errors import Conflict
from common.models import AuditEvent, Message
from rectification import services
from rectification.models import CheckPhoto, Dissent, SupervisionCheck
from tests.factories import rectification as make


@pytest.fixture
def disputed(world, submitted):
    """The officer has passed it, the village's committee objects."""
    make.sign(submitted, world.discipline_officer)
    make.sign(submitted, world.supervisor, "OBJECT", opinion="公示栏里没有三组的名单。")
    return Dissent.objects.get(item=submitted)


def decide(dissent, actor, uphold=False, note="经现场核对"):
    return services.decide_dissent(dissent=dissent, actor=actor, uphold=uphold, note=note)


def test_a_signature_keeps_place_and_photographs(world, submitted):
    check = make.sign(submitted, world.supervisor, place="三组水渠", photos=[make.photo("现场.jpg")])
    assert (check.place, [one.name for one in check.photos.all()]) == ("三组水渠", ["现场.jpg"])


def test_on_the_spot_needs_a_place(world, submitted):
    with pytest.raises(ValidationError, match="到哪里看"):
        make.sign(submitted, world.supervisor, place=" ")


def test_only_photographs_are_taken(world, submitted):
    paper = SimpleUploadedFile("说明.pdf", make.PDF, "application/pdf")
    with pytest.raises(ValidationError, match="不是照片"):
        make.sign(submitted, world.supervisor, photos=[paper])
    assert not SupervisionCheck.objects.exists()


def test_a_photograph_is_seen_by_whoever_sees_the_item(world, submitted, client):
    make.sign(submitted, world.supervisor, photos=[make.photo()])
    url = reverse("rectification:attachment", args=[CheckPhoto.objects.get().pk])
    answers = {}
    for name in ("county_officer", "village_secretary", "other_village_secretary", "other_county_officer"):
        client.force_login(world.people[name])
        answers[name] = client.get(f"{url}?show=1").status_code
    assert list(answers.values()) == [200, 200, 404, 404]


def test_there_must_be_something_to_object_to(world, submitted):
    with pytest.raises(ValidationError, match="还没有签"):
        make.sign(submitted, world.supervisor, "OBJECT")


def test_nobody_signs_until_the_county_has_decided(world, disputed):
    disputed.item.refresh_from_db()
    assert (disputed.item.status, disputed.item.attempt) == ("UNDER_SUPERVISION", 1)
    with pytest.raises(Conflict, match="裁定"):
        make.sign(disputed.item, world.discipline_member)
    told = Message.objects.filter(key__startswith="object:").values_list("recipient__username", flat=True)
    assert set(told) == {"county_officer", "county_head"}


def test_upheld_the_item_goes_back(world, disputed):
    decide(disputed, world.county_officer, uphold=True, note="三组确未公示")
    item = disputed.item
    item.refresh_from_db()
    assert (item.status, item.attempt) == ("IN_PROGRESS", 2)
    event = AuditEvent.objects.get(object_type="rectification.RectificationItem", action="uphold")
    assert (event.actor, event.note) == (world.county_officer, "三组确未公示")


def test_a_recheck_by_the_same_link_completes_the_chain(world, disputed):
    decide(disputed, world.county_officer)
    make.sign(disputed.item, world.discipline_member)
    with pytest.raises(ValidationError, match="重新核查请签"):
        make.sign(disputed.item, world.supervisor, "OBJECT")
    again = make.sign(disputed.item, world.supervisor, opinion="补公示后再看，三组名单已贴。")
    disputed.item.refresh_from_db()
    assert (again.is_recheck, disputed.item.status) == (True, "UNDER_VERIFICATION")
    told = Message.objects.filter(key__startswith="recheck:").values_list("recipient__username", flat=True)
    assert list(told) == ["supervisor"]


def test_the_other_links_do_not_check_twice(world, disputed):
    decide(disputed, world.county_officer)
    with pytest.raises(Conflict, match="已经签署"):
        make.sign(disputed.item, world.discipline_officer)


def test_only_the_county_office_decides(world, disputed, let_through):
    def one(user):
        with transaction.atomic():
            decide(disputed, user)
            raise Conflict("undone")

    def call(user):
        try:
            one(user)
        except Conflict:
            return

    assert let_through(call) == {"county_officer", "county_head"}


def test_it_is_decided_once_and_with_a_reason(world, disputed):
    with pytest.raises(ValidationError, match="理由"):
        decide(disputed, world.county_officer, note=" ")
    decide(disputed, world.county_officer)
    with pytest.raises(Conflict):
        decide(disputed, world.county_head)


def test_the_database_keeps_what_was_decided(world, disputed):
    decide(disputed, world.county_officer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE rectification_dissent SET decision = 'x'")


def test_the_database_lets_no_item_go_back_without_a_decision(world, disputed):
    with pytest.raises(DatabaseError), transaction.atomic():
        type(disputed.item).objects.filter(pk=disputed.item_id).update(status="IN_PROGRESS", attempt=2)


def test_it_is_raised_and_decided_in_the_browser(world, submitted, client):
    make.sign(submitted, world.discipline_officer)
    sign = reverse("rectification:sign", args=[submitted.pk])
    client.force_login(world.supervisor)
    assert "不同意其他环节" in client.get(sign).content.decode()
    form = {
        "result": "OBJECT",
        "method": "ON_SITE",
        "checked_on": "2000-01-01",
        "place": "公开栏",
        "opinion": "没有看到",
    }
    assert client.post(sign, form).status_code == 422
    check = SupervisionCheck.objects.get()
    client.post(sign, form | {"checked_on": check.checked_on.isoformat(), "photos": [make.photo("现场.jpg")]})
    dissent = Dissent.objects.get()
    client.force_login(world.county_officer)
    page = client.get(dissent.get_absolute_url()).content.decode()
    assert all(text in page for text in ("整改前", "整改后", "没有看到", "现场.jpg"))
    assert "裁定不同意见" in client.get(submitted.get_absolute_url()).content.decode()
    answer = client.post(dissent.get_absolute_url(), {"version": 1, "decision": "recheck", "note": "请到三组再看"})
    assert answer.status_code == 302
    client.force_login(world.supervisor)
    page = client.get(submitted.get_absolute_url()).content.decode()
    assert "待重新核查" in page
    assert "请到三组再看" in page
    assert client.get(sign).status_code == 200


def test_the_pages_of_others_say_who_decides(world, disputed, signed_in):
    page = signed_in(world.discipline_member).get(disputed.item.get_absolute_url()).content.decode()
    assert "等县委巡察办裁定后再签署" in page


def test_a_signature_stays_within_its_statements(world, submitted, django_assert_max_num_queries):
    make.sign(submitted, world.discipline_officer)
    with django_assert_max_num_queries(12):
        make.sign(submitted, world.discipline_member)
    with django_assert_max_num_queries(12):
        make.sign(submitted, world.supervisor, "OBJECT")


def test_who_signed_does_not_decide(world, disputed):
    type(world.supervisor).objects.filter(pk=world.supervisor.pk).update(
        organ=world.county_officer.organ, post="OFFICER"
    )
    mover = type(world.supervisor).objects.select_related("organ__division__parent").get(pk=world.supervisor.pk)
    with pytest.raises(PermissionDenied):
        decide(disputed, mover)
