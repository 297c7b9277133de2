from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.enums import OrganKind, Post, Tier
from accounts.models import Division, User
from accounts.services import create_user, open_organ, random_password


class Command(BaseCommand):
    help = "新装系统的第一个账号：市级系统管理员。初始密码只显示这一次，首次登录须修改。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("username", help="用户名")
        parser.add_argument("full_name", help="姓名")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(organ__kind=OrganKind.SYSTEM_ADMINISTRATION, is_active=True).exists():
            raise CommandError("已有在用的系统管理员，其余账号请由其在“用户”页面建立。")
        city = Division.objects.filter(tier=Tier.CITY).first()
        if city is None:
            raise CommandError("还没有行政区划，请先运行 manage.py load_reference。")
        password = random_password()
        organ = open_organ(division=city, kind=OrganKind.SYSTEM_ADMINISTRATION, name="系统管理岗", actor="命令行")
        try:
            create_user(
                organ=organ,
                username=options["username"],
                full_name=options["full_name"],
                post=Post.OFFICER,
                password=password,
                actor="命令行",
            )
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        self.stdout.write(f"用户名：{options['username']}\n初始密码：{password}")
