from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION rectification_item_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.finding_id, NEW.feedback_id, NEW.inspection_id, NEW.number, NEW.assigned_on, NEW.original_deadline)
     IS DISTINCT FROM
     (OLD.finding_id, OLD.feedback_id, OLD.inspection_id, OLD.number, OLD.assigned_on, OLD.original_deadline) THEN
    RAISE EXCEPTION '整改事项 % 的来源、编号、交办日期和原定时限不能修改', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
@PLACE@
    RAISE EXCEPTION '整改事项 % 只能随村级建制调整换村、换乡镇', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.attempt <> OLD.attempt AND NOT (NEW.attempt = OLD.attempt + 1 AND NEW.status = 'IN_PROGRESS' AND OLD.status <> 'IN_PROGRESS') THEN
    RAISE EXCEPTION '整改事项 % 的整改次数只在退回时加一', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = OLD.status THEN RETURN NEW; END IF;
  IF NEW.status = 'UNDER_SUPERVISION' AND NOT (
       rectification_organ_is(NEW.submitted_by_id, 'PARTY_COMMITTEE', NEW.township_id)
       AND EXISTS (SELECT 1 FROM rectification_attachment a JOIN rectification_progressreport r ON r.id = a.report_id
                   WHERE r.item_id = NEW.id AND r.attempt = NEW.attempt)) THEN
    RAISE EXCEPTION '整改事项 % 须由本乡镇党委附佐证提交', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status IN ('UNDER_VERIFICATION', 'CLOSED')
     AND (SELECT count(DISTINCT link) FROM rectification_supervisioncheck
          WHERE item_id = NEW.id AND attempt = NEW.attempt AND result = 'PASS') < 3 THEN
    RAISE EXCEPTION '整改事项 % 的监督链条没有签齐', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'CLOSED' AND (
       NOT rectification_organ_is(NEW.closed_by_id, 'INSPECTION_OFFICE', NEW.county_id)
       OR NEW.closed_by_id IN (NEW.submitted_by_id, NEW.accepted_by_id)
       OR EXISTS (SELECT 1 FROM rectification_supervisioncheck WHERE item_id = NEW.id AND attempt = NEW.attempt AND signer_id = NEW.closed_by_id)) THEN
    RAISE EXCEPTION '整改事项 % 须由未参与整改的本县巡察办人员销号', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
BEFORE = """
  IF (NEW.county_id, NEW.township_id, NEW.village_id) IS DISTINCT FROM (OLD.county_id, OLD.township_id, OLD.village_id)
     AND NOT EXISTS (SELECT 1 FROM villages_village v
                     WHERE v.division_id = NEW.village_id AND v.township_id = NEW.township_id AND v.county_id = NEW.county_id
                     AND (v.division_id = OLD.village_id OR EXISTS
                          (SELECT 1 FROM villages_village o WHERE o.division_id = OLD.village_id AND o.status = 'MERGED'))) THEN
"""

# An item lies in the village where it was found, or further along the path that this village went; so it can come
# back when a merger turns out to be wrong, and can never go to a village that has nothing to do with it.
AFTER = """
  IF (NEW.county_id, NEW.township_id, NEW.village_id) IS DISTINCT FROM (OLD.county_id, OLD.township_id, OLD.village_id)
     AND NOT EXISTS (
       WITH RECURSIVE path(id) AS (
         SELECT village_id FROM inspections_finding WHERE id = NEW.finding_id
         UNION
         SELECT coalesce(origin_id, village_id) FROM inspections_inspection WHERE id = NEW.inspection_id
         UNION
         SELECT v.successor_id FROM path JOIN villages_village v ON v.division_id = path.id
          WHERE v.successor_id IS NOT NULL
       ) SELECT 1 FROM path JOIN villages_village v ON v.division_id = path.id
          WHERE path.id = NEW.village_id AND v.township_id = NEW.township_id AND v.county_id = NEW.county_id) THEN
"""


class Migration(migrations.Migration):
    """The place of an item changes along its village's path only: to the successor, into the new township, or back."""

    dependencies = [
        ("rectification", "0007_reminders_keep_the_indexes_they_use"),
        ("inspections", "0004_work_remembers_the_village_it_came_from"),
        ("villages", "0007_ended_villages_have_a_date_and_no_circle"),
    ]
    operations = [migrations.RunSQL(GUARD.replace("@PLACE@", AFTER), GUARD.replace("@PLACE@", BEFORE))]
