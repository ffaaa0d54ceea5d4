"""Sentences in people's own words, in several languages: by what each word speaks of, in whatever order they come."""
