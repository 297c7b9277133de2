from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ProjectConfig(AppConfig):
    name = "mianyang_xuncha"
    verbose_name = "绵阳巡察到村"

    def ready(self) -> None:
        from mianyang_xuncha import celery  # noqa: F401 (shared tasks belong to this app)
        from mianyang_xuncha.grants import install_and_grant

        post_migrate.connect(install_and_grant, dispatch_uid="mianyang_xuncha.grants")
