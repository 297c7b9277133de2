from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    name = "oversight"
    verbose_name = _("督导与考核")

    def ready(self) -> None:
        from villages import followers

        from . import rules  # noqa: F401  fills the policy table
        from .services.villages import follow_villages, loads

        followers.register(follow_villages, loads)
