//! A file's documents, cut and read as kubectl does it.

use super::cursor::{Complaint, Mark, Problem};
use super::decode::decode;
use super::error::{Source, YamlError};
use super::parser::Parser;
use super::positions::{Place, Positions};
use crate::value::Value;
use crate::value::json::{JsonError, parse_first};

/// The most bytes that are read: what the API server takes in one request.
const LARGEST: usize = 3 << 20;
/// Where a file must have its first brace to be tried as JSON.
const JSON_WITHIN: usize = 4096;

/// One document of a file.
pub struct Document {
    /// What it says.
    pub value: Value,
    /// Where its fields stand in the whole file.
    pub positions: Positions,
}

/// The documents of a file in order, without those that say nothing. An error is the last of them: kubectl has by
/// then dealt with the documents before it and reads no further. A file that begins with a brace is read as JSON
/// and, where that fails, as YAML.
pub fn documents(text: &str) -> Vec<Result<Document, YamlError>> {
    let mut found = Vec::new();
    if let Err(error) = read(text, &mut found) {
        found.push(Err(error));
    }
    found
}

/// The first document of a text, whatever it is: what `kubectl patch -p` and such read.
///
/// # Errors
/// What kubectl says of it.
pub fn parse(text: &str) -> Result<Document, YamlError> {
    check_size(text)?;
    one(text, 0)
}

fn place(at: Mark, shift: usize) -> Place {
    Place { line: at.line + 1 + shift, column: at.column + 1 }
}

/// The place of a byte of a text.
fn place_of(text: &str, offset: usize) -> Place {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let line = before.split(|b| *b == b'\n').count();
    let column = before.iter().rev().take_while(|b| **b != b'\n').count() + 1;
    Place { line, column }
}

fn of_reader(message: String, place: Place) -> YamlError {
    let (from, line) = (Source::Reader, None);
    YamlError { from, line, message, place }
}

fn check_size(text: &str) -> Result<(), YamlError> {
    if text.len() <= LARGEST {
        return Ok(());
    }
    Err(of_reader(format!("the text has more than {LARGEST} bytes"), Place::default()))
}

/// Reads one document that begins after `shift` lines.
fn one(text: &str, shift: usize) -> Result<Document, YamlError> {
    let wrong = |from: Source, problem: Problem| {
        let Complaint { line, at, message } = problem.complaint();
        YamlError { from, line, message, place: place(at, shift) }
    };
    let allowed =
        |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    if let Some(offset) = text.find(|c| !allowed(c)) {
        return Err(YamlError {
            from: Source::Parser,
            line: None,
            message: "control characters are not allowed".to_owned(),
            place: {
                let place = place_of(text, offset);
                Place { line: place.line + shift, ..place }
            },
        });
    }
    let parsed = Parser::document(text).map_err(|problem| wrong(Source::Parser, problem))?;
    let (value, positions) = match parsed {
        Some((nodes, root)) => decode(&nodes, root, shift).map_err(|(from, problem)| wrong(from, problem))?,
        None => (Value::Null, Positions::default()),
    };
    Ok(Document { value, positions })
}

type Found = Vec<Result<Document, YamlError>>;

fn add(found: &mut Found, document: Document) {
    if !document.value.is_null() {
        found.push(Ok(document));
    }
}

fn read(text: &str, found: &mut Found) -> Result<(), YamlError> {
    check_size(text)?;
    let beginning = text.trim_start();
    if beginning.starts_with('{') && text.len() - beginning.len() < JSON_WITHIN {
        return read_json(text, found);
    }
    read_yaml(text, (0, 0), None, found)
}

/// Reads JSON values one after the other. At the first or second that is none, YAML is tried from there on.
fn read_json(text: &str, found: &mut Found) -> Result<(), YamlError> {
    let (mut at, mut line, mut count) = (0, 0, 0);
    loop {
        let rest = text.get(at..).unwrap_or("");
        if rest.trim_start_matches([' ', '\t', '\r', '\n']).is_empty() {
            return Ok(());
        }
        match parse_first(rest) {
            Ok((value, length)) => {
                let inside = rest.get(..length).unwrap_or("");
                // JSON is YAML, so its places are found by the same means.
                let positions = one(inside, line).map(|document| document.positions);
                let positions = positions.unwrap_or_default();
                add(found, Document { value, positions });
                at += length;
                line += inside.matches('\n').count();
                count += 1;
            }
            Err(error) => {
                let place = place_of(text, at + error.offset.saturating_sub(1));
                if count > 1 {
                    return Err(of_reader(complaint(&error, None), place));
                }
                let fault = of_reader(complaint(&error, Some(at)), place);
                let blank = blank_line(rest);
                let skipped = rest.get(..blank).unwrap_or("");
                let before = skipped.matches('\n').count();
                // kubectl looks at four bytes at a time; with fewer left it gives up.
                if blank - before + 4 > rest.len() {
                    return Err(fault);
                }
                return read_yaml(text, (at + blank, line + before), Some(fault), found);
            }
        }
    }
}

/// What Go's stream decoder says of a fault.
fn complaint(error: &JsonError, offset: Option<usize>) -> String {
    match (&error.problem, offset) {
        (None, _) => "unexpected EOF".to_owned(),
        (Some(problem), None) => problem.to_string(),
        (Some(problem), Some(at)) => format!("json: offset {}: {problem}", at + error.offset),
    }
}

/// How many bytes of blanks come first, up to and with the first line break.
fn blank_line(text: &str) -> usize {
    let blank = text.len() - text.trim_start().len();
    let within = text.get(..blank).unwrap_or("");
    within.find('\n').map_or(blank, |end| end + 1)
}

/// Reads documents between lines that begin with `---`, from a byte and a line on. Where JSON was tried first, its fault is what is said of
/// the first document.
fn read_yaml(
    text: &str,
    (mut at, mut line): (usize, usize),
    mut fault: Option<YamlError>,
    found: &mut Found,
) -> Result<(), YamlError> {
    while at < text.len() {
        let (start, shift) = (at, line);
        let mut end = at;
        while let Some(next) = text.get(at..).and_then(|rest| rest.split_inclusive('\n').next()) {
            at += next.len();
            line += 1;
            if let Some(after) = next.strip_prefix("---") {
                let after = after.trim();
                if !after.is_empty() && !after.starts_with('#') {
                    let place = Place { line, column: 1 };
                    let error = of_reader(format!("invalid Yaml document separator: {after}"), place);
                    return Err(fault.unwrap_or(error));
                }
                if end > start {
                    break;
                }
            }
            end = at;
        }
        let document = text.get(start..end).unwrap_or("");
        let read = if document.ends_with('\n') { one(document, shift) } else { one(&format!("{document}\n"), shift) };
        match (read, fault.take()) {
            (Ok(document), _) => add(found, document),
            (Err(_), Some(fault)) => return Err(fault),
            (Err(error), None) => return Err(error),
        }
    }
    Ok(())
}
