"""The settings page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from fias_desktop import resources
from fias_desktop.domain.errors import FiasError
from fias_desktop.settings import Settings
from fias_desktop.ui import theme
from fias_desktop.ui.switch import Switch


def model_choices() -> list[tuple[str, str, str]]:
    """(id, title, limits) of every recogniser that is there; a card that cannot be read shows its reason."""
    choices = []
    for model_id in sorted(resources.model_ids()):
        try:
            card = resources.read_card(resources.model_dir(model_id))
            choices.append((model_id, card.title, card.limits))
        except FiasError as error:
            choices.append((model_id, model_id, str(error)))
    return choices


class Choice(QComboBox):
    """A combo box that shortens a long entry with an ellipsis instead of cutting it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """As usual, with the text that fits."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        elided = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width() - 6)
        option.currentText = elided
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class SettingsPage(QDialog):
    """Shows settings and gives back changed ones. `changed()` is what the person chose."""

    def __init__(self, settings: Settings, look: theme.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings, self._look = settings, look
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
        languages = [("", self.tr("As the desktop")), ("en", "English"), ("de", "Deutsch")]
        self.language = self._combo(now.language, languages, self.tr("Language"))
        self.threads = QSpinBox()
        self.threads.setRange(1, 64)
        self.threads.setValue(now.coach_threads)
        self.threads.setAccessibleName(self.tr("Threads for the language model"))
        self._coach_model = now.coach_model
        self.coach_file = QPushButton()
        self.coach_file.clicked.connect(self.choose_coach_file)
        self.coach_bundled = QPushButton(self.tr("Use the bundled one"))
        self.coach_bundled.clicked.connect(lambda: self._set_coach_model(""))
        self._set_coach_model(now.coach_model)

    def _build_switches(self) -> None:
        now = self._settings
        self.pose_gpu = self._switch(self.tr("Pose on the graphics card"), now.pose_gpu)
        self.coach = self._switch(self.tr("Coach speaks after a set"), now.coach_enabled)
        self.mirror = self._switch(self.tr("Mirror the picture"), now.mirror)
        self.heat = self._switch(self.tr("Heat on the joints"), now.show_heat)
        self.face = self._switch(self.tr("Face joints"), now.show_face)
        self.silhouette = self._switch(self.tr("“Stand here” outline"), now.show_silhouette)
        self.gesture = self._switch(self.tr("Raise both arms to start or pause"), now.gesture_start)

    def _fill_cards(self) -> None:
        self._card(
            self.tr("Picture"),
            (self.mirror, self.tr("Like a looking-glass. Left and right stay right in the data.")),
            (self.heat, self.tr("Shows which joints mattered for what the network named.")),
            (self.face, self.tr("Draws eyes, ears and nose as well.")),
            (self.silhouette, self.tr("Before the first set: where to stand, and whether the whole body is seen.")),
            (self.gesture, self.tr("Hold both arms up for a second.")),
        )
        self._card(
            self.tr("Recognition"),
            (self.model, self.tr("The network that names exercise and form.")),
            (self.device, self.tr("Automatic takes the graphics card where there is one.")),
            (self.pose_gpu, self.tr("Falls back to the processor where that does not work, and says so.")),
        )
        self._card(
            self.tr("Coach"),
            (self.coach, self.tr("A language model on this machine. Off: fixed phrases and cues only.")),
            (self.coach_file, self.tr("A model file in the GGUF format; only use files you trust.")),
            (self.coach_bundled, self.tr("The small model that comes with FIAS.")),
            (self.threads, self.tr("One is best beside the camera.")),
        )
        self._card(
            self.tr("Appearance"),
            (self.theme, self.tr("Colours of the window.")),
            (self.language, self.tr("Takes effect at the next start.")),
        )
        self._cards.addStretch(1)

    def _card(self, title: str, *rows: tuple[QWidget, str]) -> None:
        heading = QLabel(title)
        heading.setObjectName("CardTitle")
        card = QWidget()
        card.setObjectName("Card")
        card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(16, 6, 16, 8)
        layout.setSpacing(0)
        for control, note in rows:
            layout.addWidget(self._row(control, note))
        self._cards.addWidget(heading)
        self._cards.addWidget(card)

    def _row(self, control: QWidget, note: str) -> QWidget:
        name, detail = QLabel(control.accessibleName()), QLabel(note)
        detail.setObjectName("Muted")
        for label in (name, detail):
            label.setWordWrap(True)
        control.setToolTip(note)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(name)
        texts.addWidget(detail)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 7, 0, 7)
        layout.setSpacing(16)
        layout.addLayout(texts, 1)
        layout.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _combo(self, value: str, choices: Sequence[tuple[str, str]], name: str) -> Choice:
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

    def choose_coach_file(self) -> None:
        """Ask for a GGUF file."""
        start = str(Path(self._coach_model).parent) if self._coach_model else str(Path.home())
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a language model"), start, "GGUF (*.gguf)")
        if path:
            self._set_coach_model(path)

    def _set_coach_model(self, path: str) -> None:
        self._coach_model = path
        self.coach_file.setAccessibleName(
            self.tr("Language model: {0}").format(Path(path).name if path else self.tr("bundled"))
        )
        self.coach_file.setText(self.tr("Choose …"))
        self.coach_bundled.setAccessibleName(self.tr("Bundled language model"))
        self.coach_bundled.setEnabled(bool(path))

    def changed(self) -> Settings:
        """The settings as they stand on the page."""
        return self._settings.model_copy(
            update={
                "model_id": self.model.currentData(),
                "device": self.device.currentData(),
                "pose_gpu": self.pose_gpu.isChecked(),
                "coach_enabled": self.coach.isChecked(),
                "coach_model": self._coach_model,
                "coach_threads": self.threads.value(),
                "theme": self.theme.currentData(),
                "mirror": self.mirror.isChecked(),
                "show_heat": self.heat.isChecked(),
                "show_face": self.face.isChecked(),
                "show_silhouette": self.silhouette.isChecked(),
                "gesture_start": self.gesture.isChecked(),
                "language": self.language.currentData(),
            }
        )
