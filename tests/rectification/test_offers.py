"""The acts that the page of an item, the lists and the desk offer to a person: the next one, and why one is greyed."""

import re

import pytest

from accounts.models import User
from common import policy
from rectification import selectors
from rectification.models import RectificationItem
from rectification.views import offers
from tests.factories import rectification as make
from tests.rectification.test_pages import text_of


def primaries(page):
    """Primary links and buttons in the head of the page."""
    return re.findall(r'btn-primary"[^>]*>([^<]+)<', page.split('<div class="content">')[0])


@pytest.mark.parametrize(
    ("build", "name", "expected"),
    [
        (lambda world: make.assigned_items(world)[0], "township_secretary", ["签收"]),
        (lambda world: make.assigned_items(world)[0], "village_secretary", []),
        (make.open_item, "township_secretary", ["报进展"]),
        (make.open_item, "village_secretary", ["报进展"]),
        (make.reported_item, "township_secretary", ["提交验收"]),
        (make.submitted_item, "supervisor", ["签署监督意见"]),
        (make.submitted_item, "township_secretary", []),
        (make.supervised_item, "county_officer", ["验收销号"]),
        (make.closed_item, "county_head", []),
        (make.closed_item, "township_secretary", []),
    ],
)
def test_only_the_next_step_is_primary(world, signed_in, build, name, expected):
    item = build(world)
    page = text_of(signed_in(getattr(world, name)).get(f"/rectification/{item.pk}/"))
    assert primaries(page) == expected


def test_a_greyed_button_says_why(world, signed_in, item):
    page = text_of(signed_in(world.township_secretary).get(f"/rectification/{item.pk}/"))
    assert re.search(r"<button[^>]*disabled[^>]*>提交验收", page)
    assert "请先报一次整改进展并附佐证材料" in page


def test_who_has_signed_sees_that_it_is_done(world, signed_in, submitted):
    make.sign(submitted, world.supervisor)
    page = text_of(signed_in(world.supervisor).get(f"/rectification/{submitted.pk}/"))
    assert "您这个环节本次已经签署" in page


@pytest.mark.parametrize("page", ["/rectification/", "/rectification/tasks/"])
def test_a_list_offers_signing_until_the_link_has_signed(world, signed_in, submitted, page):
    supervisor = signed_in(world.supervisor)
    offer = f"/rectification/{submitted.pk}/sign/"
    assert offer in text_of(supervisor.get(page))
    make.sign(submitted, world.supervisor)
    assert offer not in text_of(supervisor.get(page))


def moved(person, seat):
    """The same person, now sitting where `seat` sits."""
    User.objects.filter(pk=person.pk).update(organ=seat.organ, post=seat.post)
    return User.objects.select_related("organ__division__parent").get(pk=person.pk)


@pytest.mark.parametrize("page", ["/rectification/", "/rectification/tasks/"])
@pytest.mark.parametrize(("name", "reason"), [("township_secretary", "您办理过"), ("discipline_officer", "您签署过")])
def test_a_list_greys_verification_for_who_had_a_hand_in_it(world, signed_in, supervised, page, name, reason):
    client = signed_in(moved(world.people[name], world.county_officer))
    listed, own = text_of(client.get(page)), text_of(client.get(supervised.get_absolute_url()))
    assert f"/rectification/{supervised.pk}/verify/" not in listed + own
    assert re.search(rf'<button class="[^"]+" type="button" disabled title="{reason}', listed)
    assert reason in own


def test_the_desk_does_not_ask_to_verify_what_one_signed(world, supervised):
    assert selectors.todo(world.county_officer) != []
    assert selectors.todo(moved(world.discipline_officer, world.county_officer)) == []


STATES = (make.assigned_items, make.open_item, make.submitted_item, make.supervised_item, make.closed_item)


@pytest.mark.parametrize("build", STATES)
def test_a_list_offers_what_the_page_of_the_item_offers(world, build):
    made = build(world)
    item = RectificationItem.objects.get(pk=(made[0] if isinstance(made, list) else made).pk)
    movers = [moved(world.people[name], world.county_officer) for name in ("township_officer", "discipline_member")]
    for user in [*world.people.values(), *movers]:
        if not policy.visible(user, RectificationItem.objects.all()).exists():
            continue
        page = {(one.url, one.reason) for one in offers.acts(item, user, None)[0]}
        listed = offers.next_act(item, user)
        assert listed is None or (listed.url, listed.reason) in page
        assert listed is not None or not any(one.tone == "primary" for one in offers.acts(item, user, None)[0])
