"""What an attacker would try, each with what must come of it: docs/security.md names these tests."""
