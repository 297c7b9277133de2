"""Decisions on villages that a roster no longer has: merged, recoded, withdrawn, kept; and taken back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import Organ
from common import audit
from common.calendar import today
from common.errors import Conflict
from common.models import Message
from tests.factories.villages import approved
from tests.factories.world import village as made
from villages.enums import Act, Change
from villages.models import Classification, RosterChange, Village
from villages.selectors.undecided import undecided
from villages.services import Decision, Order, decide

DAY = date(2020, 5, 1)
ORDER = Order("川民函〔2020〕8号", DAY, "")


def fresh(village):
    return Village.objects.select_related("division", "township", "county", "successor").get(pk=village.pk)


def decision(village, act, successor=None, **more):
    seen = fresh(village)
    return Decision(seen.pk, act, more.get("version", seen.version), successor.pk if successor else None)


def act(world, *decisions, order=ORDER, actor="roster_admin"):
    return decide(decisions=decisions, order=order, actor=getattr(world, actor))


def problems(caught):
    return {key: value[0] for key, value in caught.value.message_dict.items()}


# ------------------------------------------------------------------------- acts


def test_a_merged_village_points_to_its_successor_from_the_day_of_the_document(waiting):
    act(waiting, decision(waiting.village, Act.MERGE, waiting.sibling_village))
    village = fresh(waiting.village)
    assert (village.status, village.successor, village.valid_to) == ("MERGED", waiting.sibling_village, DAY)
    assert village not in undecided(waiting.roster_admin)


def test_each_decision_leaves_history_and_an_event(waiting):
    [row] = act(waiting, decision(waiting.village, Act.MERGE, waiting.sibling_village))
    assert (row.change, row.roster, row.actor, row.document, row.effective_on) == (
        Change.MERGED,
        None,
        waiting.roster_admin,
        "川民函〔2020〕8号",
        DAY,
    )
    assert row.fields == {
        "status": ["ACTIVE", "MERGED"],
        "successor": [None, "510703100201"],
        "valid_to": [None, "2020-05-01"],
    }
    event = audit.history(waiting.village).first()
    assert (event.action, event.actor, event.note) == ("merge_village", waiting.roster_admin, "川民函〔2020〕8号")


def test_a_withdrawn_village_has_no_successor(waiting):
    act(waiting, decision(waiting.village, Act.WITHDRAW))
    village = fresh(waiting.village)
    assert (village.status, village.successor, village.valid_to) == ("WITHDRAWN", None, DAY)


def test_a_kept_village_waits_no_longer_and_stays_as_it_was(waiting):
    act(waiting, decision(waiting.village, Act.KEEP), order=Order(reason="新名册漏列"))
    assert fresh(waiting.village).status == "ACTIVE"
    assert list(undecided(waiting.roster_admin)) == [waiting.second_village]
    assert RosterChange.objects.get(village=waiting.village).change == Change.KEPT


def test_a_village_under_another_code_goes_on_with_class_profile_and_organs(waiting):
    w = waiting
    approved(w.village, officer=w.county_officer, head=w.county_head)
    Village.objects.filter(pk=w.village.pk).update(households=320, secretary="张三")
    Village.objects.filter(pk=w.sibling_village.pk).update(secretary="李四")
    act(w, decision(w.village, Act.RECODE, w.sibling_village))
    new = fresh(w.sibling_village)
    assert (new.klass, new.households, new.secretary) == ("RISK", 320, "李四")
    row = Classification.objects.get()
    assert (row.village, row.township, row.origin) == (new, w.sibling_township, w.village)
    assert {one.kind for one in Organ.objects.filter(division=new.division)} == {"VILLAGE_PARTY", "VILLAGE_SUPERVISORY"}
    assert RosterChange.objects.get(village=w.village).change == Change.RECODED


def test_a_merged_village_keeps_its_class_to_itself(waiting):
    approved(waiting.village, officer=waiting.county_officer, head=waiting.county_head)
    act(waiting, decision(waiting.village, Act.MERGE, waiting.sibling_village))
    assert (fresh(waiting.village).klass, fresh(waiting.sibling_village).klass) == ("RISK", None)


def test_several_villages_merge_into_one(waiting):
    act(
        waiting,
        *(decision(one, Act.MERGE, waiting.sibling_village) for one in (waiting.village, waiting.second_village)),
    )
    assert set(waiting.sibling_village.predecessors.all()) == {waiting.village, waiting.second_village}


def test_a_chain_within_one_batch_is_followed(waiting):
    w = waiting
    act(w, decision(w.village, Act.MERGE, w.second_village), decision(w.second_village, Act.MERGE, w.sibling_village))
    assert (fresh(w.village).successor, fresh(w.second_village).successor) == (w.second_village, w.sibling_village)


def test_a_village_that_does_not_wait_may_be_decided_too(world):
    act(world, decision(world.village, Act.MERGE, world.second_village))
    assert fresh(world.village).status == "MERGED"


def test_a_new_village_stands_from_the_day_on_which_others_became_it(waiting):
    Village.objects.filter(pk=waiting.sibling_village.pk).update(valid_from=date(2023, 6, 30))
    act(waiting, decision(waiting.village, Act.MERGE, waiting.sibling_village))
    assert fresh(waiting.sibling_village).valid_from == DAY
    changed = RosterChange.objects.get(village=waiting.sibling_village)
    assert changed.fields == {"valid_from": ["2023-06-30", "2020-05-01"]}


def test_both_villages_townships_and_the_county_office_are_told(waiting):
    act(waiting, decision(waiting.village, Act.MERGE, waiting.sibling_village))
    told = {one.recipient.username for one in Message.objects.all()}
    assert told == {
        "village_secretary",
        "supervisor",
        "township_secretary",
        "township_officer",
        "sibling_township_secretary",
        "county_officer",
        "county_head",
    }
    assert "青义镇 龙门村 并入 丰谷镇 二社村" in Message.objects.first().body


def test_one_message_for_a_batch(waiting):
    act(
        waiting,
        *(decision(one, Act.MERGE, waiting.sibling_village) for one in (waiting.village, waiting.second_village)),
    )
    assert Message.objects.filter(recipient=waiting.township_secretary).count() == 1


# -------------------------------------------------------------------- who, where


@pytest.mark.parametrize("name", ["county_officer", "city_officer", "leading_group", "township_secretary", "sysadmin"])
def test_only_roster_administrators_and_heads_decide(waiting, name):
    with pytest.raises(PermissionDenied):
        act(waiting, decision(waiting.village, Act.WITHDRAW), actor=name)


@pytest.mark.parametrize("name", ["other_county_head"])
def test_nobody_decides_in_another_county(waiting, name):
    with pytest.raises(PermissionDenied):
        act(waiting, decision(waiting.village, Act.WITHDRAW), actor=name)


def test_a_county_merges_into_no_village_of_another_county(waiting):
    with pytest.raises(PermissionDenied):
        act(waiting, decision(waiting.village, Act.MERGE, waiting.other_village))


def test_the_city_may_let_a_village_go_to_another_county(waiting):
    act(waiting, decision(waiting.village, Act.MERGE, waiting.other_village), actor="city_roster_admin")
    assert fresh(waiting.village).successor == waiting.other_village


@pytest.mark.parametrize("name", ["roster_admin", "county_head", "city_roster_admin"])
def test_these_decide(waiting, name):
    act(waiting, decision(waiting.village, Act.WITHDRAW), actor=name)
    assert fresh(waiting.village).status == "WITHDRAWN"


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (Order("", DAY, "县里定的"), "document"),
        (Order("川民函〔2020〕8号", None, ""), "effective_on"),
        (Order("川民函〔2020〕8号", today() + timedelta(days=1), ""), "effective_on"),
        (Order("川民函〔2020〕8号", date(202, 1, 1), ""), "effective_on"),
    ],
)
def test_an_order_without_document_or_day_or_of_tomorrow_is_refused(waiting, order, key):
    with pytest.raises(ValidationError) as caught:
        act(waiting, decision(waiting.village, Act.WITHDRAW), order=order)
    assert set(problems(caught)) == {key}


def test_keeping_needs_a_reason_or_a_document(waiting):
    with pytest.raises(ValidationError) as caught:
        act(waiting, decision(waiting.village, Act.KEEP), order=Order())
    assert set(problems(caught)) == {"reason"}


def test_an_empty_batch_is_refused(waiting):
    with pytest.raises(ValidationError, match="还没有决定任何一个村"):
        act(waiting)


def test_a_village_is_decided_once_in_a_batch(waiting):
    with pytest.raises(ValidationError, match="分成几个村"):
        act(waiting, decision(waiting.village, Act.WITHDRAW), decision(waiting.village, Act.KEEP))


@pytest.mark.parametrize(
    ("goal", "text"),
    [(None, "先导入有它的名册"), ("village", "不能并入本村自己"), ("second_village", "绕回了本村")],
)
def test_a_goal_that_leads_nowhere_is_refused(waiting, goal, text):
    w = waiting
    batch = [decision(w.village, Act.MERGE, goal and getattr(w, goal))]
    if goal == "second_village":
        batch.append(decision(w.second_village, Act.MERGE, w.village))
    with pytest.raises(ValidationError) as caught:
        act(w, *batch)
    assert text in problems(caught)[str(w.village.pk)]


def test_a_goal_that_is_withdrawn_in_the_same_batch_is_refused(waiting):
    w = waiting
    with pytest.raises(ValidationError) as caught:
        act(w, decision(w.village, Act.MERGE, w.second_village), decision(w.second_village, Act.WITHDRAW))
    assert set(problems(caught)) == {str(w.village.pk)}


def test_a_goal_that_has_ended_is_refused(waiting):
    act(waiting, decision(waiting.second_village, Act.MERGE, waiting.sibling_village))
    with pytest.raises(ValidationError) as caught:
        act(waiting, decision(waiting.village, Act.MERGE, waiting.second_village))
    assert "已经撤并" in problems(caught)[str(waiting.village.pk)]


def test_two_villages_do_not_go_on_under_one_code(waiting):
    w = waiting
    with pytest.raises(ValidationError) as caught:
        act(w, *(decision(one, Act.RECODE, w.sibling_village) for one in (w.village, w.second_village)))
    assert set(problems(caught).values()) == {"已有别的村改用这个代码，本村只能“并入”。"}
    act(w, decision(w.village, Act.RECODE, w.sibling_village))
    with pytest.raises(ValidationError):
        act(w, decision(w.second_village, Act.RECODE, w.sibling_village))


def test_one_goes_on_under_the_code_and_others_merge_into_it(waiting):
    w = waiting
    act(w, decision(w.village, Act.RECODE, w.sibling_village), decision(w.second_village, Act.MERGE, w.sibling_village))
    assert {one.change for one in RosterChange.objects.filter(roster=None)} == {"RECODED", "MERGED"}


def test_a_village_does_not_end_before_it_began(waiting):
    Village.objects.filter(pk=waiting.village.pk).update(valid_from=date(2021, 1, 1))
    with pytest.raises(ValidationError) as caught:
        act(waiting, decision(waiting.village, Act.MERGE, waiting.sibling_village))
    assert "2021-01-01" in problems(caught)[str(waiting.village.pk)]


def test_one_wrong_decision_stops_the_whole_batch(waiting):
    w = waiting
    with pytest.raises(ValidationError):
        act(w, decision(w.second_village, Act.WITHDRAW), decision(w.village, Act.MERGE))
    assert fresh(w.second_village).status == "ACTIVE"
    assert not RosterChange.objects.exists()


def test_a_village_that_somebody_else_decided_first_is_a_conflict_that_says_who(waiting):
    seen = decision(waiting.village, Act.WITHDRAW)
    act(waiting, decision(waiting.village, Act.MERGE, waiting.sibling_village), actor="county_head")
    with pytest.raises(Conflict, match=r"“青义镇 龙门村”已由县巡察办主任于.*办理“并入”"):
        act(waiting, seen)


def test_a_village_that_somebody_kept_meanwhile_is_a_conflict(waiting):
    seen = decision(waiting.village, Act.WITHDRAW)
    act(waiting, decision(waiting.village, Act.KEEP), order=Order(reason="漏列"), actor="county_head")
    with pytest.raises(Conflict):
        act(waiting, seen)


def test_keeping_what_does_not_wait_is_refused(world):
    with pytest.raises(ValidationError, match="不在待决定之列"):
        act(world, decision(world.village, Act.KEEP), order=Order(reason="漏列"))


def test_the_database_refuses_a_circle(waiting):
    act(waiting, decision(waiting.village, Act.MERGE, waiting.second_village))
    with pytest.raises(IntegrityError, match="回到自己"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE villages_village SET status = 'MERGED', successor_id = %s, valid_to = now() WHERE division_id = %s",
            [waiting.village.pk, waiting.second_village.pk],
        )


def test_the_database_lets_one_statement_end_a_whole_chain(waiting):
    w = waiting
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE villages_village v SET status = 'MERGED', successor_id = r.s, valid_to = now()
               FROM unnest(%s::bigint[], %s::bigint[]) AS r(v, s) WHERE v.division_id = r.v""",
            [[w.village.pk, w.second_village.pk], [w.second_village.pk, w.sibling_village.pk]],
        )
    assert fresh(w.village).successor == w.second_village


@pytest.mark.parametrize(
    "fields", [{"status": "MERGED", "valid_to": DAY}, {"status": "WITHDRAWN"}], ids=["no successor", "no day"]
)
def test_the_database_refuses_half_an_end(waiting, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Village.objects.filter(pk=waiting.village.pk).update(**fields)


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_statements_does_not_grow_with_the_batch(world, number, django_assert_num_queries):
    villages = [made(f"5107031032{n}", f"第{n}村", world.township) for n in range(30, 30 + number)]
    batch = [decision(one, Act.MERGE, world.sibling_village) for one in villages]
    with django_assert_num_queries(22):
        act(world, *batch)
