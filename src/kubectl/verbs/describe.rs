//! `kubectl describe` (`reference/printing.md` §8).

use crate::api::Shared;
use crate::kubectl::command_line::{Query, ResourceRequest, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::print;
use crate::kubectl::run::{Next, Outcome, Run};
use crate::value::Text;

/// Begins the command.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let paths = sources(command)?;
    if command.words.is_empty() && paths.is_empty() {
        return Err(Failure::error(
            "You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of \
             supported resources.",
        ));
    }
    let query = Query::read(&ResourceRequest {
        words: &command.words,
        files: &paths,
        labels: command.text("selector").map(Text::as_str).filter(|text| !text.is_empty()),
        all_namespaces: command.is("all-namespaces"),
        type_alone: true,
        ..ResourceRequest::default()
    })?;
    let mut found: Vec<Shared> = Vec::new();
    let mut missing = None;
    for target in query.targets(run) {
        match target.and_then(|target| super::live(run, &target)) {
            Ok(object) => found.push(object),
            Err(failure) if failure.is_not_found() && command.words.len() == 2 && query.is_single() => {
                missing = Some(failure);
            }
            Err(failure) => run.fail(failure),
        }
    }
    if let Some(failure) = missing {
        return by_prefix(run, &query, failure);
    }
    if found.is_empty() {
        if run.console.failures.is_empty() {
            run.complain(if command.is("all-namespaces") {
                "No resources found".to_owned()
            } else {
                format!("No resources found in {} namespace.", command.namespace)
            });
        }
        return Ok(Next::End);
    }
    let show_events = found.len() == 1 && command.switch("show-events").unwrap_or(true);
    for (at, object) in found.iter().enumerate() {
        let text = print::describe(object, &mut run.session.client, run.session.now, show_events);
        if at > 0 {
            run.out("\n\n");
        }
        run.out(&text);
    }
    Ok(Next::End)
}

/// No object has this name: those whose names begin with it are described, each with a blank line after it.
fn by_prefix(run: &mut Run<'_, '_>, query: &Query, failure: Failure) -> Outcome {
    let Query::Names(names) = query else {
        return Err(failure);
    };
    let Some((resource, prefix)) = names.first().cloned() else {
        return Err(failure);
    };
    let namespace = run.namespace_for(resource);
    let all = run.list(resource, &namespace, crate::api::Selector::default(), Vec::new())?;
    let near: Vec<Shared> = all.into_iter().filter(|object| object.meta.name.starts_with(prefix.as_str())).collect();
    if near.is_empty() {
        return Err(failure);
    }
    let show_events = near.len() == 1 && run.command.switch("show-events").unwrap_or(true);
    for object in &near {
        let text = print::describe(object, &mut run.session.client, run.session.now, show_events);
        run.out(&text);
        run.out("\n");
    }
    Ok(Next::End)
}
