"""Decisions taken back: a restored village stands as if it had never ended; a roster in part only is set aside."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common import audit
from common.errors import Conflict
from tests.factories.villages import approved, lacking, proposed
from tests.villages.test_adjustments import DAY, act, decision, fresh
from villages.enums import Act
from villages.models import Classification, RosterChange, Village
from villages.selectors.undecided import progress, undecided
from villages.services import Order, restore, set_aside


def test_a_restored_village_stands_as_if_it_had_never_ended(waiting):
    act(waiting, decision(waiting.village, Act.MERGE, waiting.sibling_village))
    seen = fresh(waiting.village)
    restore(village=seen, order=Order(reason="选错了去向"), actor=waiting.roster_admin, version=seen.version)
    village = fresh(waiting.village)
    assert (village.status, village.successor, village.valid_to) == ("ACTIVE", None, None)
    assert [one.change for one in RosterChange.objects.filter(village=village).order_by("pk")] == ["MERGED", "RESTORED"]


def test_a_restored_village_can_be_decided_again(waiting):
    act(waiting, decision(waiting.village, Act.MERGE, waiting.sibling_village))
    seen = fresh(waiting.village)
    restore(village=seen, order=Order(reason="选错了去向"), actor=waiting.roster_admin, version=seen.version)
    act(waiting, decision(waiting.village, Act.MERGE, waiting.second_village))
    assert fresh(waiting.village).successor == waiting.second_village


def test_restoring_takes_back_the_earlier_day_of_the_successor(waiting):
    Village.objects.filter(pk=waiting.sibling_village.pk).update(valid_from=date(2023, 6, 30))
    act(waiting, decision(waiting.village, Act.MERGE, waiting.sibling_village))
    seen = fresh(waiting.village)
    restore(village=seen, order=Order(reason="选错了去向"), actor=waiting.roster_admin, version=seen.version)
    assert fresh(waiting.sibling_village).valid_from == date(2023, 6, 30)


def test_the_earlier_day_stays_for_another_village_that_merged_too(waiting):
    w = waiting
    Village.objects.filter(pk=w.sibling_village.pk).update(valid_from=date(2023, 6, 30))
    act(w, *(decision(one, Act.MERGE, w.sibling_village) for one in (w.village, w.second_village)))
    seen = fresh(w.village)
    restore(village=seen, order=Order(reason="选错了去向"), actor=w.roster_admin, version=seen.version)
    assert fresh(w.sibling_village).valid_from == DAY


def test_a_class_that_went_along_comes_back(waiting):
    w = waiting
    approved(w.village, officer=w.county_officer, head=w.county_head)
    proposed(w.village, w.county_officer)
    act(w, decision(w.village, Act.RECODE, w.sibling_village))
    assert fresh(w.sibling_village).klass == "RISK"
    seen = fresh(w.village)
    restore(village=seen, order=Order(reason="不是同一个村"), actor=w.roster_admin, version=seen.version)
    assert (fresh(w.village).klass, fresh(w.sibling_village).klass) == ("RISK", None)
    assert {one.village for one in Classification.objects.all()} == {w.village}


def test_restoring_needs_a_reason(waiting):
    act(waiting, decision(waiting.village, Act.WITHDRAW))
    seen = fresh(waiting.village)
    with pytest.raises(ValidationError, match="请写明恢复的理由"):
        restore(village=seen, order=Order("川民函〔2020〕8号"), actor=waiting.roster_admin, version=seen.version)


def test_a_restored_village_waits_for_a_new_decision_as_it_did(waiting):
    act(waiting, decision(waiting.village, Act.WITHDRAW))
    assert progress(waiting.roster_admin) == {"waiting": 1, "decided": 1}
    seen = fresh(waiting.village)
    restore(village=seen, order=Order(reason="误撤"), actor=waiting.roster_admin, version=seen.version)
    assert waiting.village in undecided(waiting.roster_admin)
    assert progress(waiting.roster_admin) == {"waiting": 2, "decided": 0}
    act(waiting, decision(waiting.village, Act.KEEP))
    assert progress(waiting.roster_admin) == {"waiting": 1, "decided": 1}


def test_a_village_decided_and_restored_after_its_roster_was_set_aside_does_not_wait(waiting):
    act(waiting, decision(waiting.village, Act.WITHDRAW))
    seen = fresh(waiting.village)
    assert set_aside(roster=seen.missing_from, reason="只报了一个乡镇", actor=waiting.roster_admin) == 1
    restore(
        village=fresh(waiting.village), order=Order(reason="误撤"), actor=waiting.roster_admin, version=seen.version
    )
    assert not undecided(waiting.roster_admin).exists()


def test_restoring_twice_is_a_conflict(waiting):
    act(waiting, decision(waiting.village, Act.WITHDRAW))
    seen = fresh(waiting.village)
    restore(village=seen, order=Order(reason="误撤"), actor=waiting.county_head, version=seen.version)
    with pytest.raises(Conflict, match="办理“恢复建制”"):
        restore(village=seen, order=Order(reason="误撤"), actor=waiting.roster_admin, version=seen.version)


def test_only_who_decides_restores(waiting):
    act(waiting, decision(waiting.village, Act.WITHDRAW))
    seen = fresh(waiting.village)
    with pytest.raises(PermissionDenied):
        restore(village=seen, order=Order(reason="误撤"), actor=waiting.county_officer, version=seen.version)


# ------------------------------------------------------------ a roster in part only


def test_a_roster_that_was_not_whole_is_set_aside(waiting):
    roster = fresh(waiting.village).missing_from
    assert set_aside(roster=roster, reason="只报了一个乡镇", actor=waiting.roster_admin) == 2
    assert not undecided(waiting.roster_admin).exists()
    assert audit.history(roster).first().note == "只报了一个乡镇"


def test_a_county_sets_no_roster_of_others_aside(waiting):
    roster = lacking(waiting.other_village)
    with pytest.raises(PermissionDenied):
        set_aside(roster=roster, reason="只报了一部分", actor=waiting.roster_admin)


def test_setting_aside_needs_a_reason_and_the_right(waiting):
    roster = fresh(waiting.village).missing_from
    with pytest.raises(ValidationError):
        set_aside(roster=roster, reason=" ", actor=waiting.roster_admin)
    with pytest.raises(PermissionDenied):
        set_aside(roster=roster, reason="x", actor=waiting.county_officer)
