"""What an operator says of a request; combinations that make no sense are refused in checks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from watchkeeper.plugin import Secret, _, param

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
AUTH = {
    "none": _("None"),
    "basic": _("User and password"),
    "bearer": _("Token (Bearer)"),
    "header": _("Token in another header"),
    "certificate": _("Client certificate only"),
}
REDIRECTS = {"no": _("None"), "same origin": _("Within the same origin"), "any": _("To any address")}
REPETITION = {"auto": _("With POST, PUT and PATCH"), "always": _("Always"), "never": _("Never")}
POLL = {"no": _("No"), "location": _("Where 202 points to"), "json": _("Where the answer points to")}
ASKING = {"poll": ("location", "json")}


@dataclass(frozen=True)
class Params:
    """The form, from the address to the rules of addresses."""

    url: str = param(_("Address"), placeholder="https://...")
    method: str = param(_("Method"), default="GET", choices=METHODS)
    query: dict[str, str] = param(_("Query"), default={}, help=_("Added to the address, encoded"))
    headers: dict[str, str] = param(_("Headers"), default={}, help=_("Without credentials: those go under auth"))

    form: dict[str, str] | None = param(_("Body: form"), default=None, group=_("Body"))
    json: dict[str, Any] | list[Any] | None = param(_("Body: JSON"), default=None)
    text: str | None = param(_("Body: text"), default=None, is_multiline=True)
    file: str | None = param(_("Body: file"), default=None, help=_("A path on the engine's machine"))
    content_type: str | None = param(
        _("Type of the body"), default=None, placeholder="text/csv", help=_("For a text or a file")
    )

    auth: str = param(_("Credentials"), default="none", choices=AUTH, group=_("Credentials"))
    user: str | None = param(_("User"), default=None, when={"auth": "basic"})
    password: Secret | None = param(_("Password"), default=None, when={"auth": "basic"})
    token: Secret | None = param(_("Token"), default=None, when={"auth": ("bearer", "header")})
    token_header: str = param(
        _("Header of the token"), default="X-Api-Key", help=_("With auth: header"), when={"auth": "header"}
    )
    certificate: Secret | None = param(
        _("Client certificate"), default=None, help=_("PEM with its key; goes with any other credentials too")
    )
    certificate_passphrase: Secret | None = param(_("Passphrase of the certificate's key"), default=None)

    expect_status: tuple[str | int, ...] = param(
        _("Expected status"),
        default=("200-299",),
        help=_("Numbers and ranges, like 200-299"),
        group=_("What is expected, and what is taken from it"),
    )
    expect_text: str | None = param(_("Expected text"), default=None)
    expect_regex: str | None = param(_("Expected pattern"), default=None)
    expect_json: dict[str, Any] = param(
        _("Expected JSON"), default={}, placeholder='{"$.status": "ok"}', help=_("JSON paths with their values")
    )
    outputs: dict[str, str] = param(
        _("Outputs"), default={}, help=_("Name to source: a JSON path ($...), header:NAME or regex:PATTERN")
    )

    redirects: str = param(
        _("Redirects"),
        default="no",
        choices=REDIRECTS,
        help=_("Which ones are followed"),
        group=_("Redirects and repetition"),
    )
    redirect_most: int = param(_("At most so many redirects"), default=5, when={"redirects": ("same origin", "any")})
    idempotency_key: str = param(
        _("Idempotency-Key"),
        default="auto",
        choices=REPETITION,
        help=_("The same over all attempts of a run; auto is with POST, PUT and PATCH"),
    )

    poll: str = param(
        _("Ask until it is done"),
        default="no",
        choices=POLL,
        help=_("location: where 202 points to; json: where poll_path points to"),
        group=_("A job that the server accepts and finishes later"),
    )
    poll_path: str | None = param(
        _("Where the state is"), default=None, placeholder="$.links.status", when={"poll": "json"}
    )
    poll_until: dict[str, Any] = param(
        _("Done when"),
        default={},
        help=_("JSON paths with their values; without any: when the status is not 202"),
        when=ASKING,
    )
    poll_fail: dict[str, Any] = param(
        _("Failed when"), default={}, help=_("One of these JSON paths has its value"), when=ASKING
    )
    poll_interval: timedelta = param(_("Ask every"), default=timedelta(seconds=5), when=ASKING)
    poll_limit: timedelta = param(_("Give up after"), default=timedelta(minutes=10), when=ASKING)

    connect_timeout: timedelta = param(
        _("Timeout: connect"),
        default=timedelta(seconds=10),
        help=_("Look-up, connection and TLS"),
        group=_("Times and size"),
    )
    read_timeout: timedelta = param(_("Timeout: read"), default=timedelta(seconds=30), help=_("Silence of the server"))
    write_timeout: timedelta = param(_("Timeout: write"), default=timedelta(seconds=30))
    total_timeout: timedelta = param(
        _("Timeout: total"), default=timedelta(minutes=2), help=_("One answer with its redirects and its body")
    )
    most_bytes: int = param(_("Largest body"), default=1024 * 1024, help=_("Bytes, counted while it is decompressed"))

    ca_file: str | None = param(
        _("Certificate authority"),
        default=None,
        help=_("A PEM file on the engine's machine, instead of the system's"),
        group=_("Connection"),
    )
    tls_name: str | None = param(_("Name in the server's certificate"), default=None, help=_("If it is another one"))
    proxy: str | None = param(_("Proxy"), default=None, placeholder="http://proxy:3128")
    proxy_user: str | None = param(_("User of the proxy"), default=None)
    proxy_password: Secret | None = param(_("Password of the proxy"), default=None)
    allow_http: bool = param(_("Also unencrypted"), default=False, help=_("Allows http://"))
    allow: tuple[str, ...] = param(
        _("Allowed private addresses"), default=(), placeholder="10.0.0.0/8", help=_("Addresses, networks or names")
    )

    def __post_init__(self) -> None:
        # Loaded with the first job that uses it, not with each start.
        from .checks import require_sense

        require_sense(self)
