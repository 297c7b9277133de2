"""All settings. What differs from place to place comes from the environment (.env.example)."""

from __future__ import annotations

import logging
import os
from datetime import time
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from mianyang_xuncha import embedded, keys

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = embedded.VAR
env = environ.Env()

# A configured database means a real installation unless XUNCHA_ENV says otherwise.
DEPLOYMENT = env.str("XUNCHA_ENV", default="demo" if embedded.wants_postgres() else "production")
if DEPLOYMENT not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("XUNCHA_ENV 只能是 production、demo 或 test。")
PRODUCTION = DEPLOYMENT == "production"

DEBUG = env.bool("DEBUG", default=False)
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("生产环境不能打开 DEBUG；试用请设置 XUNCHA_ENV=demo。")

# ------------------------------------------------------------------- secrets
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[])
if not PRODUCTION:
    SECRET_KEY = SECRET_KEY or keys.kept(VAR / "secret_key", keys.new_secret)
    FIELD_ENCRYPTION_KEYS = FIELD_ENCRYPTION_KEYS or [keys.kept(VAR / "field_key", keys.new_field_key)]
if not SECRET_KEY or not FIELD_ENCRYPTION_KEYS:
    raise ImproperlyConfigured(
        "生产环境必须设置 SECRET_KEY 和 FIELD_ENCRYPTION_KEYS（见 .env.example）；试用请设置 XUNCHA_ENV=demo。"
    )

# ---------------------------------------------------------------------- apps
INSTALLED_APPS = [
    "mianyang_xuncha.apps.ProjectConfig",
    "oversight",
    "rectification",
    "inspections",
    "villages",
    "accounts",
    "common",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "csp",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.RequestContextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.HtmxSignInMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SignInMiddleware",
    "accounts.middleware.SessionGuardMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "mianyang_xuncha.urls"
WSGI_APPLICATION = "mianyang_xuncha.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "common.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mianyang_xuncha.context.shell",
            ],
        },
    },
]

# ------------------------------------------------------------------ database
# Two roles: the application's, which owns nothing, and the owner's, which migrates.


def database(url: str) -> dict[str, object]:
    parsed = env.db_url_config(url)
    if parsed["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL 必须指向 PostgreSQL。")
    return parsed | {"HOST": unquote(parsed["HOST"])}


def database_urls() -> tuple[str, str]:
    if embedded.wants_postgres():
        return embedded.database_url(), embedded.database_url(owner=True)
    application = env.str("DATABASE_URL")
    return application, env.str("DATABASE_OWNER_URL", default=application)


APPLICATION_URL, OWNER_URL = database_urls()
AS_OWNER = os.environ.get("XUNCHA_DB_ROLE") == "owner"
DATABASES = {
    "default": database(OWNER_URL if AS_OWNER else APPLICATION_URL)
    | {
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "application_name": "xuncha",
            # Pages join many small tables: compiling such a query took 17 s where reading it took 2 ms.
            "options": "-c jit=off",
        },
    }
}
# Who gets the grants after a migration (mianyang_xuncha.grants).
DATABASE_APPLICATION_ROLE = database(APPLICATION_URL)["USER"]
DATABASE_OWNER_ROLE = database(OWNER_URL)["USER"]
OWNER_DATABASE = database(OWNER_URL)  # for whoever writes as the owner: the demo's years gone by

# In the process, not in Redis: a page must answer, and a session must end, with Redis away.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# ------------------------------------------------------------ people, session
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.OrganBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_MIN_LENGTH = env.int("PASSWORD_MIN_LENGTH", default=10)
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", default=90)
PASSWORD_FORCE_CHANGE = env.bool("PASSWORD_FORCE_CHANGE", default=PRODUCTION)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.validators.SimilarityValidator"},
    {
        "NAME": "accounts.validators.LengthValidator",
        "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH},
    },
    {"NAME": "accounts.validators.CommonValidator"},
    {"NAME": "accounts.validators.NumericValidator"},
    {"NAME": "accounts.validators.PlaceNameValidator"},
]
IDLE_MINUTES = env.int("IDLE_MINUTES", default=30)
SESSION_HOURS = env.int("SESSION_HOURS", default=8)
LOCKOUT_FAILURES = env.int("LOCKOUT_FAILURES", default=5)
LOCKOUT_MINUTES = env.int("LOCKOUT_MINUTES", default=15)
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mianyang_xuncha.views.csrf_failure"

# Counts of talks and visits that others than team and office see are cut down to multiples of this.
SMALL_COUNT = max(env.int("SMALL_COUNT", default=5), 2)

