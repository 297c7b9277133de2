"""What the settings demand of a real installation."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "XUNCHA_ENV": "production",
    "XUNCHA_ENV_FILE": os.devnull,
    "SECRET_KEY": "x9-" * 20 + "abcdefgh",
    "FIELD_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "DATABASE_URL": "postgres://app@127.0.0.1/xuncha",
    "DATABASE_OWNER_URL": "postgres://owner@127.0.0.1/xuncha",
    "REDIS_URL": "redis://127.0.0.1/0",
    "ALLOWED_HOSTS": "example.test",
}


def manage(*arguments: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in (PRODUCTION | changed).items() if value is not None}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_production_settings_pass_the_deployment_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"FIELD_ENCRYPTION_KEYS": None}, "FIELD_ENCRYPTION_KEYS"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"XUNCHA_ENV": "prod"}, "XUNCHA_ENV"),
        ({"DATABASE_URL": "sqlite:///x.db"}, "PostgreSQL"),
        ({"XUNCHA_ENV": None, "SECRET_KEY": None}, "XUNCHA_ENV=demo"),
    ],
)
def test_a_setting_that_would_be_unsafe_is_refused_with_a_word_on_what_to_do(changed, message):
    done = manage("check", **changed)
    assert done.returncode != 0
    assert message in done.stderr


def test_every_setting_read_from_the_environment_stands_in_the_example():
    source = (ROOT / "mianyang_xuncha" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"', source))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert len(read) > 25
    assert {name for name in read if not re.search(rf"^#?{name}=", example, re.MULTILINE)} == set()


def test_uploads_have_no_address():
    assert settings.MEDIA_URL in {"", "/"}
    assert not Path(settings.PRIVATE_MEDIA_ROOT).is_relative_to(settings.STATIC_ROOT)


def test_the_content_policy_allows_neither_inline_code_nor_eval():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert not {source for sources in directives.values() for source in sources} & {
        "'unsafe-inline'",
        "'unsafe-eval'",
        "*",
    }
    assert directives["default-src"] == ["'self'"]


def test_the_database_compiles_no_query(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
