//! The schema of the served kinds: every field that a manifest can have, from one table made at build time.
//!
//! It serves strict decoding, strategic merge, `kubectl explain`, completion and inline errors.

mod about;
mod go_json;
mod table;

pub use about::{About, about};
pub use go_json::written as written_as_go;
pub use table::{Field, ListKind, Shape, StructRef, TypeRef, root, root_named};
