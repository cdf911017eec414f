"""Identity: which records of which sources are one entity, and why. Rules in `docs/identity.md`."""

from kg.identity.conclusions import claims_of
from kg.identity.judgements import (
    Judgement,
    judge,
    read_judgements,
    standing_judgements,
    withdraw,
)
from kg.identity.resolve import resolve
from kg.identity.verdicts import Identity, Verdict

__all__ = [
    "Identity",
    "Judgement",
    "Verdict",
    "claims_of",
    "judge",
    "read_judgements",
    "resolve",
    "standing_judgements",
    "withdraw",
]
