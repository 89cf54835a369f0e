//! What there is to ask about kubectl and the cluster themselves: `api-resources`, `api-versions`, `version`,
//! `cluster-info`, `auth`, `options`.

use std::fmt::Write as _;

use super::help;
use crate::kubectl::command_line::types::{self, ResourceType};
use crate::kubectl::command_line::{Flag, GLOBAL};
use crate::kubectl::errors::Failure;
use crate::kubectl::kubeconfig::ADDRESS;
use crate::kubectl::print;
use crate::kubectl::run::{Next, Outcome, Run};
use crate::value::Text;

/// The version of the server and of kubectl.
pub const VERSION: &str = "v1.36.2";
/// The version of what is built into kubectl.
pub const KUSTOMIZE: &str = "v5.8.1";

/// Begins `api-resources`.
pub fn api_resources(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    if !command.words.is_empty() {
        return Err(command.usage(format!("unexpected arguments: [{}]", super::create::joined(&command.words))));
    }
    let output = command.text_or_empty("output");
    if !matches!(output, "" | "wide" | "name") {
        return Err(Failure::error(format!("--output {output} is not available")));
    }
    let group = command.text("api-group");
    let namespaced = command.switch("namespaced");
    let wanted = command.list("verbs");
    let mut found: Vec<ResourceType> = types::types()
        .filter(|kind| group.is_none_or(|group| *group == *kind.group))
        .filter(|kind| namespaced.is_none_or(|namespaced| namespaced == kind.namespaced))
        .filter(|kind| wanted.iter().all(|verb| verbs_of(*kind).split(',').any(|can| *verb == *can)))
        .filter(|kind| command.list("categories").iter().all(|category| *category == *"all" && kind.in_all()))
        .collect();
    match command.text_or_empty("sort-by") {
        "name" => crate::sorted::sort_by_key(&mut found, &|kind| kind.plural),
        "kind" => crate::sorted::sort_by_key(&mut found, &|kind| kind.name),
        "" => {}
        _ => return Err(Failure::error("--sort-by accepts only name or kind")),
    }
    if output == "name" {
        for kind in found {
            run.line(kind.qualified_plural());
        }
        return Ok(Next::End);
    }
    let wide = output == "wide";
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|kind| {
            let mut row = vec![
                kind.plural.to_owned(),
                kind.short_names.join(","),
                kind.api_version(),
                kind.namespaced.to_string(),
                kind.name.to_owned(),
            ];
            if wide {
                row.push(verbs_of(*kind).to_owned());
                row.push(if kind.in_all() { "all".to_owned() } else { String::new() });
            }
            row
        })
        .collect();
    let mut headers = vec!["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"];
    if wide {
        headers.extend(["VERBS", "CATEGORIES"]);
    }
    if command.is("no-headers") {
        headers.clear();
    }
    run.out(&print::plain_table(&headers, &rows));
    Ok(Next::End)
}

/// What can be done with objects of a type.
fn verbs_of(kind: ResourceType) -> &'static str {
    match kind.plural {
        "componentstatuses" => "get,list",
        "namespaces" => "create,delete,get,list,patch,update,watch",
        name if name == "bindings" || name.ends_with("reviews") => "create",
        _ => "create,delete,deletecollection,get,list,patch,update,watch",
    }
}

/// Begins `api-versions`.
pub fn api_versions(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    if !command.words.is_empty() {
        return Err(command.usage(format!("unexpected arguments: [{}]", super::create::joined(&command.words))));
    }
    let mut versions: Vec<String> = types::types().map(ResourceType::api_version).collect();
    versions.push("autoscaling/v1".to_owned());
    crate::sorted::sort(&mut versions);
    versions.dedup();
    for version in versions {
        run.line(version);
    }
    Ok(Next::End)
}

