"""The plan around one procedure: what stops it, what is held and when, what is checked, who agrees, what restarts."""
