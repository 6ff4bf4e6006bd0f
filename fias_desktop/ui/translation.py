"""The language of the window: English in the source, others from resources/translations."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from fias_desktop import resources


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark a text of a table for Qt Linguist, which looks for this very name; it is translated where it is used."""
    return text


def locale_of(language: str) -> QLocale:
    """The locale for a setting; "" is the desktop's own."""
    return QLocale(language) if language else QLocale.system()


def install(app: QApplication, language: str) -> None:
    """Load our texts and Qt's own in this language, as far as they are there; English otherwise."""
    locale = locale_of(language)
    if locale.language() == QLocale.Language.English:
        return
    places = (
        ("fias", str(resources.root() / "translations")),
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
    )
    for name, folder in places:
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)
