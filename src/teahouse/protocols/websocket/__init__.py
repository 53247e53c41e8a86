"""WebSockets (RFC 6455): the ground for every protocol that browsers reach, between the web site and its links."""
