//! `kubectl get` (`reference/printing.md` §5).

use super::patch::subresource;
use super::watch::{Printer, Watch};
use super::{output, raw};
use crate::api::{Kind, Shared};
use crate::apiserver::{Request, Subresource, Verb};
use crate::kubectl::command_line::types::ResourceType;
use crate::kubectl::command_line::{Command, Query, ResourceRequest, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::print::{self, Allowed, Format, Options, TablePrinter};
use crate::kubectl::run::{Next, Outcome, Run};
use crate::time::human_duration;
use crate::value::Text;

/// Begins the command.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let output = command.text_or_empty("output");
    let filtered = command.is("watch") || command.is("watch-only") || command.has("selector");
    if let Some(path) = command.text("raw").filter(|path| !path.is_empty()) {
        if !command.words.is_empty() {
            return Err(Failure::error("arguments may not be passed when --raw is specified"));
        }
        if filtered {
            return Err(Failure::error(
                "--raw may not be specified with other flags that filter the server request or alter the output",
            ));
        }
        if !output.is_empty() {
            return Err(Failure::error("--raw and --output are mutually exclusive"));
        }
        return raw::get(run, path);
    }
    let paths = sources(command)?;
    if command.words.is_empty() && paths.is_empty() {
        return Err(Failure::plain(
            "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported \
             resources.\n\nerror: Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed \
             description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples"
                .into(),
        ));
    }
    let watching = command.is("watch") || command.is("watch-only");
    if watching && command.text("sort-by").is_some_and(|path| !path.is_empty()) {
        run.complain(if command.is("watch") {
            "warning: --watch requested, --sort-by will be ignored for watch events received"
        } else {
            "warning: --watch-only requested, --sort-by will be ignored"
        });
    }
    if command.is("show-labels") && !matches!(output, "" | "wide") {
        return Err(Failure::error(format!("--show-labels option cannot be used with {output} printer")));
    }
    if command.is("output-watch-events") && !watching {
        return Err(Failure::error("--output-watch-events option can only be used with --watch or --watch-only"));
    }
    let format = format(command);
    warn_of_old_names(run);
    let query = Query::read(&ResourceRequest {
        words: &command.words,
        files: &paths,
        labels: command.text("selector").map(Text::as_str).filter(|text| !text.is_empty()),
        fields: command.text("field-selector").map(Text::as_str).filter(|text| !text.is_empty()),
        all_namespaces: command.is("all-namespaces"),
        type_alone: true,
        single_type: watching,
        ..ResourceRequest::default()
    })?;
    if watching {
        return watch(run, &query, format?);
    }
    let groups = fetch(run, &query);
    // A mistake in `-o` is found when there is something to print.
    let nothing = groups.iter().all(|group| group.items.is_empty()) && !run.console.failures.is_empty();
    let format = match format {
        Err(_) if nothing => return Ok(Next::End),
        format => format?,
    };
    if command.text_or_empty("subresource") == "scale" && matches!(format, Format::Table { .. }) {
        scales(run, &groups);
        return Ok(Next::End);
    }
    match format {
        Format::Table { wide } => tables(run, &query, groups, wide),
        format => whole(run, &query, groups, &format),
    }
}

/// The format that the flags ask for.
fn format(command: &Command) -> Result<Format, Failure> {
    let output = command.text("output").map(Text::as_str).filter(|output| !output.is_empty());
    let template = command.text("template").map(Text::as_str);
    print::format(output, template, command.is("no-headers"), Allowed::Get, &|path| command.file(path))
        .map_err(Failure::error)
}

fn warn_of_old_names(run: &mut Run<'_, '_>) {
    let Some(first) = run.command.words.first() else { return };
    let named = |name: &str| first.split(',').any(|word| word.split('/').next() == Some(name));
    if named("ev") {
        run.complain("Warning: short name \"ev\" could also match lower priority resource events.events.k8s.io");
    }
}

/// Objects of one type, as they were asked for.
#[derive(Debug)]
struct Group {
    resource: ResourceType,
    items: Vec<Shared>,
}

impl Group {
    /// The objects as the version that was asked for has them.
    fn in_its_version(self) -> Vec<Shared> {
        let new = self.resource.is_new_event();
        self.items.into_iter().map(|item| if new { print::new_event(&item) } else { item }).collect()
    }
}

