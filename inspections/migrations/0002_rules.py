from django.db import migrations

from common.triggers import CHANGES, append_only, frozen_in, functions, guard, legal_moves, told_changes, told_moves


class Migration(migrations.Migration):
    """Work moves by the steps of the transitions, with an event, and what was sent, signed or used stays as it was."""

    replaces = [("inspections", "0024_drafts_and_rounds_leave_their_event")]
    dependencies = [("inspections", "0001_schema"), ("common", "0002_rules")]
    operations = [
        *functions(__file__, "checklists", "findings", "plans", "stages"),
        frozen_in("inspections_annualplan"),
        # a plan that the city returned becomes a draft again
        legal_moves(
            "inspections_annualplan",
            ["DRAFT", "APPROVED>FILED", "DRAFT>SUBMITTED", "FILED>DRAFT", "SUBMITTED>APPROVED", "SUBMITTED>DRAFT"],
        ),
        told_moves("inspections_annualplan", "inspections.AnnualPlan"),
        guard("inspections_checklist", "rules", CHANGES, "inspections_version_rules()"),
        guard("inspections_checklistitem", "rules", CHANGES, "inspections_checklist_rules()"),
        guard("inspections_citation", "guard", CHANGES, "inspections_citation_guard()"),
        frozen_in("inspections_consulteddocument"),
        legal_moves("inspections_consulteddocument", ["RECORDED", "RECORDED>VOID"]),
        told_moves("inspections_consulteddocument", "inspections.ConsultedDocument"),
        frozen_in("inspections_conversation"),
        legal_moves("inspections_conversation", ["RECORDED", "RECORDED>VOID"]),
        told_moves("inspections_conversation", "inspections.Conversation"),
        frozen_in("inspections_duty"),
        legal_moves(
            "inspections_duty", ["OPEN", "DONE>OPEN", "NOT_APPLICABLE>OPEN", "OPEN>DONE", "OPEN>NOT_APPLICABLE"]
        ),
        told_moves("inspections_duty", "inspections.Duty"),
        frozen_in("inspections_feedback", "ISSUED"),
        legal_moves("inspections_feedback", ["DRAFT", "DRAFT>ISSUED"]),
        told_changes("inspections_feedback", events="INSERT OR UPDATE"),
        told_moves("inspections_feedback", "inspections.Feedback"),
        frozen_in("inspections_filing", "ACCEPTED", "RETURNED"),
        legal_moves("inspections_filing", ["SUBMITTED", "SUBMITTED>ACCEPTED", "SUBMITTED>RETURNED"]),
        told_moves("inspections_filing", "inspections.Filing"),
        frozen_in("inspections_finding", "FED_BACK"),
        legal_moves(
            "inspections_finding",
            [
                "DRAFT", "CONFIRMED>DRAFT", "CONFIRMED>FED_BACK", "CONFIRMED>REFERRED", "CONFIRMED>REJECTED",
                "DRAFT>MERGED", "DRAFT>REFERRED", "DRAFT>REJECTED", "DRAFT>SIGNED", "MERGED>DRAFT", "REFERRED>DRAFT",
                "REJECTED>DRAFT", "REVIEWED>CONFIRMED", "REVIEWED>DRAFT", "REVIEWED>MERGED", "REVIEWED>REFERRED",
                "REVIEWED>REJECTED", "SIGNED>DRAFT", "SIGNED>MERGED", "SIGNED>REFERRED", "SIGNED>REJECTED",
                "SIGNED>REVIEWED",
            ],
        ),
        guard("inspections_finding", "rules", "BEFORE UPDATE", "inspections_finding_rules()"),
        told_changes("inspections_finding", events="INSERT OR UPDATE"),
        told_moves("inspections_finding", "inspections.Finding"),
        frozen_in("inspections_inspection", "CLOSED", "CANCELLED"),
        legal_moves(
            "inspections_inspection",
            ["BEFORE", "AFTER>CLOSED", "BEFORE>CANCELLED", "BEFORE>DURING", "DURING>AFTER", "DURING>CANCELLED"],
        ),
        # triggers run by name: this one after "frozen" and "legal_moves"
        guard("inspections_inspection", "stage_gate", "BEFORE UPDATE", "inspections_stage_gate()"),
        told_changes("inspections_inspection", events="INSERT OR UPDATE"),
        told_moves("inspections_inspection", "inspections.Inspection"),
        guard("inspections_inspection", "version", "BEFORE INSERT OR UPDATE", "inspections_keeps_its_version()"),
        append_only("inspections_inspectionfile"),
        frozen_in("inspections_mobilisation"),
        legal_moves("inspections_mobilisation", ["RECORDED", "RECORDED>VOID"]),
        told_moves("inspections_mobilisation", "inspections.Mobilisation"),
        frozen_in("inspections_paper", "ISSUED"),
        legal_moves("inspections_paper", ["DRAFT", "DRAFT>ISSUED"]),
        told_changes("inspections_paper", events="INSERT OR UPDATE"),
        told_moves("inspections_paper", "inspections.Paper"),
        guard("inspections_planentry", "rules", CHANGES, "inspections_entry_rules()"),
        frozen_in("inspections_recusal", "LIFTED"),
        legal_moves("inspections_recusal", ["IN_FORCE", "IN_FORCE>LIFTED"]),
        told_changes("inspections_recusal", "inspections.Recusal"),
        told_moves("inspections_recusal", "inspections.Recusal"),
        told_changes("inspections_round", events="INSERT OR UPDATE"),
        told_changes("inspections_team"),
        told_changes("inspections_teammember"),
        frozen_in("inspections_visit"),
        legal_moves("inspections_visit", ["RECORDED", "RECORDED>VOID"]),
        told_moves("inspections_visit", "inspections.Visit"),
    ]
