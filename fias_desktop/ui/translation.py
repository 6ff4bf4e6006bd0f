"""The language of the window: English in the source, others from resources/translations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from fias_desktop import resources
from fias_desktop.settings import Settings


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark a text of a table for Qt Linguist, which looks for this very name; it is translated where it is used."""
    return text


def locale_of(language: str) -> QLocale:
    """The locale for a setting; "" is the desktop's own."""
    return QLocale(language) if language else QLocale.system()


def effective(settings: Settings) -> Settings:
    """Settings that name the language itself where the desktop's own is wanted: the engine knows no desktop."""
    return settings.model_copy(update={"language": settings.language or QLocale.system().name()})


Families = Callable[[QFontDatabase.WritingSystem], Sequence[str]]


def can_show(language: str, families: Families = QFontDatabase.families) -> bool:
    """Whether a font with the characters of this language is installed; `families` names the fonts of a script."""
    traditional = locale_of(language).script() == QLocale.Script.TraditionalHanScript
    return not traditional or bool(families(QFontDatabase.WritingSystem.TraditionalChinese))


def font_note(families: Families = QFontDatabase.families) -> str:
    """What to say beside the choice of languages where Chinese could not be read; empty where it can."""
    if can_show("zh_TW", families):
        return ""
    return QCoreApplication.translate(
        "translation", "No Chinese font is installed (on Linux: sudo apt-get install fonts-noto-cjk)."
    )


class Translation:
    """The language that an application speaks now; English is what the source is written in."""

    def __init__(self, app: QApplication, families: Families = QFontDatabase.families) -> None:
        self._app, self._families = app, families
        self._loaded: list[QTranslator] = []

    def use(self, language: str) -> None:
        """Load our texts and Qt's own in this language, as far as they are there and can be shown, for widgets made
        from now on."""
        for translator in self._loaded:
            self._app.removeTranslator(translator)
        self._loaded = []
        locale = locale_of(language)
        if locale.language() == QLocale.Language.English or not can_show(language, self._families):
            return
        if locale.script() == QLocale.Script.TraditionalHanScript:
            locale = QLocale("zh_TW")  # Hong Kong and Macau read the same texts
        places = (
            ("fias", str(resources.root() / "translations")),
            ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        )
        for name, folder in places:
            translator = QTranslator(self._app)
            if translator.load(locale, name, "_", folder):
                self._app.installTranslator(translator)
                self._loaded.append(translator)