/// Begins `version`.
pub fn version(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let client_only = command.is("client");
    match command.text_or_empty("output") {
        "" => {
            run.line(format!("Client Version: {VERSION}"));
            run.line(format!("Kustomize Version: {KUSTOMIZE}"));
            if !client_only {
                run.line(format!("Server Version: {VERSION}"));
            }
        }
        output @ ("json" | "yaml") => {
            let json = output == "json";
            let mut parts = vec![build("clientVersion", false, json), (vec!["kustomizeVersion"], vec![KUSTOMIZE])];
            if !client_only {
                parts.push(build("serverVersion", true, json));
            }
            run.out(&versions(&parts, json));
        }
        _ => return Err(Failure::error("--output must be 'yaml' or 'json'")),
    }
    Ok(Next::End)
}

type Part = (Vec<&'static str>, Vec<&'static str>);

/// What is told of one build. JSON keeps the order of the program, YAML that of the alphabet.
fn build(name: &'static str, server: bool, json: bool) -> Part {
    const FACTS: [(&str, &str, bool); 13] = [
        ("major", "1", false),
        ("minor", "36", false),
        ("emulationMajor", "1", true),
        ("emulationMinor", "36", true),
        ("minCompatibilityMajor", "1", true),
        ("minCompatibilityMinor", "35", true),
        ("gitVersion", VERSION, false),
        ("gitCommit", "98b35193b2ac7a23a673325f5e9b830ecd5ba406", false),
        ("gitTreeState", "clean", false),
        ("buildDate", "2026-08-21T11:29:11Z", false),
        ("goVersion", "go1.26.3", false),
        ("compiler", "gc", false),
        ("platform", "linux/amd64", false),
    ];
    let mut facts: Vec<(&str, &str, bool)> = FACTS.into_iter().filter(|(.., servers)| server || !servers).collect();
    if !json {
        crate::sorted::sort_by_key(&mut facts, &|(name, ..)| *name);
    }
    let names = std::iter::once(name).chain(facts.iter().map(|(name, ..)| *name)).collect();
    (names, facts.into_iter().map(|(_, value, _)| value).collect())
}

/// What the server says of its version under `/version`.
pub fn server_version() -> String {
    let (names, values) = build("", true, true);
    let facts: Vec<String> =
        names.iter().skip(1).zip(values).map(|(name, value)| format!("  \"{name}\": \"{value}\"")).collect();
    format!("{{\n{}\n}}", facts.join(",\n"))
}

/// The parts of `version -o`.
fn versions(parts: &[Part], json: bool) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (at, (names, values)) in parts.iter().enumerate() {
        let Some((name, fields)) = names.split_first() else { continue };
        let comma = if at + 1 < parts.len() { "," } else { "" };
        match (fields.is_empty(), json) {
            (true, true) => lines.push(format!("  \"{name}\": \"{}\"{comma}", values.concat())),
            (true, false) => lines.push(format!("{name}: {}", values.concat())),
            (false, true) => lines.push(format!("  \"{name}\": {{")),
            (false, false) => lines.push(format!("{name}:")),
        }
        for (at, (field, value)) in fields.iter().zip(values).enumerate() {
            let comma = if at + 1 < fields.len() { "," } else { "" };
            // Numbers and moments would not stay texts without quotes.
            let bare = value.starts_with(|c: char| c.is_ascii_alphabetic()) || value.len() > 30;
            lines.push(match (json, bare) {
                (true, _) => format!("    \"{field}\": \"{value}\"{comma}"),
                (false, true) => format!("  {field}: {value}"),
                (false, false) => format!("  {field}: \"{value}\""),
            });
        }
        if json && !fields.is_empty() {
            lines.push(format!("  }}{comma}"));
        }
    }
    let text = lines.join("\n");
    if json { format!("{{\n{text}\n}}\n") } else { format!("{text}\n\n") }
}

/// Begins `cluster-info`.
pub fn cluster_info(run: &mut Run<'_, '_>) -> Outcome {
    run.line(format!("Kubernetes control plane is running at {ADDRESS}"));
    run.line("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.");
    Ok(Next::End)
}

