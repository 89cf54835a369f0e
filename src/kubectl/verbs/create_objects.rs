//! `kubectl create namespace`, `configmap`, `secret`, `service`, `serviceaccount`, `poddisruptionbudget`.

use super::{create, name_hash, output};
use crate::api::selector::Operator;
use crate::api::{Kind, Reason, Selector};
use crate::apiserver::{FieldValidation, Request, Verb, config_key};
use crate::kubectl::command_line::{Target, quoted, types};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Next, Outcome, Run};
use crate::map;
use crate::value::{Map, Text, Value};

/// The one name among the words.
///
/// # Errors
/// None, or several.
pub fn only_name(run: &Run<'_, '_>) -> Result<Text, Failure> {
    match run.command.words.as_slice() {
        [name] => Ok(name.clone()),
        words => Err(run.command.usage(format!("exactly one NAME is required, got {}", words.len()))),
    }
}

/// Stores one object made from flags, and says so. `failing` stands before what the server refuses; the API error
/// stands alone where it is empty.
///
/// # Errors
/// What the server answers.
pub fn make(run: &mut Run<'_, '_>, kind: Kind, mut tree: Value, what: &str, failing: &str) -> Outcome {
    let dry = DryRun::of(run.command)?;
    output::format(run.command)?;
    if run.command.is("append-hash") {
        let name = format!("{}-{}", tree.at(&["metadata", "name"]).str_or_empty(), name_hash::of(&tree));
        tree.set(&["metadata", "name"], name);
    }
    let resource = types::of_kind(kind);
    let namespace = run.namespace_for(resource);
    if resource.namespaced && (run.command.has("namespace") || dry != DryRun::Client) {
        tree.set(&["metadata", "namespace"], &namespace);
    }
    if run.command.is("save-config") {
        create::annotate(&mut tree);
    }
    let made = if dry == DryRun::Client {
        tree
    } else {
        tree.take(&["status"]);
        let request = Request::new(kind, &namespace, &Text::default(), Verb::Create(tree))
            .validated(run.validation(FieldValidation::Strict))
            .dry(dry.server());
        match run.one(request) {
            Ok(object) => object.tree.clone(),
            Err(status) if failing.is_empty() || status.reason == Reason::Invalid && failing.is_empty() => {
                return Err(status.into());
            }
            Err(status) => return Err(Failure::error(format!("{failing}{}", status.message))),
        }
    };
    let target = Target {
        resource,
        namespace,
        name: made.at(&["metadata", "name"]).text(),
        source: Text::default(),
        manifest: Value::Null,
        fills_namespace: false,
        live: None,
    };
    output::done(run, &target, what, &made)?;
    Ok(Next::End)
}

/// The beginning of a manifest.
pub fn head(kind: Kind, name: &Text) -> Value {
    map! {
        "apiVersion" => kind.api_version(),
        "kind" => kind.name(),
        "metadata" => map! { "name" => name },
    }
}

/// `create namespace NAME`.
pub fn namespace(run: &mut Run<'_, '_>) -> Outcome {
    let name = only_name(run)?;
    let mut tree = head(Kind::Namespace, &name);
    tree.set(&["spec"], Value::empty_map());
    tree.set(&["status"], Value::empty_map());
    make(run, Kind::Namespace, tree, "created", "")
}

/// `create serviceaccount NAME`.
pub fn service_account(run: &mut Run<'_, '_>) -> Outcome {
    let name = only_name(run)?;
    let tree = head(Kind::ServiceAccount, &name);
    make(run, Kind::ServiceAccount, tree, "created", "failed to create serviceaccount: ")
}

/// Puts a pair under a key that is new and well formed.
fn put(data: &mut Map, kind: Kind, name: &Text, key: &str, value: Text) -> Result<(), Failure> {
    let complaints = config_key(key);
    if !complaints.is_empty() {
        let what = if kind == Kind::Secret {
            format!("valid key name for a Secret {name}")
        } else {
            "a valid key name for a ConfigMap".to_owned()
        };
        return Err(Failure::error(format!("{} is not {what}: {}", quoted(key), complaints.join(","))));
    }
    if data.contains_key(key) {
        return Err(Failure::error(if kind == Kind::Secret {
            format!("cannot add key {key}, another key by that name already exists")
        } else {
            format!(
                "cannot add key \"{key}\", another key by that name already exists in Data for ConfigMap \"{name}\""
            )
        }));
    }
    data.insert(Text::copy(key), value);
    Ok(())
}

