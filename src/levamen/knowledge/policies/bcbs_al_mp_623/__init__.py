"""BCBS Alabama MP-623: peripheral nerve stimulation of the trunk or limbs."""
