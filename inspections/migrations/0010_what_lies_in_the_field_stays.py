from django.db import migrations

from common.triggers import append_only, frozen_in, guard, legal_moves, told_moves

CITATIONS = """
CREATE FUNCTION inspections_citation_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE one inspections_citation := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF (SELECT status FROM inspections_finding WHERE id = one.finding_id) = 'FED_BACK' THEN
    RAISE EXCEPTION '问题已经反馈，印证不能再改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN one;
END $$;
"""
RECORDS = ("Conversation", "Visit", "Mobilisation", "ConsultedDocument")


class Migration(migrations.Migration):
    dependencies = [("inspections", "0009_duties_and_fieldwork"), ("common", "0003_moves_leave_their_event")]
    operations = [
        legal_moves(
            "inspections_duty",
            ["OPEN", "DONE>OPEN", "NOT_APPLICABLE>OPEN", "OPEN>DONE", "OPEN>NOT_APPLICABLE"],
        ),
        *(legal_moves(f"inspections_{one.lower()}", ["RECORDED", "RECORDED>VOID"]) for one in RECORDS),
        *(frozen_in(f"inspections_{one.lower()}") for one in (*RECORDS, "Duty")),
        *(told_moves(f"inspections_{one.lower()}", f"inspections.{one}") for one in (*RECORDS, "Duty")),
        append_only("inspections_inspectionfile"),
        migrations.RunSQL(CITATIONS, "DROP FUNCTION inspections_citation_guard()"),
        guard("inspections_citation", "guard", "BEFORE INSERT OR UPDATE OR DELETE", "inspections_citation_guard()"),
    ]
