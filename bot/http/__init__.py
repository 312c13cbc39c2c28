"""The one web server: pages, clips, health, and whatever routes adapters bring."""
