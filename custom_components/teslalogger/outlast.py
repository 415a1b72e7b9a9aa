"""Waiting for work that goes on though nobody waits for it any more."""

import asyncio
import logging

_LOGGER = logging.getLogger(__name__)


async def outlast[ResultT](work: asyncio.Future[ResultT]) -> ResultT:
    """What comes of the work, which is not cancelled with whoever waits for it.

    `asyncio.shield` does the same, but what the work raises afterwards it tells to the event loop
    (since Python 3.14), and Home Assistant logs that as an error of somebody's.
    """
    try:
        await asyncio.wait([work])
    except asyncio.CancelledError:
        work.add_done_callback(_look_at)
        raise
    return work.result()


def _look_at[ResultT](work: asyncio.Future[ResultT]) -> None:
    if not work.cancelled() and (error := work.exception()) is not None:
        _LOGGER.debug("Failed when nobody waited for it any more: %s", type(error).__name__)
