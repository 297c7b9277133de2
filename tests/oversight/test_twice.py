"""A form that is sent twice makes one row, whoever presses how; with other words it is another form (common.once)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.enums import OrganKind, Post
from accounts.models import Organ
from common.calendar import today
from common.errors import Conflict
from inspections.models import ChecklistItem
from oversight import services
from oversight.models import Assessment, Circular, FollowUp, Occasion, PointsGiven, SelfCheckNotice
from tests.factories import assessments
from tests.factories import inspections as build
from tests.factories import occasions as make
from tests.factories.world import person
from tests.rectification.test_concurrency import at_once


def occasion(world, key, word):
    values = {"kind": "HEARING", "county": world.county, "title": word, "day": today()}
    return services.arrange_occasion(**values, actor=world.county_officer, key=key)


def follow_up(world, key, word):
    held = Occasion.objects.first() or make.talk(world)
    organ = Organ.objects.get(division=world.township, kind="PARTY_COMMITTEE")
    values = {"text": word, "organ": organ, "due": today() + timedelta(days=5)}
    return services.add_follow_up(occasion=held, **values, actor=world.county_head, key=key)


def points(world, key, word):
    scheme = Assessment.objects.first()
    if scheme is None:
        world.people["city_head"] = person("city_head", "市办主任", world.city, OrganKind.INSPECTION_OFFICE, Post.HEAD)
        scheme = assessments.in_force(world)
    given = {"county": world.county, "points": Decimal("0.5"), "reason": word, "actor": world.city_officer}
    return services.give_points(assessment=scheme, **given, key=key)


def notice(world, key, word):
    build.checklist()
    values = {"title": word, "text": "先改起来。", "due_on": today() + timedelta(days=10)}
    values |= {"items": list(ChecklistItem.objects.all()), "term": build.term(world)}
    return services.issue_notice(county=world.county, **values, actor=world.county_officer, key=key)


def circular(world, key, word):
    days = {"first_day": today() - timedelta(days=30 + len(word)), "last_day": today()}
    return services.draft_circular(kind="CIRCULAR", **days, actor=world.county_officer, key=key)


MADE = {occasion: Occasion, follow_up: FollowUp, points: PointsGiven, notice: SelfCheckNotice, circular: Circular}


@pytest.mark.parametrize("make_one", MADE, ids=lambda one: one.__name__)
def test_a_form_sent_twice_makes_one(world, make_one):
    key = uuid4()
    first = make_one(world, key, "一")
    count = MADE[make_one].objects.count()
    assert make_one(world, key, "一") == first
    assert MADE[make_one].objects.count() == count


@pytest.mark.parametrize("make_one", MADE, ids=lambda one: one.__name__)
def test_other_words_under_the_same_key_are_not_lost_in_silence(world, make_one):
    key = uuid4()
    make_one(world, key, "一")
    with pytest.raises(Conflict, match="重新打开页面"):
        make_one(world, key, "二二")
    assert make_one(world, uuid4(), "二二").pk


def test_nobody_gets_anothers_row_by_its_key(world):
    made = occasion(world, uuid4(), "一")
    values = {"kind": "HEARING", "county": world.county, "title": "一", "day": today()}
    with pytest.raises(Conflict):
        services.arrange_occasion(**values, actor=world.county_head, key=made.key)


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_the_same_moment_there_is_one_draft(world):
    key = uuid4()
    outcomes = at_once(*[lambda: circular(world, key, "一")] * 2)
    assert outcomes[0] == outcomes[1] == Circular.objects.get()


def test_each_opened_form_has_a_key_of_its_own_and_needs_it(world, signed_in):
    client, url = signed_in(world.county_officer), reverse("oversight:circular_new")
    keys = [client.get(url).context["form"]["key"].value() for _n in range(2)]
    assert keys[0] != keys[1]
    days = {"first_day": today() - timedelta(days=30), "last_day": today()}
    assert client.post(url, days).status_code == 422
    sent = [client.post(url, days | {"key": keys[0]}).url for _n in range(2)]
    assert sent == [Circular.objects.get().get_absolute_url()] * 2