# ----------------------------------------------------------------- transport
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else LOCAL_HOSTS)
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=PRODUCTION)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of one's own stand in front: so many entries of X-Forwarded-For are believed.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# ------------------------------------------------------------ language, time
LANGUAGE_CODE = "zh-hans"
# Only what is translated: else a browser set to English would get Django's own texts in English beside ours.
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# --------------------------------------------------------------------- files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [folder for folder in (BASE_DIR / "static", BASE_DIR / "static_built") if folder.is_dir()]
MANIFEST_STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
PRIVATE_MEDIA_ROOT = Path(env.str("PRIVATE_MEDIA_ROOT", default=str(VAR / "media")))
MEDIA_ROOT = PRIVATE_MEDIA_ROOT
MEDIA_URL = ""  # uploads have no address: a view hands them out after asking the policy
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_MEDIA_ROOT},
    },
    "staticfiles": {"BACKEND": MANIFEST_STATIC if PRODUCTION else PLAIN_STATIC},
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
MAX_UPLOAD_MB = env.int("MAX_UPLOAD_MB", default=20)
# A roster with more filled cells than this is previewed and written by a worker, not while the page waits.
IMPORT_AT_ONCE_CELLS = env.int("IMPORT_AT_ONCE_CELLS", default=200_000)
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True

# ---------------------------------------------------------------------- mail
EMAIL_FILE_PATH = VAR / "mail"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="xuncha@localhost")
EMAIL_TIMEOUT = 10
WEBHOOK_URL = env.str("WEBHOOK_URL", default="")
WEBHOOK_HOSTS = env.list("WEBHOOK_HOSTS", default=[])
WEBHOOK_SECRET = env.str("WEBHOOK_SECRET", default="")

# --------------------------------------------------------------------- tasks
REDIS_URL = embedded.redis_url() if embedded.wants_redis() else env.str("REDIS_URL")


def broker_url(redis_url: str) -> str:
    """Celery's spelling of a Redis on a socket."""
    if not redis_url.startswith("unix://"):
        return redis_url
    return redis_url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=broker_url(REDIS_URL))
# A killed worker's task is given out again after this time, so no task may run as long.
VISIBILITY_SECONDS = env.int("VISIBILITY_SECONDS", default=600)
CELERY_TASK_TIME_LIMIT = VISIBILITY_SECONDS * 9 // 10
CELERY_TASK_SOFT_TIME_LIMIT = VISIBILITY_SECONDS * 8 // 10
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": VISIBILITY_SECONDS,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
}
CELERY_TIMEZONE = TIME_ZONE
# From when on a day's reminders are written, Asia/Shanghai.
REMIND_AT = time.fromisoformat(env.str("REMIND_AT", default="08:30"))
# How many reminders one run writes at most; the sweep ten minutes later takes the rest.
REMINDER_CAP = env.int("REMINDER_CAP", default=200_000)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "common.tasks.heartbeat", "schedule": 60, "options": {"expires": 50}},
    "dispatch-outbox": {"task": "common.tasks.dispatch_outbox", "schedule": 60, "options": {"expires": 50}},
    "run-imports": {"task": "villages.tasks.run_imports", "schedule": 10, "options": {"expires": 9}},
    "run-exports": {"task": "rectification.tasks.run_exports", "schedule": 10, "options": {"expires": 9}},
    "remind-daily": {
        "task": "rectification.tasks.remind",
        "schedule": crontab(hour=REMIND_AT.hour, minute=REMIND_AT.minute),
    },
    "remind-self-checks": {
        "task": "oversight.tasks.remind",
        "schedule": 1800,
        "options": {"expires": 1700},
    },
    "sum-up-tallies": {"task": "oversight.tasks.sum_up_tallies", "schedule": crontab(hour=3, minute=20)},
    "remind-sweep": {
        "task": "rectification.tasks.remind_sweep",
        "schedule": 600,
        "options": {"expires": 500},
    },
}


# ---------------------------------------------------------------------- logs
def one_line_of_refusals(record: logging.LogRecord) -> bool:
    """What was refused (4xx) is in the audit trail, and no fault of the program: no traceback."""
    if getattr(record, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR) < HTTPStatus.INTERNAL_SERVER_ERROR:
        record.exc_info = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "json_ensure_ascii": False,
        },
    },
    "filters": {
        "one_line": {"()": "django.utils.log.CallbackFilter", "callback": one_line_of_refusals},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["one_line"]},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")},
    "loggers": {
        # One line a request comes from the server in front; the traceback carries no locals.
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
