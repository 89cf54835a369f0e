//! `-o custom-columns=NAME:.metadata.name,…`.

use super::jsonpath::JsonPath;
use super::{go, layout};
use crate::value::Value;

/// Columns as the user wants them.
#[derive(Clone, Debug)]
pub struct CustomColumns {
    columns: Vec<(String, JsonPath)>,
    headers: bool,
}

impl CustomColumns {
    /// Reads `HEADER:path,HEADER:path`.
    ///
    /// # Errors
    /// The text that kubectl prints after `error: `.
    pub fn parse(spec: &str, no_headers: bool) -> Result<Self, String> {
        let columns: Result<_, String> = spec
            .split(',')
            .map(|column| match column.split_once(':') {
                Some((header, path)) => Ok((header.to_owned(), JsonPath::parse_relaxed(path)?)),
                None => Err(format!("unexpected custom-columns spec: {column}, expected <header>:<json-path-expr>")),
            })
            .collect();
        Ok(Self { columns: columns?, headers: !no_headers })
    }

    /// Reads a file of two lines: headers, and the paths below them.
    ///
    /// # Errors
    /// The text that kubectl prints after `error: `.
    pub fn parse_file(text: &str, no_headers: bool) -> Result<Self, String> {
        let mut lines = text.lines();
        let (Some(headers), Some(paths)) = (lines.next(), lines.next()) else {
            return Err(
                "invalid template, missing header line. Expected format is one line of space separated headers, one line of space separated column specs."
                    .to_owned(),
            );
        };
        let headers: Vec<&str> = headers.split_whitespace().collect();
        let paths: Vec<&str> = paths.split_whitespace().collect();
        if headers.len() != paths.len() {
            return Err(format!(
                "number of headers ({}) and field specifications ({}) don't match",
                headers.len(),
                paths.len()
            ));
        }
        let columns: Result<_, String> = headers
            .iter()
            .zip(paths)
            .map(|(header, path)| Ok(((*header).to_owned(), JsonPath::parse_relaxed(path)?)))
            .collect();
        Ok(Self { columns: columns?, headers: !no_headers })
    }

    /// The table of these objects. The header is printed even without objects.
    ///
    /// # Errors
    /// The text that kubectl prints after `error: `.
    pub fn print(&self, items: &[Value]) -> Result<String, String> {
        let mut text = String::new();
        if self.headers {
            let headers: Vec<&str> = self.columns.iter().map(|(header, _)| header.as_str()).collect();
            text.push_str(&headers.join("\t"));
            text.push('\n');
        }
        for item in items {
            let cells: Result<Vec<String>, String> = self.columns.iter().map(|(_, path)| cell(path, item)).collect();
            text.push_str(&cells?.join("\t"));
            text.push('\n');
        }
        Ok(layout::tabbed(&text, layout::TABLE_MINIMUM, layout::TABLE_PADDING))
    }
}

fn cell(path: &JsonPath, item: &Value) -> Result<String, String> {
    let found = path.find(item)?;
    if found.first().is_none_or(Vec::is_empty) {
        return Ok("<none>".to_owned());
    }
    let values: Vec<String> = found.iter().flatten().map(go::plain).collect();
    Ok(values.join(","))
}
