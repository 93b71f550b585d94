"""A take beside the music learned from: what it shares with it. Knows nothing about networks or pages."""
