"""Drugs as they are read out and written down: concentration × volume = milligrams, worked out in sight."""

from __future__ import annotations

from levamen.derive.amounts import milligrams
from levamen.derive.periods import shown
from levamen.emit.words import capital
from levamen.record import codes
from levamen.record.facts import Agent


def agent_of(drug: str, concentration: str = "", volume: str = "", dose: str = "") -> Agent:
    """An agent as the chart has it, its classes from the vocabulary."""
    classes = codes.classes_of(drug) if drug in codes.ids("drugs") else frozenset()
    return Agent(drug=drug, classes=classes, concentration=concentration or None, volume=volume or None,
                 dose=dose or None)  # fmt: skip


def drug_words(drug: str) -> str:
    """What a person calls a drug."""
    return capital(codes.label("drugs", drug)) if drug in codes.ids("drugs") else drug


def agent_words(agent: Agent) -> str:
    """`Bupivacaine 0.5 % × 3 mL = 15 mg`; what is not recorded is said."""
    name = drug_words(agent.drug)
    made = worked_out(agent)
    if agent.concentration and agent.volume:
        return f"{name} {agent.concentration} × {agent.volume} = {made or 'milligrams not known'}"
    said = " ".join(part for part in (agent.concentration, agent.volume, agent.dose) if part)
    return f"{name} {said}" if said else f"{name}, dose not recorded"


def worked_out(agent: Agent) -> str:
    """The milligrams, `15 mg`; empty where they cannot be worked out."""
    amount = milligrams(agent)
    return f"{shown(amount)} mg" if amount is not None else ""
