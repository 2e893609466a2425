"""The way of a stimulator: where a patient stands, what happened, and what must be shown before the next step."""
