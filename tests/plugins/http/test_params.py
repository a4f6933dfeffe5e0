"""Whatever an operator may write by mistake is refused with field, value and remedy, before anything is sent."""

import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from watchkeeper.model.errors import Known
from watchkeeper.model.form import Control
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.schema import form_of, params_of, plain_params, schema_of, secrets_of

URL = "https://a.example/x"

BAD: list[tuple[dict[str, Any], str]] = [
    ({"url": ""}, "url is empty"),
    ({"url": "a.example"}, "url a.example does not begin with http:// or https://"),
    ({"url": "ftp://a.example/"}, "url ftp://a.example/ does not begin with"),
    ({"url": "file:///etc/passwd"}, "does not begin with"),
    ({"url": "https://"}, "names no host"),
    ({"url": "https:///path"}, "names no host"),
    ({"url": "https://a b/"}, "holds a space"),
    ({"url": "https://a.example/\r\nX: 1"}, "control character"),
    ({"url": "https://a.example\\@b.example/"}, "holds a space, a \\"),
    ({"url": "https://a.example:99999/"}, "its host or its port makes no sense"),
    ({"url": "https://a.example:0/"}, "port 0"),
    ({"url": "https://[::1/"}, "its host or its port makes no sense"),
    ({"url": "https://bob:pass@a.example/"}, "url holds a user or a password before the @"),
    ({"url": "https://a.example/#top"}, "has a part after #"),
    ({"url": "https://a.example/" + "x" * 9000}, "too long"),
    ({"url": "http://a.example/"}, "url http://a.example/ is not encrypted: use https://, or set allow_http to true"),
    ({"url": None}, "the parameter url is None"),
    ({"method": "get"}, "it must be one of GET"),
    ({"method": "TRACE"}, "it must be one of GET"),
    ({"query": ["a"]}, "the parameter query"),
    ({"headers": {"": "x"}}, "headers: '' is no name of a header"),
    ({"headers": {"A B": "x"}}, "headers: 'A B' is no name of a header"),
    ({"headers": {"X-One": "a\r\nX-Two: b"}}, "the value of X-One"),
    ({"headers": {"X-One": "ä"}}, "the value of X-One"),
    ({"headers": {"X-One": " a"}}, "the value of X-One begins or ends with a space"),
    ({"headers": {"Host": "b"}}, "Host is set by the connection itself"),
    ({"headers": {"content-length": "5"}}, "content-length is set by the connection itself"),
    ({"headers": {"Authorization": "Basic eA=="}}, "headers holds Authorization: name a secret under auth"),
    ({"headers": {"X-A": "1", "x-a": "2"}}, "headers holds x-a twice"),
    ({"headers": {"X-A": 1}}, "the parameter headers"),
    ({"method": "POST", "text": "a", "json": {}}, "json, text are given, but a request has one body"),
    ({"text": "a"}, "text goes with no GET: choose POST, PUT or PATCH"),
    ({"method": "HEAD", "form": {}}, "form goes with no HEAD"),
    ({"method": "POST", "file": "data.csv"}, "file 'data.csv' is no whole path: begin with /"),
    ({"method": "POST", "file": "/a\0b"}, "is no whole path"),
    ({"method": "POST", "json": "x"}, "the parameter json"),
    ({"method": "POST", "json": {}, "content_type": "text/csv"}, "content_type text/csv goes with text or file"),
    ({"method": "POST", "text": "", "content_type": "a\nb"}, "content_type: the value of Content-Type"),
    (
        {"method": "POST", "text": "", "content_type": "a/b", "headers": {"content-type": "c/d"}},
        "content_type and the header Content-Type say the same",
    ),
    ({"auth": "digest"}, "it must be one of none, basic"),
    ({"auth": "basic", "user": "bob"}, "auth is basic and password is missing"),
    ({"auth": "basic", "password": "s"}, "auth is basic and user is missing"),
    ({"auth": "basic", "user": "a:b", "password": "s"}, "user 'a:b' holds a :"),
    ({"auth": "bearer"}, "auth is bearer and token is missing"),
    ({"auth": "header"}, "auth is header and token is missing"),
    ({"auth": "certificate"}, "auth is certificate and certificate is missing"),
    ({"token": "s"}, "token is given and auth is none"),
    ({"auth": "bearer", "token": "s", "user": "bob"}, "user is given and auth is bearer"),
    ({"auth": "header", "token": "s", "token_header": "A B"}, "token_header: 'A B' is no name"),
    ({"auth": "header", "token": "s", "token_header": "Host"}, "Host is set by the connection"),
    ({"auth": "header", "token": "s", "headers": {"x-api-key": "1"}}, "token_header X-Api-Key stands under headers"),
    ({"certificate_passphrase": "s"}, "certificate_passphrase is given without certificate"),
    ({"url": "http://a.example/", "allow_http": True, "certificate": "s"}, "certificate goes with https:// only"),
    ({"idempotency_key": "yes"}, "it must be one of auto, always, never"),
    ({"expect_status": []}, "expect_status is empty"),
    ({"expect_status": ["ok"]}, "expect_status holds 'ok': write a status from 100 to 599"),
    ({"expect_status": ["299-200"]}, "expect_status holds '299-200'"),
    ({"expect_status": [600]}, "expect_status holds 600"),
    ({"expect_status": [99]}, "expect_status holds 99"),
    ({"expect_status": ["2xx"]}, "expect_status holds '2xx'"),
    ({"expect_status": ["٢٠٠"]}, "expect_status holds"),
    ({"expect_text": ""}, "expect_text is empty"),
    ({"expect_regex": "("}, "expect_regex: ( is no pattern"),
    ({"expect_regex": ""}, "expect_regex:  is no pattern: it is empty"),
    ({"expect_json": {"a.b": 1}}, "expect_json: a.b is no JSON path"),
    ({"expect_json": {"$.a[": 1}}, "expect_json: $.a[ is no JSON path"),
    ({"expect_json": {"": 1}}, "is no JSON path"),
    ({"expect_json": {"$.a || $.b": 1}}, "is no JSON path"),
    ({"expect_json": [1]}, "the parameter expect_json"),
    ({"outputs": {"1a": "$"}}, "outputs: '1a' is no name"),
    ({"outputs": {"status": "$"}}, "outputs: status is there by itself"),
    ({"outputs": {"a": "body"}}, "outputs.a is 'body': write a JSON path ($...), header:NAME or regex:PATTERN"),
    ({"outputs": {"a": "$["}}, "outputs.a: $[ is no JSON path"),
    ({"outputs": {"a": "regex:["}}, "outputs.a: [ is no pattern"),
    ({"outputs": {"a": "header:A B"}}, "outputs.a: 'A B' is no name of a header"),
    ({"method": "HEAD", "expect_text": "a"}, "expect_text looks into a body, and HEAD brings none"),
    ({"method": "HEAD", "outputs": {"a": "$"}}, "outputs: a looks into a body"),
    ({"redirects": "yes"}, "it must be one of no, same origin, any"),
    ({"redirect_most": 0}, "redirect_most is 0: choose between 1 and 20"),
    ({"redirect_most": 21}, "redirect_most is 21"),
    ({"poll_until": {"$": 1}}, "poll_until is given and poll is no"),
    ({"poll_path": "$.a"}, "poll_path is given and poll is no"),
    ({"poll": "json"}, "poll json goes with poll_path"),
    ({"poll": "location", "poll_path": "$.a"}, "poll_path only with it"),
    ({"poll": "json", "poll_path": "a"}, "poll_path: a is no JSON path"),
    ({"poll": "location", "poll_until": {"a": 1}}, "poll_until: a is no JSON path"),
    ({"poll": "location", "poll_interval": "0s"}, "poll_interval must be 100ms or more"),
    ({"poll": "location", "poll_limit": "8d"}, "poll_limit 7d or less"),
    ({"poll": "location", "poll_interval": "1h"}, "is longer than poll_limit"),
    ({"connect_timeout": "0s"}, "connect_timeout is 0s: choose between 1ms and 1d"),
    ({"read_timeout": "2d"}, "read_timeout is 2d"),
    ({"total_timeout": "soon"}, "the parameter total_timeout is 'soon'"),
    ({"most_bytes": 0}, "most_bytes is 0"),
    ({"most_bytes": 10**10}, "most_bytes is 10000000000"),
    ({"ca_file": "ca.pem"}, "ca_file 'ca.pem' is no whole path"),
    ({"tls_name": "a b"}, "tls_name 'a b' is no host's name"),
    ({"tls_name": "*.example"}, "tls_name '*.example' is no host's name"),
    ({"tls_name": "b.example", "proxy": "http://p:3128"}, "tls_name goes with no proxy"),
    ({"proxy": "p:3128"}, "proxy p:3128 does not begin with http://"),
    ({"proxy": "socks5://p:1080"}, "proxy socks5://p:1080 does not begin with http://"),
    ({"proxy": "http://bob:x@p:3128"}, "proxy holds a user or a password"),
    ({"proxy": "http://p:3128/x"}, "proxy http://p:3128/x has a path"),
    ({"proxy": "http://p:3128", "proxy_user": "bob"}, "proxy_user and proxy_password go together"),
    ({"proxy": "http://p:3128", "proxy_user": "b:b", "proxy_password": "s"}, "proxy_user 'b:b' holds a :"),
    ({"proxy_user": "bob"}, "proxy_user is given without proxy"),
    ({"allow": ["a.example:80"]}, "allow holds 'a.example:80'"),
    ({"allow": ["10.0.0.0/99"]}, "allow holds '10.0.0.0/99'"),
    ({"allow": ["0.0.0.0/0"]}, "allow holds 0.0.0.0/0, which is everything"),
    ({"allow": ["::/0"]}, "allow holds ::/0, which is everything"),
    ({"allow": ["1.2.3"]}, "allow holds '1.2.3'"),
    ({"allow": [""]}, "allow holds ''"),
    ({"verify": False}, "unknown field verify"),
    ({"verify_tls": False}, "unknown field verify_tls"),
]