/// The key and the path of a `--from-file`.
fn file_source(source: &str) -> Result<(&str, &str), Failure> {
    let refused = |why: String| Err(Failure::error(why));
    match source.split_once('=') {
        None => Ok((source.trim_end_matches('/').rsplit('/').next().unwrap_or(source), source)),
        Some((_, path)) if path.contains('=') => refused("key names or file paths cannot contain '='".to_owned()),
        Some(("", path)) => refused(format!("key name for file path {path} missing")),
        Some((key, "")) => refused(format!("file path for key name {key} missing")),
        Some(pair) => Ok(pair),
    }
}

/// The pairs of `--from-literal`, `--from-file` and `--from-env-file`.
fn pairs(run: &Run<'_, '_>, kind: Kind, name: &Text) -> Result<Map, Failure> {
    let command = run.command;
    let mut data = Map::new();
    let missing = |path: &str| Failure::error(format!("error reading {path}: no such file or directory"));
    if command.has("from-env-file") && (command.has("from-file") || command.has("from-literal")) {
        return Err(Failure::error("from-env-file cannot be combined with from-file or from-literal"));
    }
    for source in command.list("from-file") {
        let (key, path) = file_source(&source)?;
        if let Some(text) = command.file(path) {
            put(&mut data, kind, name, key, text)?;
            continue;
        }
        let folder = format!("{}/", path.trim_end_matches('/'));
        let inside =
            command.invocation.files.iter().filter_map(|(file, text)| Some((file.strip_prefix(&folder)?, text)));
        let inside: Vec<(&str, &Text)> = inside.collect();
        if inside.is_empty() {
            return Err(missing(path));
        }
        if source.contains('=') {
            return Err(Failure::error("cannot give a key name for a directory path"));
        }
        for (key, text) in inside.into_iter().filter(|(key, _)| !key.contains('/')) {
            put(&mut data, kind, name, key, text.clone())?;
        }
    }
    for literal in command.each("from-literal") {
        let Some((key, value)) = literal.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(Failure::error(format!("invalid literal source {literal}, expected key=value")));
        };
        put(&mut data, kind, name, key, Text::copy(value))?;
    }
    for path in command.list("from-env-file") {
        let text = command.file(&path).ok_or_else(|| missing(&path))?;
        for line in text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (key, value) = line.split_once('=').unwrap_or((line, ""));
            put(&mut data, kind, name, key, Text::copy(value))?;
        }
    }
    Ok(data)
}

/// `create configmap NAME`.
pub fn config_map(run: &mut Run<'_, '_>) -> Outcome {
    let name = only_name(run)?;
    let data = pairs(run, Kind::ConfigMap, &name)?;
    let mut tree = head(Kind::ConfigMap, &name);
    if !data.is_empty() {
        tree.set(&["data"], data);
    }
    make(run, Kind::ConfigMap, tree, "created", "failed to create configmap: ")
}

/// `create secret generic NAME`.
pub fn secret(run: &mut Run<'_, '_>) -> Outcome {
    let name = only_name(run)?;
    let data = pairs(run, Kind::Secret, &name)?;
    let mut tree = head(Kind::Secret, &name);
    if !data.is_empty() {
        let coded: Map = data
            .iter()
            .map(|(key, value)| (key.clone(), Value::from(base64(value.str_or_empty().as_bytes()))))
            .collect();
        tree.set(&["data"], coded);
    }
    if let Some(kind) = run.command.text("type").filter(|kind| !kind.is_empty()) {
        tree.set(&["type"], kind);
    }
    make(run, Kind::Secret, tree, "created", "failed to create secret ")
}

/// Bytes as a Secret holds them.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let letter = LETTERS.get((bits >> shift & 63) as usize).copied().unwrap_or(b'=');
            text.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

/// `create service clusterip|externalname|loadbalancer|nodeport NAME`.
pub fn service(run: &mut Run<'_, '_>) -> Outcome {
    let name = only_name(run)?;
    let command = run.command;
    let kind = match command.verb.name() {
        "clusterip" => "ClusterIP",
        "externalname" => "ExternalName",
        "loadbalancer" => "LoadBalancer",
        _ => "NodePort",
    };
    let external = command.text_or_empty("external-name").to_owned();
    if kind == "ExternalName" && external.is_empty() {
        return Err(Failure::error("required flag(s) \"external-name\" not set"));
    }
    let address = command.text_or_empty("clusterip").to_owned();
    let mut ports = Vec::new();
    for spec in command.list("tcp") {
        ports.push(port(&spec, command.int("node-port").filter(|port| *port > 0))?);
    }
    let needs_no_port = kind == "ExternalName" || address == "None";
    if ports.is_empty() && !needs_no_port {
        return Err(Failure::error("at least one tcp port specifier must be provided"));
    }
    let mut tree = head(Kind::Service, &name);
    tree.set(&["metadata", "labels"], map! { "app" => &name });
    let mut spec = map! { "type" => kind, "selector" => map! { "app" => &name } };
    if !ports.is_empty() {
        spec.set(&["ports"], ports);
    }
    if !external.is_empty() {
        spec.set(&["externalName"], external);
    }
    if !address.is_empty() {
        spec.set(&["clusterIP"], address);
    }
    tree.set(&["spec"], spec);
    tree.set(&["status"], map! { "loadBalancer" => Value::empty_map() });
    make(run, Kind::Service, tree, "created", &format!("failed to create {kind} service: "))
}

