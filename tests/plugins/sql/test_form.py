"""What makes no sense is refused when the parameters are read, in a sentence that names the field."""

from typing import Any

import pytest

from watchkeeper.model.errors import Known
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.schema import form_of, params_of, schema_of, secrets_of

LITE = {"database": "sqlite", "name": "/srv/shop.db"}
POST = {"database": "postgresql", "name": "shop"}
MARIA = {"database": "mysql", "name": "shop"}
ONE = {"statement": "SELECT 1"}
READ = {**LITE, **ONE}

BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "give either database with its parts, or connection"),
    ({**ONE}, "give either database with its parts, or connection"),
    ({**READ, "connection": "shop-url"}, "give either database with its parts, or connection"),
    ({**ONE, "connection": "shop-url", "host": "db"}, "the connection string says where: leave out host"),
    ({**ONE, "connection": "shop-url", "name": "a", "tls": "off"}, "leave out name, tls"),
    ({**ONE, "connection": 7}, "the parameter connection"),
    ({**ONE, "database": "oracle", "name": "x"}, "the parameter database is 'oracle'"),
    ({**ONE, "database": "sqlite"}, "name is missing"),
    ({**ONE, "database": "postgresql", "name": "  "}, "name is missing"),
    ({**READ, "name": "shop.db"}, "name is 'shop.db': write the whole path of the SQLite file"),
    ({**READ, "host": "db"}, "SQLite is a file without a server: leave out host"),
    ({**READ, "password": "x", "port": 1}, "leave out port, password"),
    ({**READ, "tls": "verify"}, "leave out tls"),
    ({**POST, **ONE, "host": " "}, "host is ' '"),
    ({**POST, **ONE, "host": "postgresql://db"}, "write a host alone"),
    ({**POST, **ONE, "host": "a b"}, "host is 'a b'"),
    ({**POST, **ONE, "port": 0}, "port is 0: it is a number from 1 to 65535"),
    ({**POST, **ONE, "port": 65536}, "port is 65536"),
    ({**POST, **ONE, "port": "many"}, "the parameter port is 'many'"),
    ({**POST, **ONE, "tls": "maybe"}, "the parameter tls is 'maybe'"),
    ({**POST, **ONE, "user": "a\0b"}, "no field may hold a NUL character"),
    ({**LITE}, "give either statement or script"),
    ({**READ, "script": "/srv/a.sql"}, "give either statement or script"),
    ({**LITE, "script": "a.sql"}, "script is 'a.sql': write the whole path of a file"),
    ({**LITE, "statement": ""}, "there is no SQL in it"),
    ({**LITE, "statement": " -- only a comment\n;"}, "there is no SQL in it"),
    ({**LITE, "statement": "SELECT 1; SELECT 2"}, "statement holds 2 statements: it is exactly one"),
    ({**LITE, "statement": "SELECT 1; DROP TABLE a; --"}, "statement holds 2 statements"),
    ({**LITE, "statement": "SELECT 'a"}, "line 1, column 8: this quote is never closed"),
    ({**LITE, "statement": "SELECT\n /* a"}, "line 2, column 2: this comment is never closed"),
    ({**POST, "statement": "SELECT $a$ x $b$"}, "line 1, column 8: this quote is never closed"),
    ({**POST, "statement": "SELECT /* /* */ 1"}, "line 1, column 8: this comment is never closed"),
    ({**MARIA, "statement": "SELECT 1 /*! INTO OUTFILE '/tmp/x' */"}, "a comment that the server would run is refused"),
    ({**MARIA, "statement": "SELECT 1 /*M!50000 , 2 */"}, "a comment that the server would run is refused"),
    ({**MARIA, "statement": "SELECT 1 INTO OUTFILE '/tmp/x'"}, "INTO OUTFILE writes a file"),
    ({**MARIA, "statement": "SELECT 1 INTO DUMPFILE '/tmp/x'"}, "INTO DUMPFILE writes a file"),
    ({**POST, "statement": "\nDELETE FROM a"}, "line 2: DELETE may change data: set write if it is meant to"),
    ({**POST, "statement": "COPY a TO PROGRAM 'sh'"}, "COPY may change data"),
    ({**POST, "statement": "DO $$BEGIN END$$"}, "DO may change data"),
    ({**POST, "statement": "COMMIT", "write": True}, "COMMIT is refused, since everything runs in one transaction"),
    ({**POST, "statement": "set session characteristics as transaction read write", "write": True}, "SET is refused"),
    ({**POST, "statement": "SET statement_timeout = 0", "write": True}, "SET is refused"),
    ({**MARIA, "statement": "LOCK TABLES a WRITE", "write": True}, "LOCK is refused"),
    ({**MARIA, "statement": "PREPARE a FROM 'COMMIT'", "write": True}, "PREPARE is refused: write the"),
    ({**MARIA, "statement": "EXECUTE IMMEDIATE 'COMMIT'", "write": True}, "EXECUTE is refused"),
    ({**LITE, "statement": "SELECT :a"}, "line 1: values has no a, which the SQL wants"),
    ({**READ, "values": {"a": 1}}, "values has a, and no :a is in the SQL"),
    ({**LITE, "statement": "SELECT ':a'", "values": {"a": 1}}, "values has a, and no :a is in the SQL"),
    ({**READ, "values": {"a b": 1}}, "values: 'a b' is no name"),
    ({**READ, "values": {"1a": 1}}, "values: '1a' is no name"),
    ({**READ, "values": {"": 1}}, "values: '' is no name"),
    ({**LITE, "statement": "SELECT :a", "values": {"a": [1]}}, "the parameter values"),
    ({**LITE, "statement": "SELECT :a", "values": {"a": "x\0"}}, "no field may hold a NUL character"),
    ({**READ, "values": [1]}, "the parameter values is [1]"),
    ({**READ, "timeout": "0s"}, "timeout must be more than nothing and at most seven days"),
    ({**READ, "timeout": "8d"}, "timeout must be more than nothing and at most seven days"),
    ({**READ, "timeout": "soon"}, "the parameter timeout is 'soon'"),
    ({**READ, "max_rows": 0}, "max_rows is 0"),
    ({**READ, "max_rows": 10**9}, "max_rows is 1000000000"),
    ({**READ, "max_rows": "all"}, "the parameter max_rows is 'all'"),
    ({**READ, "max_mb": 0}, "max_mb is 0"),
    ({**READ, "max_mb": 100_001}, "max_mb is 100001"),
    ({**READ, "beyond": "more"}, "the parameter beyond is 'more'"),
    ({**READ, "check": "exactly"}, "check and check_rows go together"),
    ({**READ, "check_rows": 1}, "check and check_rows go together"),
    ({**READ, "check": "about", "check_rows": 1}, "the parameter check is 'about'"),
    ({**READ, "check": "at most", "check_rows": -1}, "check_rows is -1"),
    ({**READ, "check": "at least", "check_rows": 9, "max_rows": 8}, "check_rows is 9: it is a number from 0"),
    ({**READ, "result": "xlsx"}, "the parameter result is 'xlsx'"),
    ({**READ, "result": "csv"}, "path is missing: where the csv file goes"),
    ({**READ, "result": "json", "path": ""}, "path is missing: where the json file goes"),
    ({**READ, "path": "/srv/a.csv"}, "path goes with the result csv or json: the result is table"),
    ({**READ, "result": "csv", "path": "a.csv"}, "path is 'a.csv': write the whole path of a file"),
    ({**READ, "result": "csv", "path": "/srv/"}, "path is '/srv/'"),
    ({**READ, "result": "csv", "path": "/srv/shop.db"}, "path is the database itself"),
    ({**LITE, "script": "/srv/a.sql", "result": "csv", "path": "/srv/a.sql"}, "path and script are the same file"),
    ({**READ, "write": "perhaps"}, "the parameter write is 'perhaps'"),
    ({**READ, "statment": "x"}, "did you mean statement?"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "sentence"), BAD)
def test_what_makes_no_sense_is_refused_in_a_sentence(sql: Spec, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Known) as refusal:
        params_of(sql, given)
    assert sentence in str(refusal.value)


def test_names_of_secrets_are_known_as_such_and_no_value_is_asked_for(sql: Spec) -> None:
    assert secrets_of(params_of(sql, {**POST, **ONE, "password": "shop-reader"})) == ("shop-reader",)
    assert secrets_of(params_of(sql, {**ONE, "connection": "shop-url"})) == ("shop-url",)
    hidden = {field.name for field in form_of(sql) if field.is_secret}
    assert hidden == {"connection", "password"}
    assert all(schema_of(sql)["properties"][name]["writeOnly"] for name in hidden)


def test_it_runs_in_a_process_of_its_own_and_its_help_is_there(sql: Spec) -> None:
    assert sql.is_isolated
    assert "statement: SELECT" in sql.help
