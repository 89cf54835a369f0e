//! The description of kinds that have none of their own: every field in order, its name in words.

use super::cluster::head;
use super::writer::Writer;
use crate::api::Object;
use crate::value::Value;

/// Words that are always written in capitals.
const ACRONYMS: [&str; 5] = ["API", "URL", "UID", "OSB", "GUID"];

/// What of the metadata is not repeated below the head.
const SHOWN_ABOVE: [&str; 5] = ["managedFields", "name", "namespace", "labels", "annotations"];

/// Any object, but for its events.
pub fn generic(out: &mut Writer, object: &Object) {
    head(out, object);
    let mut tree = object.tree.clone();
    for key in SHOWN_ABOVE {
        tree.take(&["metadata", key]);
    }
    content(out, 0, &tree);
}

fn content(out: &mut Writer, level: usize, map: &Value) {
    for (key, value) in map.pairs() {
        let label = words(key);
        match value {
            Value::Map(_) => {
                out.line(level, &format!("{label}:"));
                content(out, level + 1, value);
            }
            Value::List(items) => {
                out.line(level, &format!("{label}:"));
                for item in items.iter() {
                    match item {
                        Value::Map(_) => content(out, level + 1, item),
                        scalar => out.line(level + 1, &super::super::go::plain(scalar)),
                    }
                }
            }
            scalar => out.field(level, &label, &super::super::go::plain(scalar)),
        }
    }
}

/// `imagePullPolicy` in words: `Image Pull Policy`. Names with other characters than letters stay as they are.
fn words(key: &str) -> String {
    if !key.chars().all(|c| c.is_ascii_alphabetic() || c == '-') {
        return key.to_owned();
    }
    let parts: Vec<String> = split(key)
        .into_iter()
        .map(|part| {
            let upper = part.to_ascii_uppercase();
            if ACRONYMS.contains(&upper.as_str()) {
                return upper;
            }
            let mut letters = part.chars();
            letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect();
    parts.join(" ")
}

/// Splits at changes of case: a capital belongs to the small letters after it (`podIPs` is `pod`, `I`, `Ps`).
fn split(key: &str) -> Vec<String> {
    let class = |c: char| {
        if c.is_ascii_lowercase() { 0 } else { 1 + u8::from(!c.is_ascii_uppercase()) }
    };
    let mut runs: Vec<String> = Vec::new();
    let mut last = None;
    for c in key.chars() {
        match runs.last_mut() {
            Some(run) if last == Some(class(c)) => run.push(c),
            _ => runs.push(c.to_string()),
        }
        last = Some(class(c));
    }
    for at in 1..runs.len() {
        let small = runs.get(at).is_some_and(|run| run.starts_with(|c: char| c.is_ascii_lowercase()));
        let capital =
            runs.get_mut(at - 1).filter(|run| run.ends_with(|c: char| c.is_ascii_uppercase())).and_then(String::pop);
        match (capital, small) {
            (Some(capital), true) => {
                if let Some(run) = runs.get_mut(at) {
                    run.insert(0, capital);
                }
            }
            (Some(capital), false) => {
                if let Some(run) = runs.get_mut(at - 1) {
                    run.push(capital);
                }
            }
            (None, _) => {}
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn field_names_become_words() {
        let cases = [
            ("imagePullPolicy", "Image Pull Policy"),
            ("apiVersion", "API Version"),
            ("uid", "UID"),
            ("podIP", "Pod IP"),
            ("$patch", "$patch"),
            ("kubectl.kubernetes.io/restartedAt", "kubectl.kubernetes.io/restartedAt"),
            ("app", "App"),
        ];
        for (key, shown) in cases {
            assert_eq!(words(key), shown);
        }
    }
}
