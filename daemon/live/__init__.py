"""The Live session: connecting, sending, reading, close codes; the only place that imports google.genai."""
