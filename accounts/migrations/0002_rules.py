from django.db import migrations

from common.triggers import told_changes

# All but the time of the last sign-in.
ACCOUNT = (
    *("id", "username", "full_name", "organ_id", "post", "native_township_id", "email", "phone", "is_active"),
    *("password", "must_change_password", "password_changed_at", "created_at", "asked_by_id", "countersigned_by_id"),
)


class Migration(migrations.Migration):
    """Accounts, organs and the tree of divisions make what a person may do: no row of them changes untold."""

    replaces = [("accounts", "0004_changes_of_accounts_leave_their_event")]
    dependencies = [("accounts", "0001_schema"), ("common", "0002_rules")]
    operations = [
        told_changes("accounts_division", events="UPDATE", columns=("id", "code", "tier", "parent_id")),
        told_changes("accounts_organ", "accounts.Organ"),
        told_changes("accounts_user", "accounts.User", columns=ACCOUNT),
    ]
