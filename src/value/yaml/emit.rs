//! YAML out, byte for byte as kubectl writes it.

use super::style::{Style, escape, is_break, is_multiline, style_of};
use crate::value::json::{general, json_float};
use crate::value::{Text, Value, float};
use std::cmp::Ordering;

/// Beyond this column a line is broken at the next blank.
const WIDTH: usize = 80;
/// A longer key is written after a question mark.
const LONGEST_KEY: usize = 128;

/// A document as `kubectl get -o yaml` prints it: two spaces a level, list items at the level of their key.
pub fn emit(value: &Value) -> String {
    let mut writer = Writer::default();
    writer.node(value, 0, Place::Root);
    writer.start_line();
    writer.out
}

/// Several documents, `---` between them.
pub fn emit_documents<'v>(values: impl IntoIterator<Item = &'v Value>) -> String {
    let texts: Vec<String> = values.into_iter().map(emit).collect();
    texts.join("---\n")
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Root,
    /// After the `-` of a list.
    Item,
    /// After `key:`.
    Member,
    /// After the `:` below a `? key`, or such a key itself.
    Apart,
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Where the current line begins in `out`.
    line: usize,
    /// Whether the current line holds nothing but indentation and `-`, `?`, `:` marks.
    open: bool,
}

impl Writer {
    fn column(&self) -> usize {
        self.out.get(self.line..).map_or(0, |line| line.chars().count())
    }

    fn break_line(&mut self) {
        self.out.push('\n');
        self.line = self.out.len();
    }

    fn start_line(&mut self) {
        if self.line < self.out.len() {
            self.break_line();
        }
    }

    /// Goes to the line and column of an entry: where the line holds only marks, that is here.
    fn indent(&mut self, indent: usize) {
        if !self.open {
            self.start_line();
        }
        let column = self.column();
        self.out.extend((column..indent).map(|_| ' '));
        self.open = true;
    }

