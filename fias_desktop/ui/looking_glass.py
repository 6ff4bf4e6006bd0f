"""Whether the picture is mirrored: a live one as the settings say, a recording as it was filmed unless asked."""

from __future__ import annotations

from typing import Protocol

from fias_desktop.settings import Settings
from fias_desktop.ui.source_picker import is_recording


class _Owner(Protocol):
    def change(self, **changes: object) -> None: ...

    def show_options(self) -> None: ...


class LookingGlass:
    """Keeps the choice for the recording that is open apart from the one in the settings."""

    def __init__(self, owner: _Owner) -> None:
        self._owner = owner
        self._recording, self._on = False, False

    def open(self, source: str) -> None:
        """Another source is watched; a recording begins unmirrored."""
        self._recording, self._on = is_recording(source), False

    def mirrors(self, settings: Settings) -> bool:
        """Is the picture shown mirrored?"""
        return self._on if self._recording else settings.mirror

    def turn(self, on: bool) -> None:
        """Mirror it or not: for a recording only while it is open, otherwise from now on."""
        self._on = on
        if self._recording:
            self._owner.show_options()
        else:
            self._owner.change(mirror=on)
