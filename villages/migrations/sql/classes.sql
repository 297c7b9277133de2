-- What was decided on a village's class stays, and the village shows what was approved.

-- Class, reason and who decided when stay once decided.
CREATE OR REPLACE FUNCTION villages_class_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.status <> 'PROPOSED' AND
     (NEW.id, NEW.klass, NEW.reason, NEW.proposer_id, NEW.approver_id, NEW.approved_on, NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.klass, OLD.reason, OLD.proposer_id, OLD.approver_id, OLD.approved_on, OLD.created_at) THEN
    RAISE EXCEPTION '审定过的村分类不能修改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- So do the kinds that belong to them.
CREATE OR REPLACE FUNCTION villages_class_kinds_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM villages_classification
             WHERE id IN (OLD.classification_id, NEW.classification_id) AND status <> 'PROPOSED') THEN
    RAISE EXCEPTION '审定过的村分类不能修改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;

-- A village shows the class that was approved for it.
CREATE OR REPLACE FUNCTION villages_shown_class_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.klass IS DISTINCT FROM (SELECT klass FROM villages_classification
                                 WHERE village_id = NEW.division_id AND status = 'APPROVED') THEN
    RAISE EXCEPTION '村 % 的类别须与审定的分类一致', NEW.division_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
