"""The settings page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from fias_desktop import resources
from fias_desktop.domain.errors import FiasError
from fias_desktop.settings import Settings
from fias_desktop.ui import names, theme, translation
from fias_desktop.ui.cards import Card, Choice
from fias_desktop.ui.coach_voice import CoachVoice
from fias_desktop.ui.engine_words import engine_text, model_title
from fias_desktop.ui.model_work import Tester
from fias_desktop.ui.models_page import ModelsPage, default_tools
from fias_desktop.ui.pose_file import PoseFile
from fias_desktop.ui.speech_settings import SpeechSettings
from fias_desktop.ui.switch import Switch


def model_choices() -> list[tuple[str, str, str]]:
    """(id, title, limits) of every recogniser that is there; a card that cannot be read shows its reason."""
    choices = []
    for model_id in sorted(resources.model_ids()):
        try:
            card = resources.read_card(resources.model_dir(model_id))
            choices.append((model_id, model_title(card.title), engine_text(card.limits)))
        except FiasError as error:
            choices.append((model_id, model_id, engine_text(str(error))))
    return choices


class SettingsPage(QDialog):
    """Shows settings and gives back changed ones. `changed()` is what the person chose; `tester` tries out language
    models."""

    def __init__(
        self,
        settings: Settings,
        look: theme.Theme,
        voice: CoachVoice,
        tester: Tester | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._look, self._tester = settings, look, tester
        self.models: ModelsPage | None = None
        self.speech = SpeechSettings(settings, voice)
        self.setWindowTitle(self.tr("Settings"))
        self.setModal(True)
        self._build_choices()
        self._build_switches()
        body = QWidget()
        body.setObjectName("ScrollBody")
        self._cards = QVBoxLayout(body)
        self._cards.setContentsMargins(20, 16, 20, 12)
        self._cards.setSpacing(12)
        self._fill_cards()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addLayout(self._buttons())
        room = self.screen().availableGeometry().size()
        self.resize(min(620, room.width() - 20), min(680, room.height() - 60))

    def _build_choices(self) -> None:
        now = self._settings
        self.model = self._combo(now.model_id, [(i, title) for i, title, _ in model_choices()], self.tr("Model"))
        for place, (_, _, limits) in enumerate(model_choices()):
            self.model.setItemData(place, limits, Qt.ItemDataRole.ToolTipRole)
        devices = [("auto", self.tr("Automatic")), ("cpu", "CPU"), ("cuda", "CUDA (NVIDIA)"), ("mps", "MPS (Apple)")]
        self.device = self._combo(now.device, devices, self.tr("Device for the network"))
        themes = [("system", self.tr("As the desktop")), ("light", self.tr("Light")), ("dark", self.tr("Dark"))]
        self.theme = self._combo(now.theme, themes, self.tr("Appearance"))
        languages = [("", self.tr("As the desktop")), ("en", "English"), ("de", "Deutsch"), ("zh_TW", "繁體中文")]
        self.language = self._combo(now.language, languages, self.tr("Language"))
        leads = [(ms, self.tr("{0} s ahead").format(f"{ms / 1000:.1f}")) for ms in (100, 200, 300)]
        self.ghost = self._combo(now.ghost_ms, [(0, self.tr("Off")), *leads], self.tr("Ghost"))
        voices = [("calm", self.tr("Calm")), ("energetic", self.tr("Energetic")), ("brief", self.tr("Brief"))]
        self.coach_voice = self._combo(now.coach_voice, voices, self.tr("How the coach speaks"))
        self.threads = QSpinBox()
        self.threads.setRange(1, 64)
        self.threads.setValue(now.coach_threads)
        self.threads.lineEdit().setTextMargins(8, 0, 0, 0)
        self.threads.setAccessibleName(self.tr("Threads for the language model"))
        self.models_button = QPushButton(self.tr("Models …"))
        self.models_button.setAccessibleName(self.tr("Language model"))
        self.models_button.clicked.connect(self.open_models)

    def _build_switches(self) -> None:
        now = self._settings
        self.pose_model = PoseFile(now.pose_model, self._look)
        self.pose_gpu = self._switch(self.tr("Pose on the graphics card"), now.pose_gpu)
        self.coach = self._switch(self.tr("Coach speaks after a set"), now.coach_enabled)
        self.mirror = self._switch(self.tr("Mirror the picture"), now.mirror)
        self.heat = self._switch(self.tr("Heat on the joints"), now.show_heat)
        self.face = self._switch(self.tr("Face joints"), now.show_face)
        self.silhouette = self._switch(self.tr("“Stand here” outline"), now.show_silhouette)
        self.gesture = self._switch(self.tr("Raise both arms to start or pause"), now.gesture_start)

    def _fill_cards(self) -> None:
        of_both = self.tr("Of the window and the coach, who speaks English or Chinese.")
        self._card(
            self.tr("Picture"),
            (self.mirror, self.tr("Like a looking-glass. Left and right stay right in the data.")),
            (self.heat, self.tr("Shows which joints mattered for what the network named.")),
            (self.ghost, self.tr("A dashed second skeleton: where you are expected to be a moment later.")),
            (self.face, self.tr("Draws eyes, ears and nose as well.")),
            (self.silhouette, self.tr("Before the first set: where to stand, and whether the whole body is seen.")),
            (self.gesture, self.tr("Hold both arms up for a second.")),
        )
        recognition = self._card(
            self.tr("Recognition"),
            (self.model, self.tr("The network that names exercise and form.")),
            (self.device, self.tr("Automatic takes the graphics card where there is one.")),
            (self.pose_gpu, self.tr("Falls back to the processor where that does not work, and says so.")),
            (
                self.pose_model,
                self.tr("Finds the joints. A lite or heavy one of MediaPipe can be chosen (.task file)."),
            ),
        )
        recognition.add_widget(self.pose_model.problem)
        self._card(
            self.tr("Coach"),
            (self.coach, self.tr("A language model on this machine. Off: fixed phrases and cues only.")),
            (self.coach_voice, self.tr("The words of advice and answers.")),
            (self.models_button, self.tr("Which model speaks, and how it runs.")),
            (self.threads, self.tr("One is best beside the camera.")),
        )
        self._headed(self.tr("Voice"), self.speech)
        self._card(
            self.tr("Appearance"),
            (self.theme, self.tr("Colours of the window.")),
            (self.language, names.paragraph(of_both, translation.font_note())),
        )
        self._cards.addStretch(1)

    def _card(self, title: str, *rows: tuple[QWidget, str]) -> Card:
        card = Card()
        for control, note in rows:
            card.add_row(control, note)
        self._headed(title, card)
        return card

    def _headed(self, title: str, card: QWidget) -> None:
        heading = QLabel(title)
        heading.setObjectName("CardTitle")
        self._cards.addWidget(heading)
        self._cards.addWidget(card)

    def _combo(self, value: str | int, choices: Sequence[tuple[str | int, str]], name: str) -> Choice:
        combo = Choice()
        combo.setAccessibleName(name)
        combo.setMinimumWidth(200)
        combo.setMaximumWidth(240)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for key, text in choices:
            combo.addItem(text, key)
        if combo.findData(value) < 0:
            combo.addItem(self.tr("{0} (missing)").format(value), value)
        combo.setCurrentIndex(combo.findData(value))
        return combo

    def _switch(self, name: str, on: bool) -> Switch:
        switch = Switch(name)
        switch.setChecked(on)
        return switch

    def _buttons(self) -> QHBoxLayout:
        self.save_button, self.cancel_button = QPushButton(self.tr("Save")), QPushButton(self.tr("Cancel"))
        self.save_button.setProperty("primary", True)
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setContentsMargins(20, 10, 20, 14)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.save_button)
        return row

    def open_models(self) -> None:
        """The page of language models."""
        self.models = ModelsPage(self._settings, self._look, default_tools(self._tester), self)
        self.models.accepted.connect(self._take_models)
        self.models.open()

    def _take_models(self) -> None:
        # What the other controls say is put on top of this when the page is saved.
        if self.models is not None:
            self._settings = self.models.changed()

    def changed(self) -> Settings:
        """The settings as they stand on the page."""
        return self._settings.model_copy(
            update={
                "model_id": self.model.currentData(),
                "device": self.device.currentData(),
                "pose_gpu": self.pose_gpu.isChecked(),
                "pose_model": self.pose_model.path,
                "coach_enabled": self.coach.isChecked(),
                "coach_threads": self.threads.value(),
                "coach_voice": self.coach_voice.currentData(),
                "theme": self.theme.currentData(),
                "mirror": self.mirror.isChecked(),
                "show_heat": self.heat.isChecked(),
                "ghost_ms": self.ghost.currentData(),
                "show_face": self.face.isChecked(),
                "show_silhouette": self.silhouette.isChecked(),
                "gesture_start": self.gesture.isChecked(),
                "language": self.language.currentData(),
            }
            | self.speech.changed()
        )
