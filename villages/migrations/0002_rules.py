from django.db import migrations

from common.triggers import CHANGES, append_only, frozen_in, functions, guard, legal_moves, told_changes, told_moves


class Migration(migrations.Migration):
    """What was decided on a village stays; where it lies and whether it stands changes only with an event."""

    replaces = [("villages", "0010_villages_move_and_end_with_their_event")]
    dependencies = [("villages", "0001_schema"), ("common", "0002_rules")]
    operations = [
        *functions(__file__, "classes", "mergers"),
        frozen_in("villages_classification", "REJECTED", "SUPERSEDED"),
        legal_moves(
            "villages_classification", ["PROPOSED", "APPROVED>SUPERSEDED", "PROPOSED>APPROVED", "PROPOSED>REJECTED"]
        ),
        guard("villages_classification", "rules", "BEFORE UPDATE", "villages_class_rules()"),
        told_moves("villages_classification", "villages.Classification"),
        guard("villages_classification_kinds", "rules", CHANGES, "villages_class_kinds_rules()"),
        append_only("villages_rosterchange"),
        guard(
            "villages_village",
            "no_circle",
            "AFTER INSERT OR UPDATE OF successor_id",
            "villages_no_circle()",
            when="NEW.successor_id IS NOT NULL",
        ),
        guard(
            "villages_village",
            "shown_class",
            "BEFORE UPDATE",
            "villages_shown_class_rules()",
            when="NEW.klass IS DISTINCT FROM OLD.klass",
        ),
        told_changes(
            "villages_village",
            events="UPDATE",
            columns=("division_id", "county_id", "township_id", "status", "successor_id", "valid_to"),
        ),
    ]
