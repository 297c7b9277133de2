-- Circulars and special reports (docs/adr/0010).

-- Issued by the head of the inspection office of the place, whom the event names.
CREATE OR REPLACE FUNCTION oversight_circular_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.id, NEW.kind, NEW.place_id, NEW.drafted_by_id, NEW.created_at)
     IS DISTINCT FROM (OLD.id, OLD.kind, OLD.place_id, OLD.drafted_by_id, OLD.created_at)
     OR NEW.status <> OLD.status AND NEW.status = 'ISSUED' AND (
       NOT rectification_organ_is(NEW.issued_by_id, 'INSPECTION_OFFICE', NEW.place_id)
       OR NOT EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.issued_by_id AND post = 'HEAD')
       OR common_mover('oversight.Circular', NEW.id, OLD.status, NEW.status) IS DISTINCT FROM NEW.issued_by_id) THEN
    RAISE EXCEPTION '通报须由拟稿人以外的本级巡察办主要负责人签发' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Signed for once it was issued, and once by each unit.
CREATE OR REPLACE FUNCTION oversight_circularreceipt_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '通报的签阅不能删除' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.read_at IS NOT NULL OR NOT EXISTS (
         SELECT 1 FROM oversight_circular WHERE id = NEW.circular_id AND status = 'ISSUED') THEN
      RAISE EXCEPTION '通报签发之后才有签阅' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.read_at IS NOT NULL
     OR (NEW.id, NEW.circular_id, NEW.organ_id) IS DISTINCT FROM (OLD.id, OLD.circular_id, OLD.organ_id)
     OR NOT EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.read_by_id AND organ_id = NEW.organ_id) THEN
    RAISE EXCEPTION '通报由收到的单位签阅一次' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
