"""US Medicare local coverage: spinal cord stimulators for chronic pain."""
