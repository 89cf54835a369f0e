//! Reading `-f`: files, folders and standard input into documents (`reference/api-defaults-validation.md` §6, §7).

use super::command_line::Command;
use super::command_line::types::{self, ResourceType};
use super::errors::Failure;
use crate::api::Status;
use crate::value::{Map, Text, Value, json, yaml};

/// One object of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// The type that its apiVersion and kind name.
    pub resource: ResourceType,
    /// The namespace it goes to; empty for cluster-scoped types.
    pub namespace: Text,
    /// The file; `STDIN` for standard input.
    pub source: Text,
    /// What stands there, with its namespace filled in.
    pub tree: Value,
    /// Whether it left its namespace open.
    pub fills_namespace: bool,
}

impl Document {
    /// metadata.labels.
    pub fn labels(&self) -> &Map {
        self.tree.at(&["metadata", "labels"]).as_map().unwrap_or(const { &Map::new() })
    }
}

/// Reads all objects that `-f` names, in order. What cannot be read stands among them as a failure.
pub fn documents(command: &Command, paths: &[Text]) -> Vec<Result<Document, Failure>> {
    let mut found = Vec::new();
    let mut files = Vec::new();
    for path in paths {
        if path == "-" {
            files.push((Text::from("STDIN"), command.invocation.stdin.clone().unwrap_or_default()));
        } else if let Some(text) = command.file(path) {
            files.push((path.clone(), text));
        } else {
            if path.starts_with("http://") || path.starts_with("https://") {
                return vec![Err(Failure::plain(format!(
                    "The playground reads the files of its own folder; it does not fetch {path}."
                )))];
            }
            match folder(command, path) {
                Some(inside) => files.extend(inside),
                None => return vec![Err(Failure::error(format!("the path \"{path}\" does not exist")))],
            }
        }
    }
    for (source, text) in files {
        of_text(command, &source, &text, &mut found);
    }
    found
}

/// The manifests of a folder, in the order of their names; `None` where there is no such folder.
fn folder(command: &Command, path: &str) -> Option<Vec<(Text, Text)>> {
    let trimmed = path.strip_prefix("./").unwrap_or(path).trim_end_matches('/');
    let here = trimmed.is_empty() || trimmed == ".";
    let deep = command.is("recursive");
    let mut exists = here;
    let mut inside = Vec::new();
    for (name, text) in command.invocation.files.iter() {
        let below =
            if here { Some(name.as_str()) } else { name.strip_prefix(trimmed).and_then(|rest| rest.strip_prefix('/')) };
        let Some(below) = below else { continue };
        exists = true;
        let end = name.rsplit('.').next().unwrap_or("");
        if matches!(end, "yaml" | "yml" | "json") && (deep || !below.contains('/')) {
            inside.push((name.clone(), text.clone()));
        }
    }
    exists.then_some(inside)
}

/// The documents of one file.
fn of_text(command: &Command, source: &Text, text: &str, found: &mut Vec<Result<Document, Failure>>) {
    for tree in trees(text) {
        let tree = match tree {
            Ok(tree) => tree,
            Err(error) => {
                found.push(Err(Failure::error(format!("error parsing {source}: {error}"))));
                return;
            }
        };
        if tree.is_null() {
            continue;
        }
        if let Err(complaint) = check_shape(command, &tree) {
            found.push(Err(Failure::error(format!(
                "error validating \"{source}\": error validating data: {complaint}; if you choose to ignore these \
                 errors, turn validation off with --validate=false"
            ))));
            return;
        }
        found.extend(flattened(tree).into_iter().map(|tree| of_tree(command, source, tree, true)));
    }
}

/// The objects of a list, or the one object that it is.
fn flattened(tree: Value) -> Vec<Value> {
    let is_list = tree.at(&["apiVersion"]).as_str() == Some("v1")
        && tree.at(&["kind"]).str_or_empty().ends_with("List")
        && tree.at(&["items"]).get("").is_none();
    if is_list { tree.at(&["items"]).items().to_vec() } else { vec![tree] }
}

/// The objects of a file that an editor has left behind.
///
/// # Errors
/// What kubectl says of the first that cannot be read.
pub fn edited(command: &Command, text: &str) -> Result<Vec<Document>, Failure> {
    let source = Text::from("edited-file");
    let mut found = Vec::new();
    for tree in trees(text) {
        let tree = tree.map_err(|error| Failure::error(format!("error parsing {source}: {error}")))?;
        for tree in flattened(tree).into_iter().filter(|tree| !tree.is_null()) {
            found.push(of_tree(command, &source, tree, false)?);
        }
    }
    Ok(found)
}

/// The values of a file that holds JSON or YAML documents; the last may be what stopped the reading.
pub fn trees(text: &str) -> Vec<Result<Value, String>> {
    yaml::documents(text)
        .into_iter()
        .map(|document| document.map(|document| document.value).map_err(|error| error.of_file()))
        .collect()
}

/// Reads one YAML document.
///
/// # Errors
/// What kubectl says of it.
pub fn one(text: &str) -> Result<Value, String> {
    yaml::parse(text).map(|document| document.value).map_err(|error| error.to_string())
}

