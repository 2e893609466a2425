"""The authorization packet: whether a payer must be asked before a service, and what is sent when it is."""
