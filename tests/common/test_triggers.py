"""What the database refuses is what `transitions.py` says, for every model with a workflow."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from common.workflow import WorkflowModel

MODELS = [model for model in apps.get_models() if issubclass(model, WorkflowModel)]
APPEND_ONLY = [model for model in apps.get_models() if getattr(model, "append_only", False)]
TRIGGERS = """
SELECT p.proname, string_to_array(encode(t.tgargs, 'escape'), '\\000'), t.tgenabled FROM pg_trigger t
  JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = %s::regclass AND NOT t.tgisinternal
"""
FUNCTIONS = "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


def triggers(model):
    """Function → arguments, of the enabled triggers on the model's table."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS, [model._meta.db_table])
        return {name: [one for one in arguments if one] for name, arguments, on in cursor.fetchall() if on != "D"}


def test_there_are_workflows_to_compare():
    assert len(MODELS) >= 7
    assert len(APPEND_ONLY) >= 4


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_legal_moves_of_the_database_are_those_of_the_table(model):
    assert triggers(model)["common_legal_move"] == model.moves.trigger_arguments()


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_move_without_an_event_is_refused(model):
    assert triggers(model)["common_told_move"] == [model._meta.label]


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_rows_of_a_workflow_are_never_deleted(model):
    assert "common_frozen" in triggers(model)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_frozen_status_has_no_move_that_keeps_it(model):
    keeping = {source for move in model.moves.values() if not move.target for source in move.sources}
    assert not keeping & set(triggers(model)["common_frozen"])


@pytest.mark.django_db
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
def test_append_only_tables_refuse_changes(model):
    assert "common_append_only" in triggers(model)


@pytest.mark.django_db
def test_every_function_stands_in_one_file_and_compiles(as_owner):
    texts = [one.read_text(encoding="utf-8") for one in settings.BASE_DIR.glob("*/migrations/sql/*.sql")]
    written = [name for text in texts for name in re.findall(r"^CREATE OR REPLACE FUNCTION (\w+)", text, re.MULTILINE)]
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        found = dict(cursor.fetchall())
        for definition in found.values():
            cursor.execute(definition)  # migrations do not check the bodies
    assert sorted(written) == sorted(found)
