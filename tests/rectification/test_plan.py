from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common import audit, workflow
from common.errors import Conflict
from rectification import services
from rectification.enums import ItemStatus
from rectification.models import Measure, RectificationItem, Responsible
from tests.factories import rectification as make
from tests.factories.world import moved

BATCH_STATEMENTS = 22  # with the receipt of the feedback
WEEK = timedelta(days=7)


def accept(item, actor, **changes):
    values = {"measures": make.measures(item), "people": make.people()} | changes
    return services.accept_item(item=item, actor=actor, **values)


def test_the_township_accepts_with_measures_and_the_four(world, assigned):
    item = accept(assigned, world.township_officer)
    assert item.status == "IN_PROGRESS"
    assert item.accepted_by == world.township_officer
    assert item.accepted_at
    assert item.measures.count() == 2
    assert item.responsibles.count() == 4


def test_nobody_else_accepts(world, assigned, let_through):
    passed = let_through(lambda user: accept(assigned, user), except_for=["township_secretary", "township_officer"])
    assigned.refresh_from_db()
    assert passed == set()
    assert assigned.status == "ASSIGNED"


def test_an_item_without_measures_is_not_accepted(world, assigned):
    with pytest.raises(ValidationError, match="整改措施"):
        accept(assigned, world.township_secretary, measures=None)
    assert not Responsible.objects.exists()


def test_an_item_without_all_four_is_not_accepted(world, assigned):
    three = dict(list(make.people().items())[:3])
    with pytest.raises(ValidationError, match="抓监督"):
        accept(assigned, world.township_secretary, people=three)
    assert not Measure.objects.exists()


def test_a_measure_later_than_the_deadline_is_refused(world, assigned):
    late = make.measures(assigned, due_on=assigned.deadline + timedelta(days=1))
    with pytest.raises(ValidationError, match="不能晚于整改时限"):
        accept(assigned, world.township_secretary, measures=late)


def test_a_measure_before_the_handover_is_refused(world, assigned):
    early = make.measures(assigned, due_on=assigned.assigned_on - timedelta(days=1))
    with pytest.raises(ValidationError, match="交办日期"):
        accept(assigned, world.township_secretary, measures=early)


def test_accepting_twice_is_a_conflict(world, item):
    with pytest.raises(Conflict):
        accept(item, world.township_secretary)


def test_an_old_version_is_a_conflict(world, assigned):
    with pytest.raises(Conflict, match="已被他人更新"):
        accept(assigned, world.township_secretary, version=assigned.version + 1)
    assert not Measure.objects.exists()


def test_measures_that_stay_keep_their_done_date(world, item):
    first = item.measures.first()
    services.complete_measure(measure=first, actor=world.village_secretary)
    plan = [*make.measures(item), {"text": "再开一次会", "owner": "村支书", "due_on": item.deadline}]
    services.set_measures(item=item, actor=world.township_secretary, measures=plan)
    assert [bool(one.done_on) for one in item.measures.all()] == [True, False, False]


def test_a_changed_plan_is_on_record(world, item):
    plan = [{"text": "改为公示三十天", "owner": "村支书", "due_on": item.deadline}]
    services.set_measures(item=item, actor=world.township_secretary, measures=plan)
    event = audit.history(item).first()
    assert event.action == "set_measures"
    assert "三十天" in event.changes["measures"][1]


def test_people_that_differ_in_one_word_s_place_are_on_record(world, item):
    for words in ({"post": "村支书"}, {"phone": "村支书"}):
        services.assign_responsibles(
            people={"LEADER": {"name": "李强"} | words}, item=item, actor=world.township_officer
        )
    assert [one.action for one in audit.history(item)][:2] == ["assign", "assign"]


def test_a_plan_made_on_an_old_page_does_not_overwrite(world, item):
    seen = RectificationItem.objects.get(pk=item.pk).version
    save = {"item": item, "actor": world.township_officer, "version": seen}
    services.set_measures(measures=make.measures(item)[:1], **save)
    with pytest.raises(Conflict) as caught:
        services.set_measures(measures=make.measures(item)[1:], **save)
    assert [one["label"] for one in caught.value.fields] == ["整改措施"]
    assert item.measures.get().text == make.measures(item)[0]["text"]
    services.set_measures(measures=make.measures(item)[:1], **save)  # the same again, by a second tap


def test_people_named_on_an_old_page_do_not_overwrite(world, item):
    seen = RectificationItem.objects.get(pk=item.pk).version
    save = {"item": item, "actor": world.township_officer, "version": seen}
    services.assign_responsibles(people={"LEADER": {"name": "李强"}}, **save)
    with pytest.raises(Conflict) as caught:
        services.assign_responsibles(people={"LEADER": {"name": "周敏"}}, **save)
    assert [(one["theirs"], one["yours"]) for one in caught.value.fields] == [("李强", "周敏")]
    assert item.responsibles.get(kind="LEADER").name == "李强"


