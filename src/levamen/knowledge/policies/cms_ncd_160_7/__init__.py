"""Medicare NCD 160.7: electrical nerve stimulators."""
