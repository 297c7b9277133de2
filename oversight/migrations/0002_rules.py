from django.db import migrations

from common.triggers import CHANGES, append_only, frozen_in, functions, guard, legal_moves, told_changes, told_moves

SEEN = {"INSERT": "NEW TABLE AS added", "UPDATE": "OLD TABLE AS gone NEW TABLE AS added"}


def counted(table: str, function: str, *events: str) -> migrations.RunSQL:
    """Each statement that adds or changes rows is counted as a whole (docs/adr/0009)."""
    return migrations.RunSQL(
        "".join(
            f"CREATE TRIGGER {function}_{event.lower()} AFTER {event} ON {table} REFERENCING {SEEN[event]}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}();\n"
            for event in events
        ),
        "".join(f"DROP TRIGGER {function}_{event.lower()} ON {table};\n" for event in events),
    )


class Migration(migrations.Migration):
    """What was approved, issued or published stays as it was; the boards' counters follow what they count."""

    replaces = [("oversight", "0016_nobody_answers_or_reads_for_another")]
    dependencies = [("oversight", "0001_schema"), ("common", "0002_rules"), ("rectification", "0002_rules")]
    operations = [
        *functions(__file__, "assessments", "boards", "circulars", "selfchecks"),
        counted("inspections_finding", "oversight_count_findings", "INSERT", "UPDATE"),
        frozen_in("oversight_assessment", "PUBLISHED"),
        legal_moves("oversight_assessment", ["DRAFT", "DRAFT>IN_FORCE", "IN_FORCE>PUBLISHED"]),
        guard("oversight_assessment", "rules", "BEFORE UPDATE", "oversight_assessment_rules()"),
        told_moves("oversight_assessment", "oversight.Assessment"),
        frozen_in("oversight_campaign", "CLOSED"),
        legal_moves(
            "oversight_campaign",
            ["ASSIGNED", "ASSIGNED>RUNNING", "REPORTED>CLOSED", "REPORTED>RUNNING", "RUNNING>REPORTED"],
        ),
        told_moves("oversight_campaign", "oversight.Campaign"),
        append_only("oversight_campaignfinding"),
        frozen_in("oversight_campaigntask", "DONE"),
        legal_moves("oversight_campaigntask", ["OPEN", "DONE>OPEN", "OPEN>DONE"]),
        told_moves("oversight_campaigntask", "oversight.CampaignTask"),
        frozen_in("oversight_circular", "ISSUED", "DROPPED"),
        legal_moves("oversight_circular", ["DRAFT", "DRAFT>DROPPED", "DRAFT>ISSUED"]),
        guard("oversight_circular", "rules", "BEFORE UPDATE", "oversight_circular_rules()"),
        told_moves("oversight_circular", "oversight.Circular"),
        guard("oversight_circularreceipt", "rules", CHANGES, "oversight_circularreceipt_rules()"),
        told_changes("oversight_circularreceipt", events="UPDATE"),
        append_only("oversight_commendation"),
        guard("oversight_commendation", "rules", "BEFORE INSERT", "oversight_appraisal_rules()"),
        told_changes("oversight_commendation", events="INSERT"),
        frozen_in("oversight_commonissue", "APPROVED"),
        legal_moves(
            "oversight_commonissue", ["PROPOSED", "PROPOSED>APPROVED", "PROPOSED>RETURNED", "RETURNED>PROPOSED"]
        ),
        told_moves("oversight_commonissue", "oversight.CommonIssue"),
        append_only("oversight_countyscore"),
        guard("oversight_countyscore", "rules", "BEFORE INSERT", "oversight_assessment_parts('IN_FORCE')"),
        frozen_in("oversight_followup", "DONE"),
        legal_moves("oversight_followup", ["OPEN", "ANSWERED>DONE", "ANSWERED>OPEN", "OPEN>ANSWERED"]),
        told_moves("oversight_followup", "oversight.FollowUp"),
        guard("oversight_indicator", "rules", CHANGES, "oversight_assessment_parts('DRAFT')"),
        frozen_in("oversight_occasion", "HELD", "DROPPED"),
        legal_moves("oversight_occasion", ["PLANNED", "PLANNED>DROPPED", "PLANNED>HELD"]),
        told_moves("oversight_occasion", "oversight.Occasion"),
        append_only("oversight_pointsgiven"),
        guard("oversight_pointsgiven", "rules", "BEFORE INSERT", "oversight_assessment_parts('IN_FORCE')"),
        told_changes("oversight_pointsgiven", events="INSERT"),
        append_only("oversight_qualitymark"),
        guard("oversight_qualitymark", "rules", "BEFORE INSERT", "oversight_appraisal_rules()"),
        told_changes("oversight_qualitymark", events="INSERT"),
        append_only("oversight_scoreline"),
        guard("oversight_scoreline", "rules", "BEFORE INSERT", "oversight_score_lines()"),
        frozen_in("oversight_selfcheck", "CONFIRMED"),
        legal_moves(
            "oversight_selfcheck", ["OPEN", "ANSWERED>ANSWERED", "ANSWERED>CONFIRMED", "ANSWERED>OPEN", "OPEN>ANSWERED"]
        ),
        told_moves("oversight_selfcheck", "oversight.SelfCheck"),
        guard("oversight_selfcheckanswer", "rules", CHANGES, "oversight_answer_rules()"),
        told_changes("oversight_selfcheckanswer", events="INSERT"),
        append_only("oversight_selfcheckitem"),
        append_only("oversight_selfchecknotice"),
        append_only("oversight_selfcheckreminder"),
        counted("rectification_rectificationitem", "oversight_count_items", "INSERT", "UPDATE"),
        counted("rectification_satisfactioncount", "oversight_count_content", "INSERT"),
    ]
