"""Compare the groups of the directory with the roles here."""

from watchkeeper.plugin import Context, handler

NAME = "Directory groups"
__version__ = "0.9"
NEEDS = ["ldap3>=2.9"]


@handler("ldap.groups", title="Compare groups")
def groups(ctx: Context) -> dict[str, object]:
    import ldap3

    return {"server": str(ldap3.__version__)}
