"""The authorization packet as text, data, page, PDF and FHIR: a draft that a person checks and sends."""
