//! The building blocks of validation: paths, and causes worded as Kubernetes words them
//! (`reference/api-defaults-validation.md` §2).

use std::fmt::Write;

use crate::api::{Cause, CauseType};
use crate::value::{Value, json};

/// Where a field stands. Paths are linked on the stack and written out only for a cause.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Index(usize),
    Key(&'a str),
}

impl<'a> Path<'a> {
    /// A path of one field, or of several with dots between them.
    pub const fn root(name: &'a str) -> Self {
        Self { parent: None, step: Step::Field(name) }
    }

    /// `….name`.
    pub fn field(&'a self, name: &'a str) -> Self {
        self.then(Step::Field(name))
    }

    /// `…[3]`.
    pub fn index(&'a self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    /// `…[storage]`.
    pub fn key(&'a self, key: &'a str) -> Self {
        self.then(Step::Key(key))
    }

    fn then(&'a self, step: Step<'a>) -> Self {
        Self { parent: Some(self), step }
    }

    fn write(&self, text: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(text);
        }
        match self.step {
            Step::Field(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            Step::Index(index) => {
                text.push('[');
                text.push_str(&index.to_string());
                text.push(']');
            }
            Step::Key(key) => {
                text.push('[');
                text.push_str(key);
                text.push(']');
            }
        }
    }
}

/// What a validation has found so far, in order.
#[derive(Default)]
pub(super) struct Report {
    causes: Vec<Cause>,
}

/// The detail of a number that may not be below zero.
pub(super) const NEGATIVE: &str = "must be greater than or equal to 0";
/// The detail of a field that may not change.
pub(super) const IMMUTABLE: &str = "field is immutable";

impl Report {
    /// The causes found.
    pub fn into_causes(self) -> Vec<Cause> {
        self.causes
    }

    /// How many causes were found; to tell whether a part added some.
    pub fn count(&self) -> usize {
        self.causes.len()
    }

    fn add(&mut self, kind: CauseType, path: &Path, mut message: String, detail: &str) {
        let mut field = String::new();
        path.write(&mut field);
        if !detail.is_empty() {
            message.push_str(": ");
            message.push_str(detail);
        }
        self.causes.push(Cause { kind, field: field.into(), message: message.into() });
    }

    /// `Required value`, with a detail unless that is empty.
    pub fn required(&mut self, path: &Path, detail: &str) {
        self.add(CauseType::Required, path, "Required value".into(), detail);
    }

    /// `Invalid value: <value>: <detail>`; a missing value is `null`.
    pub fn invalid(&mut self, path: &Path, value: &Value, detail: &str) {
        self.invalid_written(path, &written(value), detail);
    }

    /// `Invalid value: "<text>": <detail>`.
    pub fn invalid_text(&mut self, path: &Path, text: &str, detail: &str) {
        self.invalid_written(path, &quote(text), detail);
    }

    /// `Invalid value: <written>: <detail>`.
    pub fn invalid_written(&mut self, path: &Path, written: &str, detail: &str) {
        let message = format!("Invalid value: {written}");
        self.add(CauseType::Invalid, path, message, detail);
    }

    /// One `Invalid value` for each of the complaints about a text.
    pub fn complaints(&mut self, path: &Path, text: &str, complaints: Vec<String>) {
        for complaint in complaints {
            self.invalid_text(path, text, &complaint);
        }
    }

    /// `Unsupported value: "x": supported values: "A", "B"`.
    pub fn not_supported(&mut self, path: &Path, text: &str, supported: &[&str]) {
        self.not_supported_written(path, &quote(text), supported);
    }

    /// The same of a value as it is written.
    pub fn not_supported_written(&mut self, path: &Path, written: &str, supported: &[&str]) {
        let listed: Vec<String> = supported.iter().map(|s| quote(s)).collect();
        let message = format!("Unsupported value: {written}");
        let detail = format!("supported values: {}", listed.join(", "));
        self.add(CauseType::NotSupported, path, message, &detail);
    }

    /// `Duplicate value: <value>`.
    pub fn duplicate(&mut self, path: &Path, value: &Value) {
        self.duplicate_written(path, &written(value));
    }

    /// `Duplicate value: <written>`.
    pub fn duplicate_written(&mut self, path: &Path, written: &str) {
        self.duplicate_because(path, written, "");
    }

    /// `Duplicate value: …: taints must be unique by key and effect pair`.
    pub fn duplicate_because(&mut self, path: &Path, written: &str, detail: &str) {
        let message = format!("Duplicate value: {written}");
        self.add(CauseType::Duplicate, path, message, detail);
    }

    /// `Forbidden: <detail>`.
    pub fn forbidden(&mut self, path: &Path, detail: &str) {
        self.add(CauseType::Forbidden, path, "Forbidden".into(), detail);
    }

    /// `Not found: "x"`.
    pub fn not_found(&mut self, path: &Path, text: &str) {
        let message = format!("Not found: {}", quote(text));
        self.add(CauseType::NotFound, path, message, "");
    }

    /// `Too long: may not be more than N bytes`.
    pub fn too_long(&mut self, path: &Path, bytes: usize) {
        let detail = format!("may not be more than {bytes} bytes");
        self.add(CauseType::TooLong, path, "Too long".into(), &detail);
    }

    /// Complains about a text that is no IP address.
    pub fn address(&mut self, path: &Path, text: &str) {
        if text.parse::<std::net::IpAddr>().is_err() {
            self.invalid_text(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
    }

    /// Complains about a number below zero; a missing number is none.
    pub fn not_negative(&mut self, path: &Path, number: &Value) {
        if number.as_i64().is_some_and(|n| n < 0) {
            self.invalid(path, number, NEGATIVE);
        }
    }

    /// Complains about a text that is missing (`Required value`) or not among those allowed.
    pub fn one_of(&mut self, path: &Path, text: &str, allowed: &[&str]) {
        if text.is_empty() {
            self.required(path, "");
        } else if !allowed.contains(&text) {
            self.not_supported(path, text, allowed);
        }
    }
}

/// A value as a cause shows it: text quoted, numbers and booleans plain, all else as JSON.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => quote(text),
        other => json::to_compact(other),
    }
}

/// A text in quotes as Go quotes it.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{c}' => quoted.push_str("\\f"),
            control if (control as u32) < 0x20 || control as u32 == 0x7f => {
                let _ = write!(quoted, "\\x{:02x}", control as u32);
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map;

    #[test]
    fn a_cause_names_the_whole_path() {
        let mut report = Report::default();
        let spec = Path::root("spec");
        let containers = spec.field("containers");
        let first = containers.index(0);
        report.required(&first.field("image"), "");
        report.invalid(&first.field("labels").key("a"), &map! { "a" => "<b>" }, "no");
        let texts: Vec<String> =
            report.into_causes().iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        assert_eq!(
            texts,
            [
                "spec.containers[0].image: Required value",
                "spec.containers[0].labels[a]: Invalid value: {\"a\":\"\\u003cb\\u003e\"}: no",
            ]
        );
    }

    #[test]
    fn texts_are_quoted_as_go_quotes_them() {
        assert_eq!(quote("a\"b\\c\nd\u{1}é"), "\"a\\\"b\\\\c\\nd\\x01é\"");
    }
}
