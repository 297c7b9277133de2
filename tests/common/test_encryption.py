"""A secret prints nothing of itself, and only its keys open it."""

import json
import logging

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.template import Context, Template

from common import audit
from common.encryption import DOTS, EncryptedTextField, Secret, Undecipherable, is_current, renewed

TOKEN = "张三-7f3a"


@pytest.fixture
def secret() -> Secret:
    return Secret.of(TOKEN)


def test_the_text_comes_back(secret):
    assert secret.reveal() == TOKEN


def test_it_prints_as_dots_everywhere(secret, caplog):
    logging.getLogger("x").warning("%s %r", secret, secret)
    shown = Template("{{ one }} {{ one.token|slice:':5' }}").render(Context({"one": secret}))
    printed = [str(secret), repr(secret), f"{secret}", caplog.text, shown, json.dumps(audit.plain(secret))]
    assert [one for one in printed if TOKEN in one] == []
    assert str(secret) == DOTS


def test_the_trail_tells_that_it_changed_and_not_into_what(secret):
    other = Secret.of("李四")
    assert audit.diff({"name": secret}, {"name": other}) == {"name": [DOTS, DOTS]}
    assert audit.diff({"name": secret}, {"name": Secret.of(TOKEN)}) == {}


def test_no_text_is_no_ciphertext():
    assert (Secret.of("").token, Secret.of("").reveal(), str(Secret.of(""))) == ("", "", "")


def test_the_same_text_is_encrypted_differently_each_time(secret):
    assert secret.token != Secret.of(TOKEN).token
    assert secret == Secret.of(TOKEN)


def test_plain_text_is_no_secret():
    with pytest.raises(ValueError, match=r"Secret\.of"):
        Secret(TOKEN)


def test_the_field_refuses_plain_text_and_questions():
    field = EncryptedTextField()
    with pytest.raises(TypeError):
        field.get_prep_value(TOKEN)
    with pytest.raises(ValueError, match=r"Secret\.of"):
        field.to_python(TOKEN)
    assert [one for one in ("exact", "contains", "icontains", "startswith", "in") if field.get_lookup(one)] == []


def test_another_key_opens_nothing(secret, settings):
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(Undecipherable):
        secret.reveal()


def test_a_new_key_first_keeps_the_old_ones_readable_and_renews(secret, settings):
    old = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *old]
    assert secret.reveal() == TOKEN
    assert not is_current(secret.token)
    token = renewed(secret.token)
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]
    assert is_current(token)
    assert Secret(token).reveal() == TOKEN


def test_a_key_that_is_none_stops_the_start(settings):
    settings.FIELD_ENCRYPTION_KEYS = ["not-a-key"]
    assert "common.E002" in {one.id for one in run_checks()}
