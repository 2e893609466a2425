"""One folder a policy: `values.yaml` (what), `rule.py` (how it combines), `examples.yaml` (what must come out)."""
