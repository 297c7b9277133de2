from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "公共部件"

    def ready(self) -> None:
        from . import checks  # noqa: F401  registers the system check
