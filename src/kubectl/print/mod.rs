//! Objects to text: the tables of `get`, `-o` formats, `describe`, events (`reference/printing.md`).
//!
//! Everything here is a pure function of objects and the moment; only `describe` asks the API server for what belongs
//! to an object (its pods, its events).

mod cells;
mod custom_columns;
mod describe;
mod events;
mod format;
mod go;
mod jsonpath;
mod kyaml;
mod layout;
mod objects;
mod sort;
mod table;
mod template;

pub use describe::{describe, describe_among, pod_template_block};
pub use events::{events_table, new_event};
pub use format::{Allowed, Format, format};
pub use go::plain;
pub use jsonpath::JsonPath;
pub use objects::{Failure, objects, resource_name, trees};
pub use sort::sort_by;
pub use table::{Options, TablePrinter, plain_table};
