//! JSON out, as Go's encoder writes it.

use super::json_float;
use crate::value::Value;

/// How texts and blanks are written.
#[derive(Clone, Copy)]
struct Manner {
    /// `<`, `>` and `&` as `\u003c` and so on.
    escape_html: bool,
    /// The blanks of one level, where every member has its line.
    indent: Option<&'static str>,
}

/// One line, `<`, `>` and `&` escaped: what Go's encoder writes (annotations, patches, request bodies).
pub fn to_compact(value: &Value) -> String {
    text(value, true, None)
}

/// One line, `<`, `>` and `&` as they are: what kubectl's jsonpath prints.
pub fn to_compact_plain(value: &Value) -> String {
    text(value, false, None)
}

/// Indented by four spaces, as `kubectl get -o json` prints it; without the final line break.
pub fn to_pretty(value: &Value) -> String {
    text(value, true, Some("    "))
}

/// Indented by two spaces, as `kubectl apply view-last-applied -o json` prints it; without the final line break.
pub fn to_pretty_narrow(value: &Value) -> String {
    text(value, true, Some("  "))
}

fn text(value: &Value, escape_html: bool, indent: Option<&'static str>) -> String {
    let mut out = String::new();
    let manner = Manner { escape_html, indent };
    write(&mut out, value, manner, 0);
    out
}

fn new_line(out: &mut String, manner: Manner, level: usize) {
    if let Some(indent) = manner.indent {
        out.push('\n');
        for _ in 0..level {
            out.push_str(indent);
        }
    }
}

fn write(out: &mut String, value: &Value, manner: Manner, level: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&json_float(*number)),
        Value::Text(text) => write_text(out, text, manner),
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                new_line(out, manner, level + 1);
                write(out, item, manner, level + 1);
            }
            if !items.is_empty() {
                new_line(out, manner, level);
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (at, (key, item)) in map.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                new_line(out, manner, level + 1);
                write_text(out, key, manner);
                out.push_str(if manner.indent.is_some() { ": " } else { ":" });
                write(out, item, manner, level + 1);
            }
            if !map.is_empty() {
                new_line(out, manner, level);
            }
            out.push('}');
        }
    }
}

fn write_text(out: &mut String, text: &str, manner: Manner) {
    out.push('"');
    // Most texts have nothing to escape and are taken as they are.
    let plain = |byte: u8| (b' '..0x7f).contains(&byte) && !matches!(byte, b'"' | b'\\' | b'<' | b'>' | b'&');
    if text.bytes().all(plain) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            // Line and paragraph separators end a line in JavaScript: always escaped.
            '\0'..' ' | '\u{2028}' | '\u{2029}' => escape(out, character),
            '<' | '>' | '&' if manner.escape_html => escape(out, character),
            other => out.push(other),
        }
    }
    out.push('"');
}

fn escape(out: &mut String, character: char) {
    out.push_str("\\u");
    for shift in [12, 8, 4, 0] {
        out.extend(char::from_digit((character as u32 >> shift) & 15, 16));
    }
}
