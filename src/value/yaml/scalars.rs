//! Scalars: blocks, quotes and plain words.

use super::cursor::{Mark, Problem};
use super::scanner::Scanner;
use super::token::{Kind, Token};

/// Line breaks met within a scalar, until it is known what becomes of them.
#[derive(Default)]
struct Breaks {
    first: String,
    more: String,
}

impl Breaks {
    fn add(&mut self, text: &str, is_first: bool) {
        if is_first { &mut self.first } else { &mut self.more }.push_str(text);
    }

    /// A single line break becomes a blank, further ones stay.
    fn fold_into(&mut self, text: &mut String) {
        if !self.first.starts_with('\n') {
            text.push_str(&self.first);
        } else if self.more.is_empty() {
            text.push(' ');
        }
        text.push_str(&self.more);
        self.first.clear();
        self.more.clear();
    }
}

impl Scanner<'_> {
    fn scalar_token(kind: Kind, text: String, start: Mark, end: Mark) -> Token {
        let mut token = Self::token(kind, start, end);
        token.text = text;
        token
    }

    /// `|` or `>` with its hints and its lines.
    pub(super) fn block_scalar(&mut self) -> Result<Token, Problem> {
        let start = self.cursor.mark;
        let literal = self.cursor.skip() == "|";
        let (mut chomp, mut increment) = (None, 0);
        for _ in 0..2 {
            match self.cursor.byte(0) {
                sign @ (b'+' | b'-') if chomp.is_none() => chomp = Some(sign),
                b'0' if increment == 0 => {
                    return Err(self.cursor.problem(start, "found an indentation indicator equal to 0"));
                }
                digit @ b'1'..=b'9' if increment == 0 => increment = isize::from(digit - b'0'),
                _ => break,
            }
            self.cursor.skip();
        }
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_break() && !self.cursor.is_end() {
            return Err(self.cursor.problem(start, "did not find expected comment or line break"));
        }
        self.cursor.skip_break();
        let mut end = self.cursor.mark;
        let mut indent = match increment {
            0 => 0,
            _ => self.indent.max(0) + increment,
        };
        let mut text = String::new();
        let mut breaks = Breaks::default();
        self.block_breaks(&mut indent, &mut breaks.more, start, &mut end)?;
        let mut was_blank = false;
        while self.cursor.mark.column as isize == indent && !self.cursor.is_end() {
            let blank = self.cursor.is_blank();
            if !literal && !was_blank && !blank && breaks.first.starts_with('\n') {
                breaks.fold_into(&mut text);
            } else {
                text.push_str(&breaks.first);
                text.push_str(&breaks.more);
                breaks = Breaks::default();
            }
            was_blank = blank;
            while !self.cursor.is_break() && !self.cursor.is_end() {
                text.push_str(self.cursor.skip());
            }
            breaks.first.push_str(self.cursor.skip_break());
            self.block_breaks(&mut indent, &mut breaks.more, start, &mut end)?;
        }
        if chomp != Some(b'-') {
            text.push_str(&breaks.first);
        }
        if chomp == Some(b'+') {
            text.push_str(&breaks.more);
        }
        Ok(Self::scalar_token(Kind::Quoted, text, start, end))
    }

    /// Indentation and empty lines; finds out the indentation where it is not known yet.
    fn block_breaks(
        &mut self,
        indent: &mut isize,
        breaks: &mut String,
        start: Mark,
        end: &mut Mark,
    ) -> Result<(), Problem> {
        *end = self.cursor.mark;
        let mut deepest = 0;
        loop {
            let before = |column: usize, indent: isize| indent == 0 || (column as isize) < indent;
            while before(self.cursor.mark.column, *indent) && self.cursor.byte(0) == b' ' {
                self.cursor.skip();
            }
            let column = self.cursor.mark.column;
            deepest = deepest.max(column as isize);
            if before(column, *indent) && self.cursor.byte(0) == b'\t' {
                return Err(self.cursor.problem(start, "found a tab character where an indentation space is expected"));
            }
            if !self.cursor.is_break() {
                break;
            }
            breaks.push_str(self.cursor.skip_break());
            *end = self.cursor.mark;
        }
        if *indent == 0 {
            *indent = deepest.max(self.indent + 1).max(1);
        }
        Ok(())
    }

    /// `'…'` or `"…"`.
    pub(super) fn quoted_scalar(&mut self) -> Result<Token, Problem> {
        let start = self.cursor.mark;
        let quote = self.cursor.byte(0);
        self.cursor.skip();
        let mut text = String::new();
        loop {
            if self.cursor.document_mark().is_some() {
                return Err(self.cursor.problem(start, "found unexpected document indicator"));
            }
            if self.cursor.is_end() {
                return Err(self.cursor.problem(start, "found unexpected end of stream"));
            }
            let mut broken = false;
            while !self.cursor.is_blank_or_end(0) {
                let byte = self.cursor.byte(0);
                if byte == quote {
                    if quote == b'\'' && self.cursor.byte(1) == b'\'' {
                        self.cursor.skip();
                        text.push_str(self.cursor.skip());
                        continue;
                    }
                    break;
                }
                if quote == b'"' && byte == b'\\' {
                    if self.cursor.break_length(1) > 0 {
                        self.cursor.skip();
                        self.cursor.skip_break();
                        broken = true;
                        break;
                    }
                    let character = self.escape(start)?;
                    text.push(character);
                    continue;
                }
                text.push_str(self.cursor.skip());
            }
            if self.cursor.byte(0) == quote {
                break;
            }
            let mut blanks = String::new();
            let mut breaks = Breaks::default();
            while self.cursor.is_blank() || self.cursor.is_break() {
                if self.cursor.is_blank() {
                    let blank = self.cursor.skip();
                    if !broken {
                        blanks.push_str(blank);
                    }
                } else {
                    breaks.add(self.cursor.skip_break(), !broken);
                    broken = true;
                }
            }
            if broken {
                breaks.fold_into(&mut text);
            } else {
                text.push_str(&blanks);
            }
        }
        self.cursor.skip();
        Ok(Self::scalar_token(Kind::Quoted, text, start, self.cursor.mark))
    }

    /// The character that an escape of double quotes stands for.
    fn escape(&mut self, start: Mark) -> Result<char, Problem> {
        let character = match self.cursor.byte(1) {
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\u{b}',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            byte @ (b' ' | b'"' | b'\'' | b'\\') => char::from(byte),
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            b'x' => return self.code(2, start),
            b'u' => return self.code(4, start),
            b'U' => return self.code(8, start),
            _ => return Err(self.cursor.problem(start, "found unknown escape character")),
        };
        self.cursor.skip_many(2);
        Ok(character)
    }

    fn code(&mut self, digits: usize, start: Mark) -> Result<char, Problem> {
        self.cursor.skip_many(2);
        let mut code: u32 = 0;
        for ahead in 0..digits {
            let Some(digit) = char::from(self.cursor.byte(ahead)).to_digit(16) else {
                return Err(self.cursor.problem(start, "did not find expected hexdecimal number"));
            };
            code = code.wrapping_mul(16).wrapping_add(digit);
        }
        let Some(character) = char::from_u32(code) else {
            return Err(self.cursor.problem(start, "found invalid Unicode character escape code"));
        };
        self.cursor.skip_many(digits);
        Ok(character)
    }

    /// A scalar without quotes, over as many lines as are indented deeper than its block.
    pub(super) fn plain_scalar(&mut self) -> Result<Token, Problem> {
        let start = self.cursor.mark;
        let mut end = start;
        let indent = self.indent + 1;
        let flow = self.in_flow();
        let mut text = String::new();
        let mut blanks = String::new();
        let mut breaks = Breaks::default();
        let mut broken = false;
        loop {
            if self.cursor.document_mark().is_some() || self.cursor.byte(0) == b'#' {
                break;
            }
            while !self.cursor.is_blank_or_end(0) {
                let byte = self.cursor.byte(0);
                if byte == b':' && self.cursor.is_blank_or_end(1)
                    || flow && matches!(byte, b',' | b'?' | b'[' | b']' | b'{' | b'}')
                {
                    break;
                }
                if broken {
                    breaks.fold_into(&mut text);
                    broken = false;
                } else {
                    text.push_str(&blanks);
                }
                blanks.clear();
                text.push_str(self.cursor.skip());
                end = self.cursor.mark;
            }
            if !self.cursor.is_blank() && !self.cursor.is_break() {
                break;
            }
            while self.cursor.is_blank() || self.cursor.is_break() {
                if self.cursor.is_blank() {
                    if broken && (self.cursor.mark.column as isize) < indent && self.cursor.byte(0) == b'\t' {
                        return Err(self.cursor.problem(start, "found a tab character that violates indentation"));
                    }
                    let blank = self.cursor.skip();
                    if !broken {
                        blanks.push_str(blank);
                    }
                } else {
                    blanks.clear();
                    breaks.add(self.cursor.skip_break(), !broken);
                    broken = true;
                }
            }
            if !flow && (self.cursor.mark.column as isize) < indent {
                break;
            }
        }
        if broken {
            self.key_allowed = true;
        }
        Ok(Self::scalar_token(Kind::Plain, text, start, end))
    }
}
