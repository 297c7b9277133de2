import pytest

from common import policy
from rectification.models import RectificationItem
from villages.models import Village


def test_unknown_action_raises(world):
    with pytest.raises(policy.UnknownPermission):
        policy.may(world.county_officer, "fly", Village)


def test_county_sees_its_own_villages_only(world):
    seen = set(policy.visible(world.county_officer, Village.objects.all()))
    assert seen == {world.village, world.second_village, world.sibling_village}


def test_city_sees_all_villages(world):
    assert policy.visible(world.city_officer, Village.objects.all()).count() == 4


def test_system_admin_sees_no_business_data(world):
    assert not policy.may(world.sysadmin, "view", RectificationItem)
    assert not policy.visible(world.sysadmin, Village.objects.all())


@pytest.mark.parametrize(
    "name",
    [
        "county_officer",
        "township_secretary",
        "village_secretary",
        "city_officer",
        "auditor",
        "spare_member",
        "org_officer",
    ],
)
def test_list_and_object_agree(world, name):
    user = getattr(world, name)
    listed = set(policy.visible(user, Village.objects.all()))
    assert listed == {one for one in Village.objects.all() if policy.allows(user, "view", one)}


def test_inactive_user_sees_nothing(world):
    world.county_officer.is_active = False
    assert not policy.visible(world.county_officer, Village.objects.all()).exists()
