from django.db import migrations

from common.triggers import frozen_in, legal_moves, told_moves

OCCASION, FOLLOW_UP = "oversight_occasion", "oversight_followup"


class Migration(migrations.Migration):
    """Occasions and follow-ups move as the tables say, with an event, and stay as they were when they are over."""

    dependencies = [
        ("oversight", "0003_occasions_and_what_follows"),
        ("common", "0003_moves_leave_their_event"),
    ]
    operations = [
        legal_moves(OCCASION, ["PLANNED", "PLANNED>DROPPED", "PLANNED>HELD"]),
        frozen_in(OCCASION, "HELD", "DROPPED"),
        told_moves(OCCASION, "oversight.Occasion"),
        legal_moves(FOLLOW_UP, ["OPEN", "ANSWERED>DONE", "ANSWERED>OPEN", "OPEN>ANSWERED"]),
        frozen_in(FOLLOW_UP, "DONE"),
        told_moves(FOLLOW_UP, "oversight.FollowUp"),
    ]
