"""`mtenvs/Search-v0`: find answers in a library of pages by searching and opening them."""
