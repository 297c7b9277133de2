from django.db import migrations

from common.triggers import told_changes

# All but the time of the last sign-in.
ACCOUNT = (
    *("id", "username", "full_name", "organ_id", "post", "native_township_id", "email", "phone", "is_active"),
    *("password", "must_change_password", "password_changed_at", "created_at", "asked_by_id", "countersigned_by_id"),
)


class Migration(migrations.Migration):
    """Accounts, organs and the tree of divisions make what a person may do: no row of them changes untold."""

    dependencies = [
        ("accounts", "0003_keepers_of_the_system_need_a_second_person"),
        ("common", "0005_changes_leave_their_event"),
    ]
    operations = [
        told_changes("accounts_user", "accounts.User", columns=ACCOUNT),
        told_changes("accounts_organ", "accounts.Organ"),
        told_changes("accounts_division", events="UPDATE", columns=("id", "code", "tier", "parent_id")),
    ]
