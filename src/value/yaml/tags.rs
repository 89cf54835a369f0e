//! Directives and tags.

use super::cursor::{Mark, Problem};
use super::scanner::Scanner;
use super::token::{Kind, Token};

impl Scanner<'_> {
    /// `%YAML 1.1` or `%TAG !e! tag:example.com,2000:`, to the end of its line.
    pub(super) fn directive(&mut self) -> Result<Token, Problem> {
        let start = self.cursor.mark;
        self.cursor.skip();
        let name = self.cursor.take_word();
        if name.is_empty() {
            return Err(self.cursor.problem(start, "could not find expected directive name"));
        }
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.cursor.problem(start, "found unexpected non-alphabetical character"));
        }
        let (kind, text, more) = match name.as_str() {
            "YAML" => {
                self.cursor.skip_blanks();
                let major = self.version_number(start)?;
                if self.cursor.byte(0) != b'.' {
                    return Err(self.cursor.problem(start, "did not find expected digit or '.' character"));
                }
                self.cursor.skip();
                (Kind::Version, major, self.version_number(start)?)
            }
            "TAG" => {
                self.cursor.skip_blanks();
                let handle = self.tag_handle(true, start)?;
                if !self.cursor.is_blank() {
                    return Err(self.cursor.problem(start, "did not find expected whitespace"));
                }
                self.cursor.skip_blanks();
                let prefix = self.tag_uri("", start)?;
                self.expect_blank(start)?;
                (Kind::TagDirective, handle, prefix)
            }
            _ => return Err(self.cursor.problem(start, "found unknown directive name")),
        };
        let mut token = Self::token(kind, start, self.cursor.mark);
        (token.text, token.more) = (text, more);
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_break() && !self.cursor.is_end() {
            return Err(self.cursor.problem(start, "did not find expected comment or line break"));
        }
        self.cursor.skip_break();
        Ok(token)
    }

    fn version_number(&mut self, start: Mark) -> Result<String, Problem> {
        let mut digits = String::new();
        while self.cursor.byte(0).is_ascii_digit() {
            if digits.len() == 2 {
                return Err(self.cursor.problem(start, "found extremely long version number"));
            }
            digits.push_str(self.cursor.skip());
        }
        if digits.is_empty() {
            return Err(self.cursor.problem(start, "did not find expected version number"));
        }
        // 01 is as good as 1.
        Ok(match digits.strip_prefix('0') {
            Some(rest) if !rest.is_empty() => rest.to_owned(),
            _ => digits,
        })
    }

    fn expect_blank(&self, start: Mark) -> Result<(), Problem> {
        if self.cursor.is_blank_or_end(0) {
            return Ok(());
        }
        Err(self.cursor.problem(start, "did not find expected whitespace or line break"))
    }

    /// `!`, `!local`, `!!type`, `!e!name` or `!<whole:uri>`.
    pub(super) fn tag(&mut self) -> Result<Token, Problem> {
        let start = self.cursor.mark;
        let (handle, suffix);
        if self.cursor.byte(1) == b'<' {
            self.cursor.skip_many(2);
            handle = String::new();
            suffix = self.tag_uri("", start)?;
            if self.cursor.byte(0) != b'>' {
                return Err(self.cursor.problem(start, "did not find the expected '>'"));
            }
            self.cursor.skip();
        } else {
            let first = self.tag_handle(false, start)?;
            if first.len() > 1 && first.ends_with('!') {
                suffix = self.tag_uri("", start)?;
                handle = first;
            } else {
                let rest = self.tag_uri(&first, start)?;
                // A lone mark stands for itself.
                (handle, suffix) = if rest.is_empty() { (rest, "!".to_owned()) } else { ("!".to_owned(), rest) };
            }
        }
        self.expect_blank(start)?;
        let mut token = Self::token(Kind::Tag, start, self.cursor.mark);
        (token.text, token.more) = (handle, suffix);
        Ok(token)
    }

    fn tag_handle(&mut self, directive: bool, start: Mark) -> Result<String, Problem> {
        if self.cursor.byte(0) != b'!' {
            return Err(self.cursor.problem(start, "did not find expected '!'"));
        }
        let mut handle = self.cursor.skip().to_owned();
        handle.push_str(&self.cursor.take_word());
        if self.cursor.byte(0) == b'!' {
            handle.push_str(self.cursor.skip());
        } else if directive && handle != "!" {
            return Err(self.cursor.problem(start, "did not find expected '!'"));
        }
        Ok(handle)
    }

    fn tag_uri(&mut self, head: &str, start: Mark) -> Result<String, Problem> {
        let mut uri: Vec<u8> = head.bytes().skip(1).collect();
        let mut found = !head.is_empty();
        loop {
            match self.cursor.byte(0) {
                b'%' => self.uri_escape(start, &mut uri)?,
                b'0'..=b'9'
                | b'A'..=b'Z'
                | b'a'..=b'z'
                | b'_'
                | b'-'
                | b';'
                | b'/'
                | b'?'
                | b':'
                | b'@'
                | b'&'
                | b'='
                | b'+'
                | b'$'
                | b','
                | b'.'
                | b'!'
                | b'~'
                | b'*'
                | b'\''
                | b'('
                | b')'
                | b'['
                | b']' => {
                    uri.extend(self.cursor.skip().bytes());
                }
                _ => break,
            }
            found = true;
        }
        if !found {
            return Err(self.cursor.problem(start, "did not find expected tag URI"));
        }
        Ok(String::from_utf8_lossy(&uri).into_owned())
    }

    /// One character, each of its bytes as `%xx`.
    fn uri_escape(&mut self, start: Mark, uri: &mut Vec<u8>) -> Result<(), Problem> {
        let mut left = 0;
        loop {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let byte = match (self.cursor.byte(0), digit(self.cursor.byte(1)), digit(self.cursor.byte(2))) {
                (b'%', Some(high), Some(low)) => (high * 16 + low) as u8,
                _ => return Err(self.cursor.problem(start, "did not find URI escaped octet")),
            };
            if left > 0 {
                if byte & 0xC0 != 0x80 {
                    return Err(self.cursor.problem(start, "found an incorrect trailing UTF-8 octet"));
                }
                left -= 1;
            } else {
                left = match byte {
                    0..0x80 => 0,
                    0xC0..0xE0 => 1,
                    0xE0..0xF0 => 2,
                    0xF0..0xF8 => 3,
                    _ => {
                        return Err(self.cursor.problem(start, "found an incorrect leading UTF-8 octet"));
                    }
                };
            }
            uri.push(byte);
            self.cursor.skip_many(3);
            if left == 0 {
                return Ok(());
            }
        }
    }
}
