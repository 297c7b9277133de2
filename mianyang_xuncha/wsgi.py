import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mianyang_xuncha.settings")

from mianyang_xuncha import embedded  # noqa: E402

embedded.ensure()

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
