"""Who may do what. In solo mode the operating system's account is the boundary and one operator holds all.

Decision: a permission is a kind of deed, not a list of actions.
Question: how fine are grants while there is one operator, and what must stay when roles come?
Why: every action names its permission and its object's scope already, so roles can be added without touching one.
Alternatives: a grant for every action (nobody reads sixty boxes), none until there are roles (every door reopened).
State: in force; roles, passwords and tokens come with the team mode.
"""
