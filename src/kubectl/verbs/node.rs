//! `kubectl cordon`, `uncordon` and `taint`.

use super::output;
use super::visit::{Visit, nothing_more};
use crate::api::{Kind, Selector};
use crate::apiserver::{PatchType, Request, Verb, label_key, label_value};
use crate::kubectl::command_line::{Query, ResourceRequest, Target, types};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Outcome, Run};
use crate::map;
use crate::value::{Text, Value};

/// The nodes that the words or `-l` name, as `cordon` and `drain` take them.
///
/// # Errors
/// None are named, or one is missing.
pub fn named_nodes(run: &mut Run<'_, '_>) -> Result<Vec<Target>, Failure> {
    let command = run.command;
    let verb = command.verb.name();
    let labels = command.text("selector").filter(|text| !text.is_empty());
    if command.words.is_empty() && labels.is_none() {
        return Err(command.usage(format!("USAGE: {verb} NODE [flags]")));
    }
    if !command.words.is_empty() && labels.is_some() {
        return Err(command.usage("error: cannot specify both a node name and a --selector option"));
    }
    DryRun::of(command)?;
    let resource = types::of_kind(Kind::Node);
    if let Some(labels) = labels {
        let selector = Selector::parse(labels).map_err(Failure::error)?;
        let found = run.list(resource, &Text::default(), selector, Vec::new())?;
        return Ok(found.into_iter().map(|node| target(node.meta.name.clone(), Some(node))).collect());
    }
    let words = command.words.clone();
    let mut found = Vec::new();
    for name in words {
        let name = name.split_once('/').map_or(name.clone(), |(_, name)| Text::copy(name));
        let node = run.get(resource, &Text::default(), &name)?;
        found.push(target(name, Some(node)));
    }
    Ok(found)
}

fn target(name: Text, live: Option<crate::api::Shared>) -> Target {
    Target {
        resource: types::of_kind(Kind::Node),
        namespace: Text::default(),
        name,
        source: Text::default(),
        manifest: Value::Null,
        fills_namespace: false,
        live,
    }
}

/// Begins `cordon` and `uncordon`.
pub fn cordon(run: &mut Run<'_, '_>) -> Outcome {
    let nodes = named_nodes(run)?;
    Visit::new(nodes.into_iter().map(Ok).collect(), cordon_one, nothing_more).go(run)
}

fn cordon_one(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    set_schedulable(run, target, run.command.verb.name() == "uncordon")
}

/// Opens or closes a node for new pods.
///
/// # Errors
/// What the server answers.
pub fn set_schedulable(run: &mut Run<'_, '_>, target: &Target, open: bool) -> Result<(), Failure> {
    let live = super::live(run, target)?;
    let dry = DryRun::of(run.command)?;
    let word = if open { "uncordoned" } else { "cordoned" };
    let closed = live.tree.at(&["spec", "unschedulable"]).as_bool().unwrap_or(false);
    if closed != open {
        run.line(format!("{} already {word}{}", target.shown(), dry.suffix()));
        return Ok(());
    }
    if dry != DryRun::Client {
        let value = if open { Value::Null } else { Value::Bool(true) };
        let change = map! { "spec" => map! { "unschedulable" => value } };
        let verb = Verb::Patch(PatchType::Strategic, change);
        let request = Request::new(Kind::Node, &Text::default(), &target.name, verb).dry(dry.server());
        run.one(request)?;
    }
    run.line(format!("{} {word}{}", target.shown(), dry.suffix()));
    Ok(())
}

/// A change of a node's taints: `key[=value]:Effect` sets, `key[:Effect]-` removes.
#[derive(Debug)]
struct Taint {
    key: Text,
    value: Text,
    effect: Text,
    remove: bool,
}

fn parse_taint(run: &Run<'_, '_>, spec: &Text) -> Result<Taint, Failure> {
    let body = spec.strip_suffix('-').unwrap_or(spec);
    let invalid = |why: &str| run.command.usage(format!("invalid taint spec: {body}{why}"));
    let parts: Vec<&str> = body.split(':').collect();
    let (pair, effect) = match parts.as_slice() {
        [key] => (*key, ""),
        [pair, effect] => (*pair, *effect),
        _ => return Err(invalid("")),
    };
    if parts.len() == 2 && !matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
        return Err(run.command.usage(format!("invalid taint effect: {effect}, unsupported taint effect")));
    }
    // Without an effect the whole is a key.
    let (key, value) = if effect.is_empty() { (pair, "") } else { pair.split_once('=').unwrap_or((pair, "")) };
    if value.contains('=') {
        return Err(invalid(""));
    }
    let mut complaints = label_value(value);
    if complaints.is_empty() {
        complaints = label_key(key);
    }
    if !complaints.is_empty() {
        return Err(invalid(&format!(", {}", complaints.join("; "))));
    }
    let remove = body.len() < spec.len();
    if effect.is_empty() && !remove {
        return Err(invalid(""));
    }
    let value = if remove { "" } else { value };
    Ok(Taint { key: Text::copy(key), value: Text::copy(value), effect: Text::copy(effect), remove })
}

