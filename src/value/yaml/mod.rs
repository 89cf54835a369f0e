//! YAML in and out, as kubectl reads and writes it.
