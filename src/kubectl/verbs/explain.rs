//! `kubectl explain`, from the schema. What fields are for is told in our own words: Kubernetes' prose is not ours.

use std::fmt::Write as _;

use crate::api::Kind;
use crate::api::schema::{self, Field, StructRef, TypeRef};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{Next, Outcome, Run};
use crate::value::Text;

/// How deep `--recursive` goes: types may hold themselves.
const DEEPEST: usize = 12;

/// Tells the field at the end of a path, and the fields below it.
///
/// # Errors
/// There is no such field.
pub fn fields_of(run: &mut Run<'_, '_>, kind: Kind, path: &[Text]) -> Outcome {
    let mut ty = schema::root(kind);
    let mut last = None;
    let mut told = None;
    for name in path {
        let Some(field) = ty.field(name) else {
            return Err(Failure::error(format!("field \"{name}\" does not exist")));
        };
        told = ty.inner().and_then(|owner| schema::about(owner, name));
        ty = field.ty();
        last = Some(field);
    }
    let mut text = String::new();
    if let Some(field) = last {
        let _ = writeln!(text, "FIELD: {}\n", typed(field));
        let words: Vec<&str> = ty.words().collect();
        if !words.is_empty() {
            text.push_str("ENUM:\n");
            for word in words {
                let _ = writeln!(text, "    {}", if word.is_empty() { "\"\"" } else { word });
            }
            text.push('\n');
        }
        if let Some(told) = told {
            let _ = writeln!(text, "DESCRIPTION:\n    {}\n", told.text);
        }
    }
    let below: Vec<Field> = ty.fields().collect();
    if !below.is_empty() {
        text.push_str("FIELDS:\n");
        let recursive = run.command.is("recursive");
        list(&mut text, ty, recursive, 1, &mut Vec::new());
        text.push('\n');
    }
    run.out(&text);
    Ok(Next::End)
}

fn list(text: &mut String, ty: TypeRef, recursive: bool, depth: usize, above: &mut Vec<&'static str>) {
    let name = ty.inner().map_or("", StructRef::name);
    if depth > DEEPEST || above.contains(&name) {
        return;
    }
    above.push(name);
    for field in ty.fields() {
        let _ = writeln!(text, "{}{}", "  ".repeat(depth), typed(field));
        if recursive {
            list(text, field.ty(), true, depth + 1, above);
        } else if let Some(told) = ty.inner().and_then(|owner| schema::about(owner, field.name())) {
            let _ = writeln!(text, "    {}\n", told.text);
        }
    }
    above.pop();
}

/// `replicas`, a tab, `<integer>`, with a mark when it has to be there.
fn typed(field: Field) -> String {
    let required = if field.required() { " -required-" } else { "" };
    format!("{}\t<{}>{required}", field.name(), field.ty().explained())
}
