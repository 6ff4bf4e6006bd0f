"""The way into the window: first the display is checked, only then is Qt loaded.

A missing display or system library would otherwise end the program with a loader's message, or none, instead of one
for people.
"""

from __future__ import annotations

from collections.abc import Sequence

from fias_desktop.domain.errors import FiasError
from fias_desktop.settings import Settings
from fias_desktop.ui.display import check_display, drop_foreign_qt_paths


def run(source: str, settings: Settings, problems: Sequence[FiasError] = ()) -> int:
    """Open the window on a source ("": the last camera, else the first one, else the demo) until it is closed.

    `problems` happened before the window was there and are shown in it. The exit code; FiasError when there is no
    display.
    """
    check_display()
    drop_foreign_qt_paths()
    from fias_desktop.ui.program import Program

    return Program(settings).run(source or settings.source, problems)
