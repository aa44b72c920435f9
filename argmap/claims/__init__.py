"""Note -> claims, evidence, arguments, relations: marked by the author, or implied by the text."""
