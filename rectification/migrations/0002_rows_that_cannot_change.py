from django.db import migrations

from common.triggers import append_only, frozen_in, guard, legal_moves

ITEM_MOVES = [
    "ASSIGNED",
    "ASSIGNED>IN_PROGRESS",
    "CLOSED>IN_PROGRESS",
    "IN_PROGRESS>UNDER_SUPERVISION",
    "UNDER_SUPERVISION>IN_PROGRESS",
    "UNDER_SUPERVISION>UNDER_VERIFICATION",
    "UNDER_VERIFICATION>CLOSED",
    "UNDER_VERIFICATION>IN_PROGRESS",
]

FUNCTIONS = """
CREATE FUNCTION rectification_organ_is(person bigint, wanted text, place bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM accounts_user u JOIN accounts_organ o ON o.id = u.organ_id
                 WHERE u.id = person AND o.kind = wanted AND o.division_id = place)
$$;

CREATE FUNCTION rectification_item_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.finding_id, NEW.feedback_id, NEW.inspection_id, NEW.number, NEW.assigned_on, NEW.original_deadline, NEW.county_id)
     IS DISTINCT FROM
     (OLD.finding_id, OLD.feedback_id, OLD.inspection_id, OLD.number, OLD.assigned_on, OLD.original_deadline, OLD.county_id) THEN
    RAISE EXCEPTION '整改事项 % 的来源、编号、交办日期和原定时限不能修改', OLD.number USING ERRCODE = 'restrict_violation';
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

CREATE FUNCTION rectification_check_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE item rectification_rectificationitem;
BEGIN
  SELECT * INTO item FROM rectification_rectificationitem WHERE id = NEW.item_id;
  IF item.status <> 'UNDER_SUPERVISION' OR item.attempt <> NEW.attempt OR item.submitted_by_id = NEW.signer_id THEN
    RAISE EXCEPTION '整改事项 % 现在不能由此人签署', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT (CASE NEW.link
    WHEN 'VILLAGE_SUPERVISORY_COMMITTEE' THEN rectification_organ_is(NEW.signer_id, 'VILLAGE_SUPERVISORY', item.village_id)
    WHEN 'TOWNSHIP_DISCIPLINE_OFFICER' THEN rectification_organ_is(NEW.signer_id, 'TOWNSHIP_DISCIPLINE', item.township_id)
         AND (SELECT post FROM accounts_user WHERE id = NEW.signer_id) = 'DISCIPLINE_OFFICER'
    WHEN 'TOWNSHIP_DISCIPLINE_MEMBER' THEN rectification_organ_is(NEW.signer_id, 'TOWNSHIP_DISCIPLINE', item.township_id)
         AND (SELECT post FROM accounts_user WHERE id = NEW.signer_id) = 'DISCIPLINE_MEMBER'
    ELSE false END) THEN
    RAISE EXCEPTION '整改事项 % 的此环节须由本级监督人员签署', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION rectification_open_item_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE subject bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.item_id ELSE NEW.item_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM rectification_rectificationitem WHERE status = 'CLOSED'
             AND id IN (subject, CASE WHEN TG_OP = 'UPDATE' THEN OLD.item_id ELSE subject END)) THEN
    RAISE EXCEPTION '整改事项已销号，不能再改动' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
DROP = """DROP FUNCTION rectification_item_guard(), rectification_check_guard(), rectification_open_item_only(),
rectification_organ_is(bigint, text, bigint)"""


def open_item_only(table: str) -> migrations.RunSQL:
    return guard(table, "open_item_only", "BEFORE INSERT OR UPDATE OR DELETE", "rectification_open_item_only()")


class Migration(migrations.Migration):
    dependencies = [("rectification", "0001_initial"), ("common", "0002_rows_that_cannot_change")]
    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        legal_moves("rectification_rectificationitem", ITEM_MOVES),
        frozen_in("rectification_rectificationitem", "CLOSED"),
        guard("rectification_rectificationitem", "item_guard", "BEFORE UPDATE", "rectification_item_guard()"),
        guard("rectification_supervisioncheck", "check_guard", "BEFORE INSERT", "rectification_check_guard()"),
        append_only("rectification_progressreport"),
        append_only("rectification_attachment"),
        append_only("rectification_supervisioncheck"),
        open_item_only("rectification_measure"),
        open_item_only("rectification_responsible"),
        open_item_only("rectification_progressreport"),
        open_item_only("rectification_attachment"),
        legal_moves("rectification_extension", ["ASKED", "ASKED>GRANTED", "ASKED>REFUSED"]),
        frozen_in("rectification_extension", "GRANTED", "REFUSED"),
    ]
