-- The counters behind the boards take the difference of each statement, so that no row is locked and a batch costs one
-- insert; no row of these tables is ever deleted (docs/adr/0009). Rows that changed count as gone (-1) and added (1).

-- Items by place, year, status, deadline and time taken. What villagers said goes with the item to another place, and
-- no longer counts in its next attempt.
CREATE OR REPLACE FUNCTION oversight_count_items() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO oversight_itemtally (county_id, township_id, year, status, deadline, assigned, closed, span, n, days)
    SELECT i.county_id, i.township_id,
           (SELECT p.year FROM inspections_inspection s JOIN inspections_round r ON r.id = s.round_id
               JOIN inspections_annualplan p ON p.id = r.plan_id WHERE s.id = i.inspection_id),
           i.status, CASE WHEN i.status <> 'CLOSED' THEN i.deadline END, date_trunc('month', i.assigned_on)::date,
           date_trunc('month', (i.closed_at AT TIME ZONE 'Asia/Shanghai')::date)::date,
           CASE WHEN (i.closed_at AT TIME ZONE 'Asia/Shanghai')::date - i.assigned_on >= 0
                THEN width_bucket((i.closed_at AT TIME ZONE 'Asia/Shanghai')::date - i.assigned_on,
                                  ARRAY[31, 61, 91, 181]) END,
           sum(sign), sum(sign * coalesce((i.closed_at AT TIME ZONE 'Asia/Shanghai')::date - i.assigned_on, 0))
      FROM (SELECT 1 AS sign, n.* FROM added n) i GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    HAVING sum(sign) <> 0
        OR sum(sign * coalesce((i.closed_at AT TIME ZONE 'Asia/Shanghai')::date - i.assigned_on, 0)) <> 0;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO oversight_itemtally (county_id, township_id, year, status, deadline, assigned, closed, span, n, days)
    SELECT i.county_id, i.township_id,
           (SELECT p.year FROM inspections_inspection s JOIN inspections_round r ON r.id = s.round_id
               JOIN inspections_annualplan p ON p.id = r.plan_id WHERE s.id = i.inspection_id),
           i.status, CASE WHEN i.status <> 'CLOSED' THEN i.deadline END, date_trunc('month', i.assigned_on)::date,
           date_trunc('month', (i.closed_at AT TIME ZONE 'Asia/Shanghai')::date)::date,
           CASE WHEN (i.closed_at AT TIME ZONE 'Asia/Shanghai')::date - i.assigned_on >= 0
                THEN width_bucket((i.closed_at AT TIME ZONE 'Asia/Shanghai')::date - i.assigned_on,
                                  ARRAY[31, 61, 91, 181]) END,
           sum(sign), sum(sign * coalesce((i.closed_at AT TIME ZONE 'Asia/Shanghai')::date - i.assigned_on, 0))
      FROM (SELECT 1 AS sign, n.* FROM added n UNION ALL SELECT -1, o.* FROM gone o) i GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    HAVING sum(sign) <> 0
        OR sum(sign * coalesce((i.closed_at AT TIME ZONE 'Asia/Shanghai')::date - i.assigned_on, 0)) <> 0;

    INSERT INTO oversight_contenttally (county_id, township_id, year, n, asked, content)
    SELECT i.county_id, i.township_id,
           (SELECT p.year FROM inspections_inspection s JOIN inspections_round r ON r.id = s.round_id
               JOIN inspections_annualplan p ON p.id = r.plan_id WHERE s.id = i.inspection_id),
           sum(sign), sum(sign * said.asked), sum(sign * said.content)
      FROM (SELECT 1 AS sign, n.* FROM added n UNION ALL SELECT -1, o.* FROM gone o) i
     CROSS JOIN LATERAL (SELECT sum(c.asked) AS asked, sum(c.satisfied + c.fair) AS content
           FROM rectification_satisfactioncount c WHERE c.item_id = i.id AND c.attempt = i.attempt) said
     WHERE said.asked IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(sign) <> 0 OR sum(sign * said.asked) <> 0;
  END IF;
  RETURN NULL;
END $$;

-- Findings that were fed back, by place, year and line of the checklist.
CREATE OR REPLACE FUNCTION oversight_count_findings() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO oversight_findingtally (county_id, township_id, year, checklist_item_id, n)
    SELECT i.county_id, i.township_id,
           (SELECT p.year FROM inspections_inspection s JOIN inspections_round r ON r.id = s.round_id
               JOIN inspections_annualplan p ON p.id = r.plan_id WHERE s.id = i.inspection_id),
           i.checklist_item_id, sum(sign)
      FROM (SELECT 1 AS sign, n.* FROM added n) i
     WHERE i.status = 'FED_BACK' GROUP BY 1, 2, 3, 4 HAVING sum(sign) <> 0;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO oversight_findingtally (county_id, township_id, year, checklist_item_id, n)
    SELECT i.county_id, i.township_id,
           (SELECT p.year FROM inspections_inspection s JOIN inspections_round r ON r.id = s.round_id
               JOIN inspections_annualplan p ON p.id = r.plan_id WHERE s.id = i.inspection_id),
           i.checklist_item_id, sum(sign)
      FROM (SELECT 1 AS sign, n.* FROM added n UNION ALL SELECT -1, o.* FROM gone o) i
     WHERE i.status = 'FED_BACK' GROUP BY 1, 2, 3, 4 HAVING sum(sign) <> 0;
  END IF;
  RETURN NULL;
END $$;

-- What villagers said of the item's present attempt.
CREATE OR REPLACE FUNCTION oversight_count_content() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO oversight_contenttally (county_id, township_id, year, n, asked, content)
    SELECT i.county_id, i.township_id,
           (SELECT p.year FROM inspections_inspection s JOIN inspections_round r ON r.id = s.round_id
               JOIN inspections_annualplan p ON p.id = r.plan_id WHERE s.id = i.inspection_id),
           count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM rectification_satisfactioncount e
                                              WHERE e.item_id = c.item_id AND e.attempt = c.attempt AND e.id < c.id)),
           sum(c.asked), sum(c.satisfied + c.fair)
      FROM added c JOIN rectification_rectificationitem i ON i.id = c.item_id AND i.attempt = c.attempt
     GROUP BY 1, 2, 3;
  END IF;
  RETURN NULL;
END $$;
