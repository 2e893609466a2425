"""What a patient's record says: immutable facts, their dates, and what the record is known to be complete about."""
