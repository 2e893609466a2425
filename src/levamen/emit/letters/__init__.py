"""Letters from clinician to clinician, built from typed values. They advise and order nothing, and go to no patient."""
