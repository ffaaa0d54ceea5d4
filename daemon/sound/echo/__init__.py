"""Taking what the speaker plays out of what the microphone hears, so that a wake word is heard over a reply."""
