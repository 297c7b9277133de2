"""What may have become of a village: each sign with its reason and how far it is to be trusted."""

import pytest

from accounts.services import pinyin_of
from villages.enums import Act, Confidence
from villages.selectors.likeness import Place, Surroundings, candidates, stem_of

OLD, NEW, OTHER = 1, 2, 3
NAMES = {OLD: "东林乡", NEW: "石马镇", OTHER: "魏城镇"}


def place(number, name, township=OLD):
    return Place(number, f"{510704000000 + number}", name, pinyin_of(name)[0], township, NAMES[township], stem_of(name))


def best(one, living, gone=(), **more):
    around = Surroundings(living, [one, *gone], **more)
    return [(found.place.name, found.act, found.confidence, found.reason) for found in candidates(one, around)]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("龙门村村民委员会", "龙门"),
        ("龙门村民委员会", "龙门"),
        ("龙门社区居民委员会", "龙门"),
        ("龙门社区居委会", "龙门"),
        ("龙门村", "龙门"),
        ("普明北路东段社区居民委员", "普明北路东段"),
        ("村", "村"),
    ],
)
def test_the_stem_is_what_a_name_says_beyond_its_kind(name, stem):
    assert stem_of(name) == stem


def test_the_same_name_in_the_same_township_is_sure():
    [found] = best(place(1, "龙门村"), [place(9, "龙门社区")])
    assert found == ("龙门社区", Act.MERGE, Confidence.HIGH, "同名，同乡镇")


def test_a_namesake_that_came_with_the_new_roster_is_the_village_under_another_code():
    assert best(place(1, "龙门村"), [place(9, "龙门社区")], added={9})[0][1] == Act.RECODE


def test_it_is_a_merger_where_two_of_the_name_are_missing():
    found = best(place(1, "龙门村"), [place(9, "龙门社区")], [place(2, "龙门村", OTHER)], added={9})
    assert found[0][1:3] == (Act.MERGE, Confidence.MEDIUM)


def test_a_township_went_where_most_of_its_villages_are_found():
    gone = [place(2, "团结村"), place(3, "红星村")]
    living = [place(9, "龙门村", NEW), place(8, "团结村", NEW), place(7, "红星村", NEW)]
    assert best(place(1, "龙门村"), living, gone)[0][2:] == (Confidence.HIGH, "同名，原东林乡有 3 个村已在石马镇")


def test_what_a_village_says_of_itself_is_no_witness():
    [found] = best(place(1, "龙门村"), [place(9, "龙门村", NEW)])
    assert found[2:] == (Confidence.MEDIUM, "同名，全县名册中只有这一个")


def test_what_was_decided_is_a_witness():
    found = best(
        place(1, "龙门村"), [place(9, "龙门村", NEW), place(8, "幸福村", NEW)], [place(2, "团结村")], became={2: 8}
    )
    assert found[0][2:] == (Confidence.HIGH, "同名，原东林乡有 2 个村已在石马镇")


def test_villages_that_went_two_ways_tell_no_township():
    gone = [place(2, "团结村"), place(3, "红星村")]
    living = [place(8, "团结村", NEW), place(7, "红星村", OTHER), place(9, "龙门寺村", NEW)]
    assert all(confidence == Confidence.LOW for _n, _a, confidence, _r in best(place(1, "龙门村"), living, gone))


def test_a_township_that_bears_the_name_tells_it_too():
    living = [Place(9, "510704000009", "新龙门村", "xinlongmencun", 9, "东林羌族乡", "新龙门")]
    assert best(place(1, "龙门村"), living)[0][2:] == (Confidence.MEDIUM, "名称一个含另一个，东林羌族乡的名称含“东林”")


def test_several_of_the_name_elsewhere_are_a_weak_sign():
    found = best(place(1, "龙门村"), [place(8, "龙门村", NEW), place(9, "龙门村", OTHER)])
    assert [one[2] for one in found] == [Confidence.LOW, Confidence.LOW]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("回龙村", "廻龙村", "读音相同，同乡镇"),
        ("安昌路社区", "安昌社区", "名称一个含另一个，同乡镇"),
        ("金子山村", "金树村", "新名像是从“金子山”“团树”各取一字，同乡镇"),
        ("团树村", "金树村", "新名像是从“团树”“金子山”各取一字，同乡镇"),
    ],
)
def test_a_name_that_is_like_it_is_worth_a_look(old, new, reason):
    siblings = [one for one in (place(2, "金子山村"), place(3, "团树村")) if one.name != old]
    assert best(place(1, old), [place(9, new)], siblings)[0] == (new, Act.MERGE, Confidence.MEDIUM, reason)


def test_a_name_that_an_old_village_bore_is_composed_of_nothing():
    found = best(place(1, "金子山村"), [place(9, "金树村")], [place(3, "团树村"), place(4, "金树村", OTHER)])
    assert found[0][2] == Confidence.LOW


def test_the_neighbour_by_code_is_a_reference_only():
    found = best(place(1, "桃花村"), [place(9, "梨园村"), place(3, "柳林村")])
    assert [one[0] for one in found] == ["柳林村", "梨园村"]
    assert found[0][2:] == (Confidence.LOW, "只凭代码相邻（003 柳林）")


def test_a_neighbour_that_has_become_another_leads_there():
    found = best(place(1, "桃花村"), [place(9, "梨园村", NEW)], [place(2, "柳林村")], became={2: 9})
    assert found[0][0] == "梨园村"


def test_there_are_three_at_most_and_never_the_village_itself():
    one = place(1, "龙门村")
    found = candidates(one, Surroundings([one, *(place(n, f"龙门{n}村") for n in range(2, 9))], []))
    assert len(found) == 3
    assert one not in [each.place for each in found]


def test_without_any_sign_nothing_is_suggested():
    assert best(place(1, "桃花村"), [place(9, "梨园村", NEW)]) == []
