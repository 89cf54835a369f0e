//! `-o kyaml`: YAML in which every text is quoted and every map has braces, so that nothing depends on indentation.

use super::layout::spaces;
use crate::value::{Text, Value};

/// A document with its first line `---`.
pub fn document(value: &Value) -> String {
    let mut out = String::from("---\n");
    render(value, 0, &mut out);
    out.push('\n');
    out
}

fn render(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&super::go::float(*number)),
        Value::Text(text) if text.contains('\n') => lines(text, level, out),
        Value::Text(text) => quoted(text, out),
        Value::List(items) => list(items, level, out),
        Value::Map(map) => {
            if map.is_empty() {
                out.push_str("{}");
                return;
            }
            out.push_str("{\n");
            for (key, value) in map.iter() {
                spaces(out, 2 * (level + 1));
                if is_plain_key(key) {
                    out.push_str(key);
                } else {
                    quoted(key, out);
                }
                out.push_str(": ");
                render(value, level + 1, out);
                out.push_str(",\n");
            }
            spaces(out, 2 * level);
            out.push('}');
        }
    }
}

/// Maps and lists cuddle their brackets; scalars stand on lines of their own.
fn list(items: &[Value], level: usize, out: &mut String) {
    if items.is_empty() {
        out.push_str("[]");
        return;
    }
    let cuddles = items.iter().all(|item| match item {
        Value::Map(map) => !map.is_empty(),
        Value::List(items) => !items.is_empty(),
        _ => false,
    });
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if cuddles {
            if at > 0 {
                out.push_str(", ");
            }
            render(item, level, out);
        } else {
            out.push('\n');
            spaces(out, 2 * (level + 1));
            render(item, level + 1, out);
            out.push(',');
        }
    }
    if !cuddles {
        out.push('\n');
        spaces(out, 2 * level);
    }
    out.push(']');
}

/// A text of several lines: each on a line of its own, its end written out.
fn lines(text: &Text, level: usize, out: &mut String) {
    out.push_str("\"\\\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = match rest.split_once('\n') {
            Some((line, after)) => (line, Some(after)),
            None => (rest, None),
        };
        spaces(out, 2 * (level + 1));
        // YAML drops blanks at the beginning of a line unless the first of them is escaped.
        out.push(if line.starts_with([' ', '\t']) { '\\' } else { ' ' });
        escaped(line, out);
        if after.is_some() {
            out.push_str("\\n");
        }
        out.push_str("\\\n");
        rest = after.unwrap_or("");
    }
    spaces(out, 2 * (level + 1));
    out.push('"');
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    escaped(text, out);
    out.push('"');
}

fn escaped(text: &str, out: &mut String) {
    let text = super::go::quoted(text);
    out.push_str(text.get(1..text.len() - 1).unwrap_or(""));
}

/// Whether a key can stand without quotes: a name that YAML could not take for anything else.
fn is_plain_key(key: &str) -> bool {
    let is_word = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'));
    let lower = key.to_ascii_lowercase();
    is_word && !matches!(lower.as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{list, map};

    #[test]
    fn everything_has_braces_and_quotes() {
        let tree = map! {
            "a" => map! {}, "b" => list!["x", 1], "c" => list![map! { "k" => true }, map! { "k" => Value::Null }],
            "no" => "two\n  lines",
        };
        let expected = [
            "---",
            "{",
            "  a: {},",
            "  b: [",
            "    \"x\",",
            "    1,",
            "  ],",
            "  c: [{",
            "    k: true,",
            "  }, {",
            "    k: null,",
            "  }],",
            "  \"no\": \"\\",
            "     two\\n\\",
            "    \\  lines\\",
            "    \",",
            "}",
            "",
        ];
        assert_eq!(document(&tree), expected.join("\n"));
    }
}
