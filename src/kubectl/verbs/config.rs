//! `kubectl config`: contexts are made, chosen, renamed and deleted as in kubectl; there is but one cluster.

use std::rc::Rc;

use super::help;
use crate::kubectl::errors::Failure;
use crate::kubectl::kubeconfig::{ADDRESS, Context, Kubeconfig, PATH};
use crate::kubectl::print::{self, Format};
use crate::kubectl::run::{Next, Outcome, Run};
use crate::map;
use crate::sorted::{SortedMap, SortedSet};
use crate::value::{Text, Value};

const COLUMNS: &[&str] = &["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"];

fn config_of(run: &Run<'_, '_>) -> Kubeconfig {
    (*run.command.invocation.config).clone()
}

/// The commands after this one find this configuration.
fn write(run: &mut Run<'_, '_>, config: Kubeconfig, text: String) -> Outcome {
    run.console.config = Some(Rc::new(config));
    run.line(text);
    Ok(Next::End)
}

/// A wrong number of names: help, and a complaint.
fn misused(run: &mut Run<'_, '_>) -> Outcome {
    help::of(run, run.command.verb.path);
    let words = super::create::joined(&run.command.words);
    Err(Failure::error(format!("Unexpected args: [{words}]")))
}

/// Begins `config view`.
pub fn view(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let mut config = config_of(run);
    if !command.words.is_empty() {
        return Err(command.usage(format!("unexpected arguments: [{}]", super::create::joined(&command.words))));
    }
    if command.is("minify") {
        if let Some(name) = command.text("context").filter(|name| !name.is_empty()) {
            config.current = name.clone();
        }
        minify(&mut config)?;
    }
    let entry = |name: &Text, key: &'static str, value: Value| map! { "name" => name, key => value };
    let clusters = config.clusters.iter().map(|name| entry(name, "cluster", map! { "server" => ADDRESS }));
    let users = config.users.iter().map(|name| entry(name, "user", map! { "token" => "REDACTED" }));
    let contexts = config.contexts.iter().map(|(name, context)| {
        let mut tree = map! { "cluster" => &context.cluster, "user" => &context.user };
        if !context.namespace.is_empty() {
            tree.set(&["namespace"], &context.namespace);
        }
        entry(name, "context", tree)
    });
    let listed = |items: Vec<Value>| if items.is_empty() { Value::Null } else { Value::list_of(items) };
    let tree = map! {
        "apiVersion" => "v1",
        "kind" => "Config",
        "current-context" => &config.current,
        "clusters" => listed(clusters.collect()),
        "contexts" => listed(contexts.collect()),
        "users" => listed(users.collect()),
    };
    let format = super::output::format(run.command)?.unwrap_or(Format::Yaml);
    let text = print::trees(&format, &[tree], true, true).map_err(Failure::error)?;
    run.out(&text);
    Ok(Next::End)
}

/// Leaves only what the current context needs.
fn minify(config: &mut Kubeconfig) -> Result<(), Failure> {
    if config.current.is_empty() {
        return Err(Failure::error("current-context must exist in order to minify"));
    }
    let Some(context) = config.contexts.get(&config.current).cloned() else {
        return Err(Failure::error(format!("cannot locate context {}", config.current)));
    };
    let only = |known: &SortedSet<Text>, name: &Text, what: &str| {
        let mut kept = SortedSet::new();
        if known.contains(name) {
            kept.insert(name.clone());
        } else if !name.is_empty() {
            return Err(Failure::error(format!("cannot locate {what} {name}")));
        }
        Ok(kept)
    };
    config.clusters = only(&config.clusters, &context.cluster, "cluster")?;
    config.users = only(&config.users, &context.user, "user")?;
    config.contexts = SortedMap::new();
    config.contexts.insert(config.current.clone(), context);
    Ok(())
}

/// Begins `config current-context`.
pub fn current_context(run: &mut Run<'_, '_>) -> Outcome {
    let current = run.command.invocation.config.current.clone();
    if current.is_empty() {
        return Err(Failure::error("current-context is not set"));
    }
    run.line(current);
    Ok(Next::End)
}

