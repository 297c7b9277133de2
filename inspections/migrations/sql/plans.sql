-- Villages of a plan are chosen while it is a draft; after that they only follow a merger.
CREATE OR REPLACE FUNCTION inspections_entry_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM inspections_annualplan WHERE id IN (OLD.plan_id, NEW.plan_id) AND status <> 'DRAFT')
     AND (TG_OP <> 'UPDATE' OR
          (NEW.id, NEW.plan_id, NEW.klass, NEW.mode, NEW.mode_reason, NEW.theme, NEW.wave,
           coalesce(NEW.origin_id, NEW.village_id))
          IS DISTINCT FROM
          (OLD.id, OLD.plan_id, OLD.klass, OLD.mode, OLD.mode_reason, OLD.theme, OLD.wave,
           coalesce(OLD.origin_id, OLD.village_id))) THEN
    RAISE EXCEPTION '计划提交之后，其中的村不能修改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
