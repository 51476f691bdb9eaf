"""What each command of `lsp` does: a module for each, which calls the stages and prints what came of them."""
