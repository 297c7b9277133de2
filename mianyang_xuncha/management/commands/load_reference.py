from typing import Any

from django.core.management.base import BaseCommand

from mianyang_xuncha import reference


class Command(BaseCommand):
    help = "载入基础数据（区划、村细类、问题清单、提醒规则、时限）；重复运行不会改变任何内容。"

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in reference.load().items():
            self.stdout.write(f"{name}: +{count}")
