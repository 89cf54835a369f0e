//! Reading a `JSONPath` template.

use super::{Filter, Node, Slice};
use crate::value::float;

/// Walks over the characters of a source text.
#[derive(Debug)]
pub struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    /// At the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// The next character, which stays.
    pub fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// The next character, which is passed.
    pub fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or("");
        Some(c)
    }

    /// Passes a prefix if it stands here.
    pub fn eat(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Passes and answers everything up to the first character that ends it.
    pub fn until(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let (head, tail) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = tail;
        head
    }

    /// What has not been passed yet.
    pub fn rest(&self) -> &'a str {
        self.rest
    }
}

/// Reads text with expressions in braces.
pub(super) fn template(source: &str) -> Result<Vec<Node>, String> {
    let mut scanner = Scanner::new(source);
    let mut nodes = Vec::new();
    loop {
        let text = scanner.until(|c| c == '{');
        if !text.is_empty() {
            nodes.push(Node::Text(text.to_owned()));
        }
        if !scanner.eat("{") {
            return Ok(nodes);
        }
        nodes.push(Node::List(action(&mut scanner, true)?));
    }
}

/// Reads what stands between braces, as if they were there.
fn inner(text: &str) -> Result<Vec<Node>, String> {
    let mut scanner = Scanner::new(text);
    action(&mut scanner, false)
}

fn is_terminator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}

/// Reads nodes up to the closing brace (or to the end of the text when `braced` is false).
fn action(scanner: &mut Scanner<'_>, braced: bool) -> Result<Vec<Node>, String> {
    let mut nodes = Vec::new();
    loop {
        if scanner.eat("[?(") {
            nodes.push(filter(scanner)?);
            continue;
        }
        if scanner.eat("..") {
            if nodes.last() == Some(&Node::Recursive) {
                return Err("invalid multiple recursive descent".to_owned());
            }
            nodes.push(Node::Recursive);
            if scanner.peek().is_some_and(is_of_name) {
                nodes.push(field(scanner));
            }
            continue;
        }
        let Some(c) = scanner.peek() else {
            return if braced { Err("unclosed action".to_owned()) } else { Ok(nodes) };
        };
        match c {
            '}' => {
                scanner.next();
                return Ok(nodes);
            }
            '\n' => return Err("unclosed action".to_owned()),
            ' ' | '@' | '$' => {
                scanner.next();
            }
            '[' => array(scanner, &mut nodes)?,
            '"' | '\'' => nodes.push(quoted(scanner)?),
            '.' => {
                scanner.next();
                nodes.push(field(scanner));
            }
            '+' | '-' | '0'..='9' => nodes.push(number(scanner)?),
            c if is_of_name(c) => {
                let word = scanner.until(is_terminator);
                nodes.push(match word {
                    "true" | "TRUE" | "True" => Node::Bool(true),
                    "false" | "FALSE" | "False" => Node::Bool(false),
                    _ => Node::Identifier(word.to_owned()),
                });
            }
            c => return Err(format!("unrecognized character in action: {}", unicode(c))),
        }
    }
}

/// A character as Go's `%#U` shows it: `U+0023 '#'`.
pub(in super::super) fn unicode(c: char) -> String {
    format!("U+{:04X} '{c}'", u32::from(c))
}

/// The name after a dot. A backslash takes the next character as it is; `*` stands for every field.
fn field(scanner: &mut Scanner<'_>) -> Node {
    let mut name = String::new();
    while let Some(c) = scanner.peek() {
        if c == '\\' {
            scanner.next();
            name.extend(scanner.next());
        } else if is_terminator(c) {
            break;
        } else {
            name.push(c);
            scanner.next();
        }
    }
    if name == "*" { Node::Wildcard } else { Node::Field(name) }
}

/// Whether a character may stand in a name. Beyond ASCII all count as letters: the page carries no tables of Unicode.
pub fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

fn number(scanner: &mut Scanner<'_>) -> Result<Node, String> {
    let mut text = String::new();
    if let Some(sign @ ('+' | '-')) = scanner.peek() {
        text.push(sign);
        scanner.next();
    }
    text.push_str(scanner.until(|c| c != '.' && !c.is_ascii_digit()));
    if let Ok(whole) = text.parse() {
        return Ok(Node::Int(whole));
    }
    float::read(&text).map(Node::Float).ok_or_else(|| format!("cannot parse number {text}"))
}

