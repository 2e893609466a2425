"""US label: peripheral nerve stimulation for sixty days."""
