"""US label: dorsal root ganglion stimulation."""
