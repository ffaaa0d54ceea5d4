"""What the local brain knows of languages, as data: what words speak of, what it answers, what is like what."""
