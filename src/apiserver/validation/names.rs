//! The forms of names: DNS labels and subdomains, label keys and values, port names, and what is said of those that
//! have not the form (`reference/api-defaults-validation.md` §2). Each function answers the complaints, none for a
//! good name.

/// Complaints about one text.
pub(super) type Complaints = Vec<String>;

const LABEL_MESSAGE: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', \
     and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation \
     is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_MESSAGE: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \
     '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation \
     is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const KEY_MESSAGE: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
     alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
     '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_MESSAGE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or \
     '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex \
     used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const CONFIG_KEY_MESSAGE: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. \
     'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const PERCENT_MESSAGE: &str = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  \
     or '93%', regex used for validation is '[0-9]+%')";

/// Whether a text starts and ends with `edge` bytes and has only `inner` or `edge` bytes between them.
fn shaped(text: &str, edge: fn(u8) -> bool, inner: &[u8]) -> bool {
    let bytes = text.as_bytes();
    bytes.first().copied().is_some_and(edge)
        && bytes.last().copied().is_some_and(edge)
        && bytes.iter().all(|b| edge(*b) || inner.contains(b))
}

fn lower_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn letter_or_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn is_label(text: &str) -> bool {
    shaped(text, lower_or_digit, b"-")
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

/// An RFC 1123 label.
pub(super) fn dns_label(text: &str) -> Complaints {
    let mut complaints = Vec::new();
    if text.len() > 63 {
        complaints.push("must be no more than 63 characters".to_owned());
    }
    if !is_label(text) {
        // With dots it would be a good subdomain: then the dots are the trouble.
        let message = if is_subdomain(text) { "must not contain dots" } else { LABEL_MESSAGE };
        complaints.push(message.to_owned());
    }
    complaints
}

/// An RFC 1123 subdomain.
pub(super) fn dns_subdomain(text: &str) -> Complaints {
    let mut complaints = Vec::new();
    if text.len() > 253 {
        complaints.push("must be no more than 253 characters".to_owned());
    }
    if !is_subdomain(text) {
        complaints.push(SUBDOMAIN_MESSAGE.to_owned());
    }
    complaints
}

/// The key of a label, an annotation, a toleration, a topology: a name, perhaps with a domain before it.
pub(crate) fn label_key(text: &str) -> Complaints {
    let mut complaints = Vec::new();
    let parts: Vec<&str> = text.split('/').collect();
    let name = match parts.as_slice() {
        [name] => *name,
        [prefix, name] => {
            if prefix.is_empty() {
                complaints.push("prefix part must be non-empty".to_owned());
            } else {
                let about_prefix = dns_subdomain(prefix).into_iter();
                complaints.extend(about_prefix.map(|c| format!("prefix part {c}")));
            }
            *name
        }
        _ => {
            return vec![format!(
                "a valid label key {KEY_MESSAGE} with an optional DNS subdomain prefix and '/' \
                 (e.g. 'example.com/MyName')"
            )];
        }
    };
    if name.is_empty() {
        complaints.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        complaints.push("name part must be no more than 63 bytes".to_owned());
    }
    if !shaped(name, letter_or_digit, b"-_.") {
        complaints.push(format!("name part {KEY_MESSAGE}"));
    }
    complaints
}

/// The value of a label.
pub(crate) fn label_value(text: &str) -> Complaints {
    let mut complaints = Vec::new();
    if text.len() > 63 {
        complaints.push("must be no more than 63 bytes".to_owned());
    }
    if !text.is_empty() && !shaped(text, letter_or_digit, b"-_.") {
        complaints.push(VALUE_MESSAGE.to_owned());
    }
    complaints
}

/// The name of a container's port.
pub(super) fn port_name(text: &str) -> Complaints {
    let mut complaints = Vec::new();
    let mut complain = |when: bool, message: &str| {
        if when {
            complaints.push(message.to_owned());
        }
    };
    complain(text.len() > 15, "must be no more than 15 characters");
    complain(
        text.is_empty() || !text.bytes().all(|b| lower_or_digit(b) || b == b'-'),
        "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
    );
    complain(!text.bytes().any(|b| b.is_ascii_lowercase()), "must contain at least one letter (a-z)");
    complain(text.contains("--"), "must not contain consecutive hyphens");
    complain(text.starts_with('-') || text.ends_with('-'), "must not begin or end with a hyphen");
    complaints
}

/// A port number.
pub(super) fn port_number(number: i64) -> Complaints {
    if (1..=65535).contains(&number) { Vec::new() } else { vec!["must be between 1 and 65535, inclusive".to_owned()] }
}

/// A key of a ConfigMap or Secret.
pub(crate) fn config_key(text: &str) -> Complaints {
    let mut complaints = Vec::new();
    if text.len() > 253 {
        complaints.push("must be no more than 253 characters".to_owned());
    }
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    if text.is_empty() || !text.bytes().all(fits) {
        complaints.push(CONFIG_KEY_MESSAGE.to_owned());
    }
    match text {
        "." => complaints.push("must not be '.'".to_owned()),
        ".." => complaints.push("must not be '..'".to_owned()),
        _ if text.starts_with("..") => complaints.push("must not start with '..'".to_owned()),
        _ => {}
    }
    complaints
}

/// The name of an environment variable: since 1.34 nearly anything printable.
pub(super) fn environment_name(text: &str) -> Complaints {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'=') {
        return Vec::new();
    }
    vec!["a valid environment variable name must consist only of printable ASCII characters other than '='".to_owned()]
}

/// A percentage: digits and a percent sign.
pub(super) fn percent(text: &str) -> Complaints {
    let digits = text.strip_suffix('%').unwrap_or("");
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        Vec::new()
    } else {
        vec![PERCENT_MESSAGE.to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_names_have_no_complaints() {
        for name in ["web", "my-name", "123-abc", "a"] {
            assert!(dns_label(name).is_empty(), "{name}");
        }
        for name in ["example.com", "web-0", "a.b.c"] {
            assert!(dns_subdomain(name).is_empty(), "{name}");
        }
        for key in ["app", "app.kubernetes.io/name", "My_Name"] {
            assert!(label_key(key).is_empty(), "{key}");
        }
        for value in ["", "v1", "My_Value.2"] {
            assert!(label_value(value).is_empty(), "{value}");
        }
        assert!(port_name("http").is_empty() && percent("30%").is_empty());
    }

    #[test]
    fn dots_in_a_label_are_named() {
        assert_eq!(dns_label("web.one"), ["must not contain dots"]);
        assert_eq!(dns_label("my_web"), [LABEL_MESSAGE]);
        assert_eq!(dns_label(""), [LABEL_MESSAGE]);
        assert_eq!(dns_label(&"a".repeat(64)), ["must be no more than 63 characters"]);
    }

    #[test]
    fn a_port_name_may_be_wrong_in_several_ways() {
        assert_eq!(port_name("HTTP_PORT").len(), 2);
        assert_eq!(
            port_name("-a--b"),
            ["must not contain consecutive hyphens", "must not begin or end with a hyphen",]
        );
    }

    #[test]
    fn the_parts_of_a_key_are_told_apart() {
        assert_eq!(label_key("/x"), ["prefix part must be non-empty"]);
        assert!(label_key("a/b/c").iter().all(|c| c.starts_with("a valid label key must consist")));
        let empty = label_key("");
        assert_eq!(empty.first().map(String::as_str), Some("name part must be non-empty"));
        assert_eq!(empty.len(), 2);
    }
}
