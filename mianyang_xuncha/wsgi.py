import os

from mianyang_xuncha import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mianyang_xuncha.settings")
embedded.ensure()

from django.core.wsgi import get_wsgi_application  # noqa: E402 (reads the settings)

application = get_wsgi_application()
