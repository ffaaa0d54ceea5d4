"""HTTP/1.1 over TLS, one request a connection: what the token broker, its devices and the offline server share."""
