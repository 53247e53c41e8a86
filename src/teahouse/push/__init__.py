"""Notifications to devices whose client does not run, by Web Push (RFC 8030). Rule: the house knows here what a push
service is told, and nothing of IRC or browsers: those say what an event is in their words.
"""
