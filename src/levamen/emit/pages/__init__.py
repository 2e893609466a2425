"""Pages of what is known: of a therapy, a policy, a condition, of disagreements, of what awaits confirmation."""
