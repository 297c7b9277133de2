"""A profile edited by hand: on record, guarded against two people at once."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from common.errors import Conflict
from common.models import AuditEvent
from villages.models import RosterChange, Village
from villages.services import edit_village

URL = "/villages/510703103201/edit/"


def edit(world, actor=None, version=1, **changes):
    return edit_village(village=world.village, actor=actor or world.county_officer, version=version, **changes)


def test_an_edit_is_kept_in_history_and_trail(world):
    one = edit(world, households=320, annual_income=Decimal("12.50"), last_inspected_on=date(2019, 4, 22))
    change = RosterChange.objects.get()
    kept = {"households": [None, 320], "annual_income": [None, "12.50"], "last_inspected_on": [None, "2019-04-22"]}
    assert (change.fields, change.actor, change.roster, one.version) == (kept, world.county_officer, None, 2)
    assert AuditEvent.objects.get(action="edit").changes == kept


def test_an_edit_that_changes_nothing_leaves_no_trace(world):
    assert edit(world, households=None).version == 1
    assert not RosterChange.objects.exists()


def test_two_people_at_once_are_a_conflict(world):
    edit(world, households=320)
    with pytest.raises(Conflict):
        edit(world, households=310)
    assert Village.objects.get(pk=world.village.pk).households == 320


@pytest.mark.parametrize("name", ["city_officer", "other_county_officer", "township_secretary", "village_secretary"])
def test_only_the_countys_office_edits(world, name):
    with pytest.raises(PermissionDenied):
        edit(world, getattr(world, name), households=1)


@pytest.mark.parametrize("field", ["klass", "status", "county", "township"])
def test_class_state_and_place_cannot_be_edited_by_hand(world, field):
    with pytest.raises(TypeError):
        edit(world, **{field: "x"})


def posted(client, **changes):
    given = {"version": 1, "category": "VILLAGE", "households": 320, "secretary_is_director": "yes", "mark": "PILOT"}
    return client.post(URL, given | changes)


def test_the_form_saves_and_leads_back(world, signed_in):
    response = posted(signed_in(world.county_officer))
    one = Village.objects.get(pk=world.village.pk)
    assert response.headers["Location"] == "/villages/510703103201/"
    assert (one.households, one.secretary_is_director, one.mark) == (320, True, "PILOT")


def test_an_unknown_answer_stays_unknown(world, signed_in):
    posted(signed_in(world.county_officer), secretary_is_director="", is_weak_lax="no")
    one = Village.objects.get(pk=world.village.pk)
    assert (one.secretary_is_director, one.is_weak_lax) == (None, False)


def test_the_form_shows_what_is_known(world, signed_in):
    edit(world, secretary_is_director=False, households=5)
    form = signed_in(world.county_officer).get(URL).context["form"]
    assert '<option value="no" selected>' in str(form["secretary_is_director"])
    assert 'value="5"' in str(form["households"])


def test_a_wrong_number_is_shown_at_its_field(world, signed_in):
    response = posted(signed_in(world.county_officer), households="-3")
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["households"])
    assert Village.objects.get(pk=world.village.pk).households is None


def test_an_old_version_is_answered_with_409(world, signed_in):
    edit(world, households=1)
    assert posted(signed_in(world.county_officer)).status_code == 409


@pytest.mark.parametrize(
    ("name", "status"), [("other_county_officer", 404), ("township_secretary", 403), ("city_officer", 403)]
)
def test_the_form_is_closed_to_others(world, signed_in, name, status):
    client = signed_in(getattr(world, name))
    assert (client.get(URL).status_code, posted(client).status_code) == (status, status)
