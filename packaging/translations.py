"""The words of the program: taken from the sources, kept per language, compiled. update | check | compile."""

import os
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("app/watchkeeper", "plugins", "resources/showcase")
KEYWORDS = {"_": None, "plural": (1, 2)}
LANGUAGES = ("zh_CN",)
DOMAIN = "watchkeeper"

#: No dates and names in it, so that a changed word is the only change.
_HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Watchkeeper\\n"
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def extracted() -> Catalog:
    """Every message of the sources, with the files that say it."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for file in _sources():
        with file.open("rb") as source:
            for _line, message, comments, _context in extract("python", source, keywords=KEYWORDS):
                catalog.add(message, locations=[(file.relative_to(ROOT).as_posix(), 0)], auto_comments=comments)
    return catalog


def stored(language: str) -> Catalog:
    """The catalogue of `language` as it stands in its .po file."""
    with _po(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def update(language: str) -> None:
    """Take new messages in and gone ones out; nothing is guessed."""
    old, new = stored(language), extracted()
    new.locale = old.locale
    for message in new:
        known = old.get(message.id)
        if message.id and known is not None:
            message.string = known.string
    _po(language).write_bytes(_HEADER.format(language=language, plural=old.plural_forms).encode() + _written(new))


def faults(language: str) -> list[str]:
    """What is wrong with the catalogue of `language`, a line each: missing, gone, fuzzy, other placeholders."""
    kept, wanted = stored(language), extracted()
    told = [f"missing: {_name(m)}" for m in wanted if m.id and not _is_said(kept.get(m.id))]
    told += [f"no longer in the sources: {_name(m)}" for m in kept if m.id and wanted.get(m.id) is None]
    told += [f"fuzzy: {_name(m)}" for m in kept if m.id and m.fuzzy]
    told += [f"obsolete: {name}" for name in kept.obsolete]
    return told + [f"other placeholders: {_name(m)}" for m in kept if m.id and _is_said(m) and not _is_alike(m)]


def compile_all(folder: Path = ROOT / "resources" / "translations") -> None:
    """Write a .mo beside each .po, where it is older."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            _compile(source, target)


def _compile(source: Path, target: Path) -> None:
    buffer = BytesIO()
    with source.open("rb") as file:
        write_mo(buffer, read_po(file))
    partial = target.with_suffix(f".mo.{os.getpid()}")
    partial.write_bytes(buffer.getvalue())
    partial.replace(target)


def _sources() -> Iterator[Path]:
    for folder in SOURCES:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _po(language: str) -> Path:
    return ROOT / "resources" / "translations" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _written(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, width=120, sort_by_file=True, include_lineno=False, omit_header=True)
    return buffer.getvalue()


def _strings(value: object) -> list[str]:
    """A message's forms: one, or one for each plural; none while there is no translation."""
    if isinstance(value, str):
        return [value]
    return [str(form) for form in value] if isinstance(value, (list, tuple)) else []


def _name(message: Message) -> str:
    return repr(_strings(message.id)[0])


def _is_said(message: Message | None) -> bool:
    forms = _strings(message.string) if message is not None else []
    return bool(forms) and all(forms)


def _is_alike(message: Message) -> bool:
    """Whether each form names the values that the English ones name; `n` may go unsaid."""
    wanted = set().union(*(_placeholders(form) for form in _strings(message.id)))
    return all(_placeholders(form) | {"n"} == wanted | {"n"} for form in _strings(message.string))


def _placeholders(pattern: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(pattern) if name}


def _report() -> int:
    told = [f"{language}: {fault}" for language in LANGUAGES for fault in faults(language)]
    print("\n".join(told) or "translations: complete")
    return 1 if told else 0


def main(command: str) -> int:
    """Exit code 1 when a word has no translation."""
    if command == "update":
        for language in LANGUAGES:
            update(language)
    if command in ("update", "compile"):
        compile_all()
    return 0 if command == "compile" else _report()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("update", "check", "compile"):
        sys.exit("usage: translations.py update | check | compile")
    sys.exit(main(sys.argv[1]))
