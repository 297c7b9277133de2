import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role, Tier
from accounts.models import User
from tests.factories.world import division


def test_first_account_is_a_system_administrator_who_must_change_the_password(db, capsys):
    division("510700000000", "绵阳市", Tier.CITY)
    call_command("first_account", "wangwu", "王五")
    user = User.objects.get(username="wangwu")
    password = capsys.readouterr().out.split("初始密码：")[1].strip()
    assert user.organ.role == Role.SYSTEM_ADMIN
    assert user.must_change_password
    assert user.check_password(password)


def test_a_second_administrator_is_made_the_same_way_and_no_third(world):
    call_command("first_account", "zhaoliu", "赵六")
    with pytest.raises(CommandError, match="两名在用的系统管理员"):
        call_command("first_account", "qianqi", "钱七")
    assert User.objects.filter(username__in=["zhaoliu", "qianqi"]).count() == 1


def test_where_one_of_two_is_closed_another_is_made(world):
    call_command("first_account", "zhaoliu", "赵六")
    User.objects.filter(username="zhaoliu").update(is_active=False)
    call_command("first_account", "qianqi", "钱七")
    assert User.objects.filter(username="qianqi", is_active=True).exists()


def test_first_account_needs_divisions(db):
    with pytest.raises(CommandError, match="load_reference"):
        call_command("first_account", "wangwu", "王五")
