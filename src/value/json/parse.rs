//! JSON in: Go's grammar and Go's complaints.

use super::{MAX_DEPTH, map_of, tidy};
use crate::value::{Text, Value, float};
use std::fmt;

/// Why a text is not JSON. Its `Display` is what Go says.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonError {
    /// How many bytes were read, the offending one included.
    pub offset: usize,
    /// The complaint; none where the text ended too early.
    pub problem: Option<Text>,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem.as_deref().unwrap_or("unexpected end of JSON input"))
    }
}

/// Reads a text that is one JSON value and nothing more; of a doubled key the last one counts.
///
/// # Errors
/// What Go's decoder says of it (`invalid character 'b' looking for beginning of object key string`); nesting
/// deeper than [`MAX_DEPTH`] is `invalid character '[' exceeded max depth`.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    let (value, end) = parse_first(text)?;
    let mut reader = Reader { text, at: end };
    reader.skip_space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.bad("after top-level value")),
    }
}

/// Reads the first JSON value of a text; answers also how many bytes it took.
///
/// # Errors
/// As [`parse`].
pub fn parse_first(text: &str) -> Result<(Value, usize), JsonError> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    Ok((value, reader.at))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn slice(&self, from: usize) -> &str {
        self.text.get(from..self.at).unwrap_or("")
    }

    /// The complaint about the byte at hand, or about its absence.
    fn bad(&self, context: &str) -> JsonError {
        let problem = self.peek().map(|byte| {
            let shown = match byte {
                b'\'' => "\\'".to_owned(),
                b'"' => "\"".to_owned(),
                b'\\' => "\\\\".to_owned(),
                b'\n' => "\\n".to_owned(),
                b'\t' => "\\t".to_owned(),
                b'\r' => "\\r".to_owned(),
                7 => "\\a".to_owned(),
                8 => "\\b".to_owned(),
                11 => "\\v".to_owned(),
                12 => "\\f".to_owned(),
                0..32 | 127 => format!("\\x{byte:02x}"),
                128..160 | 173 => format!("\\u00{byte:02x}"),
                _ => char::from(byte).to_string(),
            };
            Text::from(format!("invalid character '{shown}' {context}"))
        });
        JsonError { offset: self.at + usize::from(problem.is_some()), problem }
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.skip_space();
        match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => Err(self.bad("exceeded max depth")),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Value::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            _ => Err(self.bad("looking for beginning of value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        let mut pairs = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::empty_map());
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.bad("looking for beginning of object key string"));
            }
            let key = self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.bad("after object key"));
            }
            self.at += 1;
            pairs.push((key, self.value(depth + 1)?));
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.bad("after object key:value pair")),
            }
        }
        self.at += 1;
        Ok(map_of(pairs))
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonError> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::list_of(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.bad("after array element")),
            }
        }
        self.at += 1;
        Ok(Value::list_of(items))
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                let expected = char::from(expected);
                return Err(self.bad(&format!("in literal {word} (expecting '{expected}')")));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn digits(&mut self, context: &str) -> Result<(), JsonError> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.bad(context));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let digits = self.slice(start);
        if let Ok(whole) = digits.parse() {
            return Ok(Value::Int(whole));
        }
        match float::read(digits) {
            Some(number) if number.is_finite() => Ok(tidy(number)),
            _ => Err(JsonError {
                offset: self.at,
                problem: Some(format!("json: cannot unmarshal number {digits} into Go value of type float64").into()),
            }),
        }
    }

    fn string(&mut self) -> Result<Text, JsonError> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let from = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..32)) {
                self.at += 1;
            }
            let plain = self.slice(from);
            match self.peek() {
                Some(b'"') if text.is_empty() => {
                    let whole = Text::copy(plain);
                    self.at += 1;
                    return Ok(whole);
                }
                Some(b'"') => {
                    text.push_str(plain);
                    self.at += 1;
                    return Ok(text.into());
                }
                Some(b'\\') => {
                    text.push_str(plain);
                    self.at += 1;
                    let character = self.escape()?;
                    text.push(character);
                }
                _ => return Err(self.bad("in string literal")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let character = match self.peek() {
            Some(b'u') => {
                self.at += 1;
                let high = self.hex()?;
                // Halves of a pair that stand alone become the replacement character, as in Go.
                if (0xD800..0xDC00).contains(&high) && self.text.get(self.at..self.at + 2) == Some("\\u") {
                    let before = self.at;
                    self.at += 2;
                    let low = self.hex()?;
                    if (0xDC00..0xE000).contains(&low) {
                        let joined = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                        return Ok(char::from_u32(joined).unwrap_or('\u{FFFD}'));
                    }
                    self.at = before;
                }
                return Ok(char::from_u32(high).unwrap_or('\u{FFFD}'));
            }
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            _ => return Err(self.bad("in string escape code")),
        };
        self.at += 1;
        Ok(character)
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return Err(self.bad("in \\u hexadecimal character escape"));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}
