//! The bar as tests: floors, sizes, words, links.