/// What kubectl itself checks of a document unless `--validate=false`: that it is an object with a kind.
fn check_shape(command: &Command, tree: &Value) -> Result<(), String> {
    if matches!(command.text("validate").map(Text::as_str), Some("false" | "ignore")) || !command.verb.validates {
        return Ok(());
    }
    of_an_object(tree)?;
    // What the server cannot be asked to warn of is not warned of.
    if command.text("validate").is_some_and(|how| *how == *"warn") { Ok(()) } else { super::precheck::list(tree) }
}

/// The same of a file that was edited: its first document is an object with a kind.
///
/// # Errors
/// What kubectl says of it.
pub fn shape(text: &str) -> Result<(), String> {
    of_an_object(&one(text)?)
}

fn of_an_object(tree: &Value) -> Result<(), String> {
    if tree.as_map().is_none() {
        return Err("invalid object to validate".to_owned());
    }
    let wrong = |key: &str| match tree.at(&[key]) {
        Value::Text(text) if !text.is_empty() => None,
        Value::Null | Value::Text(_) => Some(format!("{key} not set")),
        _ => Some(format!("{key} isn't string type")),
    };
    match (wrong("apiVersion"), wrong("kind")) {
        (Some(version), Some(kind)) => Err(format!("[{version}, {kind}]")),
        (Some(one), None) | (None, Some(one)) => Err(one),
        (None, None) => Ok(()),
    }
}

/// The type and namespace of one object; with `holds`, its namespace must be the one that the command names.
///
/// # Errors
/// It is no object, or of no known kind.
pub fn of_tree(command: &Command, source: &Text, mut tree: Value, holds: bool) -> Result<Document, Failure> {
    let unable = |why: &str| Failure::error(format!("unable to decode \"{source}\": {why}"));
    let kind = tree.at(&["kind"]).text();
    let api_version = tree.at(&["apiVersion"]).text();
    if kind.is_empty() || tree.as_map().is_none() {
        let whole = json::to_compact(&tree);
        return Err(unable(&format!("Object 'Kind' is missing in '{whole}'")));
    }
    if api_version.is_empty() {
        let whole = json::to_compact(&tree);
        return Err(unable(&format!("Object 'apiVersion' is missing in '{whole}'")));
    }
    check_metadata(&tree).map_err(|why| unable(&why))?;
    let name = tree.at(&["metadata", "name"]).text();
    let own_namespace = tree.at(&["metadata", "namespace"]).text();
    let resource = match types::of_manifest(&api_version, &kind) {
        Ok(resource) => resource,
        Err(Some(near)) => {
            let message = format!(
                "{kind} in version \"{}\" cannot be handled as a {}: no kind \"{kind}\" is registered for version \
                 \"{api_version}\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"",
                near.version, near.name
            );
            return Err(Failure::from_source(Status::bad_request(message), command.verb.doing, source));
        }
        Err(None) => {
            return Err(Failure::error(format!(
                "resource mapping not found for name: \"{name}\" namespace: \"{own_namespace}\" from \"{source}\": no \
                 matches for kind \"{kind}\" in version \"{api_version}\"\nensure CRDs are installed first"
            )));
        }
    };
    let mut namespace = Text::default();
    let fills_namespace = own_namespace.is_empty();
    if resource.namespaced {
        namespace = if own_namespace.is_empty() { command.namespace.clone() } else { own_namespace };
        if holds && command.has("namespace") && namespace != command.namespace {
            return Err(Failure::error(format!(
                "the namespace from the provided object \"{namespace}\" does not match the namespace \"{}\". You must \
                 pass '--namespace={namespace}' to perform this operation.",
                command.namespace
            )));
        }
        tree.set(&["metadata", "namespace"], &namespace);
    }
    Ok(Document { resource, namespace, source: source.clone(), tree, fills_namespace })
}

/// The metadata that kubectl reads itself must have the right types.
fn check_metadata(tree: &Value) -> Result<(), String> {
    let meta = tree.at(&["metadata"]);
    let wrong = |found: &Value, field: &str, wanted: &str| {
        let what = match found {
            Value::List(_) => "array",
            Value::Map(_) => "object",
            Value::Text(_) => "string",
            Value::Bool(_) => "bool",
            _ => "number",
        };
        Err(format!("json: cannot unmarshal {what} into Go struct field {field} of type {wanted}"))
    };
    if !meta.is_null() && meta.as_map().is_none() {
        return wrong(meta, "PartialObjectMetadata.metadata", "v1.ObjectMeta");
    }
    for (key, field) in [("annotations", "ObjectMeta.metadata.annotations"), ("labels", "ObjectMeta.metadata.labels")] {
        let map = meta.at(&[key]);
        if map.is_null() {
            continue;
        }
        if map.as_map().is_none() {
            return wrong(map, field, "map[string]string");
        }
        if let Some((_, value)) = map.pairs().find(|(_, value)| value.as_str().is_none() && !value.is_null()) {
            return wrong(value, field, "string");
        }
    }
    for key in ["name", "namespace", "generateName"] {
        let value = meta.at(&[key]);
        if !value.is_null() && value.as_str().is_none() {
            return wrong(value, &format!("ObjectMeta.metadata.{key}"), "string");
        }
    }
    Ok(())
}
