"""`policy.visible` and `policy.allows` answer alike, row by row, for every person and every granted action."""

from django.apps import apps

from accounts.enums import Post, Role
from common import policy
from tests.factories.story import tell


def test_list_and_object_agree_for_everybody_over_the_whole_story(world):
    story = tell(world)
    pairs = sorted({(one.model, one.action) for one in policy.rows()})
    conditioned = {(model, action) for model, action, _rules in policy.conditions()}
    compared = 0
    for name, user in story.world.people.items():
        for label, action in pairs:
            model = apps.get_model(label)
            rows = list(model.objects.all())
            listed = set(policy.visible(user, model.objects.all(), action).values_list("pk", flat=True))
            allowed = {one.pk for one in rows if policy.allows(user, action, one)}
            agree = allowed <= listed if (label, action) in conditioned else allowed == listed
            assert agree, (name, label, action, listed ^ allowed)
            compared += len(rows)
    assert compared > 10_000


def test_a_condition_only_ever_narrows_what_the_list_shows(world):
    """Where a rule over single objects refuses, the object itself stays visible: 403, not 404."""
    place = tell(world).places["own"]
    head = place.world.county_head
    assert policy.visible(head, type(place.feedback_draft).objects.all(), "issue").filter(pk=place.feedback_draft.pk)
    drafter = place.world.county_officer
    assert not policy.allows(drafter, "issue", place.feedback_draft)


OFFICES = (Role.CITY_OFFICE, Role.COUNTY_OFFICE)
READING = {"view", "view_class", "export", "count", "tally", "oversee", "rank"}


def test_a_roster_administrator_writes_nothing_but_rosters():
    """Villages, their classes and the marks of places: never plans, findings, papers, items or what follows."""
    grants = [one for one in policy.rows() if one.role in OFFICES and one.action not in READING]
    kept = {one.model for one in grants if not one.posts or Post.ROSTER_ADMINISTRATOR in one.posts}
    assert {one for one in kept if not one.startswith("villages.")} == {"accounts.Division"}
