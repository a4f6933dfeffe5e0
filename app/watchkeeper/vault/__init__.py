"""Secrets by name; the only room that sees a secret's value, and the only one that asks the system's keyring.

Decision: one random key of 256 bits lies in the keyring, every secret lies in the store, sealed with that key.
Question: where do private keys and long tokens go, when Windows keeps 1,280 characters for a name?
Why: the key fits everywhere; secrets are backed up, versioned and audited with the rest; a stolen copy of the store is
worth nothing without the keyring. Record and version are part of the seal, so that no row passes for another.
Alternatives: an entry of the keyring for each secret (size, no history, a prompt for each), the passphrase of a person
for each start (nobody is there at night).
State: in force.

Decision: the keyring is named, never found by what is installed; where there is none, a person chooses a file.
Question: what happens on a server without a desktop?
Why: the library's own choice falls back to files in plain text, and to prompts on a terminal that nobody sees.
Alternatives: a silent fall-back (nobody would know what keeps their secrets).
State: in force.

Decision: whoever locks the keyring locks the vault: the key is dropped from memory within seconds.
Question: what is a lock worth while a program remembers the key?
Why: runs that need no secret go on, the others wait and say so.
Alternatives: to keep the key until the engine ends (a lock that locks nothing).
State: in force.
"""
