"""The ports' implementations: AWS and the network live here."""
