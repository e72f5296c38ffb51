"""A retrospective as the pages show it: to whoever leads it, and to those who take part on their own devices."""
