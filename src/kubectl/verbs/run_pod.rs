//! `kubectl run` and `kubectl expose`.

use super::create_objects::make;
use super::visit::{Visit, nothing_more};
use crate::api::{Kind, patch};
use crate::kubectl::command_line::{Query, ResourceRequest, Target, quoted, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Next, Outcome, Run};
use crate::value::{Map, Text, Value, json};
use crate::{list, map};

/// Begins `kubectl run`.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let image = command.text_or_empty("image").to_owned();
    if image.is_empty() {
        return Err(Failure::error("required flag(s) \"image\" not set"));
    }
    let Some((name, rest)) = command.words.split_first() else {
        return Err(command.usage("NAME is required for run"));
    };
    if !is_reference(&image) {
        return Err(Failure::error(format!("Invalid image name {}: invalid reference format", quoted(&image))));
    }
    let port = command.text("port").filter(|port| !port.is_empty()).map(number).transpose()?;
    let attached = command.is("stdin") || command.is("attach");
    let policy = command.text_or_empty("image-pull-policy");
    let misused = if command.is("tty") && !command.is("stdin") {
        "-i/--stdin is required for containers with -t/--tty=true".to_owned()
    } else if command.is("expose") && port.is_none() {
        "--port must be set when exposing a service".to_owned()
    } else if command.is("rm") && !attached {
        "--rm should only be used for attached containers".to_owned()
    } else if attached && DryRun::of(command)? != DryRun::No {
        "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)"
            .to_owned()
    } else if !matches!(policy, "" | "Always" | "IfNotPresent" | "Never") {
        format!("invalid image pull policy: {policy}")
    } else {
        String::new()
    };
    if !misused.is_empty() {
        return Err(command.usage(misused));
    }
    let restart = command.text("restart").cloned().unwrap_or_else(|| "Always".into());
    if !matches!(restart.as_str(), "Always" | "OnFailure" | "Never") {
        return Err(command.usage(format!("invalid restart policy: {restart}")));
    }
    let mut container = map! { "name" => name, "image" => image, "resources" => Value::empty_map() };
    if !rest.is_empty() {
        let field = if command.is("command") { "command" } else { "args" };
        container.set(&[field], Value::texts(rest.iter().cloned()));
    }
    if let Some(policy) = command.text("image-pull-policy").filter(|policy| !policy.is_empty()) {
        container.set(&["imagePullPolicy"], policy);
    }
    let mut env = Vec::new();
    for pair in command.each("env") {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(Failure::error(format!("invalid env: {pair}")));
        };
        env.push(map! { "name" => Text::copy(key), "value" => Text::copy(value) });
    }
    if !env.is_empty() {
        container.set(&["env"], env);
    }
    if let Some(port) = port.filter(|port| *port > 0) {
        container.set(&["ports"], list![map! { "containerPort" => port }]);
    }
    if command.is("privileged") {
        container.set(&["securityContext", "privileged"], true);
    }
    let labels = match command.text("labels").filter(|labels| !labels.is_empty()) {
        None => map! { "run" => name },
        Some(labels) => pairs(labels)?,
    };
    let mut tree = map! {
        "apiVersion" => "v1",
        "kind" => "Pod",
        "metadata" => map! { "name" => name, "labels" => labels.clone() },
        "spec" => map! {
            "containers" => list![container],
            "dnsPolicy" => "ClusterFirst",
            "restartPolicy" => restart,
        },
        "status" => Value::empty_map(),
    };
    for pair in command.each("annotations") {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let annotations = tree.at_mut(&["metadata", "annotations"]).map_mut();
        annotations.insert(Text::copy(key), Text::copy(value));
    }
    if let Some(text) = command.text("overrides").filter(|text| !text.is_empty()) {
        let change = json::parse(text).map_err(|_| Failure::error("Invalid JSON Patch"))?;
        tree = patch::merge(&tree, &change);
    }
    if let Some(port) = port.filter(|_| command.is("expose")) {
        let service = map! {
            "apiVersion" => "v1",
            "kind" => "Service",
            "metadata" => map! { "name" => name },
            "spec" => map! {
                "ports" => list![map! { "port" => port, "protocol" => "TCP", "targetPort" => port }],
                "selector" => labels,
            },
            "status" => map! { "loadBalancer" => Value::empty_map() },
        };
        make(run, Kind::Service, service, "created", "")?;
    }
    let name = name.clone();
    make(run, Kind::Pod, tree, "created", "")?;
    if attached {
        return Err(Failure::plain(format!(
            "The playground does not simulate attaching to a container: {name} runs without you."
        )));
    }
    Ok(Next::End)
}

