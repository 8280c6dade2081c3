"""What the outbox asks its table. ``:now`` is the wall time in ms.

The column ``line`` says why a message waits: 0 for a reason of its own, 1 for one that all share. With a registered sale it
counts, from FIRST, how many different ones failed one after the other as if none could be told; only the last one bears the count, and
from the second on its wait is that of all of them.
"""

from __future__ import annotations

FIRST = 2
WAITS = "since_ms <= :now AND :now < since_ms + wait_ms"
COLUMNS = "seq, kind, reference, state, sealed, attempts, receipt_number, problem"
FIND = f"SELECT {COLUMNS} FROM outbox WHERE reference = ? AND kind IN (?, ?) ORDER BY seq DESC LIMIT 1"  # noqa: S608 - constants
ERASE_REFUSED = "UPDATE outbox SET sealed = NULL WHERE seq = ? AND state = 'refused' AND sealed IS NOT NULL"
ERASE_CLAIMED = """UPDATE outbox SET sealed = NULL
                   WHERE kind = 'submission' AND reference = ? AND state = 'refused' AND sealed IS NOT NULL"""
REGISTRATIONS = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND kind = 'registration'"
STREAK = f"SELECT seq, line FROM outbox WHERE state = 'waiting' AND line >= {FIRST}"  # noqa: S608 - constants
END_STREAK = f"UPDATE outbox SET line = 0 WHERE state = 'waiting' AND line >= {FIRST}"  # noqa: S608 - constants
LINE_WAITS = f"SELECT 1 FROM outbox WHERE state = 'waiting' AND line = 1 AND {WAITS}"  # noqa: S608 - constants
KIND_WAITS = (
    f"SELECT since_ms + wait_ms - :now AS ms FROM outbox WHERE state = 'waiting' AND line > {FIRST} AND {WAITS}"  # noqa: S608 - constants
)
DUE = f"""SELECT {COLUMNS} FROM outbox
          WHERE state = 'waiting' AND NOT ({WAITS}) AND (kind <> 'registration' OR NOT EXISTS ({KIND_WAITS}))
          ORDER BY kind = 'registration', iif(kind = 'registration', attempts, 0), seq LIMIT :most"""  # noqa: S608 - constants
NEXT_DUE = f"""WITH held AS (SELECT coalesce(max(ms), 0) AS ms FROM ({KIND_WAITS}))
               SELECT min(max(iif({WAITS}, since_ms + wait_ms - :now, 0), iif(kind = 'registration', held.ms, 0))),
                      max(iif(line = 1 AND {WAITS}, since_ms + wait_ms - :now, 0))
               FROM outbox, held WHERE state = 'waiting'"""  # noqa: S608 - constants
