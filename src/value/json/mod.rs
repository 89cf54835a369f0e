//! JSON in and out, with the complaints and the spellings of Go's encoder, which every part of Kubernetes uses.

mod number;
mod parse;
mod write;

pub use number::{general, json_float, tidy};
pub use parse::{JsonError, parse, parse_first};
pub use write::{to_compact, to_compact_plain, to_pretty, to_pretty_narrow};

use super::{Map, Text, Value};

/// How deep trees may nest. Kubernetes allows 10,000 levels; its own objects need about twenty, and every walk
/// over a tree is recursive, on a stack of one megabyte in the browser.
pub const MAX_DEPTH: usize = 128;

/// A map of these pairs; of several with one key the last one counts. Sorting first keeps it from moving the
/// map's tail for every key.
pub(super) fn map_of(mut pairs: Vec<(Text, Value)>) -> Value {
    crate::sorted::sort_by(&mut pairs, &|a, b| a.0.cmp(&b.0));
    let mut map = Map::new();
    for (key, value) in pairs {
        map.insert(key, value);
    }
    Value::from(map)
}

#[cfg(test)]
mod tests;
