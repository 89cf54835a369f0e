//! Whole objects as text: yaml, json, names and templates (`reference/printing.md` §5).

use super::jsonpath::JsonPath;
use super::template::Template;
use super::{Format, go, kyaml};
use crate::api::{Kind, Shared};
use crate::map;
use crate::value::{Value, json, yaml};

/// `statefulset.apps/web`: how kubectl names one object.
pub fn resource_name(kind: Kind, name: &str) -> String {
    format!("{}/{name}", kind.qualified_singular())
}

/// Printing that stopped half-way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// What had been printed to standard output, and what kubectl prints there about the failure.
    pub out: String,
    /// The text that kubectl prints after `error: `.
    pub error: String,
}

impl From<Failure> for String {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

impl From<String> for Failure {
    fn from(error: String) -> Self {
        Self { out: String::new(), error }
    }
}

/// Prints objects in any format but a table. With `single` they stand alone (one after the other where there are
/// several), else in a list.
///
/// # Errors
/// A template that cannot be carried out.
pub fn objects(format: &Format, items: &[Shared], single: bool, show_managed_fields: bool) -> Result<String, Failure> {
    let shown = match format {
        Format::Yaml | Format::Json | Format::KYaml => show_managed_fields,
        Format::Table { .. } | Format::Name => false,
        _ => true,
    };
    let tree = |item: &Shared| if shown { item.whole() } else { item.tree.clone() };
    let trees_of: Vec<Value> = items.iter().map(tree).collect();
    trees(format, &trees_of, single, show_managed_fields)
}

/// As [`objects`], for trees that need not be stored objects (`create --dry-run=client -o yaml`, a Scale).
///
/// # Errors
/// A template that cannot be carried out.
pub fn trees(format: &Format, items: &[Value], single: bool, show_managed_fields: bool) -> Result<String, Failure> {
    match format {
        Format::Table { .. } => return Ok(String::new()),
        Format::Name => return Ok(items.iter().map(|item| name_of(item) + "\n").collect()),
        Format::CustomColumns(columns) => return Ok(columns.print(items)?),
        _ => {}
    }
    let strip = !show_managed_fields && matches!(format, Format::Yaml | Format::Json | Format::KYaml);
    let items: Vec<Value> = items.iter().map(|item| if strip { stripped(item) } else { item.clone() }).collect();
    let documents = if single { items } else { vec![list_of(items)] };
    let mut out = String::new();
    for (at, document) in documents.iter().enumerate() {
        match format {
            Format::Yaml => {
                if at > 0 {
                    out.push_str("---\n");
                }
                out.push_str(&yaml::emit(document));
            }
            Format::KYaml => out.push_str(&kyaml::document(document)),
            Format::Json => {
                out.push_str(&json::to_pretty(document));
                out.push('\n');
            }
            Format::JsonPath(path) => json_path(path, document, false, &mut out)?,
            Format::JsonPathAsJson(path) => json_path(path, document, true, &mut out)?,
            Format::GoTemplate(template) => go_template(template, document, &mut out)?,
            _ => {}
        }
    }
    Ok(out)
}

/// The list that `get` makes of what it found: always of kind List, whatever is in it.
pub fn list_of(items: Vec<Value>) -> Value {
    map! {
        "apiVersion" => "v1",
        "items" => items,
        "kind" => "List",
        "metadata" => map! { "resourceVersion" => "" },
    }
}

fn stripped(item: &Value) -> Value {
    let mut item = item.clone();
    item.take(&["metadata", "managedFields"]);
    item
}

/// `pod/web-0`, `statefulset.apps/web`.
fn name_of(item: &Value) -> String {
    let text = |path: &[&str]| item.at(path).str_or_empty().to_owned();
    let kind = text(&["kind"]).to_ascii_lowercase();
    let version = text(&["apiVersion"]);
    let name = text(&["metadata", "name"]);
    match version.split_once('/') {
        Some((group, _)) => format!("{kind}.{group}/{name}"),
        None => format!("{kind}/{name}"),
    }
}

fn go_template(template: &Template, document: &Value, out: &mut String) -> Result<(), Failure> {
    match template.execute(document) {
        Ok(text) => {
            out.push_str(&text);
            Ok(())
        }
        Err((printed, why)) => Err(Failure {
            out: format!(
                "{out}{printed}Error executing template: {why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{}\n\traw data was:\n\t\t{}\n\tobject given to template engine was:\n\t\t{}\n\n",
                template.source,
                json::to_compact(document),
                go::plain(document),
            ),
            error: format!("error executing template {}: {why}", go::quoted(&template.source)),
        }),
    }
}

fn json_path(path: &JsonPath, document: &Value, as_json: bool, out: &mut String) -> Result<(), String> {
    let found = path.find(document).map_err(|why| {
        format!(
            "error executing jsonpath {}: Error executing template: {why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{}\n\tobject given to jsonpath engine was:\n\t\t{}\n\n",
            go::quoted(&path.source),
            path.source,
            go::syntax(document),
        )
    })?;
    for values in found {
        if as_json {
            out.push_str(&json::to_pretty(&Value::list_of(values)));
            out.push('\n');
            continue;
        }
        let texts: Vec<String> = values
            .iter()
            .map(|value| match value {
                Value::List(_) | Value::Map(_) => json::to_compact_plain(value),
                scalar => go::plain(scalar),
            })
            .collect();
        out.push_str(&texts.join(" "));
    }
    Ok(())
}
