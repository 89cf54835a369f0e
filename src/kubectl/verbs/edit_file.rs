//! The temporary file of `kubectl edit`: its head, what is left of it without comments; what its documents mean.

use std::fmt::Write as _;

use crate::api::patch::wording;
use crate::kubectl::command_line::Target;
use crate::kubectl::files::Document;
use crate::value::{Text, Value, json};

/// What stands above the objects, with the reasons why the file is opened again: each a headline and what belongs to it.
pub fn head(last_applied: bool, reasons: &[(String, Vec<String>)]) -> String {
    let mut text = String::from(if last_applied {
        "# Please edit the 'last-applied-configuration' annotations below.\n\
         # Lines beginning with a '#' will be ignored, and an empty file will abort the edit.\n#\n"
    } else {
        "# Please edit the object below. Lines beginning with a '#' will be ignored,\n\
         # and an empty file will abort the edit. If an error occurs while saving this file will be\n\
         # reopened with the relevant failures.\n#\n"
    });
    for (headline, causes) in reasons {
        let colon = if causes.is_empty() { "" } else { ":" };
        let _ = writeln!(text, "# {}{colon}", commented(headline));
        for cause in causes {
            let _ = writeln!(text, "# * {}", commented(cause));
        }
        text.push_str("#\n");
    }
    text
}

/// Lines of a comment after its first.
fn commented(text: &str) -> String {
    text.trim_end_matches('\n').replace('\n', "\n# ")
}

/// The text without the lines that are comments.
pub fn without_comments(text: &str) -> String {
    let stays = |line: &&str| {
        let line = line.trim();
        !line.starts_with('#') || line.starts_with("#!")
    };
    text.split_inclusive('\n').filter(stays).collect()
}

/// What the text says, comments and order aside: JSON, or where it cannot be read its lines.
pub fn content(text: &str) -> String {
    match crate::kubectl::files::one(text) {
        Ok(tree) => json::to_compact(&tree),
        Err(_) => without_comments(text),
    }
}

/// A tree as Go's `%#v` prints it.
pub fn go_syntax(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Value) {
    let (open, inside): (&str, Vec<(Option<&str>, &Value)>) = match value {
        Value::Null => return out.push_str("interface {}(nil)"),
        Value::Text(text) => return out.push_str(&wording::quoted(text)),
        Value::List(items) => ("[]interface {}{", items.iter().map(|item| (None, item)).collect()),
        Value::Map(map) => {
            ("map[string]interface {}{", map.iter().map(|(key, item)| (Some(key.as_str()), item)).collect())
        }
        other => return out.push_str(&wording::printed(other)),
    };
    out.push_str(open);
    for (at, (key, item)) in inside.into_iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        if let Some(key) = key {
            out.push_str(&wording::quoted(key));
            out.push(':');
        }
        write(out, item);
    }
    out.push('}');
}

/// The document of a target, with this tree.
pub fn document(target: &Target, tree: Value) -> Document {
    Document {
        resource: target.resource,
        namespace: target.namespace.clone(),
        source: target.source.clone(),
        tree,
        fills_namespace: target.fills_namespace,
    }
}

/// The target that a document means.
pub fn target_of(document: &Document) -> Target {
    Target {
        resource: document.resource,
        namespace: document.namespace.clone(),
        name: document.tree.at(&["metadata", "name"]).text(),
        source: Text::default(),
        manifest: Value::Null,
        fills_namespace: false,
        live: None,
    }
}

/// `statefulsets.apps "web"`.
pub fn named_plural(target: &Target) -> String {
    format!("{} \"{}\"", target.resource.qualified_plural(), target.name)
}