fn taints(run: &Run<'_, '_>) -> Result<(Vec<Text>, Vec<Taint>), Failure> {
    let mut words = Vec::new();
    let mut taints: Vec<Taint> = Vec::new();
    for word in &run.command.words {
        let is_taint = word.contains('=') || word.contains(':') || word.ends_with('-');
        if is_taint {
            let taint = parse_taint(run, word)?;
            let twice = |other: &Taint| !other.remove && other.key == taint.key && other.effect == taint.effect;
            if !taint.remove && taints.iter().any(twice) {
                return Err(run.command.usage(format!(
                    "duplicated taints with the same key and effect: {{{} {} {} <nil>}}",
                    taint.key, taint.value, taint.effect
                )));
            }
            taints.push(taint);
        } else if taints.is_empty() {
            words.push(word.clone());
        } else {
            return Err(Failure::error(format!("all resources must be specified before taint changes: {word}")));
        }
    }
    Ok((words, taints))
}

/// Begins `taint`.
pub fn taint(run: &mut Run<'_, '_>) -> Outcome {
    let (words, changes) = taints(run)?;
    DryRun::of(run.command)?;
    if words.is_empty() {
        return Err(Failure::error("one or more resources must be specified as <resource> <name>"));
    }
    if changes.is_empty() {
        return Err(Failure::error("at least one taint update is required"));
    }
    let kind = words.first().map_or("", Text::as_str).split('/').next().unwrap_or("");
    if types::find(kind).is_some_and(|found| found.kind != Some(Kind::Node)) {
        return Err(Failure::error(format!("invalid resource type {kind}, only node types are supported")));
    }
    let both = |set: &Taint, removed: &Taint| {
        !set.remove
            && removed.remove
            && set.key == removed.key
            && (removed.effect.is_empty() || removed.effect == set.effect)
    };
    let clashes: Vec<String> = changes
        .iter()
        .flat_map(|set| changes.iter().filter(move |removed| both(set, removed)))
        .map(|removed| format!("{}={}", removed.key, removed.effect))
        .collect();
    if !clashes.is_empty() {
        return Err(Failure::error(format!(
            "can not both modify and remove the following taint(s) in the same command: {}",
            clashes.join(", ")
        )));
    }
    let query = Query::read(&ResourceRequest {
        words: &words,
        labels: run.command.text("selector").map(Text::as_str).filter(|text| !text.is_empty()),
        type_alone: run.command.is("all"),
        ..ResourceRequest::default()
    })?;
    let targets = query.targets(run);
    Visit::new(targets, taint_one, nothing_more).go(run)
}

fn taint_one(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let (_, changes) = taints(run)?;
    let live = super::live(run, target)?;
    let dry = DryRun::of(run.command)?;
    let held = live.tree.at(&["spec", "taints"]).items();
    let same = |taint: &Taint, other: &Value| {
        other.at(&["key"]).text() == taint.key
            && (taint.effect.is_empty() || other.at(&["effect"]).text() == taint.effect)
    };
    let overwrite = run.command.is("overwrite");
    let mut after = held.to_vec();
    let (mut set, mut removed) = (false, false);
    for change in &changes {
        let exists = held.iter().any(|other| same(change, other));
        if change.remove {
            if !exists {
                let shown = if change.effect.is_empty() {
                    change.key.to_string()
                } else {
                    format!("{}:{}", change.key, change.effect)
                };
                return Err(Failure::error(format!("taint \"{shown}\" not found")));
            }
            after.retain(|other| !same(change, other));
            removed = true;
            continue;
        }
        if exists && !overwrite {
            return Err(Failure::error(format!(
                "node {} already has {} taint(s) with same effect(s) and --overwrite is false",
                target.name, change.key
            )));
        }
        after.retain(|other| !same(change, other));
        let mut taint = map! { "key" => &change.key, "effect" => &change.effect };
        if !change.value.is_empty() {
            taint.set(&["value"], &change.value);
        }
        after.insert(0, taint);
        set = true;
    }
    let mut tree = live.tree.clone();
    if after.is_empty() {
        tree.take(&["spec", "taints"]);
    } else {
        tree.set(&["spec", "taints"], after);
    }
    let what = match (set, removed) {
        (true, true) => "modified",
        _ if overwrite => "modified",
        (false, true) => "untainted",
        _ => "tainted",
    };
    if dry == DryRun::Client {
        return output::said(run, &target.shown(), what, &tree);
    }
    let taints = tree.at(&["spec", "taints"]).clone();
    let change = map! { "spec" => map! { "taints" => taints } };
    let verb = Verb::Patch(PatchType::Merge, change);
    let request = Request::new(Kind::Node, &Text::default(), &target.name, verb).dry(dry.server());
    let object = run.one(request)?;
    output::said(run, &target.shown(), what, &object.tree)
}
