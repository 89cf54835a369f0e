//! Cutting a Go template into text and the tokens of its actions.

use super::super::jsonpath::{Scanner, is_of_name, unicode};

/// A token of an action, with its offset in the source.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// Text between actions.
    Text(String),
    /// `{{` and `}}`.
    Open,
    Close,
    Space,
    Declare,
    Assign,
    Comma,
    Pipe,
    LeftParen,
    RightParen,
    Dot,
    /// `.name`, without the dot.
    Field(String),
    /// `$name`, with the dollar sign.
    Variable(String),
    Word(String),
    Quoted(String),
    Char(i64),
    Number(String),
}

/// Cuts a template into tokens.
///
/// # Errors
/// The offset and what is wrong there.
pub fn tokens(source: &str) -> Result<Vec<(usize, Token)>, (usize, String)> {
    let mut out = Vec::new();
    let mut rest = source;
    let mut trims_left = false;
    loop {
        let start = source.len() - rest.len();
        let (text, after) = match rest.find("{{") {
            Some(at) => (rest.get(..at).unwrap_or(""), rest.get(at + 2..)),
            None => (rest, None),
        };
        let mut text = text;
        if trims_left {
            text = text.trim_start();
        }
        let trims_right = after.is_some_and(|after| after.starts_with('-') && after.get(1..2).is_some_and(is_space));
        if trims_right {
            text = text.trim_end();
        }
        if !text.is_empty() {
            out.push((start, Token::Text(text.to_owned())));
        }
        let Some(mut after) = after else {
            return Ok(out);
        };
        if trims_right {
            after = after.get(2..).unwrap_or("");
        }
        let offset = source.len() - after.len();
        if let Some(comment) = after.strip_prefix("/*") {
            let Some(end) = comment.find("*/") else {
                return Err((offset, "unclosed comment".into()));
            };
            let after = comment.get(end + 2..).unwrap_or("");
            (trims_left, rest) = match (after.strip_prefix("}}"), after.strip_prefix(" -}}")) {
                (Some(rest), _) => (false, rest),
                (_, Some(rest)) => (true, rest),
                _ => return Err((offset, "comment ends before closing delimiter".into())),
            };
            continue;
        }
        out.push((offset, Token::Open));
        let mut scanner = Scanner::new(after);
        trims_left = action(&mut scanner, source.len(), &mut out)?;
        rest = scanner.rest();
    }
}

fn is_space(text: &str) -> bool {
    matches!(text, " " | "\t" | "\n" | "\r")
}

