//! YAML in and out, as kubectl reads and writes it: YAML 1.1 with the words, line numbers and quirks of the parser
//! that kubectl is built with.
//!
//! The parser is our own: the error texts and their lines are part of what a user sees, an editor needs the place
//! of every field, and no input may stop the page.

mod collections;
mod cursor;
mod decode;
mod emit;
mod error;
mod indicators;
mod parser;
mod positions;
mod resolve;
mod scalars;
mod scanner;
mod stream;
mod style;
mod tags;
mod token;

pub use decode::base64;
pub use emit::{emit, emit_documents};
pub use error::{Source, YamlError};
pub use positions::{Place, Positions, Spot};
pub use stream::{Document, documents, parse};

#[cfg(test)]
mod tests;