/// Reads what was asked for; what is missing is kept as a failure.
fn fetch(run: &mut Run<'_, '_>, query: &Query) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    if let Query::Select { types, .. } = query {
        for resource in types {
            match query.list(*resource, run) {
                Ok(items) => groups.push(Group { resource: *resource, items }),
                Err(failure) => run.fail(failure),
            }
        }
        return groups;
    }
    let part = run.command.text_or_empty("subresource").to_owned();
    for target in query.targets(run) {
        let target = match target {
            Ok(target) => target,
            Err(failure) => {
                run.fail(failure);
                continue;
            }
        };
        let read = match (part.as_str(), target.resource.kind) {
            ("", _) | (_, None) => run.get(target.resource, &target.namespace, &target.name),
            (part, Some(kind)) => subresource(kind, part).and_then(|part| {
                let request = Request::new(kind, &target.namespace, &target.name, Verb::Get);
                run.one(request.part(if part == Subresource::Scale { part } else { Subresource::None }))
            }),
        };
        match read {
            Ok(item) => match groups.last_mut().filter(|group| group.resource == target.resource) {
                Some(group) => group.items.push(item),
                None => groups.push(Group { resource: target.resource, items: vec![item] }),
            },
            Err(status) if status.is_not_found() && run.command.is("ignore-not-found") => {}
            Err(status) => run.fail(status),
        }
    }
    groups
}

/// The options of every table of this command.
fn options(command: &Command, with_kind: bool, wide: bool) -> Options {
    Options {
        headers: !command.is("no-headers"),
        show_labels: command.is("show-labels"),
        label_columns: command.list("label-columns"),
        with_kind: with_kind || command.is("show-kind"),
        all_namespaces: command.is("all-namespaces"),
        wide,
        output_watch_events: command.is("output-watch-events"),
        server_print: command.switch("server-print").unwrap_or(true),
    }
}

fn tables(run: &mut Run<'_, '_>, query: &Query, groups: Vec<Group>, wide: bool) -> Outcome {
    let command = run.command;
    // A type that could not be listed does not count.
    let several = groups.iter().any(|group| groups.first().is_some_and(|first| first.resource != group.resource));
    let namespaced = groups.iter().all(|group| group.resource.namespaced);
    let groups = if command.switch("server-print") == Some(false) {
        sorted(command, groups)?
    } else {
        sorted_tables(command, query, groups)
    };
    let (now, headers) = (run.now(), !command.is("no-headers"));
    let mut printed = false;
    for group in groups {
        let Some(kind) = group.resource.kind else { continue };
        let all_namespaces = command.is("all-namespaces") && group.resource.namespaced;
        let options = Options { all_namespaces, ..options(command, several, wide) };
        let text = TablePrinter::new(options).list(kind, &group.items, now);
        if text.is_empty() {
            continue;
        }
        if printed && headers {
            run.out("\n");
        }
        run.out(&text);
        printed = true;
    }
    if !printed && run.console.failures.is_empty() && !command.is("ignore-not-found") {
        run.complain(if namespaced && !command.is("all-namespaces") {
            format!("No resources found in {} namespace.", command.namespace)
        } else {
            "No resources found".to_owned()
        });
    }
    Ok(Next::End)
}

/// `--sort-by` of what the server has put into tables: the rows of each list of several. A list that cannot be sorted
/// is not printed, and kubectl loses the complaint. An object asked for by name is a table of its own.
fn sorted_tables(command: &Command, query: &Query, mut groups: Vec<Group>) -> Vec<Group> {
    if let Some(path) = command.text("sort-by").filter(|path| !path.is_empty())
        && matches!(query, Query::Select { .. })
    {
        for group in groups.iter_mut().filter(|group| group.items.len() > 1) {
            if print::sort_by(&mut group.items, path).is_err() {
                group.items.clear();
            }
        }
    }
    groups
}

