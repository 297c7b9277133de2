-- The path along which past coverage and open work follow a village that was merged.

-- No path comes back to its start. Runs after the statement, so that one statement may end a chain of villages at
-- once.
CREATE OR REPLACE FUNCTION villages_no_circle() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    WITH RECURSIVE chain(id) AS (
      SELECT NEW.successor_id
      UNION
      SELECT v.successor_id FROM chain JOIN villages_village v ON v.division_id = chain.id
       WHERE v.successor_id IS NOT NULL
    ) SELECT 1 FROM chain WHERE id = NEW.division_id
  ) THEN
    RAISE EXCEPTION '村 % 并入的路径回到自己', NEW.division_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
