"""How the tables came to be, step by step; each step goes back as well."""
