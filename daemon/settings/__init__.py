"""How TOML becomes frozen tables, and each mistake a sentence with its line; knows no table."""
