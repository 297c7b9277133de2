from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from common.encryption import Secret, Undecipherable, fields, is_current, renewed

BATCH = 500


class Command(BaseCommand):
    help = "把加密字段改用 FIELD_ENCRYPTION_KEYS 中的第一个密钥；--check 只清点还用旧密钥的有多少，有则以 1 退出。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="只清点，不改写")

    def handle(self, *args: Any, **options: Any) -> None:
        left = 0
        for model, name in fields():
            done = self._count(model, name) if options["check"] else self._rotate(model, name)
            left += done
            verb = "还用旧密钥" if options["check"] else "改用新密钥"
            self.stdout.write(
                f"{model._meta.verbose_name} {model._meta.get_field(name).verbose_name}：{verb} {done} 行"
            )
        if options["check"] and left:
            raise SystemExit(1)

    def _count(self, model: Any, name: str) -> int:
        tokens = (secret.token for secret in model._default_manager.values_list(name, flat=True).iterator())
        return sum(1 for token in tokens if token and not is_current(token))

    def _rotate(self, model: Any, name: str) -> int:
        """Batch by batch, so that nobody at work waits; broken off, it goes on where it stopped."""
        done, last = 0, 0
        while True:
            with transaction.atomic():
                rows = model._default_manager.select_for_update().filter(pk__gt=last).order_by("pk")
                batch = list(rows.values_list("pk", name)[:BATCH])
                for pk, secret in batch:
                    if secret and not is_current(secret.token):
                        model._default_manager.filter(pk=pk).update(**{name: self._new(model, pk, secret)})
                        done += 1
            if not batch:
                return done
            last = batch[-1][0]

    def _new(self, model: Any, pk: int, secret: Secret) -> Secret:
        try:
            return Secret(renewed(secret.token))
        except Undecipherable as error:
            raise CommandError(
                f"{model._meta.verbose_name} {pk} 用现有密钥解不开。请把旧密钥放回 FIELD_ENCRYPTION_KEYS 再试。"
            ) from error
