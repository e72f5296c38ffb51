"""The server around the pages: who may ask it, what it says of its health, what it counts and what it writes down."""
