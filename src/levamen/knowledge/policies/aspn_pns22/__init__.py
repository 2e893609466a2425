"""ASPN guidelines 2022: implantable peripheral nerve stimulation."""
