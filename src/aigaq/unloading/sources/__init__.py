"""Ways of reading what a recorder made. Knows no database: octets of a card in, facts about them out."""
