"""What a committed roster does: villages, townships, history, trail; twice is once."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.enums import Tier
from accounts.models import Division
from common.calendar import today
from common.models import AuditEvent
from tests.factories.villages import WIDE, approved, book, commit, preview, proposed, row
from tests.factories.world import division
from villages import followers
from villages.followers import Merged, Moved, Readjustment
from villages.models import RosterChange, RosterImport, RosterRow, Village


@pytest.fixture
def load(world, tmp_path):
    def run(*rows, county=world.county, **more):
        return commit(book(*rows, **more), tmp_path, county=county)

    return run


def village(code="510703103203"):
    return Village.objects.select_related("division", "township", "successor__division").get(division__code=code)


def counts(outcome):
    names = ("rows", "created", "changed", "unchanged", "renamed", "merged", "withdrawn", "missing")
    return {name: getattr(outcome, name) for name in names if getattr(outcome, name)}


def test_a_new_village_stands_in_its_township_with_its_profile(load, world):
    outcome = load(row(户数=320, 是否一肩挑="是", 上次巡察时间="2019-04-22", 备注=" 说明 "))
    found = village()
    assert outcome.created == 1
    assert (found.township, found.county, found.division.parent) == (world.township, world.county, world.township)
    assert (found.households, found.secretary_is_director, found.last_inspected_on) == (320, True, date(2019, 4, 22))
    assert (found.population, found.remark, found.status, found.category) == (None, "说明", "ACTIVE", "VILLAGE")


def test_a_new_village_can_be_found_by_pinyin(load):
    load(row(name="白鹤村"))
    assert (village().division.pinyin, village().division.initials) == ("baihecun", "bhc")


def test_a_community_is_known_by_its_name(load):
    load(row(name="新桥社区居民委员会"))
    assert village().category == "COMMUNITY"


def test_the_same_file_twice_changes_nothing(load):
    rows = [row(户数=1, 备注="x"), row("510703103201", "龙门村", 是否一肩挑="否")]
    load(*rows)
    before = list(Village.objects.order_by("pk").values())
    assert counts(load(*rows)) == {"rows": 2, "unchanged": 2, "missing": 2}
    assert list(Village.objects.order_by("pk").values()) == before
    assert RosterChange.objects.count() == 2


def test_a_preview_writes_nothing(world, tmp_path):
    outcome = preview(book(row(township="新乡", code="510703199201")), tmp_path, county=world.county)
    assert (outcome.created, outcome.committed) == (1, False)
    assert (Village.objects.count(), RosterImport.objects.count()) == (4, 0)
    assert not AuditEvent.objects.exclude(action="cast").exists()
    assert not Division.objects.filter(name="新乡").exists()


def test_changes_are_kept_field_by_field(load):
    load(row(户数=300, 备注="甲"))
    load(row(户数=320, 人口=900, 备注="甲"))
    assert RosterChange.objects.last().fields == {"households": [300, 320], "population": [None, 900]}
    assert village().version == 2


def test_blank_cells_and_absent_columns_keep_what_is_there(load):
    load(row(户数=300, 备注="甲", 是否一肩挑="是"))
    assert load(row()).unchanged == 1
    assert load(row()[:4], head=WIDE[:4]).unchanged == 1
    assert (village().households, village().remark, village().secretary_is_director) == (300, "甲", True)


def test_a_false_and_a_zero_are_values(load):
    load(row(近三年信访件次=0, 是否一肩挑="否"))
    assert (village().petitions_3y, village().secretary_is_director) == (0, False)


def test_money_in_full(load):
    load([*row()[:4], "1,234.5"], head=[*WIDE[:4], "村集体经济年收入（万元）"])
    assert village().annual_income == Decimal("12345000.00")


def test_another_name_under_the_same_code_is_a_renaming(load):
    assert counts(load(row("510703103201", "龙门社区"))) == {"rows": 1, "renamed": 1, "missing": 2}
    found = village("510703103201")
    assert (found.division.name, found.division.initials, found.category) == ("龙门社区", "lmsq", "COMMUNITY")
    assert RosterChange.objects.get().fields["name"] == ["龙门村", "龙门社区"]


@pytest.mark.parametrize("said", ["龙门社区", "龙门社区居委会"])
def test_a_name_said_shortly_is_the_same_name_unless_a_renaming_is_stated(load, said):
    load(row("510703103201", "龙门社区居民委员会"))
    assert counts(load(row("510703103201", said, 户数=9))) == {"rows": 1, "changed": 1, "missing": 2}
    found = village("510703103201")
    assert (found.division.name, found.category, found.households) == ("龙门社区居民委员会", "COMMUNITY", 9)
    assert load(row("510703103201", said, 调整类型="更名")).renamed == 1
    assert village("510703103201").division.name == said


def test_the_official_name_takes_the_place_of_the_short_one(load):
    assert load(row("510703103201", "龙门村村民委员会")).renamed == 1
    assert village("510703103201").division.name == "龙门村村民委员会"


def test_a_village_merges_into_another(load, world):
    outcome = load(
        row("510703103201", "龙门村", 调整类型="合并", 并入村代码="510703103202"), row("510703103202", "方水村")
    )
    found = village("510703103201")
    assert counts(outcome) == {"rows": 2, "merged": 1, "unchanged": 1, "missing": 1}
    assert (found.status, found.successor.division.name, found.valid_to) == ("MERGED", "方水村", today())
    assert RosterChange.objects.get().fields["status"] == ["ACTIVE", "MERGED"]


def test_a_village_merges_into_a_new_one_of_the_same_file(load):
    load(row("510703103201", "龙门村", 调整类型="合并", 并入村代码="510703103203"), row(调整类型="新设"))
    assert village("510703103201").successor == village()
    assert village().valid_from == today()


def test_a_merged_village_that_was_never_here_is_kept_as_such(load):
    outcome = load(row(调整类型="合并", 并入村代码="510703103202"), row("510703103202", "方水村"))
    assert outcome.created == 1
    assert (village().status, village().successor.division.code) == ("MERGED", "510703103202")


def test_a_merger_repeated_changes_nothing_even_when_the_successor_has_merged_since(load):
    first = row("510703103201", "龙门村", 调整类型="合并", 并入村代码="510703103202")
    load(first)
    load(row("510703103202", "方水村", 调整类型="合并", 并入村代码="510703103203"), row())
    assert counts(load(first)) == {"rows": 1, "unchanged": 1, "missing": 2}


def test_a_withdrawn_village_is_kept_and_can_be_restored(load):
    assert load(row("510703103201", "龙门村", 调整类型="撤销")).withdrawn == 1
    assert (village("510703103201").status, village("510703103201").valid_to) == ("WITHDRAWN", today())
    load(row("510703103201", "龙门村", 调整类型="保留"))
    assert (village("510703103201").status, village("510703103201").valid_to) == ("ACTIVE", None)


def test_a_restored_village_has_no_successor(load):
    load(row("510703103201", "龙门村", 调整类型="合并", 并入村代码="510703103202"))
    load(row("510703103201", "龙门村", 调整类型="保留"))
    assert (village("510703103201").status, village("510703103201").successor) == ("ACTIVE", None)


def test_villages_that_the_file_does_not_have_stay_and_are_counted(load, world):
    assert load(row()).missing == 3
    assert Village.objects.filter(status="ACTIVE").count() == 5


def test_missing_villages_are_right_though_every_row_is_refused(load):
    outcome = load(row("510703103201", "龙门村", 户数="x"), row("510704101299", "外县村", county="游仙区"))
    assert (outcome.missing, len(outcome.refusals.rows)) == (2, 2)


def test_missing_villages_are_not_computed_when_no_row_tells_a_county(load):
    assert load(row(code=None), county=None).missing is None


def test_the_city_counts_missing_villages_only_in_counties_of_the_file(load):
    assert load(row("510704101201", "抗香村", "沉抗镇", "游仙区"), county=None).missing == 0


# ------------------------------------------------------------------- townships


def test_an_unknown_township_is_set_up_with_its_villages(load, world):
    outcome = load(row("510703199201", township="新乡"))
    made = Division.objects.get(code="510703199000")
    assert outcome.townships_created == ["涪城区 新乡"]
    assert (made.name, made.tier, made.parent, made.initials) == ("新乡", Tier.TOWNSHIP, world.county, "xx")
    assert village("510703199201").township == made


def test_a_township_that_the_file_calls_otherwise_throughout_is_renamed(load, world):
    outcome = load(row(township="青义街道"), row("510703103201", "龙门村", "青义街道"))
    world.township.refresh_from_db()
    assert outcome.townships_renamed == [("青义镇", "青义街道")]
    assert (world.township.name, outcome.unchanged) == ("青义街道", 1)
    assert outcome.hints == ["文件把“青义镇”都写作“青义街道”：按乡镇更名处理，没有更名的请改正后重新上传。"]


def test_a_township_that_was_registered_in_short_gets_its_full_name(load, world):
    Division.objects.filter(pk=world.township.pk).update(name="青义")
    outcome = load(row("510703103201", "龙门村", "青义镇"))
    assert outcome.townships_renamed == [("青义", "青义镇")]


@pytest.mark.parametrize("given", ["青义", "青义镇党委", "青义镇人民政府", "涪城区青义镇"])
def test_a_township_in_short_or_with_more_around_it_is_not_renamed(load, world, given):
    outcome = load(row("510703103201", "龙门村", given))
    assert (outcome.townships_renamed, outcome.committed) == ([], False)
    assert "请改为“青义镇”" in outcome.refusals.told[0].reason


def test_a_village_moves_to_the_township_that_the_file_names(load, world):
    outcome = load(row("510703103201", "龙门村", "丰谷镇"))
    assert (village("510703103201").township, outcome.changed) == (world.sibling_township, 1)
    assert RosterChange.objects.get().fields == {"township": ["青义镇", "丰谷镇"]}
    assert outcome.hints == ["1 行填的是丰谷镇，代码却属于青义镇；已按所填乡镇归入，请核对。"]


def test_a_functional_zone_has_codes_that_do_not_nest(load, world):
    zone = division("510703900000", "高新区", Tier.COUNTY, world.city)
    own = division("510703900101", "普明园", Tier.TOWNSHIP, zone)
    load(row("510703013001", "火炬村", "普明园", "高新区"), county=zone)
    assert (village("510703013001").township, village("510703013001").county) == (own, zone)


def test_a_zone_needs_no_county_column(load, world):
    zone = division("510703900000", "高新区", Tier.COUNTY, world.city)
    division("510703900101", "普明园", Tier.TOWNSHIP, zone)
    load(row("510703013001", "火炬村", "普明园", None), county=zone)
    assert village("510703013001").county == zone


@pytest.mark.parametrize("name", ["涪城", "绵阳市涪城区", "涪城区 ", "涪城县"])
def test_a_county_is_known_by_its_usual_names(load, world, name):
    assert load(row(county=name)).created == 1


@pytest.fixture
def namesake(world):
    """A county of another city that bears the same name: 朝阳区 of 北京 and of 长春."""
    city = division("220100000000", "长春市", Tier.CITY)
    return division("220104000000", "涪城区", Tier.COUNTY, city)


def test_of_counties_of_one_name_the_code_tells_which(load, world, namesake):
    load(row(), row("220104002201", "永昌村", "永昌街道", county="涪城区"), county=None)
    assert (village().county, village("220104002201").county) == (world.county, namesake)


def test_of_zones_of_one_name_a_clerk_means_the_own(load, world, namesake):
    zone, _other = (
        division(f"{code}900000", "高新区", Tier.COUNTY, city)
        for code, city in (("510703", world.city), ("220104", namesake.parent))
    )
    division("510703900101", "普明园", Tier.TOWNSHIP, zone)
    load(row("510703013001", "火炬村", "普明园", "高新区"), county=zone)
    assert village("510703013001").county == zone


def test_without_a_county_column_the_code_tells(load, world):
    load(["青义镇", "新村", "510703103203"], head=WIDE[1:4], county=None)
    assert village().county == world.county


# ------------------------------------------------------------- history and trail


def test_one_event_for_the_import_and_one_history_row_for_each_village(load, world):
    load(row(), row("510703103204"))
    event = AuditEvent.objects.get(action="import_roster")
    assert event.changes["created"] == 2
    assert RosterChange.objects.filter(roster__committed_at__isnull=False).count() == 2
    assert {one.change for one in RosterChange.objects.all()} == {"CREATED"}


def test_history_rows_carry_the_scope_of_their_village(load, world):
    load(row())
    one = RosterChange.objects.get()
    assert (one.county, one.township, one.village.division.code) == (world.county, world.township, "510703103203")


def test_open_work_is_told_of_mergers_and_moves(load, world, monkeypatch):
    told = []
    monkeypatch.setattr(followers, "_followers", [(told.append, followers.nothing)])
    load(
        row("510703103201", "龙门村", 调整类型="合并", 并入村代码="510703103202"),
        row("510703103202", "方水村", "丰谷镇"),
    )
    assert told == [
        Readjustment(
            None,
            merged=[Merged(world.village.pk, world.second_village.pk)],
            moved=[Moved(world.second_village.pk, world.sibling_township.pk)],
            withdrawn=[],
            restored=[],
        )
    ]


def test_a_follower_that_fails_undoes_the_import(load, world, monkeypatch):
    def fail(change):
        raise RuntimeError

    monkeypatch.setattr(followers, "_followers", [(fail, followers.nothing)])
    with pytest.raises(RuntimeError):
        load(row("510703103201", "龙门村", "丰谷镇"))
    world.village.refresh_from_db()
    assert world.village.township == world.township


def test_live_classes_follow_a_village_and_superseded_ones_stay(load, world):
    old = approved(world.village, officer=world.county_officer, head=world.county_head)
    now = approved(world.village, officer=world.county_officer, head=world.county_head, klass="ORDINARY")
    waiting = proposed(world.village, world.county_officer)
    load(row("510703103201", "龙门村", "丰谷镇"))
    places = [type(one).objects.get(pk=one.pk).township for one in (old, now, waiting)]
    assert places == [world.township, world.sibling_township, world.sibling_township]


def test_the_class_of_a_village_is_no_matter_of_rosters(load, world):
    approved(world.village, officer=world.county_officer, head=world.county_head)
    load(row("510703103201", "龙门村", 户数=3))
    assert village("510703103201").klass == "RISK"


def test_the_number_of_statements_does_not_grow_with_the_rows(world, tmp_path, django_assert_num_queries):
    def made(first, number):
        return book(*(row(f"5107031034{first + one:02d}", f"第{first + one}村") for one in range(number)))

    with django_assert_num_queries(38):
        commit(made(1, 1), tmp_path, county=world.county)
    with django_assert_num_queries(38):
        commit(made(10, 60), tmp_path, county=world.county)


def test_no_planned_row_is_left_by_the_command(load):
    load(row())
    assert not RosterRow.objects.exists()
