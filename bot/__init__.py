"""The core of Cliffhanger. Knows no platform."""