def test_a_plan_that_changed_meanwhile_is_not_submitted_unseen(world):
    item = make.reported_item(world)
    services.set_measures(item=item, actor=world.township_officer, measures=make.measures(item)[:1])
    with pytest.raises(Conflict):
        services.submit_item(item=item, actor=world.township_secretary, version=item.version)


def test_the_plan_is_closed_once_submitted(world, submitted):
    with pytest.raises(Conflict):
        services.set_measures(item=submitted, actor=world.township_secretary, measures=make.measures(submitted))


def test_the_village_does_not_change_the_plan(world, item, let_through):
    def change(user):
        return services.set_measures(item=item, actor=user, measures=make.measures(item))

    assert let_through(change, except_for=["township_secretary", "township_officer"]) == set()


def test_only_what_changed_of_the_four_is_on_record(world, item):
    people = make.people() | {"LEADER": {"name": "李敏", "post": "副镇长", "phone": ""}}
    services.assign_responsibles(item=item, actor=world.township_secretary, people=people)
    event = audit.history(item).first()
    assert event.action == "assign"
    assert set(event.changes) == {"LEADER"}
    assert item.responsibles.get(kind="LEADER").name == "李敏"


def test_a_responsible_without_a_name_is_refused(world, item):
    with pytest.raises(ValidationError, match="姓名或单位"):
        services.assign_responsibles(
            item=item, actor=world.township_secretary, people={"LEADER": {"name": " ", "post": "", "phone": ""}}
        )


def test_village_and_township_mark_measures_as_done(world, item):
    first, second = item.measures.all()
    services.complete_measure(measure=first, actor=world.village_secretary)
    services.complete_measure(measure=second, actor=world.township_officer)
    assert all(one.done_on for one in item.measures.all())


def test_others_mark_nothing_as_done(world, item, let_through):
    measure = item.measures.first()
    mine = ["township_secretary", "township_officer", "village_secretary"]
    assert let_through(lambda user: services.complete_measure(measure=measure, actor=user), except_for=mine) == set()


def test_a_batch_is_accepted_with_the_same_four(world):
    items = make.assigned_items(world, findings=3)
    plans = {one.pk: make.measures(one) for one in items}
    services.accept_items(items=items, actor=world.township_secretary, people=make.people(), measures=plans)
    assert Responsible.objects.count() == 12


def test_a_batch_is_accepted_as_a_whole_or_not_at_all(world):
    items = make.assigned_items(world, findings=3)
    plans = {one.pk: make.measures(one) for one in items[:2]}
    with pytest.raises(ValidationError):
        services.accept_items(items=items, actor=world.township_secretary, people=make.people(), measures=plans)
    assert not Responsible.objects.exists()
    assert not Measure.objects.exists()


@pytest.mark.parametrize("count", [2, 4])
def test_a_batch_takes_the_same_statements_for_few_and_for_many(world, count, django_assert_num_queries):
    items = make.assigned_items(world, findings=count)
    plans = {one.pk: make.measures(one) for one in items}
    people = make.people()
    with django_assert_num_queries(BATCH_STATEMENTS):
        services.accept_items(items=items, actor=world.township_secretary, people=people, measures=plans)


def test_a_batch_leaves_the_same_events_as_one_by_one(world):
    one, two = make.assigned_items(world, findings=2)
    make.open_item(world, one)
    services.accept_items(
        items=[two], actor=world.township_secretary, people=make.people(), measures={two.pk: make.measures(two)}
    )
    assert told(two) == told(one)


def told(item):
    rows = audit.history(item).values_list("action", "source", "target", "actor_text")
    return [(*row, sorted(event.changes)) for row, event in zip(rows, audit.history(item), strict=True)]


def test_a_batch_with_an_item_that_somebody_changed_meanwhile_is_refused_as_a_whole(world):
    items = make.assigned_items(world, findings=2)
    workflow.apply(items[1], "extend", actor=world.county_officer, note="汛期", deadline=items[1].deadline + WEEK)
    with pytest.raises(Conflict):
        services.accept_items(
            items=items,
            actor=world.township_secretary,
            people=make.people(),
            measures={one.pk: make.measures(one) for one in items},
        )
    assert not RectificationItem.objects.exclude(status=ItemStatus.ASSIGNED).exists()


def test_who_planned_the_measures_does_not_sign_after_changing_post(world, item):
    services.set_measures(item=item, actor=world.township_officer, measures=make.measures(item)[:1])
    item = make.submitted_item(world, item)
    with pytest.raises(PermissionDenied, match="其他人"):
        make.sign(item, moved(world.township_officer, to=world.discipline_officer))


def test_who_signed_does_not_plan_the_measures_after_changing_post(world, supervised):
    item = services.return_item(item=supervised, actor=world.county_officer, note="照片看不清日期。")
    mover = moved(world.discipline_officer, to=world.township_officer)
    with pytest.raises(PermissionDenied, match="其他人"):
        services.set_measures(item=item, actor=mover, measures=make.measures(item)[:1])