/// Begins `config get-contexts`.
pub fn get_contexts(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let output = command.text_or_empty("output");
    if !matches!(output, "" | "name") {
        return Err(Failure::error(format!(
            "--output {output} is not available in kubectl config get-contexts; resetting to default output format"
        )));
    }
    let config = config_of(run);
    let asked = |name: &Text| command.words.is_empty() || command.words.contains(name);
    let mut rows = Vec::new();
    for (name, context) in config.contexts.iter().filter(|(name, _)| asked(name)) {
        if output == "name" {
            run.line(name);
            continue;
        }
        let mark = if *name == config.current { "*" } else { "" };
        let cells = [&Text::from(mark), name, &context.cluster, &context.user, &context.namespace];
        rows.push(cells.map(Text::to_string).to_vec());
    }
    let headers: &[&str] = if command.is("no-headers") || output == "name" { &[] } else { COLUMNS };
    run.out(&print::plain_table(headers, &rows));
    for name in command.words.iter().filter(|name| !config.contexts.contains_key(*name)) {
        run.fail(Failure::error(format!("context {name} not found")));
    }
    Ok(Next::End)
}

/// Begins `config get-clusters` and `config get-users`.
pub fn get_names(run: &mut Run<'_, '_>) -> Outcome {
    let config = config_of(run);
    run.line("NAME");
    let names = if run.command.verb.name() == "get-users" { config.users } else { config.clusters };
    for name in &names {
        run.line(name);
    }
    Ok(Next::End)
}

/// Begins `config set-context`: changes a context, or makes it.
pub fn set_context(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let mut config = config_of(run);
    let current = command.is("current");
    let name = match command.words.as_slice() {
        [_, _, ..] => return misused(run),
        [name] if !name.is_empty() && current => {
            return Err(Failure::error("you cannot specify both a context name and --current"));
        }
        [name] if !name.is_empty() => name.clone(),
        _ if !current => return Err(Failure::error("you must specify a non-empty context name or --current")),
        _ if config.current.is_empty() => return Err(Failure::error("no current context is set")),
        _ => config.current.clone(),
    };
    let known = config.contexts.contains_key(&name);
    let context = config.contexts.or_default(name.clone());
    let Context { cluster, user, namespace } = context;
    for (flag, field) in [("cluster", cluster), ("user", user), ("namespace", namespace)] {
        if let Some(value) = command.text(flag) {
            *field = value.clone();
        }
    }
    let done = if known { "modified" } else { "created" };
    write(run, config, format!("Context \"{name}\" {done}."))
}

/// Begins `config use-context`.
pub fn use_context(run: &mut Run<'_, '_>) -> Outcome {
    let mut config = config_of(run);
    let [name] = run.command.words.as_slice() else { return misused(run) };
    if name.is_empty() {
        return Err(Failure::error("empty context names are not allowed"));
    }
    if !config.contexts.contains_key(name) {
        return Err(Failure::error(format!("no context exists with the name: \"{name}\"")));
    }
    config.current = name.clone();
    write(run, config, format!("Switched to context \"{name}\"."))
}

/// Begins `config rename-context`.
pub fn rename_context(run: &mut Run<'_, '_>) -> Outcome {
    let mut config = config_of(run);
    let [old, new] = run.command.words.as_slice() else { return misused(run) };
    if new.is_empty() {
        return Err(Failure::error("You must specify a new non-empty context name"));
    }
    if config.contexts.contains_key(old) && config.contexts.contains_key(new) {
        let why = format!("cannot rename the context \"{old}\", the context \"{new}\" already exists in {PATH}");
        return Err(Failure::error(why));
    }
    let Some(context) = config.contexts.remove(old) else {
        return Err(Failure::error(format!("cannot rename the context \"{old}\", it's not in {PATH}")));
    };
    config.contexts.insert(new.clone(), context);
    if config.current == *old {
        config.current = new.clone();
    }
    write(run, config, format!("Context \"{old}\" renamed to \"{new}\"."))
}

