"""Each kind of file as a book: the cells by one reader, counted by another that shares nothing with it."""
