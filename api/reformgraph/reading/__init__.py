"""Reading Chinese figures: words, amounts, mentions, and the ledger of what is set aside."""
