"""Ask a web address, judge the answer, and take values out of it.

    handler: http
    params:
      url: https://api.example.org/v1/orders
      auth: bearer
      token: shop/api            # the name of a secret
      expect_json: {$.status: ok}
      outputs:
        open_orders: $.open
        version: "header:X-Version"
        build: 'regex:build (\\d+)'

What it answers must have a status of `expect_status` (200-299 unless said otherwise), and, where given, hold
`expect_text`, match `expect_regex`, and carry the values of `expect_json`: JSON paths of RFC 9535, each with its value.

A body is one of `form`, `json`, `text`, or `file`, a file on the engine's machine. `auth` is basic (`user` and
`password`), bearer (`token`), header (`token` in the header `token_header`) or certificate (`certificate`, PEM with its
key): secrets are given by name, and never show in log, messages or outputs.

POST, PUT and PATCH carry an Idempotency-Key that stays the same over all attempts, so that a second attempt repeats no
effect. 429 and 503 with Retry-After are tried again when the server says.

An accepted job is asked for until it is done:

    handler: http
    params:
      method: POST
      url: https://reports.example.org/jobs
      json: {month: 2026-10}
      poll: location             # or json, with poll_path: $.links.status
      poll_until: {$.state: done}
      poll_fail: {$.state: failed}
      poll_interval: 10s
      poll_limit: 30m

Rules of addresses: the name is looked up once, all its addresses are checked, and the connection goes to one of them.
Loopback, link-local, cloud metadata and private addresses are refused unless `allow` names them: an address, a network
like 10.0.0.0/8, or a name. A name frees loopback and private addresses only; others must be given as addresses.
http:// is refused without `allow_http`, a redirect without `redirects`; each hop is checked again, and another origin
gets neither credentials nor headers of yours. Certificates are always verified; `ca_file` names an authority of your
own.
Through a `proxy` a name is looked up by the proxy: what can be looked up here is checked all the same.

Outputs: `status`, `latency_ms` of the last answer, `size` of its body in bytes, `polls`, and what `outputs` names. A
source is a JSON path ($...), `header:NAME`, or `regex:PATTERN` (its first group, or all that matches).
"""

import asyncio
import importlib

from watchkeeper.plugin import Context, _, handler

from .params import Params


@handler("http", title=_("Web request"))
async def request(ctx: Context, p: Params) -> dict[str, object]:
    run = await asyncio.to_thread(importlib.import_module, ".run", __name__)
    outputs: dict[str, object] = await run.performed(ctx, p)
    return outputs
