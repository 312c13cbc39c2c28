"""Bots that hold votes on Discord: ours, those written with discord.py alone, and the floor. Each a process."""
