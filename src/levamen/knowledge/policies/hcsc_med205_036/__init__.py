"""HCSC MED205.036: peripheral nerve and field stimulation."""
