//! Who manages the fields that a request writes (`metadata.managedFields`).

use super::request::{Conflicts, Request, Subresource, Verb};
use crate::api::fields::{Fields, compare};
use crate::api::managers::{Manager, Managers};
use crate::api::schema::root;
use crate::api::{Kind, Object, Reason, Status};
use crate::time::Time;
use crate::value::Value;

/// Nobody asks who manages events, and they are many.
fn is_managed(kind: Kind, request: &Request) -> bool {
    kind != Kind::Event && !request.manager.is_empty()
}

fn writer(now: Time, request: &Request) -> Manager {
    Manager {
        name: request.manager.clone(),
        applied: request.apply.is_some(),
        subresource: if request.through.is_empty() { request.subresource.name() } else { request.through },
        since: now,
        fields: Fields::default(),
    }
}

/// The managers of a new object: the request's alone. `body` is what was sent.
pub(super) fn created(now: Time, kind: Kind, tree: &Value, request: &Request, body: &Value) -> Managers {
    if !is_managed(kind, request) {
        return Managers::default();
    }
    let mut writer = writer(now, request);
    let difference = compare(root(kind), &Value::Null, tree, false);
    if request.apply.is_some() {
        writer.fields = Fields::of_manifest(root(kind), body);
        return Managers::default().applied(writer, &difference);
    }
    Managers::default().written(writer, &difference)
}

/// The managers of a changed object.
///
/// # Errors
/// A server-side apply that would take fields from others.
pub(super) fn changed(now: Time, old: &Object, new: &Value, request: &Request) -> Result<Managers, Status> {
    let kind = old.kind;
    if !is_managed(kind, request) {
        return Ok(old.managers.clone());
    }
    let difference = compare(root(kind), &old.tree, new, request.subresource == Subresource::Status);
    let mut writer = writer(now, request);
    let (Some(conflicts), Verb::Patch(_, manifest)) = (request.apply, &request.verb) else {
        return Ok(old.managers.written(writer, &difference));
    };
    writer.fields = Fields::of_manifest(root(kind), manifest);
    if conflicts == Conflicts::Refuse {
        let found = old.managers.conflicts(&writer, &difference.taken.shared(&writer.fields), kind);
        if !found.is_empty() {
            return Err(Status::plain(Reason::Conflict, told(&found)));
        }
    }
    Ok(old.managers.applied(writer, &difference))
}

/// `Apply failed with 2 conflicts: conflicts with …`, who by who.
fn told(found: &[(String, String)]) -> String {
    if let [(who, path)] = found {
        return format!("Apply failed with 1 conflict: conflict with {who}: {path}");
    }
    let mut text = format!("Apply failed with {} conflicts: ", found.len());
    let mut last = "";
    for (at, (who, path)) in found.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        if who != last {
            text = format!("{text}conflicts with {who}:\n");
            last = who;
        }
        text.push_str("- ");
        text.push_str(path);
    }
    text
}