/// `80`, `80:8080` or `80:http`.
fn port(spec: &str, node_port: Option<i64>) -> Result<Value, Failure> {
    let number = |text: &str| {
        text.parse::<u16>().map_err(|error| {
            use std::num::IntErrorKind::PosOverflow;
            let why = if *error.kind() == PosOverflow { "value out of range" } else { "invalid syntax" };
            Failure::error(format!("strconv.ParseUint: parsing \"{text}\": {why}"))
        })
    };
    let (from, to) = spec.split_once(':').unwrap_or((spec, spec));
    let from = i64::from(number(from)?);
    let target = match to.parse::<u16>() {
        Ok(port) => Value::Int(port.into()),
        Err(_) if to.is_empty() => Value::Int(from),
        Err(_) => Value::Text(Text::copy(to)),
    };
    let mut port = map! {
        "name" => spec.replace(':', "-"),
        "port" => from,
        "protocol" => "TCP",
        "targetPort" => target,
    };
    if let Some(node_port) = node_port {
        port.set(&["nodePort"], node_port);
    }
    Ok(port)
}

/// `create poddisruptionbudget NAME`.
pub fn disruption_budget(run: &mut Run<'_, '_>) -> Outcome {
    let name = only_name(run)?;
    let command = run.command;
    let text = command.text_or_empty("selector").to_owned();
    let (least, most) =
        (command.text_or_empty("min-available").to_owned(), command.text_or_empty("max-unavailable").to_owned());
    if text.is_empty() {
        return Err(Failure::error("a selector must be specified"));
    }
    if least.is_empty() && most.is_empty() {
        return Err(Failure::error("one of min-available or max-unavailable must be specified"));
    }
    if !least.is_empty() && !most.is_empty() {
        return Err(Failure::error("min-available and max-unavailable cannot be both specified"));
    }
    let is_amount = |text: &str| {
        let digits = text.strip_suffix('%').unwrap_or(text);
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    };
    for (flag, amount) in [("min-available", &least), ("max-unavailable", &most)] {
        if !amount.is_empty() && !is_amount(amount) {
            return Err(Failure::error(format!("invalid format specified for {flag}")));
        }
    }
    let selector = Selector::parse(&text).map_err(Failure::error)?;
    let mut spec = map! { "selector" => of_selector(&selector) };
    let amount = |text: &str| text.parse::<i64>().map_or_else(|_| Value::Text(Text::copy(text)), Value::Int);
    if least.is_empty() {
        spec.set(&["maxUnavailable"], amount(&most));
    } else {
        spec.set(&["minAvailable"], amount(&least));
    }
    let mut tree = head(Kind::PodDisruptionBudget, &name);
    tree.set(&["spec"], spec);
    tree.set(
        &["status"],
        map! { "currentHealthy" => 0, "desiredHealthy" => 0, "disruptionsAllowed" => 0, "expectedPods" => 0 },
    );
    make(run, Kind::PodDisruptionBudget, tree, "created", "failed to create poddisruptionbudgets: ")
}

/// A label selector as an object holds it.
fn of_selector(selector: &Selector) -> Value {
    let mut equal = Map::new();
    let mut expressions = Vec::new();
    for requirement in &selector.requirements {
        if let (Operator::In | Operator::Equals | Operator::DoubleEquals, [value]) =
            (requirement.operator, requirement.values.as_slice())
        {
            equal.insert(requirement.key.clone(), value);
            continue;
        }
        let operator = match requirement.operator {
            Operator::NotIn | Operator::NotEquals => "NotIn",
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
            _ => "In",
        };
        let mut expression = map! { "key" => &requirement.key, "operator" => operator };
        if !requirement.values.is_empty() {
            expression.set(&["values"], Value::texts(requirement.values.iter().cloned()));
        }
        expressions.push(expression);
    }
    let mut tree = Value::empty_map();
    if !equal.is_empty() {
        tree.set(&["matchLabels"], equal);
    }
    if !expressions.is_empty() {
        tree.set(&["matchExpressions"], expressions);
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_coded_in_base64() {
        for (plain, coded) in
            [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("playground", "cGxheWdyb3VuZA==")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
