-- What a village answered and its township confirmed stays as it was.
CREATE OR REPLACE FUNCTION oversight_answer_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM oversight_selfcheck WHERE status = 'CONFIRMED'
             AND id = CASE WHEN TG_OP = 'DELETE' THEN OLD.check_of_id ELSE NEW.check_of_id END) THEN
    RAISE EXCEPTION '自查已由乡镇确认，答复不能再改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
