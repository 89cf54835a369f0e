//! `kubectl get --raw`, `create --raw` and `replace --raw`: requests by their path.

use crate::api::{Kind, Object, Reason, Shared, Status, schema};
use crate::apiserver::{DeleteOptions, ListOptions, Request, Subresource, Verb};
use crate::kubectl::command_line::{quoted, types};
use crate::kubectl::errors::Failure;
use crate::kubectl::files;
use crate::kubectl::run::{Next, Outcome, Run};
use crate::value::{Text, Value};

/// What a path names.
struct Place {
    kind: Kind,
    namespace: Text,
    name: Text,
    part: Text,
}

fn place(path: &str) -> Option<Place> {
    let mut parts = path.split('?').next()?.split('/').filter(|part| !part.is_empty()).peekable();
    let api_version = match parts.next()? {
        "api" => parts.next()?.to_owned(),
        "apis" => format!("{}/{}", parts.next()?, parts.next()?),
        _ => return None,
    };
    let mut namespace = Text::default();
    let mut plural = parts.next()?;
    let mut name = parts.next().unwrap_or("");
    if plural == "namespaces"
        && let Some(below) = parts.next()
    {
        namespace = Text::copy(name);
        plural = below;
        name = parts.next().unwrap_or("");
    }
    let found = types::types().find(|found| found.plural == plural && found.api_version() == api_version)?;
    Some(Place { kind: found.kind?, namespace, name: Text::copy(name), part: Text::copy(parts.next().unwrap_or("")) })
}

fn unknown() -> Failure {
    Status::plain(Reason::NotFound, "the server could not find the requested resource").into()
}

/// Refuses what is no path.
fn check(path: &str) -> Result<(), Failure> {
    if path.starts_with('/') {
        return Ok(());
    }
    Err(Failure::error(format!("--raw must be a valid URL path: parse {}: invalid URI for request", quoted(path))))
}

/// `delete --raw PATH`.
pub fn delete(run: &mut Run<'_, '_>, path: &str) -> Outcome {
    check(path)?;
    let place = place(path).filter(|place| place.part.is_empty() && !place.name.is_empty()).ok_or_else(unknown)?;
    let verb = Verb::Delete(DeleteOptions::default());
    if let Some(object) = run.send(Request::new(place.kind, &place.namespace, &place.name, verb))?.object {
        run.line(in_order(place.kind, &object));
    }
    Ok(Next::End)
}

/// `get --raw PATH`.
pub fn get(run: &mut Run<'_, '_>, path: &str) -> Outcome {
    check(path)?;
    match path {
        "/healthz" | "/livez" | "/readyz" => {
            run.out("ok");
            return Ok(Next::End);
        }
        "/version" | "/version/" => {
            run.out(&super::info::server_version());
            return Ok(Next::End);
        }
        _ => {}
    }
    let place = place(path).ok_or_else(unknown)?;
    if place.name.is_empty() {
        let verb = Verb::List(ListOptions::default());
        let reply = run.send(Request::new(place.kind, &place.namespace, &place.name, verb))?;
        // The list says what its items are.
        let item = |item: &Shared| {
            let mut tree = item.whole();
            tree.take(&["kind"]);
            tree.take(&["apiVersion"]);
            schema::written_as_go(place.kind, &tree, None)
        };
        run.line(format!(
            "{{\"kind\":\"{}List\",\"apiVersion\":\"{}\",\"metadata\":{{\"resourceVersion\":\"{}\"}},\"items\":[{}]}}",
            place.kind.name(),
            place.kind.api_version(),
            reply.resource_version,
            reply.items.iter().map(item).collect::<Vec<_>>().join(",")
        ));
        return Ok(Next::End);
    }
    let part = match place.part.as_str() {
        "" | "status" => Subresource::None,
        "scale" => Subresource::Scale,
        _ => return Err(unknown()),
    };
    let object = run.one(Request::new(place.kind, &place.namespace, &place.name, Verb::Get).part(part))?;
    run.line(in_order(place.kind, &object));
    Ok(Next::End)
}

/// `replace --raw PATH -f FILE`.
pub fn put(run: &mut Run<'_, '_>, path: &str, paths: &[Text]) -> Outcome {
    let body = body(run, paths)?;
    check(path)?;
    let place = place(path).filter(|place| place.part.is_empty() && !place.name.is_empty()).ok_or_else(unknown)?;
    let object = run.one(Request::new(place.kind, &place.namespace, &place.name, Verb::Update(body)))?;
    run.line(in_order(place.kind, &object));
    Ok(Next::End)
}

/// What is sent: the one file that may be named.
fn body(run: &Run<'_, '_>, paths: &[Text]) -> Result<Value, Failure> {
    let [path] = paths else {
        return Err(Failure::error("--raw can only use a single local file or stdin"));
    };
    let text = if *path == "-" { run.command.invocation.stdin.clone() } else { run.command.file(path) };
    let Some(text) = text else {
        return Err(Failure::error(format!("the path \"{path}\" does not exist")));
    };
    match files::trees(&text).into_iter().next() {
        Some(Ok(body)) => Ok(body),
        Some(Err(error)) => Err(Failure::error(error)),
        None => Ok(Value::Null),
    }
}

/// `create --raw PATH -f FILE`.
pub fn post(run: &mut Run<'_, '_>, paths: &[Text]) -> Outcome {
    let body = body(run, paths)?;
    let place = place(run.command.text_or_empty("raw")).ok_or_else(unknown)?;
    let part = match place.part.as_str() {
        "" => Subresource::None,
        "eviction" => Subresource::Eviction,
        "binding" => Subresource::Binding,
        _ => return Err(unknown()),
    };
    let made = run.send(Request::new(place.kind, &place.namespace, &place.name, Verb::Create(body)).part(part))?;
    let created = made.object.filter(|_| part == Subresource::None);
    match created {
        Some(object) => run.line(in_order(place.kind, &object)),
        None => {
            run.line("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\",\"code\":201}")
        }
    }
    Ok(Next::End)
}

/// Compact JSON as the API server writes it.
fn in_order(kind: Kind, object: &Object) -> String {
    schema::written_as_go(kind, &object.whole(), None)
}
