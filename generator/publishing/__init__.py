"""From the library into the vault: notes get names, links and files; pages follow."""
