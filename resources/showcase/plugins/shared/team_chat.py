"""Send notices to the chat of the team on duty."""

from dataclasses import dataclass

from watchkeeper.plugin import Context, Fail, Secret, channel, param

__version__ = "1.0"


@dataclass(frozen=True)
class Params:
    url: str = param("Address", placeholder="https://...")
    token: Secret = param("Token")


@channel("team.chat", title="Team chat")
async def send(ctx: Context, p: Params, notice: object) -> None:
    reply = await ctx.http.post(p.url, json={"text": str(notice)}, headers={"Authorization": ctx.secret(p.token)})
    if reply.status_code >= 300:
        raise Fail(f"{p.url} answered {reply.status_code}")
