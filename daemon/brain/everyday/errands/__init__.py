"""Words of which what people are reminded of is made, a text file a language."""
