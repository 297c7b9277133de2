from django.apps import AppConfig


class VillagesConfig(AppConfig):
    name = "villages"
    verbose_name = "村（社区）"

    def ready(self) -> None:
        from . import followers, rules  # noqa: F401  rules fill the policy table
        from .services.classes import follow_village

        followers.register(follow_village)
