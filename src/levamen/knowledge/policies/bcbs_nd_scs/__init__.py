"""BCBS North Dakota: spinal cord and DRG stimulation. Premera 7.01.25 shares the rule."""
