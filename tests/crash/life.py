"""One life of Home Assistant: the same as the program `hass`, in a process that has imported it.

Most of a start is importing. A process that has imported everything and runs nothing is forked for
each life, so that a hundred of them take minutes.
"""

import os

from homeassistant import runner

import custom_components

from .sabotage import sabotage


def live(
    folder: str, log: str, environment: dict[str, str], mutant: str | None, journal: int | None
) -> None:
    """Be Home Assistant until killed; `sabotage` says what `mutant` and `journal` break."""
    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    # Imported from elsewhere already, which is not where this Home Assistant has them.
    custom_components.__path__ = [f"{folder}/custom_components"]
    sabotage(mutant, journal)
    runner.run(runner.RuntimeConfig(config_dir=folder, skip_pip=True))
