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


def test_first_account_is_refused_when_an_administrator_works(world):
    with pytest.raises(CommandError, match="系统管理员"):
        call_command("first_account", "zhaoliu", "赵六")
    assert not User.objects.filter(username="zhaoliu").exists()


def test_first_account_needs_divisions(db):
    with pytest.raises(CommandError, match="load_reference"):
        call_command("first_account", "wangwu", "王五")
