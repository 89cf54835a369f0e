//! Lines of a description: keys, a tab, values; laid out at the end.

use super::super::layout;
use crate::time::Time;
use crate::value::{Map, Value};

/// Annotations longer than this get lines of their own, cut there.
const LONGEST_ANNOTATION: usize = 140;
/// What `kubectl apply` remembers is not shown.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Spaces between the columns of a description.
const PADDING: usize = 2;

/// Collects the lines of a description.
#[derive(Default)]
pub struct Writer {
    text: String,
}

impl Writer {
    /// Text as it is.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// One line, indented by two spaces a level.
    pub fn line(&mut self, level: usize, text: &str) {
        for _ in 0..level {
            self.text.push_str("  ");
        }
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A key and its value.
    pub fn field(&mut self, level: usize, key: &str, value: &str) {
        for _ in 0..level {
            self.text.push_str("  ");
        }
        for part in [key, ":\t", value, "\n"] {
            self.text.push_str(part);
        }
    }

    /// A key and its value, unless the value is empty.
    pub fn field_if(&mut self, level: usize, key: &str, value: &str) {
        if !value.is_empty() {
            self.field(level, key, value);
        }
    }

    /// A key with one line per value; `<none>` without values.
    pub fn many(&mut self, key: &str, values: &[String]) {
        match values {
            [] => self.field(0, key, "<none>"),
            [first, rest @ ..] => {
                self.field(0, key, first);
                for value in rest {
                    self.push("\t");
                    self.line(0, value);
                }
            }
        }
    }

    /// Labels, or anything that is shown like them, one line each.
    pub fn labels(&mut self, key: &str, labels: &Value) {
        let pairs: Vec<String> = labels.pairs().map(|(k, v)| format!("{k}={}", v.str_or_empty())).collect();
        self.many(key, &pairs);
    }

    /// Annotations, one line each where they are short.
    pub fn annotations(&mut self, key: &str, annotations: &Value) {
        let mut first = true;
        for (name, value) in annotations.pairs().filter(|(name, _)| **name != LAST_APPLIED) {
            if first {
                self.push(key);
                self.push(":\t");
            } else {
                self.push("\t");
            }
            first = false;
            let value = value.str_or_empty();
            let value = value.strip_suffix('\n').unwrap_or(value);
            if name.len() + value.len() + 2 <= LONGEST_ANNOTATION && !value.contains('\n') {
                self.line(0, &format!("{name}: {value}"));
                continue;
            }
            self.line(0, &format!("{name}:"));
            for line in value.split('\n') {
                self.push("\t  ");
                self.line(0, &shortened(line, LONGEST_ANNOTATION - 2));
            }
        }
        if first {
            self.field(0, key, "<none>");
        }
    }

    /// The description, its columns aligned.
    pub fn finish(self) -> String {
        layout::tabbed(&self.text, 0, PADDING)
    }

    /// The lines with their tabs.
    pub fn raw(self) -> String {
        self.text
    }
}

fn shortened(line: &str, longest: usize) -> String {
    if line.len() <= longest {
        return line.to_owned();
    }
    let mut end = longest;
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}...", line.get(..end).unwrap_or(""))
}

/// A moment of an object as descriptions show it; `otherwise` where it is missing.
pub fn moment(value: &Value, otherwise: &str) -> String {
    match value.as_str().and_then(Time::parse) {
        Some(moment) => moment.rfc1123(),
        None => otherwise.to_owned(),
    }
}

/// `True` or `False`; a missing flag is false.
pub fn flag(value: &Value) -> &'static str {
    if value.as_bool() == Some(true) { "True" } else { "False" }
}

/// `true` or `false`; a missing flag is false.
pub fn lower_flag(value: &Value) -> &'static str {
    if value.as_bool() == Some(true) { "true" } else { "false" }
}

/// `[a b]`, as Go prints a list.
pub fn bracketed(values: &Value) -> String {
    let values: Vec<&str> = values.items().iter().map(Value::str_or_empty).collect();
    format!("[{}]", values.join(" "))
}

/// A map, or an empty one.
pub fn map_of(value: &Value) -> &Map {
    value.as_map().unwrap_or(const { &Map::new() })
}

/// A label selector as text: `app=web,tier in (a,b),!old`; `<none>` for one that is empty.
pub fn selector(selector: &Value) -> String {
    let mut parts: Vec<(String, String)> = selector
        .at(&["matchLabels"])
        .pairs()
        .map(|(key, value)| (key.to_string(), format!("{key}={}", value.str_or_empty())))
        .collect();
    for expression in selector.at(&["matchExpressions"]).items() {
        let key = expression.at(&["key"]).str_or_empty();
        let mut values: Vec<&str> = expression.at(&["values"]).items().iter().map(Value::str_or_empty).collect();
        crate::sorted::sort(&mut values);
        let values = values.join(",");
        let text = match expression.at(&["operator"]).str_or_empty() {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "Exists" => key.to_owned(),
            _ => format!("!{key}"),
        };
        parts.push((key.to_owned(), text));
    }
    crate::sorted::sort_by(&mut parts, &|(a, _), (b, _)| a.cmp(b));
    if parts.is_empty() {
        return "<none>".to_owned();
    }
    let texts: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
    texts.join(",")
}
