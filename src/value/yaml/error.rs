//! What is wrong with a YAML text.

use super::Place;
use std::fmt;

/// Why a document cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub struct YamlError {
    /// Who complains.
    pub from: Source,
    /// The line that is printed with it. It counts from the document's own first line and, as the real parser
    /// does, it often names the line before.
    pub line: Option<usize>,
    /// The complaint itself.
    pub message: String,
    /// Where the fault is in the whole text, for an editor.
    pub place: Place,
}

/// Who complains about a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The YAML parser: `yaml: line 7: did not find expected key`.
    Parser,
    /// The step from YAML to JSON: `json: unsupported value: +Inf`.
    Conversion,
    /// The one who cuts a file into documents, or Go's JSON decoder.
    Reader,
}

impl fmt::Display for YamlError {
    /// The complaint with its line: `yaml: line 7: did not find expected key`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == Source::Parser {
            f.write_str("yaml: ")?;
            if let Some(line) = self.line {
                write!(f, "line {line}: ")?;
            }
        }
        f.write_str(&self.message)
    }
}

impl YamlError {
    /// What kubectl says of it after `error parsing FILE: `.
    pub fn of_file(&self) -> String {
        match self.from {
            Source::Reader => self.message.clone(),
            _ => format!("error converting YAML to JSON: {self}"),
        }
    }
}
