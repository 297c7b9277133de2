from importlib import import_module

from django.db import migrations

from common.triggers import amending

gates = import_module("inspections.migrations.0021_gates_ask_what_the_service_asks")

BEFORE = "  IF NEW.status = 'AFTER' AND (\n"
assert gates.NOW.count(BEFORE) == 1
# As `rules.recused_townships` has it: native place, place of service, what was declared and holds today.
RECUSED = """  IF NEW.status IN ('DURING', 'AFTER') AND EXISTS (
     SELECT 1 FROM inspections_teammember member
     JOIN accounts_user person ON person.id = member.user_id
     JOIN accounts_organ organ ON organ.id = person.organ_id
     JOIN accounts_division place ON place.id = organ.division_id
     WHERE member.team_id = NEW.team_id AND member.ends_on >= (now() AT TIME ZONE 'Asia/Shanghai')::date
     AND (NEW.township_id IN (person.native_township_id, place.id)
       OR (place.tier = 'VILLAGE' AND place.parent_id = NEW.township_id)
       OR EXISTS (SELECT 1 FROM inspections_recusal declared WHERE declared.user_id = person.id
          AND declared.township_id = NEW.township_id AND declared.status = 'IN_FORCE'
          AND (declared.until IS NULL OR declared.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date)))) THEN
    RAISE EXCEPTION '巡察组里有须回避该乡镇的人员，不能进驻、结束驻村' USING ERRCODE = 'restrict_violation';
  END IF;
"""


class Migration(migrations.Migration):
    """The database, too, asks for recusal (回避) when a team enters a village and when it leaves."""

    dependencies = [("inspections", "0021_gates_ask_what_the_service_asks")]
    operations = [amending("inspections_stage_gate", BEFORE, RECUSED + BEFORE)]
