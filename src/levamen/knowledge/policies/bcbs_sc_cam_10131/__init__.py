"""BCBS South Carolina family: implantable peripheral nerve stimulation."""