    fn blank(&mut self) {
        if self.line < self.out.len() && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    fn word(&mut self, word: &str) {
        self.blank();
        self.out.push_str(word);
        self.open = false;
    }

    fn node(&mut self, value: &Value, indent: usize, place: Place) {
        match value {
            Value::Null => self.word("null"),
            Value::Bool(true) => self.word("true"),
            Value::Bool(false) => self.word("false"),
            Value::Int(number) => self.word(&number.to_string()),
            Value::Float(number) => {
                let text = json_float(*number);
                // Whole numbers up to 64 bits keep their digits.
                let whole = text.parse::<u64>().is_ok() || text.parse::<i64>().is_ok();
                let text = if whole { text } else { general(&float::scientific(*number)) };
                self.word(&text);
            }
            Value::Text(text) => {
                let indent = if place == Place::Root { 0 } else { indent };
                self.text(text, indent + 2, false);
            }
            Value::List(items) if items.is_empty() => self.word("[]"),
            Value::Map(map) if map.is_empty() => self.word("{}"),
            Value::List(items) => {
                let indent = match place {
                    Place::Root | Place::Member => indent,
                    Place::Item | Place::Apart => indent + 2,
                };
                for item in items.iter() {
                    self.indent(indent);
                    self.out.push_str("- ");
                    self.node(item, indent, Place::Item);
                }
            }
            Value::Map(map) => {
                let indent = if place == Place::Root { indent } else { indent + 2 };
                for (key, item) in sorted(map.iter().collect()) {
                    self.indent(indent);
                    if is_multiline(key) || key.len() > LONGEST_KEY {
                        self.out.push_str("? ");
                        self.text(key, indent + 2, false);
                        self.indent(indent);
                        self.out.push_str(": ");
                        self.node(item, indent, Place::Apart);
                    } else {
                        self.text(key, indent + 2, true);
                        self.out.push(':');
                        self.node(item, indent, Place::Member);
                    }
                }
            }
        }
    }

    /// A text; `indent` is where its further lines begin.
    fn text(&mut self, text: &str, indent: usize, key: bool) {
        match style_of(text, key) {
            Style::Plain => {
                self.blank();
                self.fold(text, indent, key, Style::Plain);
            }
            Style::Single => {
                self.word("'");
                self.fold(text, indent, key, Style::Single);
                self.out.push('\'');
            }
            Style::Double => {
                self.word("\"");
                self.double(text, indent, key);
                self.out.push('"');
            }
            Style::Literal => self.literal(text, indent),
        }
        self.open = false;
    }

    /// Plain or single-quoted: folded at lone blanks beyond the width.
    fn fold(&mut self, text: &str, indent: usize, key: bool, style: Style) {
        self.open = false;
        let mut column = self.column();
        let mut previous = None;
        let mut rest = text.char_indices().peekable();
        while let Some((at, character)) = rest.next() {
            let next = rest.peek().map(|(_, next)| *next);
            let inner = style == Style::Plain || at > 0 && next.is_some();
            if is_break(character) {
                self.out.push(character);
                self.line = self.out.len();
            } else if character == ' ' && !key && previous != Some(' ') && column > WIDTH && inner && next != Some(' ')
            {
                self.break_line();
                self.indent(indent);
                self.open = false;
                column = indent;
            } else {
                if previous.is_some_and(is_break) {
                    self.indent(indent);
                    column = indent;
                }
                if character == '\'' && style == Style::Single {
                    self.out.push('\'');
                    column += 1;
                }
                self.out.push(character);
                column += 1;
            }
            previous = Some(character);
        }
    }

    fn double(&mut self, text: &str, indent: usize, key: bool) {
        let mut column = self.column();
        let mut folded = false;
        // A leading byte order mark makes the real writer escape every character.
        let all = text.starts_with('\u{feff}');
        let mut rest = text.char_indices().peekable();
        while let Some((at, character)) = rest.next() {
            let next = rest.peek().map(|(_, next)| *next);
            if let Some(escaped) = escape(character, all) {
                column += escaped.len();
                self.out.push_str(&escaped);
                folded = false;
            } else if character == ' ' && !key && !folded && column > WIDTH && at > 0 && next.is_some() {
                self.break_line();
                self.out.extend((0..indent).map(|_| ' '));
                column = indent;
                if next == Some(' ') {
                    self.out.push('\\');
                    column += 1;
                }
                folded = true;
            } else {
                self.out.push(character);
                column += 1;
                folded = character == ' ';
            }
        }
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.word("|");
        if text.starts_with(' ') || text.starts_with(is_break) {
            self.out.push('2');
        }
        let mut ends = text.chars().rev();
        match (ends.next().is_some_and(is_break), ends.next()) {
            (false, _) => self.out.push('-'),
            (true, Some(before)) if !is_break(before) => {}
            (true, _) => self.out.push('+'),
        }
        self.break_line();
        let mut fresh = true;
        for character in text.chars() {
            if is_break(character) {
                self.out.push(character);
                self.line = self.out.len();
                fresh = true;
            } else {
                if fresh {
                    self.out.extend((0..indent).map(|_| ' '));
                }
                self.out.push(character);
                fresh = false;
            }
        }
    }
}

/// The order of keys: as a person would sort them, digits by their value, letters after everything else.
fn order(a: &str, b: &str) -> Ordering {
    let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y);
    let (before, a) = a.split_at(same.map(|(x, _)| x.len_utf8()).sum());
    let b = b.get(before.len()..).unwrap_or("");
    let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) else {
        return a.len().cmp(&b.len());
    };
    // Beyond ASCII all counts as letters: the page carries no tables of Unicode.
    let letter = |c: char| c.is_ascii_alphabetic() || !c.is_ascii();
    if letter(x) || letter(y) {
        return letter(x).cmp(&letter(y)).then(x.cmp(&y));
    }
    // A nought amid a number counts as a digit of it; a leading one does not.
    let digits = before.bytes().rev().take_while(u8::is_ascii_digit);
    let inside = (x == '0' || y == '0') && digits.into_iter().any(|digit| digit != b'0');
    let number = |text: &str| {
        let digits = text.chars().map_while(|c| c.to_digit(10));
        digits.fold((i64::from(inside), 0), |(sum, count), digit| {
            (sum.wrapping_mul(10).wrapping_add(digit.into()), count + 1)
        })
    };
    number(a).cmp(&number(b)).then(x.cmp(&y))
}

/// Sorts by [`order`]. That is not quite an order (three keys can be each before the next in a ring), and the
/// standard sort may panic over such a thing.
fn sorted<'v>(mut pairs: Vec<(&'v Text, &'v Value)>) -> Vec<(&'v Text, &'v Value)> {
    if pairs.len() < 2 {
        return pairs;
    }
    let mut right = sorted(pairs.split_off(pairs.len() / 2)).into_iter().peekable();
    let mut all = Vec::with_capacity(pairs.len() * 2 + 1);
    for left in sorted(pairs) {
        while let Some(next) = right.next_if(|next| order(next.0, left.0).is_lt()) {
            all.push(next);
        }
        all.push(left);
    }
    all.extend(right);
    all
}