/// Reads up to the end of an action; answers whether the text after it is trimmed.
fn action(scanner: &mut Scanner<'_>, length: usize, out: &mut Vec<(usize, Token)>) -> Result<bool, (usize, String)> {
    let mut depth = 0usize;
    loop {
        let offset = length - scanner.rest().len();
        let fail = |what: String| Err((offset, what));
        let Some(c) = scanner.peek() else {
            return fail("unclosed action".into());
        };
        let rest = scanner.rest();
        let trimmed = rest.get(..1).is_some_and(is_space) && rest.get(1..).is_some_and(|r| r.starts_with("-}}"));
        if trimmed || rest.starts_with("}}") {
            if depth > 0 {
                return fail("unclosed left paren".into());
            }
            if trimmed {
                scanner.next();
                scanner.next();
            }
            scanner.eat("}}");
            out.push((offset, Token::Close));
            return Ok(trimmed);
        }
        let token = match c {
            ' ' | '\t' | '\r' | '\n' => {
                scanner.next();
                // A blank before a trim marker belongs to the marker, so blanks are taken one by one.
                if matches!(out.last(), Some((_, Token::Space))) {
                    continue;
                }
                Token::Space
            }
            ':' => {
                if !scanner.eat(":=") {
                    return fail("expected :=".into());
                }
                Token::Declare
            }
            '=' | ',' | '|' | '(' | ')' => {
                scanner.next();
                match c {
                    '=' => Token::Assign,
                    ',' => Token::Comma,
                    '|' => Token::Pipe,
                    '(' => {
                        depth += 1;
                        Token::LeftParen
                    }
                    _ if depth == 0 => return fail("unexpected right paren".into()),
                    _ => {
                        depth -= 1;
                        Token::RightParen
                    }
                }
            }
            '"' => quoted(scanner).map_err(|what| (offset, what))?,
            '`' => {
                scanner.next();
                let text = scanner.until(|c| c == '`').to_owned();
                if !scanner.eat("`") {
                    return fail("unterminated raw quoted string".into());
                }
                Token::Quoted(text)
            }
            '\'' => character(scanner).map_err(|what| (offset, what))?,
            '$' => {
                scanner.next();
                let name = scanner.until(|c| !is_of_name(c));
                ends(scanner).map_err(|what| (offset, what))?;
                Token::Variable(format!("${name}"))
            }
            '.' if !rest.get(1..2).is_some_and(|next| next.chars().all(|c| c.is_ascii_digit())) => {
                scanner.next();
                let name = scanner.until(|c| !is_of_name(c));
                ends(scanner).map_err(|what| (offset, what))?;
                if name.is_empty() { Token::Dot } else { Token::Field(name.to_owned()) }
            }
            '+' | '-' | '.' | '0'..='9' => {
                let mut text = String::new();
                text.extend(scanner.next());
                text.push_str(scanner.until(|c| !(is_of_name(c) || c == '.')));
                if text.ends_with(['e', 'E'])
                    && !text.starts_with("0x")
                    && scanner.peek().is_some_and(|c| c == '+' || c == '-')
                {
                    text.extend(scanner.next());
                    text.push_str(scanner.until(|c| !c.is_ascii_digit()));
                }
                Token::Number(text)
            }
            c if is_of_name(c) => {
                let word = scanner.until(|c| !is_of_name(c)).to_owned();
                ends(scanner).map_err(|what| (offset, what))?;
                Token::Word(word)
            }
            c => return fail(format!("unrecognized character in action: {}", unicode(c))),
        };
        out.push((offset, token));
    }
}

/// A name must be followed by something that can follow a name.
fn ends(scanner: &Scanner<'_>) -> Result<(), String> {
    match scanner.peek() {
        None | Some(' ' | '\t' | '\r' | '\n' | '.' | ',' | '|' | ':' | ')' | '(' | '=' | '}') => Ok(()),
        Some(c) => Err(format!("bad character {}", unicode(c))),
    }
}

fn quoted(scanner: &mut Scanner<'_>) -> Result<Token, String> {
    scanner.next();
    let mut text = String::new();
    loop {
        match scanner.next() {
            None | Some('\n') => return Err("unterminated quoted string".into()),
            Some('"') => return Ok(Token::Quoted(text)),
            Some('\\') => text.push(escaped(scanner)?),
            Some(c) => text.push(c),
        }
    }
}

fn escaped(scanner: &mut Scanner<'_>) -> Result<char, String> {
    let bad = || "invalid syntax".to_owned();
    let digits = match scanner.next().ok_or_else(bad)? {
        'n' => return Ok('\n'),
        't' => return Ok('\t'),
        'r' => return Ok('\r'),
        'a' => return Ok('\u{7}'),
        'b' => return Ok('\u{8}'),
        'f' => return Ok('\u{c}'),
        'v' => return Ok('\u{b}'),
        c @ ('\\' | '"' | '\'') => return Ok(c),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return Err(bad()),
    };
    let text: String = (0..digits).filter_map(|_| scanner.next()).collect();
    u32::from_str_radix(&text, 16).ok().and_then(char::from_u32).ok_or_else(bad)
}

fn character(scanner: &mut Scanner<'_>) -> Result<Token, String> {
    scanner.next();
    let c = match scanner.next() {
        Some('\\') => escaped(scanner)?,
        Some(c) if c != '\n' => c,
        _ => return Err("unterminated character constant".into()),
    };
    if scanner.eat("'") {
        Ok(Token::Char(i64::from(u32::from(c))))
    } else {
        Err("unterminated character constant".into())
    }
}
