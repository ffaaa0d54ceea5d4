"""What the local brain answers, by language: daemon/brain/local_answers.py reads them."""
