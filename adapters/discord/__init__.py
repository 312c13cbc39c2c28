"""Discord: watch-alongs in a server's channels, and playing for oneself.

A press is read straight from the gateway and answered straight through REST (`voice`); commands, cards and everything
else go through discord.py.
"""
