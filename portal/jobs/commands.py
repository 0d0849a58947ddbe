"""``flask worker``: the outbox's consumer and the clockwork, in one process."""

import click

from portal.jobs.worker import work_until_signalled


@click.command("worker")
def worker() -> None:
    """Do what requests left to do, and what is due by the clock, until stopped."""
    click.echo("Worker started.", err=True)
    work_until_signalled()


COMMANDS = (worker,)
