//! Which style a text is written in, and the words of each style.

use super::resolve::{Meaning, resolve};

/// A line break of YAML 1.1.
pub fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether the writer lets the character stand as it is. Everything beyond the basic plane is escaped, a tab too.
fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && character != '\u{feff}'
}

/// The style of one text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Style {
    /// Unquoted.
    Plain,
    /// `'…'`.
    Single,
    /// `"…"`.
    Double,
    /// `|`, line by line.
    Literal,
}

/// What can be seen in a text; each is a fact of its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Default)]
struct Traits {
    indicator: bool,
    special: bool,
    breaks: bool,
    edge_blank: bool,
    trailing_space: bool,
    break_space: bool,
    space_break: bool,
}

fn look(text: &str) -> Traits {
    let mut traits = Traits { indicator: text.starts_with("---") || text.starts_with("..."), ..Traits::default() };
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let next = rest.peek().copied();
        let blank_follows = matches!(next, None | Some(' ' | '\t'));
        traits.indicator |= match (before, character) {
            (None, '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`') => {
                true
            }
            (None, '?' | '-') | (_, ':') => blank_follows,
            (Some(previous), '#') => is_break(previous) || matches!(previous, ' ' | '\t' | '\0'),
            _ => false,
        };
        traits.special |= !is_printable(character);
        let edge = before.is_none() || next.is_none();
        if character == ' ' {
            traits.edge_blank |= edge;
            traits.trailing_space |= next.is_none();
            traits.break_space |= before.is_some_and(is_break);
        } else if is_break(character) {
            traits.breaks = true;
            traits.edge_blank |= edge;
            traits.space_break |= before == Some(' ');
        }
        before = Some(character);
    }
    traits
}

/// Whether the text has more than one line.
pub fn is_multiline(text: &str) -> bool {
    text.contains(is_break)
}

/// The style of a text; `key` is one that stands before its colon on one line.
pub fn style_of(text: &str, key: bool) -> Style {
    let wanted = if text.contains('\n') {
        Style::Literal
    } else if resolve(text) == Meaning::Text && !is_base_sixty(text) {
        Style::Plain
    } else {
        return Style::Double;
    };
    let traits = look(text);
    if traits.special || traits.space_break || traits.breaks && key {
        return Style::Double;
    }
    match wanted {
        Style::Literal if traits.trailing_space => Style::Double,
        Style::Plain if traits.break_space => Style::Double,
        Style::Plain if traits.indicator || traits.edge_blank || traits.breaks => Style::Single,
        _ => wanted,
    }
}

/// `12:30:45` was a number in YAML 1.1; it is read as text but written in quotes.
fn is_base_sixty(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let Some(first) = parts.next() else {
        return false;
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    if !first.starts_with(|c: char| c.is_ascii_digit()) || !digits(first) {
        return false;
    }
    let mut rest = parts.peekable();
    if rest.peek().is_none() {
        return false;
    }
    while let Some(part) = rest.next() {
        let (whole, fraction) = match part.split_once('.') {
            Some(halves) if rest.peek().is_none() => halves,
            _ => (part, ""),
        };
        let fits = matches!(whole.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
        if !fits || !digits(fraction) {
            return false;
        }
    }
    true
}

/// The escape of one character inside double quotes; none where it stands as it is. `all` leaves none as it is.
pub fn escape(character: char, all: bool) -> Option<String> {
    let short = match character {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{a0}' if all => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        other if is_printable(other) && !all => return None,
        other => {
            return Some(match other as u32 {
                code @ 0..=0xFF => format!("\\x{code:02X}"),
                code @ 0x100..=0xFFFF => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            });
        }
    };
    Some(format!("\\{short}"))
}
