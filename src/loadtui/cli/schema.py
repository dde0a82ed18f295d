"""`loadtui schema`: the JSON schemas of what is read and written."""

from __future__ import annotations

import click

from loadtui.cli.described import DescribedCommand

SCHEMAS = ("plan", "run", "comparison", "doctor")


@click.command("schema", cls=DescribedCommand)
@click.argument("of", type=click.Choice(SCHEMAS), metavar=f"{'|'.join(SCHEMAS)}")
def command(of: str) -> int:
    """Print the JSON schema (draft 2020-12) of plans, which editors check and complete with; or of
    what --json writes of a run, of a comparison, and of what `loadtui doctor` found.
    """
    from loadtui.doctor.doctor_document import doctor_schema
    from loadtui.plan.plan_schema import plan_schema
    from loadtui.report.json.json_schemas import comparison_schema, run_schema, schema_bytes

    made = {
        "plan": plan_schema,
        "run": run_schema,
        "comparison": comparison_schema,
        "doctor": doctor_schema,
    }
    click.echo(schema_bytes(made[of]()), nl=False)
    return 0