/// Begins `config delete-context`, `delete-cluster` and `delete-user`.
pub fn delete_entry(run: &mut Run<'_, '_>) -> Outcome {
    let mut config = config_of(run);
    let what = run.command.verb.name().trim_start_matches("delete-");
    let [name] = run.command.words.as_slice() else {
        help::of(run, run.command.verb.path);
        return Ok(Next::End);
    };
    let found = match what {
        "cluster" => config.clusters.remove(name),
        "user" => config.users.remove(name),
        _ => config.contexts.remove(name).is_some(),
    };
    if !found {
        return Err(Failure::error(format!("cannot delete {what} {name}, not in {PATH}")));
    }
    if what == "context" && config.current == *name {
        run.complain(
            "warning: this removed your active context, use \"kubectl config use-context\" to select a different one",
        );
    }
    write(run, config, format!("deleted {what} {name} from {PATH}"))
}

/// Begins `config set` and `config unset`: one property by its path, `contexts.dev.namespace`.
pub fn property(run: &mut Run<'_, '_>) -> Outcome {
    let sets = run.command.verb.name() == "set";
    let (path, value) = match run.command.words.as_slice() {
        [path, value] if sets => (path, Some(value)),
        [path] if !sets => (path, None),
        _ => return misused(run),
    };
    if value.is_some_and(|value| value.is_empty()) {
        return Err(Failure::error("you cannot use set to unset a property"));
    }
    if path.is_empty() {
        return Err(Failure::error("you must specify a property"));
    }
    let mut config = config_of(run);
    change(&mut config, path, value)?;
    write(run, config, format!("Property \"{path}\" {}set.", if sets { "" } else { "un" }))
}

/// Gives a property this value, or takes it away. Of clusters and users only the names are kept.
fn change(config: &mut Kubeconfig, path: &str, value: Option<&Text>) -> Result<(), Failure> {
    let (list, rest) = path.split_once('.').unwrap_or((path, ""));
    // A name may hold dots; what follows it is the last word, where that is a field.
    let (name, field) = match rest.rsplit_once('.') {
        Some((name, field)) if known(list, field) => (name, field),
        _ => (rest, ""),
    };
    let no_name = || Failure::error(format!("current map key `{name}` is invalid"));
    match (list, value) {
        ("current-context", _) if rest.is_empty() => config.current = value.cloned().unwrap_or_default(),
        ("contexts" | "clusters" | "users", None) if rest.is_empty() => match list {
            "contexts" => config.contexts = SortedMap::new(),
            "clusters" => config.clusters = SortedSet::new(),
            _ => config.users = SortedSet::new(),
        },
        ("contexts", None) if field.is_empty() => drop(config.contexts.remove(name).ok_or_else(no_name)?),
        ("contexts", _) if !field.is_empty() => {
            if value.is_none() && !config.contexts.contains_key(name) {
                return Err(no_name());
            }
            let context = config.contexts.or_default(Text::copy(name));
            *match field {
                "cluster" => &mut context.cluster,
                "user" => &mut context.user,
                _ => &mut context.namespace,
            } = value.cloned().unwrap_or_default();
        }
        ("clusters" | "users", _) if !rest.is_empty() => {
            let names = if list == "clusters" { &mut config.clusters } else { &mut config.users };
            match value {
                Some(_) if !field.is_empty() => drop(names.insert(Text::copy(name))),
                None if !names.contains(name) => return Err(no_name()),
                None if field.is_empty() => drop(names.remove(name)),
                None => {}
                Some(_) => return Err(unreadable(path)),
            }
        }
        ("contexts" | "clusters" | "users", _) => return Err(unreadable(path)),
        _ => return Err(Failure::error(format!("unable to parse {path} after [] at api.Config"))),
    }
    Ok(())
}

/// Whether a context, a cluster or a user has this field.
fn known(list: &str, field: &str) -> bool {
    let fields: &[&str] = match list {
        "contexts" => &["cluster", "user", "namespace"],
        "clusters" => &[
            "server",
            "tls-server-name",
            "insecure-skip-tls-verify",
            "certificate-authority",
            "proxy-url",
            "certificate-authority-data",
            "disable-compression",
        ],
        _ => &[
            "token",
            "username",
            "password",
            "client-certificate",
            "client-key",
            "client-certificate-data",
            "client-key-data",
            "tokenFile",
            "act-as",
        ],
    };
    fields.contains(&field)
}

fn unreadable(path: &str) -> Failure {
    Failure::error(format!("unable to parse one or more field values of {path}"))
}
