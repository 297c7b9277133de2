from importlib import import_module

from django.db import migrations

findings = import_module("inspections.migrations.0018_findings_leave_as_clues_with_all_they_said")
gates = import_module("inspections.migrations.0019_no_stage_is_left_undone")

ALONE = "mover = NEW.inspector_id OR NEW.reviewed_by_id IS DISTINCT FROM mover"
assert ALONE in findings.NOW_RULES
SIGNED_BY_ANOTHER = findings.NOW_RULES.replace(
    ALONE, "mover IN (NEW.inspector_id, NEW.second_inspector_id) OR NEW.reviewed_by_id IS DISTINCT FROM mover"
).replace("底稿不能由登记人初审", "底稿不能由登记人、签名人初审")

END = "  RETURN NEW;\nEND $$;"
assert gates.STAGE.count(END) == 1
AS_IT_WAS = gates.STAGE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
# A round that has come, a leader, a mode with its reason and its team; nobody who must keep away; 六必谈 and 四必访 told;
# what was found fed back. The day is Shanghai's, as the program's is.
MORE = """  IF NEW.status = 'DURING' THEN
    IF EXISTS (SELECT 1 FROM inspections_round WHERE id = NEW.round_id AND starts_on >
       COALESCE(NEW.entered_on, (now() AT TIME ZONE 'Asia/Shanghai')::date)) THEN
      RAISE EXCEPTION '本轮还没有开始，不能进驻' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM inspections_teammember WHERE team_id = NEW.team_id AND post = 'LEADER') THEN
      RAISE EXCEPTION '还没有巡察组和组长，不能进驻' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.klass || '>' || NEW.mode NOT IN ('KEY_FOCUS>REGULAR', 'RISK>CROSS', 'RISK>RAISED', 'RISK>SPECIAL',
        'ORDINARY>MOBILE', 'ORDINARY>PINPOINT') AND btrim(NEW.mode_reason) = '')
       OR (NEW.mode = 'SPECIAL' AND (btrim(NEW.theme) = '' OR NEW.focus = '[]'::jsonb))
       OR EXISTS (SELECT 1 FROM inspections_team team JOIN accounts_organ organ ON organ.id = team.organ_id
          JOIN accounts_division place ON place.id = organ.division_id WHERE team.id = NEW.team_id
          AND ((NEW.mode = 'RAISED' AND place.tier <> 'CITY')
            OR (NEW.mode = 'CROSS' AND (place.tier <> 'COUNTY' OR place.id = NEW.county_id)))) THEN
      RAISE EXCEPTION '巡察方式缺少理由、主题或相符的巡察组，不能进驻' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF NEW.status = 'AFTER' AND (
     SELECT count(DISTINCT kind) FROM (
       SELECT kind FROM inspections_fieldworkgap WHERE inspection_id = NEW.id
       UNION SELECT kind FROM inspections_conversation WHERE inspection_id = NEW.id AND status = 'RECORDED'
       UNION SELECT kind FROM inspections_visit WHERE inspection_id = NEW.id AND status = 'RECORDED') told
     WHERE kind IN ('OLD_CADRE', 'OLD_MEMBER', 'OLD_TEACHER', 'VETERAN', 'ENTREPRENEUR', 'GENTRY',
       'OPEN_DOOR', 'HOUSEHOLD', 'FOCUSED', 'FOLLOW_UP')) < 10 THEN
    RAISE EXCEPTION '六必谈、四必访还有缺项，不能结束驻村' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'CLOSED' AND NOT EXISTS (
     SELECT 1 FROM inspections_feedback WHERE inspection_id = NEW.id AND status = 'ISSUED') AND EXISTS (
     SELECT 1 FROM inspections_finding WHERE inspection_id = NEW.id
     AND status IN ('DRAFT', 'SIGNED', 'REVIEWED', 'CONFIRMED', 'FED_BACK')) THEN
    RAISE EXCEPTION '还有底稿没有审定，或反馈意见还没有签发，不能办结' USING ERRCODE = 'restrict_violation';
  END IF;
"""
NOW = AS_IT_WAS.replace(END, MORE + END)


class Migration(migrations.Migration):
    """Whoever signed a working paper does not review it; no stage is entered or left but as the services demand."""

    dependencies = [("inspections", "0020_duties_name_their_paper")]
    operations = [
        migrations.RunSQL(SIGNED_BY_ANOTHER, findings.NOW_RULES),
        migrations.RunSQL(NOW, AS_IT_WAS),
    ]
