"""Carries out what the conversation commands."""
