from django.db import migrations

from common.triggers import append_only, frozen_in, guard, legal_moves, told_moves

CHECK = "oversight_selfcheck"
ANSWERS = """
CREATE FUNCTION oversight_answer_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM oversight_selfcheck WHERE status = 'CONFIRMED'
             AND id = CASE WHEN TG_OP = 'DELETE' THEN OLD.check_of_id ELSE NEW.check_of_id END) THEN
    RAISE EXCEPTION '自查已由乡镇确认，答复不能再改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    """What a village answered and its township confirmed stays as it was."""

    dependencies = [("oversight", "0005_self_checks"), ("common", "0003_moves_leave_their_event")]
    operations = [
        migrations.RunSQL(ANSWERS, "DROP FUNCTION oversight_answer_rules()"),
        legal_moves(CHECK, ["OPEN", "ANSWERED>ANSWERED", "ANSWERED>CONFIRMED", "ANSWERED>OPEN", "OPEN>ANSWERED"]),
        told_moves(CHECK, "oversight.SelfCheck"),
        frozen_in(CHECK, "CONFIRMED"),
        guard("oversight_selfcheckanswer", "rules", "BEFORE INSERT OR UPDATE OR DELETE", "oversight_answer_rules()"),
        append_only("oversight_selfchecknotice"),
        append_only("oversight_selfcheckitem"),
        append_only("oversight_selfcheckreminder"),
    ]
