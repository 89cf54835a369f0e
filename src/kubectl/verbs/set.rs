//! `kubectl set image`, `env`, `resources`, `serviceaccount`, `selector`, `subject`
//! (`reference/api-defaults-validation.md` §6, §9).

use std::fmt::Write as _;

use super::label::part;
use super::output;
use super::rollout::send_change;
use super::visit::{Act, Visit, nothing_more};
use crate::api::quantity::Quantity;
use crate::api::selector::Operator;
use crate::api::{Kind, Selector, Shared};
use crate::kubectl::command_line::{Query, ResourceRequest, Target, quoted, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Outcome, Run};
use crate::map;
use crate::value::{Text, Value};

/// Reads the objects first, as kubectl does here: what is missing is told before anything is changed.
fn begin(
    run: &mut Run<'_, '_>,
    words: &[Text],
    act: Act,
    check: impl Fn(&Run<'_, '_>) -> Result<(), Failure>,
) -> Outcome {
    let command = run.command;
    DryRun::of(command)?;
    output::format(command)?;
    let paths = sources(command)?;
    if command.is("all") && !command.text_or_empty("selector").is_empty() {
        return Err(Failure::error("cannot set --all and --selector at the same time"));
    }
    let query = Query::read(&ResourceRequest {
        words,
        files: &paths,
        labels: command.text("selector").map(Text::as_str).filter(|text| !text.is_empty()),
        type_alone: command.is("all"),
        ..ResourceRequest::default()
    })?;
    let local = command.is("local");
    if local && paths.is_empty() {
        return Err(Failure::error(
            "you must specify resources by --filename when --local is set.\n\
             Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'",
        ));
    }
    let mut found = Vec::new();
    for target in query.targets(run) {
        let target = target?;
        let live = if local { super::local::object(&target)? } else { super::live(run, &target)? };
        found.push(Ok(Target { live: Some(live), ..target }));
    }
    check(run)?;
    Visit::new(found, act, nothing_more).go(run)
}

/// Where the pod template of an object is.
fn pod_path(live: &Shared) -> Option<&'static [&'static str]> {
    match live.kind {
        Kind::Pod => Some(&["spec"]),
        Kind::StatefulSet => Some(&["spec", "template", "spec"]),
        _ => None,
    }
}

/// A complaint about one object. An object that the server has not shown is named by its kind.
fn about(run: &Run<'_, '_>, target: &Target, what: impl std::fmt::Display) -> Failure {
    let singular = target.resource.singular();
    let resource = if run.command.is("local") { &singular } else { target.resource.plural };
    Failure::plain(format!("error: {resource}/{} {what}\n", target.name))
}

fn no_pod_template(run: &Run<'_, '_>, target: &Target) -> Failure {
    let kind = target.resource.name;
    about(run, target, format!("the object is not a pod or does not have a pod template: *v1.{kind}"))
}

