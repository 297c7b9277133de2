"""回头看: drawn at random, reproducibly, on record; recorded once; a bad one is put right again (E6)."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from common.calendar import today
from common.errors import Conflict
from common.models import Message
from rectification import integrity, services
from rectification.models import Lookback, LookbackLine
from rectification.services import drawn
from tests.factories import rectification as make
from tests.factories.world import moved

POOL = [f"X-{number:03}" for number in range(50)]


@pytest.fixture
def three_closed(world):
    return [make.closed_item(world, make.open_item(world, one)) for one in make.assigned_items(world, findings=3)]


@pytest.fixture
def line(world, closed):
    return make.lookback(world).lines.get()


def record(line, actor, result="GOOD", **fields):
    given = {"checked_on": today(), "place": "公开栏", "seen": "公示牌仍在，内容已更新。"} | fields
    return services.record_lookback(line=line, actor=actor, result=result, **given)


def test_the_same_seed_gives_the_same_sample_in_whatever_order_the_pool_comes():
    assert drawn(POOL, 7, 5) == drawn(POOL[::-1], 7, 5) == ["X-034", "X-001", "X-003", "X-047", "X-012"]


def test_another_seed_gives_another_sample_and_each_number_its_chance():
    seen = {number for seed in range(200) for number in drawn(POOL, seed, 5)}
    assert (drawn(POOL, 7, 5) != drawn(POOL, 8, 5), seen) == (True, set(POOL))


def test_a_draw_keeps_seed_pool_and_lines(world, three_closed):
    lookback = make.lookback(world, size=2)
    assert lookback.pool == sorted(one.number for one in three_closed)
    numbers = [one.item.number for one in lookback.lines.all()]
    assert numbers == drawn(lookback.pool, lookback.seed, 2)
    assert list(integrity.samples_can_be_drawn_again()) == []


def test_a_sample_that_was_tampered_with_is_found(world, three_closed, monkeypatch):
    make.lookback(world, size=1)
    monkeypatch.setattr(integrity, "drawn", lambda pool, seed, size: drawn(pool, seed + 1, size + 1))
    (told,) = integrity.samples_can_be_drawn_again()
    assert "不一致" in told


def test_a_form_sent_twice_draws_once(world, closed):
    first = make.lookback(world)
    assert make.lookback(world, key=first.key) == first
    assert Lookback.objects.count() == 1


@pytest.mark.parametrize("size", [0, 2])
def test_more_than_there_is_cannot_be_drawn(world, closed, size):
    with pytest.raises(ValidationError, match="销号 1 件"):
        make.lookback(world, size=size)


def test_only_what_was_closed_in_these_days_takes_part(world, closed):
    with pytest.raises(ValidationError, match="没有销号的事项"):
        make.lookback(world, closed_to=today() - timedelta(days=1))


def test_only_the_county_office_draws(world, closed, let_through):
    def draw(user):
        with transaction.atomic():
            make.lookback(world, actor=user)
            transaction.set_rollback(True)

    assert let_through(draw) == {"county_officer", "county_head"}


def test_a_good_one_stays_closed(world, line):
    record(line, world.county_officer)
    line.item.refresh_from_db()
    assert line.item.status == "CLOSED"


def test_a_bad_one_recorded_by_the_head_is_reopened_at_once(world, line):
    record(line, world.county_head, "BAD", seen="公示栏又空了。")
    line.item.refresh_from_db()
    assert (line.item.status, line.item.attempt) == ("IN_PROGRESS", 2)
    assert Message.objects.filter(key__startswith="reopen:", recipient=world.township_secretary).exists()


def test_a_bad_one_recorded_by_an_officer_waits_for_the_head(world, line):
    record(line, world.county_officer, "BAD")
    line.item.refresh_from_db()
    told = Message.objects.filter(key=f"lookback:{line.pk}").values_list("recipient__username", flat=True)
    assert (line.item.status, list(told)) == ("CLOSED", ["county_head"])


def test_it_is_recorded_once(world, line):
    record(line, world.county_officer)
    with pytest.raises(Conflict, match="不能再改"):
        record(line, world.county_head, "BAD")
    with pytest.raises(DatabaseError), transaction.atomic():
        LookbackLine.objects.filter(pk=line.pk).update(result="BAD")


def test_only_the_own_county_office_records(world, line):
    for name in ("other_county_officer", "township_secretary", "discipline_officer", "roster_admin"):
        with pytest.raises(PermissionDenied):
            record(line, world.people[name])


TOKENS = re.compile(r'value="[A-Za-z0-9]{64}"|"X-CSRFToken": ?"[^"]*"|X-CSRFToken&quot;: ?&quot;[^&]*|\d\d:\d\d')


def test_township_and_village_see_nothing_of_a_draw(world, closed, client):
    """Byte by byte, so that nobody prepares for the visit."""

    def look():
        for name in ("township_secretary", "village_secretary", "discipline_officer"):
            client.force_login(world.people[name])
            for url in (closed.get_absolute_url(), "/rectification/?tab=all", "/rectification/closing/", "/"):
                yield TOKENS.sub("", client.get(url).content.decode())

    before = list(look())
    make.lookback(world)
    assert list(look()) == before


def test_drawn_shown_recorded_and_exported_in_the_browser(world, closed, client):
    client.force_login(world.county_head)
    page = client.get(reverse("rectification:lookback_draw"))
    form = page.context["form"]
    sent = {"closed_from": today() - timedelta(days=30), "closed_to": today(), "size": 1, "key": form["key"].value()}
    answer = client.post(reverse("rectification:lookback_draw"), sent)
    lookback = Lookback.objects.get()
    assert answer.url == lookback.get_absolute_url()
    page = client.get(answer.url).content.decode()
    assert str(lookback.seed) in page
    assert "重算一致" in page
    url = reverse("rectification:lookback_record", args=[lookback.lines.get().pk])
    assert client.post(url, {"result": "BAD", "checked_on": today(), "seen": ""}).status_code == 422
    client.post(url, {"result": "BAD", "checked_on": today(), "place": "公开栏", "seen": "公示栏又空了"})
    assert "已重新整改" in client.get(answer.url).content.decode()
    book = load_workbook(BytesIO(client.get(reverse("rectification:lookback_export", args=[lookback.pk])).content))
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row]
    assert any(str(lookback.seed) in one for one in cells)
    assert "公示栏又空了" in cells


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_more_rows(world, closed, signed_in, django_assert_max_num_queries, count):
    for _time in range(count):
        make.lookback(world)
    client = signed_in(world.county_officer)
    client.get("/rectification/lookbacks/")
    with django_assert_max_num_queries(9):
        client.get("/rectification/lookbacks/")


@pytest.mark.parametrize("count", [1, 3])
def test_the_sample_costs_the_same_for_more_lines(world, three_closed, signed_in, django_assert_max_num_queries, count):
    lookback = make.lookback(world, size=count)
    client = signed_in(world.county_officer)
    client.get(lookback.get_absolute_url())
    with django_assert_max_num_queries(9):
        client.get(lookback.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_a_draw_costs_the_same_for_more_lines(world, three_closed, django_assert_max_num_queries, count):
    with django_assert_max_num_queries(10):
        make.lookback(world, size=count)


@pytest.mark.parametrize("count", [1, 3])
def test_recording_costs_the_same_for_more_lines(world, three_closed, django_assert_max_num_queries, count):
    line = make.lookback(world, size=count).lines.first()
    seen = {"checked_on": today(), "place": "公开栏", "seen": "账目仍在公示。"}
    with django_assert_max_num_queries(8):
        services.record_lookback(line=line, actor=world.county_officer, result="GOOD", **seen)


def test_who_put_it_right_does_not_look_back_after_changing_post(world, line):
    mover = moved(world.village_secretary, to=world.county_officer)
    with pytest.raises(PermissionDenied, match="其他人"):
        record(line, mover)
    line.result, line.checked_on, line.checked_by = "GOOD", today(), mover
    with pytest.raises(DatabaseError), transaction.atomic():
        line.save()