/// Whether a text can name an image: a path in small letters, perhaps after a host, with a tag or a digest.
fn is_reference(text: &str) -> bool {
    let (text, digest) = text.split_once('@').unwrap_or((text, "sha256:0"));
    let (host, path) = match text.split_once('/') {
        Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => (host, path),
        _ => ("", text),
    };
    let (path, tag) = path.rsplit_once(':').unwrap_or((path, "latest"));
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let part = |part: &str| {
        let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        edge(part.chars().next())
            && edge(part.chars().next_back())
            && part.chars().all(|c| word(c) && !c.is_ascii_uppercase())
    };
    path.split('/').all(part)
        && host.chars().all(|c| word(c) || c == ':')
        && !tag.is_empty()
        && tag.len() <= 128
        && tag.chars().all(word)
        && !tag.starts_with(['.', '-'])
        && digest.contains(':')
}

/// A port as it was typed.
#[allow(clippy::ptr_arg)]
fn number(text: &Text) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::error(format!("strconv.Atoi: parsing {}: invalid syntax", quoted(text))))
}

/// `a=b,c=d`.
fn pairs(text: &str) -> Result<Value, Failure> {
    let mut map = Map::new();
    for pair in text.split(',') {
        let Some((key, value)) = pair.split_once('=').filter(|(_, value)| !value.contains('=')) else {
            return Err(Failure::error(format!("unexpected label spec: {pair}")));
        };
        if key.is_empty() {
            return Err(Failure::error("unexpected empty label key"));
        }
        map.insert(Text::copy(key), Text::copy(value));
    }
    Ok(Value::from(map))
}

/// Begins `kubectl expose`.
pub fn expose(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let paths = sources(command)?;
    // Its `--selector` is that of the new Service.
    let query = Query::read(&ResourceRequest {
        words: &command.words,
        files: &paths,
        type_alone: command.is("all"),
        ..ResourceRequest::default()
    })?;
    let targets = query.targets(run);
    Visit::new(targets, expose_one, nothing_more).go(run)
}

fn expose_one(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let live = super::live(run, target)?;
    let command = run.command;
    let own_selector = match live.kind {
        Kind::Service => live.tree.at(&["spec", "selector"]).clone(),
        Kind::Pod => live.tree.at(&["metadata", "labels"]).clone(),
        _ => {
            return Err(Failure::error(format!("cannot expose a {}", target.resource.qualified_name())));
        }
    };
    let selector = match command.text("selector").filter(|text| !text.is_empty()) {
        Some(text) => pairs(text)?,
        None if own_selector.is_null() => {
            return Err(Failure::error(
                "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
            ));
        }
        None => own_selector,
    };
    let protocol = command.text("protocol").cloned().unwrap_or_else(|| "TCP".into());
    let target_port = command
        .text("target-port")
        .filter(|port| !port.is_empty())
        .map(|port| port.parse::<i64>().map_or_else(|_| Value::Text(port.clone()), Value::Int));
    let found: Vec<i64> = match command.text("port").filter(|port| !port.is_empty()) {
        Some(text) => text.split(',').map(|port| number(&Text::copy(port))).collect::<Result<_, _>>()?,
        None => ports(&live),
    };
    if found.is_empty() && command.text_or_empty("cluster-ip") != "None" {
        return Err(Failure::error("couldn't find port via --port flag or introspection"));
    }
    let several = found.len() > 1;
    let listed: Vec<Value> = found
        .iter()
        .enumerate()
        .map(|(at, port)| {
            let mut entry = map! {
                "port" => *port,
                "protocol" => &protocol,
                "targetPort" => target_port.clone().unwrap_or(Value::Int(*port)),
            };
            if several {
                entry.set(&["name"], format!("port-{}", at + 1));
            }
            entry
        })
        .collect();
    let name = command.text("name").filter(|name| !name.is_empty()).unwrap_or(&target.name).clone();
    let labels = match command.text("labels").filter(|text| !text.is_empty()) {
        Some(text) => pairs(text)?,
        None => live.tree.at(&["metadata", "labels"]).clone(),
    };
    let mut spec = map! { "selector" => selector, "ports" => listed };
    for (flag, field) in [("type", "type"), ("cluster-ip", "clusterIP"), ("session-affinity", "sessionAffinity")] {
        if let Some(value) = command.text(flag).filter(|value| !value.is_empty()) {
            spec.set(&[field], value);
        }
    }
    let mut tree = map! {
        "apiVersion" => "v1",
        "kind" => "Service",
        "metadata" => map! { "name" => name },
        "spec" => spec,
        "status" => map! { "loadBalancer" => Value::empty_map() },
    };
    if !labels.is_null() {
        tree.set(&["metadata", "labels"], labels);
    }
    make(run, Kind::Service, tree, "exposed", "").map(|_| ())
}

/// The ports that an object has already.
fn ports(live: &crate::api::Object) -> Vec<i64> {
    if live.kind == Kind::Service {
        let ports = live.tree.at(&["spec", "ports"]).items();
        return ports.iter().filter_map(|port| port.at(&["port"]).as_i64()).collect();
    }
    live.tree
        .at(&["spec", "containers"])
        .items()
        .iter()
        .flat_map(|container| container.at(&["ports"]).items())
        .filter_map(|port| port.at(&["containerPort"]).as_i64())
        .collect()
}
