from datetime import timedelta

import pytest

from common import policy
from common.calendar import today
from rectification import selectors, services
from rectification.models import RectificationItem
from tests.factories import rectification as make


def kinds(user):
    return [str(row["kind"]) for row in selectors.todo(user)]


@pytest.mark.parametrize(
    ("build", "waiting"),
    [
        (
            make.assigned_items,
            {
                "township_secretary": ["签收", "签收", "党建", "签收"],  # the feedback first
                "township_officer": ["签收", "签收", "党建", "签收"],
                "org_officer": ["党建"],
            },
        ),
        (
            make.open_item,
            {
                "township_secretary": ["签收", "党建", "整改"],
                "township_officer": ["签收", "党建", "整改"],
                "village_secretary": ["签收", "整改"],
                "org_officer": ["党建"],
            },
        ),
        (
            make.submitted_item,
            {
                "township_secretary": ["签收", "党建"],
                "township_officer": ["签收", "党建"],
                "village_secretary": ["签收"],
                "org_officer": ["党建"],
                "discipline_officer": ["监督"],
                "discipline_member": ["监督"],
                "supervisor": ["监督"],
            },
        ),
        (
            make.supervised_item,
            {
                "township_secretary": ["签收", "党建"],
                "township_officer": ["签收", "党建"],
                "village_secretary": ["签收"],
                "org_officer": ["党建"],
                "county_officer": ["验收"],
                "county_head": ["验收"],
            },
        ),
    ],
)
def test_each_role_finds_what_waits_for_it(world, build, waiting):
    build(world)
    found = {name: kinds(user) for name, user in world.people.items()}
    assert {name: rows for name, rows in found.items() if rows} == waiting


def test_a_signed_link_waits_no_longer(world, submitted):
    make.sign(submitted, world.supervisor)
    assert kinds(world.supervisor) == []
    assert kinds(world.discipline_officer) == ["监督"]


def test_after_a_return_the_link_waits_again(world, submitted):
    make.sign(submitted, world.supervisor, "FAIL")
    submitted.refresh_from_db()
    make.submitted_item(world, submitted)
    assert kinds(world.supervisor) == ["监督"]


def test_a_request_for_more_time_waits_for_the_county(world, item):
    services.ask_extension(
        item=item, actor=world.township_secretary, new_deadline=item.deadline + timedelta(days=30), reason="枯水期"
    )
    assert kinds(world.county_officer) == ["延期"]
    assert kinds(world.other_county_officer) == []


def test_a_long_term_item_waits_for_the_county_when_its_review_is_due(world, item, signed_in):
    later = services.mark_long_term(item=item, actor=world.county_officer, note="长期坚持。")
    assert kinds(world.county_officer) == []
    services.mark_long_term(
        item=later, actor=world.county_officer, note="再看一次。", review_on=today() + timedelta(days=3)
    )
    (row,) = selectors.todo(world.county_officer)
    assert (str(row["kind"]), row["due"]) == ("复核", "剩 3 天")
    assert signed_in(world.county_officer).get(row["url"]).status_code == 200
    assert kinds(world.other_county_officer) == []


def test_feedback_waits_for_the_head_who_did_not_draft_it(world):
    make.drafted_feedback(world)
    assert kinds(world.county_head) == ["签发"]
    assert kinds(world.county_officer) == []


def test_every_link_of_the_list_leads_to_a_page_that_opens(world, signed_in):
    make.supervised_item(world)
    for name in ("county_officer", "township_secretary"):
        client = signed_in(getattr(world, name))
        assert {client.get(row["url"]).status_code for row in selectors.todo(getattr(world, name))} == {200}


def test_tasks_are_grouped_by_their_light(world):
    groups = selectors.tasks(world.township_secretary)
    assert {key: len(rows) for key, rows in groups.items()} == {"overdue": 0, "soon": 0, "normal": 0, "closed": 0}
    closed = make.closed_item(world)
    groups = selectors.tasks(world.township_secretary)
    assert [one.pk for one in groups["closed"]] == [closed.pk]
    assert len(groups["normal"]) == 1


def test_list_and_object_agree_for_every_action(world):
    """The two questions of the policy, row by row, over items in several states."""
    items = make.assigned_items(world, findings=3)
    make.supervised_item(world, items[0])
    make.open_item(world, items[1])
    rows = list(RectificationItem.objects.all())
    for user in world.people.values():
        for action in ("view", "accept", "report", "submit", "export", "urge", "extend", "reopen"):
            listed = set(policy.visible(user, RectificationItem.objects.all(), action))
            assert listed == {one for one in rows if policy.allows(user, action, one)}
