"""The coach in the window: cues and advice go to the picture and the panel, questions and wishes to the engine."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from fias_desktop.coach.captions import write_captions
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Advice
from fias_desktop.engine.view import AdviceText, Cue
from fias_desktop.ui.bridge import Bridge
from fias_desktop.ui.coach_voice import CoachVoice
from fias_desktop.ui.live_view import LivePage
from fias_desktop.ui.prompt_dialog import PromptDialog
from fias_desktop.ui.recall import Recall


class CoachView(QObject):
    """Connects the bridge with the advice panel and the cue on the picture."""

    def __init__(self, bridge: Bridge, page: LivePage, recall: Recall, voice: CoachVoice, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._page, self._recall, self._voice, self._window = bridge, page, recall, voice, window
        self.prompt_dialog: PromptDialog | None = None
        self._said: list[Advice] = []
        advice = page.side.advice
        advice.repetition_of = recall.repetition_at
        advice.advise_asked.connect(bridge.ask_coach)
        advice.question_asked.connect(bridge.ask_coach)
        advice.cancel_asked.connect(bridge.cancel_coach)
        advice.cancel_asked.connect(voice.clear)
        advice.prompt_asked.connect(self.show_prompt)
        advice.moment_asked.connect(recall.show_evidence)
        advice.captions_asked.connect(self.ask_captions)
        bridge.listen(Cue, self._on_cue)
        bridge.listen(AdviceText, self._on_advice)

    def clear(self) -> None:
        """Another source."""
        self._page.side.advice.clear()
        self._page.cue.clear()
        self._voice.clear()
        self._said.clear()

    def ask_captions(self) -> None:
        """Ask for a file, and write what was said about this source as subtitles."""
        kinds = f"{self.tr('Subtitles')} (*.srt);;WebVTT (*.vtt)"
        title = self.tr("Save what was said")
        path, _ = QFileDialog.getSaveFileName(self._window, title, str(Path.home() / "coach.srt"), kinds)
        if path:
            self.save_captions(Path(path))

    def save_captions(self, path: Path) -> None:
        """Write the subtitles; a banner tells where they are, or why they could not be written."""
        try:
            write_captions(path, self._said)
        except FiasError as error:
            self._page.banners.show_banner("warning", error.user_message, error.hint)
        else:
            self._page.banners.show_banner("info", self.tr("The subtitles are in {0}.").format(path))

    def show_prompt(self, prompt: str) -> None:
        """What the model was told, to the letter."""
        self.prompt_dialog = PromptDialog(prompt, self._window)
        self.prompt_dialog.finished.connect(self._forget_prompt)
        self.prompt_dialog.open()

    def _forget_prompt(self) -> None:
        if self.prompt_dialog is not None:
            self.prompt_dialog.deleteLater()
        self.prompt_dialog = None

    def _on_cue(self, event: Cue) -> None:
        self._recall.note_advice(event.advice)
        self._page.cue.show_cue(event.advice.text, event.advice.severity)
        self._page.side.advice.show_cue(event.advice)
        self._say(event.advice)

    def _on_advice(self, event: AdviceText) -> None:
        self._page.side.advice.stream(event)
        if not event.done or event.advice is None:
            return
        self._say(event.advice)
        if not self._page.panel_shown:
            self._page.cue.show_cue(event.advice.text, event.advice.severity)

    def _say(self, advice: Advice) -> None:
        self._voice.say(advice)
        self._said.append(advice)
        self._page.side.advice.captions_button.setEnabled(True)
