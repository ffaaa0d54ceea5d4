"""How a recogniser writes what was said, a TOML file a language: what was meant, and the ways it is written."""
