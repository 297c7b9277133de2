"""群众满意度: counts by channel, a threshold that binds, small counts told to nobody who could name the people (E9)."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent, Message
from rectification import services
from rectification.models import SatisfactionCount
from rectification.selectors.satisfaction import satisfaction_of


def poll(item, actor, asked=20, satisfied=10, fair=8, **fields):
    given = {"key": uuid.uuid4(), "channel": "VISIT", "polled_on": today()} | fields
    return services.record_poll(item=item, actor=actor, asked=asked, satisfied=satisfied, fair=fair, **given)


def page(client, user, item):
    client.force_login(user)
    return client.get(item.get_absolute_url()).content.decode()


def test_channels_add_up(world, supervised):
    poll(supervised, world.supervisor)
    poll(supervised, world.discipline_officer, asked=10, satisfied=1, fair=1, channel="MEETING")
    found = satisfaction_of(supervised)
    assert (found.asked, found.content, found.is_low) == (30, 20, True)


def test_who_watches_asks_and_not_who_puts_right(world, supervised, let_through):
    def one(user):
        with transaction.atomic():
            poll(supervised, user)
            transaction.set_rollback(True)

    passed = let_through(one)
    assert passed == {"county_officer", "county_head", "discipline_officer", "discipline_member", "supervisor"}


def test_nobody_is_asked_before_it_is_said_to_be_done(world, item):
    with pytest.raises(Conflict, match="提交验收之后"):
        poll(item, world.supervisor)


def test_more_than_were_asked_cannot_be_content(world, supervised):
    with pytest.raises(ValidationError, match="不能多于"):
        poll(supervised, world.supervisor, asked=5, satisfied=4, fair=2)
    with pytest.raises(ValidationError, match="测评日期"):
        poll(supervised, world.supervisor, polled_on=today() + timedelta(days=1))


def test_a_form_sent_twice_counts_once(world, supervised):
    first = poll(supervised, world.supervisor)
    assert poll(supervised, world.supervisor, key=first.key) == first


def test_under_the_threshold_it_is_not_closed_without_a_reason(world, supervised):
    poll(supervised, world.supervisor, satisfied=5, fair=2)
    with pytest.raises(ValidationError, match="低于标准 80%"):
        services.verify_item(item=supervised, actor=world.county_officer, opinion=" ")
    closed = services.verify_item(
        item=supervised, actor=world.county_officer, opinion="不满意的是另一件事，已另行立项。"
    )
    assert closed.status == "CLOSED"


def test_at_the_threshold_it_is(world, supervised):
    poll(supervised, world.supervisor, asked=10, satisfied=6, fair=2)
    assert services.verify_item(item=supervised, actor=world.county_officer).status == "CLOSED"


def test_too_few_bind_nobody(world, supervised):
    poll(supervised, world.supervisor, asked=4, satisfied=0, fair=0)
    assert services.verify_item(item=supervised, actor=world.county_officer).status == "CLOSED"


def test_the_threshold_is_the_county_s(world, supervised):
    poll(supervised, world.supervisor, asked=10, satisfied=6, fair=2)
    services.set_satisfaction(county=world.county, actor=world.county_head, least=90, fewest=5)
    with pytest.raises(ValidationError, match="低于标准 90%"):
        services.verify_item(item=supervised, actor=world.county_officer)
    with pytest.raises(PermissionDenied):
        services.set_satisfaction(county=world.county, actor=world.county_officer, least=1, fewest=5)


def test_a_low_count_after_closing_tells_the_head(world, closed):
    poll(closed, world.county_officer, satisfied=1, fair=1)
    told = Message.objects.filter(key__startswith="low:").values_list("recipient__username", flat=True)
    assert list(told) == ["county_head"]


def test_a_new_attempt_is_asked_anew(world, supervised):
    poll(supervised, world.supervisor, satisfied=1, fair=1)
    services.return_item(item=supervised, actor=world.county_officer, note="群众不满意")
    supervised.refresh_from_db()
    assert satisfaction_of(supervised).asked == 0


def test_the_office_reads_the_counts_others_only_whether_it_is_enough(world, supervised, client):
    poll(supervised, world.supervisor, asked=23, satisfied=19, fair=1)
    office = page(client, world.county_officer, supervised)
    assert "共 23 人，满意和基本满意 87.0%" in office
    for name in ("township_secretary", "village_secretary", "supervisor", "discipline_officer", "leading_group"):
        text = page(client, world.people[name], supervised)
        assert "达到标准" in text, name
        assert "参与人数 20 以上" in text, name
        assert [one for one in ("87.0", ">19<", ">23<") if one in text] == [], name


def test_small_counts_look_alike_whatever_they_say(world, supervised, client):
    """One villager, content or not: the township reads the same."""

    def told(satisfied):
        with transaction.atomic():
            poll(supervised, world.supervisor, asked=1, satisfied=satisfied, fair=0)
            text = page(client, world.township_secretary, supervised)
            transaction.set_rollback(True)
        start = text.index('id="h-poll"')
        return text[start : text.index("</section>", start)]

    assert told(0) == told(1)
    assert "少于 5" in told(0)


def test_the_trail_holds_no_numbers(world, supervised):
    poll(supervised, world.supervisor, asked=23, satisfied=19, fair=1)
    event = AuditEvent.objects.get(action="poll")
    assert (event.note, event.changes) == ("入户", {})


def test_counts_stay(world, supervised):
    poll(supervised, world.supervisor)
    with pytest.raises(DatabaseError), transaction.atomic():
        SatisfactionCount.objects.update(satisfied=20)


def test_it_is_recorded_and_seen_in_the_browser(world, supervised, client):
    url = reverse("rectification:poll", args=[supervised.pk])
    client.force_login(world.supervisor)
    key = client.get(url).context["form"]["key"].value()
    sent = {"channel": "SCAN", "polled_on": today(), "asked": 12, "satisfied": 2, "fair": 1, "key": key}
    assert client.post(url, sent | {"satisfied": 99}).status_code == 422
    assert client.post(url, sent).status_code == 302
    client.force_login(world.county_officer)
    verify = reverse("rectification:verify", args=[supervised.pk])
    assert "低于标准" in client.get(verify).content.decode()
    answer = client.post(verify, {"version": supervised.version, "opinion": ""})
    assert answer.status_code == 422
    assert "写明理由" in answer.content.decode()


def test_the_settings_page_holds_the_threshold(world, reference_data, signed_in):
    client = signed_in(world.county_head)
    form = client.get("/rectification/settings/").context["form"]
    sent = {one.name: one.value() or "" for one in form} | {"satisfaction_least": 85, "satisfaction_fewest": 10}
    sent["effective_from"] = today().isoformat()
    assert client.post("/rectification/settings/", sent).status_code == 302
    setting = services.county_setting(world.county)
    assert (setting.satisfaction_least, setting.satisfaction_fewest) == (85, 10)


def test_a_count_stays_within_its_statements(world, supervised, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        poll(supervised, world.supervisor)