fn quoted(scanner: &mut Scanner<'_>) -> Result<Node, String> {
    let quote = scanner.next().unwrap_or('"');
    let mut raw = String::from(quote);
    let (mut text, mut formed) = (String::new(), true);
    loop {
        let next = scanner.next();
        raw.extend(next);
        match next {
            None | Some('\n') => return Err("unterminated quoted string".to_owned()),
            Some(c) if c == quote && formed => return Ok(Node::Text(text)),
            Some(c) if c == quote => return Err(format!("unquote string {raw} error invalid syntax")),
            Some('\\') => {
                let escaped = scanner.next();
                raw.extend(escaped);
                match escaped {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some('a') => text.push('\u{7}'),
                    Some('b') => text.push('\u{8}'),
                    Some('f') => text.push('\u{c}'),
                    Some('v') => text.push('\u{b}'),
                    Some(c @ ('\\' | '\'' | '"')) => text.push(c),
                    _ => formed = false,
                }
            }
            Some(c) => text.push(c),
        }
    }
}

/// `[…]`: an index, a slice, a quoted key, everything, or a union of these.
fn array(scanner: &mut Scanner<'_>, nodes: &mut Vec<Node>) -> Result<(), String> {
    scanner.next();
    let text = scanner.until(|c| c == ']' || c == '\n');
    if !scanner.eat("]") {
        return Err("unterminated array".to_owned());
    }
    let parts: Vec<&str> = text.split(',').collect();
    if parts.len() > 1 {
        let union: Result<_, _> = parts.iter().map(|part| inner(&format!("[{}]", part.trim_matches(' ')))).collect();
        nodes.push(Node::Union(union?));
        return Ok(());
    }
    let key = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    if let Some(key) = key
        && !key.contains('\'')
    {
        nodes.extend(inner(&format!(".{key}"))?);
        return Ok(());
    }
    nodes.push(Node::Slice(slice(if text == "*" { ":" } else { text })?));
    Ok(())
}

fn slice(text: &str) -> Result<Slice, String> {
    let bad = || format!("invalid array index {text}");
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return Err(bad());
    }
    let mut bounds = [None; 3];
    for (bound, part) in bounds.iter_mut().zip(&parts) {
        if !part.is_empty() {
            let digits = part.strip_prefix('-').unwrap_or(part);
            if !digits.chars().all(|c| c.is_ascii_digit()) {
                return Err(bad());
            }
            *bound = Some(part.parse().map_err(|_| format!("array index {part} is not a number"))?);
        }
    }
    let [start, end, step] = bounds;
    let is_index = parts.len() == 1;
    Ok(Slice { start, end: if is_index { Some(start.unwrap_or(0).saturating_add(1)) } else { end }, is_index, step })
}

/// `[?(…)]`: compares, or asks whether something is there.
fn filter(scanner: &mut Scanner<'_>) -> Result<Node, String> {
    let mut text = String::new();
    let (mut quote, mut closed, mut last) = (None, false, ' ');
    loop {
        let c = match scanner.next() {
            None | Some('\n') => return Err("unterminated filter".to_owned()),
            Some(c) => c,
        };
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            ('"' | '\'', Some(open)) if c == open && last != '\\' => closed = true,
            (')', open) if open.is_some() == closed => break,
            _ => {}
        }
        text.push(c);
        last = c;
    }
    if !scanner.eat("]") {
        return Err("unclosed array expect ]".to_owned());
    }
    let is_operator = |c: char| matches!(c, '!' | '<' | '>' | '=');
    let mut parts = Scanner::new(&text);
    let left = parts.until(is_operator);
    let operator = parts.until(|c| !is_operator(c));
    let right = parts.rest();
    let filter = if left.is_empty() || operator.is_empty() || right.is_empty() {
        Filter { left: inner(&text)?, right: Vec::new(), operator: String::new() }
    } else {
        Filter { left: inner(left)?, right: inner(right)?, operator: operator.to_owned() }
    };
    Ok(Node::Filter(Box::new(filter)))
}
