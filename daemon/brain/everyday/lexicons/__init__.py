"""What words speak of, by language: daemon/brain/lexicon.py reads them."""
