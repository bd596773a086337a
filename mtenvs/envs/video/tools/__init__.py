"""What an agent may look with besides its own eyes: reading text, hearing speech, asking a model, searching pages."""
