from django.db import migrations

from common.triggers import guard

REPORT, ATTACHMENT, PHOTO = (f"rectification_{one}" for one in ("progressreport", "attachment", "checkphoto"))

FUNCTIONS = """
CREATE FUNCTION rectification_report_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE item rectification_rectificationitem;
BEGIN
  SELECT * INTO item FROM rectification_rectificationitem WHERE id = NEW.item_id;
  IF item.status <> 'IN_PROGRESS' OR item.attempt <> NEW.attempt
     OR NOT (rectification_organ_is(NEW.author_id, 'PARTY_COMMITTEE', item.township_id)
             OR rectification_organ_is(NEW.author_id, 'VILLAGE_PARTY', item.village_id))
     OR NOT rectification_is_told('rectification.RectificationItem', NEW.item_id, 'report', NEW.author_id) THEN
    RAISE EXCEPTION '整改事项 % 的进展须在整改中由本乡镇党委或本村党组织填报并留下记录', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION rectification_attachment_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM rectification_progressreport
                 WHERE id = NEW.report_id AND item_id = NEW.item_id AND author_id = NEW.uploaded_by_id)
     OR NOT rectification_is_told('rectification.RectificationItem', NEW.item_id, 'report', NEW.uploaded_by_id) THEN
    RAISE EXCEPTION '佐证只能由填报进展的人随进展一并上传' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION rectification_checkphoto_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM rectification_supervisioncheck c JOIN rectification_rectificationitem i ON i.id = c.item_id
                 WHERE c.id = NEW.check_of_id AND c.item_id = NEW.item_id AND c.signer_id = NEW.uploaded_by_id
                   AND i.status = 'UNDER_SUPERVISION' AND i.attempt = c.attempt)
     OR NOT rectification_is_told('rectification.RectificationItem', NEW.item_id, 'sign', NEW.uploaded_by_id) THEN
    RAISE EXCEPTION '现场照片只能由签署人在签署时一并上传' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
DROP = """
DROP FUNCTION rectification_report_rules(), rectification_attachment_rules(), rectification_checkphoto_rules()
"""


class Migration(migrations.Migration):
    """What is reported, proved and photographed comes from whom it names, when it is reported or signed, not later."""

    dependencies = [("rectification", "0028_planning_and_asking_for_time_are_putting_right")]
    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        guard(REPORT, "rules", "BEFORE INSERT", "rectification_report_rules()"),
        guard(ATTACHMENT, "rules", "BEFORE INSERT", "rectification_attachment_rules()"),
        guard(PHOTO, "rules", "BEFORE INSERT", "rectification_checkphoto_rules()"),
    ]
