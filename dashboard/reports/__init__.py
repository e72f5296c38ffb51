"""The packs: what is told to those who were not at the screen. Made once, frozen, and rendered from what was frozen."""
