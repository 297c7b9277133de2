-- What is reported and proved comes from whom it names, when it is reported, not later.

-- By the township or the village, while the item is being put right.
CREATE OR REPLACE FUNCTION rectification_report_rules() RETURNS trigger LANGUAGE plpgsql
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

-- By the author of the report, with it.
CREATE OR REPLACE FUNCTION rectification_attachment_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM rectification_progressreport
                 WHERE id = NEW.report_id AND item_id = NEW.item_id AND author_id = NEW.uploaded_by_id)
     OR NOT rectification_is_told('rectification.RectificationItem', NEW.item_id, 'report', NEW.uploaded_by_id) THEN
    RAISE EXCEPTION '佐证只能由填报进展的人随进展一并上传' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
