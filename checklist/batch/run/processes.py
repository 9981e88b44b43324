"""Parts of a table in fresh processes of this machine."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from checklist.batch.run.running import PartTask, Run, perform
from checklist.batch.run.scoring import Done, Job


def pool(workers: int) -> Run:
    """In fresh processes of this machine."""

    def run(job: Job, tasks: list[PartTask]) -> Iterator[tuple[int, Done]]:
        from concurrent.futures import ProcessPoolExecutor, as_completed
        from multiprocessing import get_context

        processes = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_deaf)
        try:
            with _deaf_children():
                places = {processes.submit(perform, (job, task)): i for i, task in enumerate(tasks)}
            for one in as_completed(places):
                yield places.pop(one), one.result()
        finally:
            processes.shutdown(cancel_futures=True)

    return run


def _deaf() -> None:
    """Ctrl-C is for the process that started the others: it ends them in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Processes started here do not hear Ctrl-C, not even before they have set themselves up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
