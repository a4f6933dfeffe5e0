"""Both languages are complete: words, help pages, README."""

import re
from types import ModuleType

import pytest

from tests.conftest import translations
from tests.laws.sources import ROOT
from watchkeeper.model.text import Text, say

HELP = ROOT / "resources" / "help"
PAGES = {
    "getting-started",
    "jobs-file",
    "triggers",
    "calendars",
    "command-line",
    "console",
    "retries",
    "states",
    "workspace",
    "plugins",
    "pools",
    "credentials",
    "imports",
    "settings",
    "diagnostics",
}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return translations()


def test_every_word_is_translated(tool: ModuleType) -> None:
    told = tool.faults("zh_CN")
    assert not told, "run `python3 dev.py i18n`, translate, look again:\n" + "\n".join(told)


def test_the_compiled_catalogue_is_the_one_that_is_spoken(tool: ModuleType) -> None:
    """What stands in the .po file is what the program says by its own way."""
    kept = {message.id: message.string for message in tool.stored("zh_CN") if message.id and message.string}
    other = {id for id, chinese in kept.items() if say(_text(id), "zh_CN") != _spoken(chinese)}
    assert kept and not other


def test_every_help_page_exists_in_both_languages() -> None:
    for language in ("en", "zh_CN"):
        assert {page.stem for page in (HELP / language).glob("*.md")} == PAGES


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_help_page_has_the_same_parts_in_both_languages(page: str) -> None:
    english, chinese = ((HELP / language / f"{page}.md").read_text("utf-8") for language in ("en", "zh_CN"))
    assert _shape(english) == _shape(chinese)
    assert re.search(r"[\u4e00-\u9fff]", chinese)


@pytest.mark.parametrize("page", sorted(PAGES))
def test_links_between_help_pages_lead_somewhere(page: str) -> None:
    for language in ("en", "zh_CN"):
        text = (HELP / language / f"{page}.md").read_text("utf-8")
        targets = re.findall(r"\]\(([a-z-]+\.md)\)", text)
        assert [target for target in targets if not (HELP / language / target).exists()] == []


def test_the_readme_exists_in_both_languages() -> None:
    english, chinese = (ROOT / name for name in ("README.md", "README.zh_CN.md"))
    assert _shape(english.read_text("utf-8")) == _shape(chinese.read_text("utf-8"))


def test_the_changelog_names_the_version() -> None:
    from watchkeeper import __version__

    assert f"## [{__version__}]" in (ROOT / "packaging" / "CHANGELOG.md").read_text("utf-8")


def _text(message: str | tuple[str, ...]) -> Text:
    if isinstance(message, tuple):
        return Text(message[0], {"n": 2}, message[-1])
    return Text(message)


def _spoken(chinese: str | tuple[str, ...]) -> str:
    """A translation; one of several forms with its number, as far as that is all it names."""
    if isinstance(chinese, str):
        return chinese
    try:
        return chinese[-1].format(n=2)
    except KeyError:
        return chinese[-1]


def _shape(text: str) -> list[str]:
    """Its headings by level, its code fences, its table rows."""
    return re.findall(r"^(#+|```|\|)", text, re.MULTILINE)