/// Begins `auth can-i`: everyone may do everything here.
pub fn can_i(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    if command.is("list") {
        let rows = vec![vec!["*.*".to_owned(), "[]".to_owned(), "[]".to_owned(), "[*]".to_owned()]];
        run.out(&print::plain_table(&["Resources", "Non-Resource URLs", "Resource Names", "Verbs"], &rows));
        return Ok(Next::End);
    }
    let [_, resource] = command.words.as_slice() else {
        return Err(Failure::error(
            "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for \
             help and examples.",
        ));
    };
    let name = resource.split('/').next().unwrap_or("");
    if !resource.starts_with('/') && name != "*" && types::find(name).is_none() {
        run.warn(&format!("the server doesn't have a resource type '{name}'"));
        run.complain("");
    }
    if !command.is("quiet") {
        run.line("yes");
    }
    Ok(Next::End)
}

/// Begins `auth whoami`.
pub fn whoami(run: &mut Run<'_, '_>) -> Outcome {
    let row = |name: &str, value: &str| vec![name.to_owned(), value.to_owned()];
    let rows = [
        row("Username", "kubernetes-admin"),
        row("UID", "kubernetes-admin"),
        row("Groups", "[system:masters system:authenticated]"),
    ];
    run.out(&print::plain_table(&["ATTRIBUTE", "VALUE"], &rows));
    Ok(Next::End)
}

/// Begins `options`.
pub fn options(run: &mut Run<'_, '_>) -> Outcome {
    let flags: Vec<&Flag> = GLOBAL.iter().collect();
    let mut text = String::from("Every command takes these flags:\n");
    for flag in flags {
        let _ = writeln!(text, "  {}", help::flag_line(flag));
    }
    run.out(&text);
    Ok(Next::End)
}

/// Begins `explain`.
pub fn explain(run: &mut Run<'_, '_>) -> Outcome {
    let Some(path) = run.command.words.first().cloned() else {
        return Err(Failure::error(
            "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of \
             supported resources.",
        ));
    };
    if run.command.words.len() > 1 {
        return Err(Failure::error("We accept only this format: explain RESOURCE"));
    }
    let mut fields = path.split('.').filter(|field| !field.is_empty());
    let first = fields.next().unwrap_or("");
    // `statefulsets.apps.spec` names the group too: the longest beginning that is a type counts.
    let mut rest: Vec<Text> = fields.map(Text::copy).collect();
    let mut resource = types::find(first);
    if let Some(group) = rest.first().filter(|group| resource.is_some_and(|kind| *kind.group == ***group)) {
        let _ = group;
        rest.remove(0);
    }
    if resource.is_none() {
        resource = types::find(&path);
        rest.clear();
    }
    let Some(resource) = resource else {
        return Err(Failure::plain(format!("the server doesn't have a resource type \"{first}\"")));
    };
    let Some(kind) = resource.kind else {
        return Err(super::unsimulated::sentence(run));
    };
    let asked = run.command.text_or_empty("api-version");
    if !asked.is_empty() && *asked != resource.api_version() {
        let place = if asked.contains('/') { asked.to_string() } else { format!("/{asked}") };
        let place = format!("{place}, Resource={}", resource.plural);
        return Err(if types::types().any(|other| *asked == other.api_version()) {
            Failure::plain(format!("error: GVR ({place}) not found in OpenAPI schema"))
        } else {
            Failure::error(format!("couldn't find resource for \"{place}\""))
        });
    }
    if let Some(form) = run.command.text("output").filter(|form| !form.starts_with("plaintext")) {
        return Err(Failure::error(format!("unrecognized format: {form}")));
    }
    let mut text = String::new();
    if !resource.group.is_empty() {
        let _ = writeln!(text, "GROUP:      {}", resource.group);
    }
    let _ = writeln!(text, "KIND:       {}\nVERSION:    {}\n", resource.name, resource.version);
    run.out(&text);
    super::explain::fields_of(run, kind, &rest)
}
