import json
from typing import Any

from django.core.management.base import BaseCommand

from common import policy


class Command(BaseCommand):
    help = "列出权限表：角色、动作、对象、范围。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [
            {
                "role": one.role,
                "action": one.action,
                "object": one.model,
                "scope": one.scope,
                "posts": sorted(one.posts),
                "where": {key: value if isinstance(value, str | bool) else str(value) for key, value in one.where},
            }
            for one in policy.rows()
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for row in rows:
                self.stdout.write(f"{row['role']:<24}{row['action']:<16}{row['object']:<34}{row['scope']}")
