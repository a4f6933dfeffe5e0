"""The window's language: every word is a Text until it is shown, so that it can be shown anew in another one."""

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QObject, QTranslator

from watchkeeper.model.text import LANGUAGES, Text, say


class _Tongue:
    def __init__(self) -> None:
        self.language = "en"
        self.translator = QTranslator()


_tongue = _Tongue()


def language() -> str:
    """The language that the window speaks: one of model.text.LANGUAGES."""
    return _tongue.language


def shown(text: Text | str) -> str:
    """The words in the window's language."""
    return say(text, _tongue.language)


def locale() -> QLocale:
    """How this language writes dates and numbers."""
    return QLocale(_tongue.language)


def speak(wanted: str) -> None:
    """Switch to a language, at once and everywhere: every widget gets a LanguageChange. ValueError for an unknown."""
    if wanted not in LANGUAGES:
        raise ValueError(wanted)
    _tongue.language = wanted
    QLocale.setDefault(locale())
    app = QCoreApplication.instance()
    if app is None:
        return
    app.removeTranslator(_tongue.translator)
    _tongue.translator = QTranslator()
    _tongue.translator.load(f"qtbase_{wanted}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    app.installTranslator(_tongue.translator)
    if _tongue.translator.isEmpty():
        # Qt tells of a language only when a translator has words; English is the language in which it has none.
        for widget in _top_levels():
            QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))


def _top_levels() -> list[QObject]:
    from PySide6.QtWidgets import QApplication

    return list(QApplication.topLevelWidgets())


class Spoken:
    """Mixed in before a widget's class: `retranslate` is called when the language changes; call it once yourself."""

    def retranslate(self) -> None:
        """Put every word anew."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)  # type: ignore[misc]
