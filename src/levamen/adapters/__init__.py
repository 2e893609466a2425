"""From files people and systems have (chart files, FHIR bundles) to a record, with everything accounted for."""
