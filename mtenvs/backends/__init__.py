"""Real machines and real files behind small contracts; no gymnasium here."""
