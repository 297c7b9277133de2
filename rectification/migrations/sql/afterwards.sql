-- Closed items are drawn for a second look; villagers are asked. Neither is recorded by who put the item right.

-- What was drawn stays drawn; what was seen is written once.
CREATE OR REPLACE FUNCTION rectification_lookbackline_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '回头看抽中的事项不能删除' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.result <> '' OR NOT EXISTS (
         SELECT 1 FROM rectification_rectificationitem i JOIN rectification_lookback l ON l.county_id = i.county_id
          WHERE i.id = NEW.item_id AND l.id = NEW.lookback_id AND i.status = 'CLOSED' AND l.pool ? i.number) THEN
      RAISE EXCEPTION '回头看只抽本县已销号、参加抽取的事项' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.result <> '' OR (NEW.id, NEW.lookback_id, NEW.item_id, NEW."order")
     IS DISTINCT FROM (OLD.id, OLD.lookback_id, OLD.item_id, OLD."order") THEN
    RAISE EXCEPTION '回头看的结果只登记一次' USING ERRCODE = 'restrict_violation';
  END IF;
  IF rectification_acted(NEW.item_id, NEW.checked_by_id,
       ARRAY['accept', 'set_measures', 'report', 'complete_measure', 'reply', 'ask_extension', 'submit']) THEN
    RAISE EXCEPTION '办理过整改的人不能登记回头看的结果' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- What villagers said comes with its event.
CREATE OR REPLACE FUNCTION rectification_poll_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF rectification_acted(NEW.item_id, NEW.recorded_by_id,
       ARRAY['accept', 'set_measures', 'report', 'complete_measure', 'reply', 'ask_extension', 'submit']) THEN
    RAISE EXCEPTION '办理过整改的人不能登记满意度' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT rectification_is_told('rectification.RectificationItem', NEW.item_id, 'poll', NEW.recorded_by_id) THEN
    RAISE EXCEPTION '满意度没有办理记录' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
