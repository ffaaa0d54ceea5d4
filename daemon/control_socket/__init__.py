"""How people and programs of this machine tell the appliance something: a Unix socket, one JSON object a line."""
