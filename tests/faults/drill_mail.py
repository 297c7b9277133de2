"""A mail server of the drill: writes down each letter, and whether its reader may see its items at that moment."""

import json
import os
import re
import signal
from pathlib import Path

from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

NUMBER = re.compile(r"^\d+\. (\S+?)　", re.MULTILINE)
kill_after: list[int] = []  # after so many letters more this process is killed, before it has written what it sent
# In plain SQL, as another opinion than the policy's.
IN_SCOPE = """
SELECT count(*) FROM rectification_rectificationitem i
  JOIN accounts_user u ON u.email = %s AND u.is_active
  JOIN accounts_organ o ON o.id = u.organ_id
  JOIN accounts_division c ON c.id = i.county_id
 WHERE i.number = ANY (%s) AND o.division_id IN (i.village_id, i.township_id, i.county_id, c.parent_id)
   AND i.status <> 'CLOSED' AND NOT i.is_long_term
"""


class Backend(BaseEmailBackend):
    def send_messages(self, email_messages):
        for one in email_messages:
            numbers = NUMBER.findall(one.body)
            with connection.cursor() as cursor:
                cursor.execute(IN_SCOPE, [one.to[0], numbers])
                seen = cursor.fetchone()[0]
            line = {"id": one.extra_headers["Message-ID"], "items": len(numbers), "astray": len(numbers) - seen}
            with Path(os.environ["DRILL_MAIL"]).open("a") as file:
                file.write(json.dumps(line) + "\n")
            if kill_after:
                kill_after[0] -= 1
                if kill_after[0] <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)
        return len(email_messages)
