"""From a record and the knowledge to answers: which questions, each policy's verdict, what would help next."""
