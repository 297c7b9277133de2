"""The accounts that `make demo` and `seed_demo` print."""

from mianyang_xuncha.demo.listing import listing

ACCOUNTS = [
    {"username": "county", "organ": "涪城区委巡察办", "post": "干部", "name": "陈雨", "place": "涪城区"},
    {"username": "qy1v", "organ": "龙门村党组织", "post": "负责人", "name": "李光", "place": "青义镇"},
]


def test_accounts_stand_in_columns_under_their_place_after_those_to_try_first():
    assert list(listing(ACCOUNTS)) == [
        "先试这几个：county（涪城区委巡察办）、qy1v（龙门村党组织）",
        "涪城区：",
        "  county  涪城区委巡察办  干部    陈雨",
        "青义镇：",
        "  qy1v    龙门村党组织    负责人  李光",
    ]


def test_no_accounts_are_no_failure():
    assert list(listing([])) == ["先试这几个："]
