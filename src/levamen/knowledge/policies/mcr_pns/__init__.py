"""US Medicare contractors: peripheral nerve stimulation."""