/// `--sort-by`: all objects together, then groups of what stands side by side.
fn sorted(command: &Command, groups: Vec<Group>) -> Result<Vec<Group>, Failure> {
    let Some(path) = command.text("sort-by").filter(|path| !path.is_empty()) else {
        return Ok(groups);
    };
    let resource_of = |kind: Kind| groups.iter().map(|group| group.resource).find(|found| found.kind == Some(kind));
    let mut items: Vec<Shared> = groups.iter().flat_map(|group| group.items.iter().cloned()).collect();
    if items.is_empty() {
        return Ok(groups);
    }
    print::sort_by(&mut items, path).map_err(Failure::error)?;
    let mut sorted: Vec<Group> = Vec::new();
    for item in items {
        let Some(resource) = resource_of(item.kind) else { continue };
        match sorted.last_mut().filter(|group| group.resource == resource) {
            Some(group) => group.items.push(item),
            None => sorted.push(Group { resource, items: vec![item] }),
        }
    }
    Ok(sorted)
}

/// `-o yaml` and its like.
fn whole(run: &mut Run<'_, '_>, query: &Query, groups: Vec<Group>, format: &Format) -> Outcome {
    let groups = if query.is_single() { groups } else { sorted(run.command, groups)? };
    let items: Vec<Shared> = groups.into_iter().flat_map(Group::in_its_version).collect();
    let by_name = !matches!(query, Query::Select { .. });
    let single = query.is_single() || (matches!(query, Query::Files(..)) && items.len() == 1);
    if items.is_empty() && by_name && (!run.console.failures.is_empty() || run.command.is("ignore-not-found")) {
        return Ok(Next::End);
    }
    let managed = output::shows_managed_fields(run.command);
    let text = print::objects(format, &items, single, managed).map_err(Failure::error)?;
    run.out(&text);
    Ok(Next::End)
}

/// `--subresource=scale`.
fn scales(run: &mut Run<'_, '_>, groups: &[Group]) {
    let now = run.now();
    let rows: Vec<Vec<String>> = groups
        .iter()
        .flat_map(|group| &group.items)
        .map(|scale| {
            let count = |path: &[&str]| scale.tree.at(path).as_i64().unwrap_or(0).to_string();
            vec![
                scale.meta.name.to_string(),
                count(&["spec", "replicas"]),
                count(&["status", "replicas"]),
                human_duration(now.since(scale.meta.created)),
            ]
        })
        .collect();
    if !rows.is_empty() {
        run.out(&print::plain_table(&["NAME", "DESIRED", "AVAILABLE", "AGE"], &rows));
    }
}

/// `-w`: the list as it is, then a row for every change.
fn watch(run: &mut Run<'_, '_>, query: &Query, format: Format) -> Outcome {
    let command = run.command;
    let until = command.request_timeout()?.map(|ms| run.now().plus(ms));
    let since = run.version();
    let groups = fetch(run, query);
    if let Some(failure) = run.console.failures.pop() {
        run.console.failures.clear();
        return Err(failure);
    }
    let several = groups.iter().any(|group| groups.first().is_some_and(|first| first.resource != group.resource));
    if several {
        return Err(Failure::error(
            "watch is only supported on individual resources and resource collections - more than 1 resource was found",
        ));
    }
    let Some(group) = groups.into_iter().next() else {
        return Ok(Next::End);
    };
    let wide = matches!(format, Format::Table { wide: true });
    let mut printer = match format {
        Format::Table { .. } => {
            let all_namespaces = command.is("all-namespaces") && group.resource.namespaced;
            Printer::Table(Box::new(TablePrinter::new(Options { all_namespaces, ..options(command, false, wide) })))
        }
        other => Printer::Whole(other, group.resource.is_new_event()),
    };
    if !command.is("watch-only") {
        printer.list(run, group.resource.kind, &group.items)?;
    }
    if !matches!(query, Query::Select { .. }) && group.items.len() > 1 {
        return Err(Failure::error("you may only watch a single resource or type of resource at a time"));
    }
    let namespace = if command.is("all-namespaces") { Text::default() } else { run.namespace_for(group.resource) };
    let (labels, fields) = match query {
        Query::Select { labels, fields, .. } => (labels.clone(), fields.clone()),
        _ => Default::default(),
    };
    let name = match query {
        Query::Select { .. } => None,
        _ => group.items.first().map(|item| item.meta.name.clone()),
    };
    Watch { resource: group.resource, namespace, name, labels, fields, since, printer, until }.go(run)
}
