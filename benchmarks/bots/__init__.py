"""Bots that tell the same tale over the same calls: ours, and peers written as their own documentation teaches."""
