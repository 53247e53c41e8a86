"""`teahouse connect`, a client for this house and for any other telnet server. Rule: nothing but the command line
imports it, and of the house it takes only the telnet bytes and the rules for text, which do no I/O.
"""
