"""A periprocedural plan for people and programs: terminal, JSON, calendar, clinic page, letter, patient sheet."""