@pytest.mark.parametrize(("given", "sentence"), BAD, ids=lambda value: str(value)[:60])
def test_bad_parameters_are_refused_in_a_sentence(http: Spec, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Known) as refusal:
        params_of(http, {"url": URL, **given})
    assert sentence.lower() in str(refusal.value).lower()
    assert len(str(refusal.value)) < 600
    assert "pass@" not in str(refusal.value) and "eA==" not in str(refusal.value)


def test_an_address_is_all_that_is_needed_and_everything_comes_back_from_its_plain_form(http: Spec) -> None:
    least = params_of(http, {"url": URL})
    assert params_of(http, plain_params(least)) == least
    full = {
        "url": "http://[2001:db8::1]:8080/x?y=1",
        "method": "POST",
        "json": {"a": [1]},
        "auth": "header",
        "token": "t",
        "outputs": {"a": "$..b", "c": "header:X", "d": "regex:x"},
        "expect_status": [200, "300-302"],
        "poll": "json",
        "poll_path": "$.next",
        "poll_until": {"$.a": True},
        "proxy": "http://proxy.example:3128",
        "proxy_user": "u",
        "proxy_password": "pp",
        "allow": ["10.0.0.0/8", "::1", "[fd00::1]", "*.intern.example"],
        "allow_http": True,
    }
    read = params_of(http, full)
    assert params_of(http, plain_params(read)) == read
    assert set(secrets_of(read)) == {"t", "pp"}


def test_every_parameter_has_a_control_that_the_window_can_draw(http: Spec) -> None:
    controls = {field.name: field.control for field in form_of(http)}
    assert controls["method"] is controls["auth"] is controls["poll"] is Control.CHOICE
    assert controls["headers"] is controls["query"] is controls["form"] is controls["outputs"] is Control.TABLE
    assert controls["expect_status"] is controls["allow"] is Control.LIST
    assert controls["json"] is controls["expect_json"] is controls["poll_until"] is Control.DATA
    assert controls["text"] is Control.LINES
    assert controls["total_timeout"] is controls["poll_interval"] is Control.SPAN
    assert schema_of(http)["required"] == ["url"]
    assert {field.name for field in form_of(http) if field.is_secret} == {
        "password",
        "token",
        "certificate",
        "certificate_passphrase",
        "proxy_password",
    }


def test_its_help_shows_examples_that_can_be_read(http: Spec) -> None:
    yaml = YAML(typ="safe")
    examples = re.findall(r"(?m)^    handler: http\n(?:    .*\n)+", http.help)
    assert len(examples) == 2
    for example in examples:
        assert params_of(http, yaml.load(example)["params"])
