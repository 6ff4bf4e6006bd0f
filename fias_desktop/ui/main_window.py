"""The window: what a person does goes to the bridge, what the bridge brings goes to the widgets."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QMainWindow, QVBoxLayout, QWidget

from fias_desktop import settings as stored
from fias_desktop.domain.errors import FiasError
from fias_desktop.engine.view import GestureSeen, Problem, RepetitionDone, SetDone, SourceState
from fias_desktop.settings import Settings
from fias_desktop.ui import silhouette, theme, translation
from fias_desktop.ui.bridge import Bridge
from fias_desktop.ui.coach_view import CoachView
from fias_desktop.ui.coach_voice import CoachVoice
from fias_desktop.ui.engine_words import engine_text
from fias_desktop.ui.frame_ring import FrameRing
from fias_desktop.ui.live_view import LivePage
from fias_desktop.ui.looking_glass import LookingGlass
from fias_desktop.ui.model_work import Tester
from fias_desktop.ui.recall import Recall
from fias_desktop.ui.settings_page import SettingsPage
from fias_desktop.ui.source_picker import SourcePicker, stands_before, title_of
from fias_desktop.ui.status_bar import StatusBar
from fias_desktop.ui.video_canvas import CanvasOptions

_STRIPS_MS = 200
_STATUS_MS = 500
_SAVE_MS = 800
# The delayed view holds 10 s at up to 30 pictures a second, 960 px wide, and never more than this.
DELAY_BYTES = 40 * 2**20


class MainWindow(QMainWindow):
    """The one window. `restyle` is called with a theme when the look changes; `language_changed` asks for another
    window in the new language."""

    language_changed = Signal()

    def __init__(
        self,
        bridge: Bridge,
        settings: Settings,
        restyle: Callable[[theme.Theme], None],
        voice: CoachVoice,
        tester: Tester | None = None,
    ) -> None:
        super().__init__()
        self.bridge, self.settings, self.voice, self._tester = bridge, settings, voice, tester
        self._restyle, self._look = restyle, theme.resolve(settings.theme)
        self._stand_here = silhouette.StandHere()
        self._glass = LookingGlass(self)
        self._delay = FrameRing(span_s=11.0, step_s=1 / 31, long_side_px=960, max_bytes=DELAY_BYTES)
        self._playing, self._ended, self._retired = True, False, False
        self._state, self._lost = "opening", ""
        self.page, self.status = LivePage(self._look, self), StatusBar(self)
        self.picker = SourcePicker(self, self._look)
        self.recall = Recall(self.page.moment, lambda: self._glass.mirrors(self.settings))
        self.coach = CoachView(bridge, self.page, self.recall, voice, self)
        self.settings_page: SettingsPage | None = None
        self._lay_out()
        self._connect_page()
        self._connect_bridge()
        self._start_timers()
        self._add_shortcuts()
        self.show_options()
        self.set_theme(self._look)
        self.resize(theme.first_size())

    def _lay_out(self) -> None:
        self.setWindowTitle("FIAS")
        self.setWindowIcon(theme.app_icon())
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.page, 1)
        layout.addWidget(self.status)
        self.setCentralWidget(central)

    def _connect_page(self) -> None:
        page, rail = self.page, self.page.rail
        rail.source.setMenu(self.picker.menu)
        page.side.source_button.setMenu(self.picker.menu)
        page.empty_button.setMenu(self.picker.menu)
        rail.play.clicked.connect(self.toggle_playing)
        rail.mirror.clicked.connect(self._glass.turn)
        rail.heat.clicked.connect(lambda on: self.change(show_heat=on))
        rail.delay_menu.delay_changed.connect(lambda delay_s: self.change(delay_s=delay_s))
        rail.fullscreen.clicked.connect(self.toggle_full_screen)
        rail.settings.clicked.connect(self.open_settings)
        rail.mute.muted_changed.connect(lambda muted: self.change(speech_enabled=not muted))
        page.canvas.person_clicked.connect(self.bridge.choose_person)
        page.side.counter.moment_asked.connect(self.recall.show_repetition)
        self.picker.chosen.connect(self.open_source)
        self.picker.refresh_asked.connect(self.bridge.refresh_cameras)

    def _connect_bridge(self) -> None:
        bridge = self.bridge
        bridge.view_changed.connect(self._show_view)
        bridge.cameras_changed.connect(self._show_cameras)
        self.voice.changed.connect(self._show_voice)
        bridge.listen(SourceState, self._on_source)
        bridge.listen(RepetitionDone, self._on_repetition)
        bridge.listen(SetDone, lambda event: self.page.side.counter.finish(event.finished))
        bridge.listen(Problem, self._on_problem)
        bridge.listen(GestureSeen, self._on_gesture)

    def _start_timers(self) -> None:
        self._save_timer = QTimer(self)
        self._save_timer.setSingleShot(True)
        self._save_timer.setInterval(_SAVE_MS)
        self._save_timer.timeout.connect(self._save)
        self._strips_timer, self._status_timer = QTimer(self), QTimer(self)
        self._strips_timer.timeout.connect(self._show_strips)
        self._status_timer.timeout.connect(self._show_status)
        self._strips_timer.start(_STRIPS_MS)
        self._status_timer.start(_STATUS_MS)

    def _add_shortcuts(self) -> None:
        rail = self.page.rail
        for key, call in (
            ("M", rail.mirror.click),
            ("H", rail.heat.click),
            ("P", self.page.toggle_panel),
            ("F11", self.toggle_full_screen),
            ("Ctrl+O", self.picker.ask_video),
            (QKeySequence.StandardKey.Quit, self.close),
        ):
            QShortcut(QKeySequence(key), self, call)

    # What a person does

    def open_source(self, source: str) -> None:
        """Watch another source; everything of the last one is cleared away."""
        self.recall.clear()
        self.coach.clear()
        self._delay.clear()
        self._ended, self._state = False, "opening"
        page = self.page
        page.side.counter.clear()
        page.moment.dismiss()
        page.banners.clear("error", "warning", "info")
        page.empty_button.hide()
        self._stand_here.begin(stands_before(source))
        self._set_playing(True)
        self.bridge.start(source)
        page.canvas.show_message(self._state_text())
        self._glass.open(source)
        self.show_options()
        self._name_source()
        # Only a camera is opened again at the next start: a recording may be gone by then.
        if source.startswith("camera:"):
            self.change(source=source)

    def toggle_playing(self) -> None:
        """Start or pause; an ended video begins anew."""
        if self._ended:
            self.open_source(self.bridge.source)
            return
        self._set_playing(not self._playing)
        self.bridge.set_playing(self._playing)

    def toggle_full_screen(self) -> None:
        """Into full screen and back."""
        on = not self.isFullScreen()
        self.status.setVisible(not on)
        if on:
            self.showFullScreen()
        else:
            self.showNormal()
        self.page.set_full_screen(on)

    def open_settings(self) -> None:
        """The settings page; what was changed is used at once and saved."""
        page = SettingsPage(self.settings, self._look, self.voice, self._tester, self)
        self.settings_page = page
        page.accepted.connect(lambda: self.use(page.changed()))
        page.finished.connect(self._forget_settings_page)
        page.open()

    def _forget_settings_page(self) -> None:
        self.voice.use(self.settings)  # what was tried on the page is over
        if self.settings_page is not None:
            self.settings_page.deleteLater()
        self.settings_page = None

    def change(self, **changes: object) -> None:
        """Change single settings."""
        self.use(self.settings.model_copy(update=changes))

    def use(self, settings: Settings) -> None:
        """Use these settings from now on and save them."""
        if settings == self.settings:
            return
        old, self.settings = self.settings, settings
        if settings.theme != old.theme:
            self.set_theme(theme.resolve(settings.theme))
        self.show_options()
        self.bridge.apply(translation.effective(settings))
        self.voice.use(settings)
        self._save_timer.start()
        if settings.language != old.language:
            self.language_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space starts and pauses (on a button that has the focus it presses that), Escape goes back."""
        focused = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Space and not isinstance(focused, QAbstractButton):
            self.toggle_playing()
        elif event.key() == Qt.Key.Key_Escape and self.page.moment.isVisible():
            self.page.moment.dismiss()
        elif event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.toggle_full_screen()
        elif event.key() == Qt.Key.Key_Escape:
            self.page.canvas.setFocus()
        else:
            super().keyPressEvent(event)

    def retire(self) -> None:
        """Give way to another window on the same bridge."""
        self._retired = True
        self.close()
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop every thread before the window is gone."""
        self.hide()
        for timer in (self._strips_timer, self._status_timer):
            timer.stop()
        if self._save_timer.isActive():
            self._save_timer.stop()
            self._save()
        if not self._retired:
            self.bridge.close()
        super().closeEvent(event)

    # What the bridge brings

    def _show_view(self) -> None:
        view, page = self.bridge.view, self.page
        page.canvas.show_view(view)
        if view is None:
            page.legend.hide()
            return
        if self._state == "opening":
            self._state = "open"
            page.canvas.show_message("")
            page.set_aspect(page.canvas.image_size)
            page.place_overlays()
            self.voice.begin()
        page.set_aspect(page.canvas.image_size)
        self.recall.add(view)
        self._show_delayed()
        heated = self.settings.show_heat and bool(view.joint_heat)
        if page.legend.show_parts(heated, view.ghost):
            page.place_overlays()
        page.legend.show_saliency(view.saliency)
        page.canvas.stand_here = self.settings.show_silhouette and self._stand_here.wanted(view)
        page.cue.show_hint(silhouette.hint(view.body) if page.canvas.stand_here else "")

    def _show_delayed(self) -> None:
        view, delay_s = self.bridge.view, self.settings.delay_s
        if view is None or delay_s == 0:
            return
        self._delay.add(view)
        self.page.canvas.show_delayed(self._delay.before(view.frame.time_s - delay_s), delay_s)

    def _show_cameras(self) -> None:
        self.picker.set_cameras(self.bridge.cameras)
        self._name_source()

    def _on_source(self, event: SourceState) -> None:
        self._state = event.state if event.state != "open" or self.bridge.view is not None else "opening"
        self._ended = event.state == "ended"
        self.page.canvas.show_message(self._state_text())
        self.page.rail.set_playing(self._playing, self._ended)
        # A source that never opened has no name but the text it was asked by.
        self._name_source("" if event.name == self.bridge.source else event.name)
        if event.state == "open" and not self.bridge.source and event.name.lower().startswith("demo"):
            hint = self.tr("Connect a camera, or choose another source in the upper right corner.")
            self.page.banners.show_banner("info", self.tr("No camera was found: this is the demo."), hint)
        # What went wrong comes as a Problem with its hint; only good news is told from here.
        if event.state == "lost":
            self._lost = event.message
        elif event.state == "open":
            self.page.banners.take_back(self._lost)
            if event.message:
                self.page.banners.show_banner("info", event.message)

    def _state_text(self) -> str:
        """What the picture says about its source; nothing while all is well."""
        if self._state == "lost" and self.bridge.view is None:
            return self.tr("No picture yet. Waiting for the source …")
        return {
            "opening": self.tr("Opening {0} …").format(title_of(self.bridge.source, self.bridge.cameras)),
            "stalled": self.tr("Waiting for the next picture …"),
            "lost": self.tr("The source is lost. Waiting for it to come back …"),
            "ended": self.tr("The video has ended. Press Space to see it again."),
        }.get(self._state, "")

    def _on_repetition(self, event: RepetitionDone) -> None:
        self.recall.note_repetition(self.page.side.counter.add(event.repetition))

    def _on_problem(self, event: Problem) -> None:
        self.page.banners.show_banner("error" if event.fatal else "warning", event.message, event.hint)
        if not event.fatal:
            return
        self._ended = True
        self.page.rail.set_playing(self._playing, self._ended)
        if self.bridge.view is None:
            self._state = "failed"
            self.page.canvas.show_message(self.tr("No picture"))
            self.page.empty_button.show()
            self.page.place_overlays()
        else:
            self.page.canvas.show_message(self.tr("This source cannot go on. Press Space to open it again."))

    def _on_gesture(self, event: GestureSeen) -> None:
        if self.settings.gesture_start:
            self.toggle_playing()

    # Showing

    def set_theme(self, look: theme.Theme) -> None:
        """Another look for everything."""
        self._look = look
        self._restyle(look)
        self.page.set_theme(look)
        self.page.rail.set_playing(self._playing, self._ended)
        self.status.set_theme(look)
        self.picker.set_theme(look)

    def show_options(self) -> None:
        """Show the choices of the settings on the rail and in the picture."""
        now, rail = self.settings, self.page.rail
        rail.mirror.setChecked(self._glass.mirrors(self.settings))
        rail.heat.setChecked(now.show_heat)
        self._show_voice()
        rail.delay_menu.set_delay(now.delay_s)
        self.page.canvas.set_options(CanvasOptions(self._glass.mirrors(self.settings), now.show_heat, now.show_face))
        if now.delay_s == 0:
            self._delay.clear()
            self.page.canvas.show_delayed(None, 0.0)

    def _set_playing(self, playing: bool) -> None:
        self._playing = playing
        self.page.rail.set_playing(playing, self._ended)
        self.voice.set_paused(not playing)

    def _show_voice(self) -> None:
        self.page.rail.mute.set_muted(not self.settings.speech_enabled)
        self.page.rail.mute.set_note(self.voice.state_text())

    def _name_source(self, name: str = "") -> None:
        title = engine_text(name) or title_of(self.bridge.source, self.bridge.cameras)
        self.page.side.source_button.set_name(title)
        self.status.set_source(title)
        self.setWindowTitle(f"{title} – FIAS")

    def _show_strips(self) -> None:
        if self.page.strips.isVisible():
            self.page.strips.show_history(self.bridge.history())

    def _show_status(self) -> None:
        view, meter = self.bridge.view, self.page.canvas.meter
        if view is None:
            self.status.clear()
            return
        if self._state == "open":
            rates = view.rates
            self.status.set_speed(meter.fps, meter.lag_ms, rates.source_fps, rates.pose_fps, rates.heat_age_ms)
        else:
            self.status.clear_speed()
        self.status.set_devices(view.devices)

    def _save(self) -> None:
        try:
            stored.save(self.settings)
        except FiasError as error:
            self.page.banners.show_banner("warning", error.user_message, error.hint)
