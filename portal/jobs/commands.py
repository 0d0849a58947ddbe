"""``flask worker``: the queue's consumer and the clockwork, in one process."""

import click
from flask import current_app


@click.command("worker")
def worker() -> None:
    """Do what requests left to do, and what is due by the clock, until stopped."""
    from portal.jobs.worker import work_until_signalled  # the queue engine stays out of the web

    click.echo("Worker started.", err=True)
    work_until_signalled(current_app.extensions["portal"].queue_url)


COMMANDS = (worker,)
