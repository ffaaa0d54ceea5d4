"""When it is quiet in the house: by the hours of the settings, and by what somebody says."""