/// Changes every container that `chosen` chooses; answers how many there were.
fn containers(
    tree: &mut Value,
    path: &[&'static str],
    lists: &[&'static str],
    chosen: impl Fn(&str) -> bool,
    mut change: impl FnMut(&mut Value),
) -> usize {
    let mut count = 0;
    for list in lists {
        let mut whole = path.to_vec();
        whole.push(list);
        if tree.at(&whole).items().is_empty() {
            continue;
        }
        for container in tree.at_mut(&whole).items_mut() {
            if chosen(container.at(&["name"]).str_or_empty()) {
                change(container);
                count += 1;
            }
        }
    }
    count
}

/// Begins `set image`.
pub fn image(run: &mut Run<'_, '_>) -> Outcome {
    let (words, images) = part(&run.command.words, "image")?;
    begin(run, &words, image_of, |_| {
        if images.is_empty() {
            return Err(Failure::error("at least one image update is required"));
        }
        if images.len() > 1 && images.iter().any(|image| image.starts_with("*=")) {
            return Err(Failure::error(
                "all containers are already specified by *, but saw more than one container_name=container_image pairs",
            ));
        }
        Ok(())
    })
}

fn image_of(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let (_, images) = part(&run.command.words, "image")?;
    let live = super::live(run, target)?;
    let path = pod_path(&live).ok_or_else(|| no_pod_template(run, target))?;
    let mut tree = live.tree.clone();
    let mut missing = Vec::new();
    for pair in &images {
        let (name, image) = pair.split_once('=').unwrap_or((pair, ""));
        let count = containers(
            &mut tree,
            path,
            &["initContainers", "containers"],
            |container| name == "*" || container == name,
            |container| container.set(&["image"], Text::copy(image)),
        );
        if count == 0 {
            missing.push(Failure::plain(format!("error: unable to find container named {}", quoted(name))));
        }
    }
    for failure in missing {
        run.fail(failure);
    }
    send_change(run, target, &live, &tree, "image updated", "failed to patch image update to pod template: ")
}

/// The containers that `-c` names, with its stars.
fn chosen(pattern: &str, name: &str) -> bool {
    pattern.split(',').any(|pattern| match pattern.split_once('*') {
        None => pattern == name,
        Some((start, end)) => name.starts_with(start) && name.ends_with(end),
    })
}

fn container_pattern(run: &Run<'_, '_>) -> Text {
    run.command.text("containers").cloned().unwrap_or_else(|| "*".into())
}

/// What a `set env` asks for: the words that name objects, and those that name variables (`-e` among them).
fn environment(run: &Run<'_, '_>) -> Result<(Vec<Text>, Vec<Text>), Failure> {
    let mut resources = Vec::new();
    let mut pairs: Vec<Text> = run.command.each("env").cloned().collect();
    let mut named = false;
    for word in &run.command.words {
        if word.find('=').is_some_and(|at| at > 0) || word.ends_with('-') {
            named = true;
            pairs.push(word.clone());
        } else if named {
            return Err(Failure::error(format!(
                "all resources must be specified before environment changes: {}",
                run.command.words.join(" ")
            )));
        } else {
            resources.push(word.clone());
        }
    }
    Ok((resources, pairs))
}

/// The variables to set, each once, and the names of those to remove.
fn variables(run: &mut Run<'_, '_>) -> Result<(Vec<Value>, Vec<Text>), Failure> {
    let (_, pairs) = environment(run)?;
    let (mut set, mut remove) = (Vec::new(), Vec::new());
    let mut put = |key: &str, entry: (&'static str, Value)| {
        set.push((Text::copy(key), entry));
    };
    let mut written: Vec<Text> = Vec::new();
    for pair in &pairs {
        if pair == "-" {
            let stdin = run.command.invocation.stdin.clone().unwrap_or_default();
            for line in stdin.lines() {
                let line = line.split('#').next().unwrap_or("");
                if let Some((key, value)) = line.split_once('=') {
                    put(key, ("value", Text::copy(value).into()));
                }
            }
        } else if let Some((key, value)) = pair.split_once('=') {
            check_variable(key)?;
            written.push(Text::copy(key));
            put(key, ("value", Text::copy(value).into()));
        } else if let Some(key) = pair.strip_suffix('-') {
            remove.push(Text::copy(key));
        } else {
            return Err(Failure::error(format!("unknown environment variable: {pair}")));
        }
    }
    if remove.iter().any(|key| written.contains(key)) {
        return Err(Failure::error("can not both modify and remove the same environment variable in the same command"));
    }
    if let Some(from) = run.command.text("from").filter(|from| !from.is_empty()).cloned() {
        for (key, entry) in taken_from(run, &from)? {
            put(&key, entry);
        }
    }
    let prefix = run.command.text_or_empty("prefix");
    let mut entries: Vec<Value> = Vec::new();
    for (key, (field, value)) in set {
        let name = Text::from(format!("{prefix}{key}"));
        if !entries.iter().any(|entry| *entry.at(&["name"]).str_or_empty() == *name) {
            entries.push(map! { "name" => name, field => value });
        }
    }
    Ok((entries, remove))
}

/// kubectl is stricter here than the server.
fn check_variable(key: &str) -> Result<(), Failure> {
    let letters = key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if letters && !key.is_empty() && !key.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(());
    }
    Err(Failure::error(format!(
        "{} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, \
         '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', \
         regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')",
        quoted(key)
    )))
}

/// A variable to be: its name, the field that gives its value, and that value.
type Variable = (String, (&'static str, Value));

/// `--from`: a variable for each key of a ConfigMap or Secret (those of `--keys`, where given).
fn taken_from(run: &mut Run<'_, '_>, from: &Text) -> Result<Vec<Variable>, Failure> {
    let words = [from.clone()];
    let query = Query::read(&ResourceRequest { words: &words, ..ResourceRequest::default() })?;
    let keys = run.command.list("keys");
    let mut found = Vec::new();
    for target in query.targets(run) {
        let live = super::live(run, &target?)?;
        let reference = match live.kind {
            Kind::ConfigMap => "configMapKeyRef",
            Kind::Secret => "secretKeyRef",
            _ => return Err(Failure::error("unsupported resource specified in --from")),
        };
        for (key, _) in live.tree.at(&["data"]).pairs() {
            if !keys.is_empty() && !keys.contains(key) {
                continue;
            }
            let name: String =
                key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
            if *name != **key {
                run.warn(&format!("key {key} transferred to {name}"));
            }
            let source = map! { reference => map! { "name" => &live.meta.name, "key" => key } };
            found.push((name, ("valueFrom", source)));
        }
    }
    Ok(found)
}

/// Begins `set env`.
pub fn env(run: &mut Run<'_, '_>) -> Outcome {
    let (words, _) = environment(run)?;
    let command = run.command;
    let refused = |why: &str| Err(Failure::error(why));
    if words.is_empty() && !command.has("filename") {
        return refused("one or more resources must be specified as <resource> <name> or <resource>/<name>");
    }
    if command.is("list") && command.has("output") {
        return refused("--list and --output may not be specified together");
    }
    if command.has("keys") && !command.has("from") {
        return refused("when specifying --keys, a configmap or secret must be provided with --from");
    }
    variables(run)?;
    begin(run, &words, env_of, |_| Ok(()))
}

fn env_of(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let (entries, remove) = variables(run)?;
    let live = super::live(run, target)?;
    let path = pod_path(&live).ok_or_else(|| no_pod_template(run, target))?;
    let pattern = container_pattern(run);
    let mut tree = live.tree.clone();
    let overwrite = run.command.switch("overwrite").unwrap_or(true);
    let mut clash = None;
    let count = containers(
        &mut tree,
        path,
        &["containers", "initContainers"],
        |name| chosen(&pattern, name),
        |container| {
            let held = container.at(&["env"]).items().to_vec();
            let named = |list: &[Value], name: &Value| list.iter().find(|one| one.at(&["name"]) == name).cloned();
            for entry in &entries {
                if let Some(old) = named(&held, entry.at(&["name"]))
                    && !overwrite
                    && old.at(&["value"]).str_or_empty() != entry.at(&["value"]).str_or_empty()
                {
                    clash = Some((entry.at(&["name"]).text(), old.at(&["value"]).text()));
                }
            }
            let mut env: Vec<Value> = held
                .iter()
                .filter(|one| !remove.contains(&one.at(&["name"]).text()))
                .map(|one| named(&entries, one.at(&["name"])).unwrap_or_else(|| one.clone()))
                .collect();
            env.extend(entries.iter().filter(|entry| named(&held, entry.at(&["name"])).is_none()).cloned());
            if env.is_empty() {
                container.take(&["env"]);
            } else {
                container.set(&["env"], env);
            }
        },
    );
    if count == 0 {
        run.warn(&format!(
            "{}/{} does not have any containers matching {}",
            target.resource.name,
            target.name,
            quoted(&pattern)
        ));
        return Ok(());
    }
    if let Some((key, old)) = clash {
        return Err(about(run, target, format!("'{key}' already has a value ({old}), and --overwrite is false")));
    }
    if run.command.is("list") {
        list_env(run, target, tree, path, &pattern);
        return Ok(());
    }
    send_change(run, target, &live, &tree, "env updated", "failed to patch env update to pod template: ")
}

fn list_env(run: &mut Run<'_, '_>, target: &Target, mut tree: Value, path: &[&'static str], pattern: &str) {
    let mut text = String::new();
    containers(
        &mut tree,
        path,
        &["containers", "initContainers"],
        |name| chosen(pattern, name),
        |container| {
            let name = container.at(&["name"]).text();
            let _ = writeln!(text, "# {} {}, container {name}", target.resource.name, target.name);
            for entry in container.at(&["env"]).items() {
                let key = entry.at(&["name"]).text();
                let from = entry.at(&["valueFrom"]);
                if from.is_null() {
                    let _ = writeln!(text, "{key}={}", entry.at(&["value"]).str_or_empty());
                } else {
                    let _ = writeln!(text, "# {key} from {}", described_source(from));
                }
            }
        },
    );
    run.out(&text);
}

/// Where the value of a variable comes from, in words.
fn described_source(from: &Value) -> String {
    let word = |path: &[&str]| from.at(path).text();
    if from.get("fieldRef").is_some() {
        format!("field path {}", word(&["fieldRef", "fieldPath"]))
    } else if from.get("configMapKeyRef").is_some() {
        format!("configmap {}, key {}", word(&["configMapKeyRef", "name"]), word(&["configMapKeyRef", "key"]))
    } else if from.get("secretKeyRef").is_some() {
        format!("secret {}, key {}", word(&["secretKeyRef", "name"]), word(&["secretKeyRef", "key"]))
    } else {
        format!("resource field {}", word(&["resourceFieldRef", "resource"]))
    }
}

/// Begins `set resources`.
pub fn resources(run: &mut Run<'_, '_>) -> Outcome {
    let words = run.command.words.clone();
    begin(run, &words, resources_of, |run| {
        let command = run.command;
        if command.text_or_empty("limits").is_empty() && command.text_or_empty("requests").is_empty() {
            return Err(Failure::error(
                "you must specify an update to requests or limits (in the form of --requests/--limits)",
            ));
        }
        amounts(command.text_or_empty("limits"))?;
        amounts(command.text_or_empty("requests"))?;
        Ok(())
    })
}

/// `cpu=200m,memory=512Mi`.
fn amounts(text: &str) -> Result<Vec<(Text, Text)>, Failure> {
    let mut found = Vec::new();
    for pair in text.split(',').filter(|pair| !pair.is_empty()) {
        let Some((name, amount)) = pair.split_once('=').filter(|(_, amount)| !amount.contains('=')) else {
            return Err(Failure::error(format!("Invalid argument syntax {pair}, expected <resource>=<value>")));
        };
        Quantity::parse(amount).map_err(Failure::error)?;
        found.push((Text::copy(name), Text::copy(amount)));
    }
    Ok(found)
}

fn resources_of(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let limits = amounts(run.command.text_or_empty("limits"))?;
    let requests = amounts(run.command.text_or_empty("requests"))?;
    let live = super::live(run, target)?;
    let path = pod_path(&live).ok_or_else(|| no_pod_template(run, target))?;
    let pattern = container_pattern(run);
    let mut tree = live.tree.clone();
    let count = containers(
        &mut tree,
        path,
        &["containers"],
        |name| chosen(&pattern, name),
        |container| {
            for (kind, amounts) in [("limits", &limits), ("requests", &requests)] {
                for (name, amount) in amounts {
                    container.at_mut(&["resources", kind]).map_mut().insert(name.clone(), amount);
                }
            }
        },
    );
    if count == 0 {
        return Err(Failure::error(format!("unable to find container named {pattern}")));
    }
    send_change(
        run,
        target,
        &live,
        &tree,
        "resource requirements updated",
        "failed to patch resources update to pod template ",
    )
}

/// Begins `set serviceaccount`.
pub fn service_account(run: &mut Run<'_, '_>) -> Outcome {
    let Some((_, words)) = run.command.words.split_last() else {
        return Err(Failure::error("serviceaccount is required"));
    };
    let words = words.to_vec();
    begin(run, &words, account_of, |_| Ok(()))
}

fn account_of(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let name = run.command.words.last().cloned().unwrap_or_default();
    let live = super::live(run, target)?;
    let path = pod_path(&live).ok_or_else(|| no_pod_template(run, target))?;
    let mut tree = live.tree.clone();
    tree.at_mut(path).set(&["serviceAccountName"], &name);
    send_change(run, target, &live, &tree, "serviceaccount updated", "failed to patch ServiceAccountName ")
}

/// Begins `set selector`.
pub fn selector(run: &mut Run<'_, '_>) -> Outcome {
    let words = &run.command.words;
    let Some((_, resources)) = words.split_last() else {
        return Err(Failure::error("one selector is required"));
    };
    let resources = resources.to_vec();
    begin(run, &resources, selector_of, |_| Ok(()))
}

fn selector_of(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let live = super::live(run, target)?;
    if live.kind != Kind::Service {
        return Err(Failure::error("setting a selector is only supported for Services"));
    }
    let mut selector = crate::value::Map::new();
    let parsed = Selector::parse(run.command.words.last().map_or("", Text::as_str)).map_err(Failure::error)?;
    let mut expressions = Vec::new();
    for requirement in &parsed.requirements {
        let operator = match requirement.operator {
            Operator::Equals | Operator::DoubleEquals => {
                selector.insert(requirement.key.clone(), requirement.values.first().cloned().unwrap_or_default());
                continue;
            }
            Operator::In => "In",
            Operator::NotIn | Operator::NotEquals => "NotIn",
            Operator::Exists => "Exists",
            _ => "DoesNotExist",
        };
        expressions.push(format!("{{{} {operator} [{}]}}", requirement.key, requirement.values.join(" ")));
    }
    if !expressions.is_empty() {
        return Err(Failure::error(format!(
            "match expression [{}] not supported on this object",
            expressions.join(" ")
        )));
    }
    let mut tree = live.tree.clone();
    tree.set(&["spec", "selector"], selector);
    send_change(run, target, &live, &tree, "selector updated", "failed to patch selector: ")
}

/// Begins `set subject`, which concerns role bindings only.
pub fn subject(run: &mut Run<'_, '_>) -> Outcome {
    let query = super::named_query(run, false)?;
    for target in query.targets(run) {
        super::live(run, &target?)?;
    }
    let command = run.command;
    if !command.has("user") && !command.has("group") && !command.has("serviceaccount") {
        return Err(Failure::error("you must specify at least one value of user, group or serviceaccount"));
    }
    Err(super::unsimulated::sentence(run))
}
