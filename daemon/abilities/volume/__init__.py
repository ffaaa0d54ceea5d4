"""How loud what is: voice, alarms and announcements, at this time of day."""
