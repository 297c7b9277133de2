import pytest


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """Argon2 is slow on purpose; these tests hash dozens of passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
