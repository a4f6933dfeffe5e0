"""SQL is cut where the server would cut it; what stands in quotes and comments is nobody's name."""

import sys
from importlib import import_module
from types import ModuleType

import pytest

from watchkeeper.plugin.contract import Spec


@pytest.fixture
def split(sql: Spec) -> ModuleType:
    assert sql.fn.__module__ in sys.modules
    return import_module(f"{sql.fn.__module__}.split")


CASES = [
    ("other", "a; b ;; c;", ["a", "b", "c"], []),
    ("other", "SELECT 'a;b', \"c;d\" -- e;f\n; g", ["SELECT 'a;b', \"c;d\"", "g"], []),
    ("other", "SELECT 'it''s;' /* ; */ ; b", ["SELECT 'it''s;'", "b"], []),
    ("other", "SELECT :a, ':b', x::c, :a, :d_1", ["SELECT :a, ':b', x::c, :a, :d_1"], ["a", "d_1"]),
    ("postgresql", "SELECT E'a\\';b', $$c;d$$, $x$ :e $$ ; $x$", None, []),
    ("postgresql", "SELECT 'a\\'; b", ["SELECT 'a\\'", "b"], []),
    ("postgresql", "a /* ; /* ; */ ; */ ; b", ["a", "b"], []),
    ("postgresql", "SELECT a[1:2], b[x:y], c[1 : :n], '1:30'::time", None, ["n"]),
    ("postgresql", "SELECT a ? 'b', c->>'d', :e::date", None, ["e"]),
    ("mysql", "SELECT 'a\\';b', \"c\\\";d\", `e;f`; g", ["SELECT 'a\\';b', \"c\\\";d\", `e;f`", "g"], []),
    ("mysql", "a # ;\n; b --\n; c --d; e", ["a", "b", "c --d", "e"], []),
    ("mysql", "SELECT @a := 1, @b:=:c", None, ["c"]),
    ("mysql", "SELECT $a$ ; b", ["SELECT $a$", "b"], []),
    ("sqlite", "SELECT [a;b], `c;d`; e", ["SELECT [a;b], `c;d`", "e"], []),
    ("sqlite", "CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT 1; SELECT 2; END; b", None, []),
    ("mysql", "CREATE FUNCTION f() RETURNS INT BEGIN DECLARE a INT; RETURN 1; END", None, []),
    ("other", "SELECT 'ü', ö FROM ä; SELECT 数", ["SELECT 'ü', ö FROM ä", "SELECT 数"], []),
    ("other", "-- nothing\n/* at all */", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "parts", "names"), CASES)
def test_statements_and_names_are_found(
    split: ModuleType, dialect: str, text: str, parts: list[str] | None, names: list[str]
) -> None:
    found = split.split(text, split.Dialect(dialect))
    if parts is not None:
        assert [statement.text for statement in found] == parts
    assert [name for statement in found for name in statement.names] == names


def test_a_trigger_ends_at_its_end(split: ModuleType) -> None:
    text = "CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; SELECT 2; END; SELECT 3"
    assert len(split.split(text, split.Dialect.SQLITE)) == 2


def test_a_long_script_is_cut_in_no_time(split: ModuleType) -> None:
    text = "INSERT INTO a VALUES (1, 'it''s', :b);\n" * 5_000
    assert len(split.split(text, split.Dialect.POSTGRESQL)) == 5_000
