//! Field selectors: the text after `--field-selector`.

use crate::value::Text;

/// One requirement of a field selector: path, whether equal is asked for (`true`) or different, value.
pub type FieldRequirement = (Text, bool, Text);

/// Reads a field selector: `a=b,c!=d,e==f`. A backslash takes the meaning from a comma or an equals sign.
///
/// # Errors
/// The text with which Kubernetes refuses it.
pub fn parse_fields(text: &str) -> Result<Vec<FieldRequirement>, String> {
    let mut found = Vec::new();
    for term in terms(text) {
        if term.is_empty() {
            continue;
        }
        let Some((field, equal, value)) = operator(term) else {
            return Err(format!("invalid selector: '{text}'; can't understand '{term}'"));
        };
        found.push((Text::copy(field), equal, unescape(value)?));
    }
    Ok(found)
}

/// The parts between commas that no backslash precedes.
fn terms(text: &str) -> Vec<&str> {
    let (mut parts, mut rest, mut escaped) = (Vec::new(), text, false);
    let mut at = 0;
    for (here, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                let (part, after) = rest.split_at_checked(here - at).unwrap_or((rest, ""));
                parts.push(part);
                rest = after.get(1..).unwrap_or("");
                at = here + 1;
            }
            _ => {}
        }
    }
    parts.push(rest);
    parts
}

/// Field, whether equal is asked for, and value: cut at the first operator.
fn operator(term: &str) -> Option<(&str, bool, &str)> {
    for (at, _) in term.char_indices() {
        let (field, rest) = term.split_at_checked(at)?;
        for (symbol, equal) in [("!=", false), ("==", true), ("=", true)] {
            if let Some(value) = rest.strip_prefix(symbol) {
                return Some((field, equal, value));
            }
        }
    }
    None
}

fn unescape(value: &str) -> Result<Text, String> {
    if !value.contains(['\\', ',', '=']) {
        return Ok(Text::copy(value));
    }
    let (mut plain, mut escaped) = (String::new(), false);
    for c in value.chars() {
        match c {
            '\\' | ',' | '=' if escaped => {
                plain.push(c);
                escaped = false;
            }
            _ if escaped => {
                return Err(format!("invalid field selector: invalid escape sequence: \\{c}"));
            }
            '\\' => escaped = true,
            ',' | '=' => {
                return Err(format!("invalid field selector: unescaped character in value: {c}"));
            }
            _ => plain.push(c),
        }
    }
    if escaped {
        return Err("invalid field selector: invalid escape sequence: \\".to_owned());
    }
    Ok(plain.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read_up_to_their_first_operator() {
        let fields = parse_fields("reason=FailedCreate,involvedObject.name!=web-0,,a==b").unwrap();
        let read: Vec<(&str, bool, &str)> =
            fields.iter().map(|(field, equal, value)| (field.as_str(), *equal, value.as_str())).collect();
        assert_eq!(read, [("reason", true, "FailedCreate"), ("involvedObject.name", false, "web-0"), ("a", true, "b")]);
        assert_eq!(parse_fields("x=a\\,b").unwrap()[0].2.as_str(), "a,b");
    }

    #[test]
    fn a_term_without_operator_is_not_understood() {
        assert_eq!(
            parse_fields("status.phase").unwrap_err(),
            "invalid selector: 'status.phase'; can't understand 'status.phase'"
        );
        assert_eq!(parse_fields("a=b=c").unwrap_err(), "invalid field selector: unescaped character in value: =");
    }
}
