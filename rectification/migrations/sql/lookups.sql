-- What the rules of the other files ask.

-- Does this person belong to an organ of this kind at this place?
CREATE OR REPLACE FUNCTION rectification_organ_is(person bigint, wanted text, place bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM accounts_user u JOIN accounts_organ o ON o.id = u.organ_id
                 WHERE u.id = person AND o.kind = wanted AND o.division_id = place)
$$;

-- Does an event of this transaction say that this person did this to the object?
CREATE OR REPLACE FUNCTION rectification_is_told(label text, subject bigint, wanted text, person bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM common_auditevent
                 WHERE object_type = label AND object_id = subject::text AND transaction = txid_current()
                   AND action = wanted AND actor_id = person AND result = 'OK')
$$;

-- Did this person ever do one of these to the item, in whatever attempt and from whatever seat?
CREATE OR REPLACE FUNCTION rectification_acted(item bigint, person bigint, actions text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM common_auditevent
                 WHERE object_type = 'rectification.RectificationItem' AND object_id = item::text
                   AND actor_id = person AND action = ANY (actions) AND result = 'OK')
$$;

-- Is the finding about Party building (党建)?
CREATE OR REPLACE FUNCTION rectification_is_party_building(finding bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM inspections_finding f JOIN inspections_checklistitem c ON c.id = f.checklist_item_id
                 WHERE f.id = finding AND c.party_building)
$$;
