//! `kubectl events`.

use crate::api::{Selector, Shared};
use crate::kubectl::command_line::types;
use crate::kubectl::errors::Failure;
use crate::kubectl::print::{self, Format};
use crate::kubectl::run::{Next, Outcome, Run};
use crate::map;
use crate::value::{Text, Value};

/// Begins the command.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let about = match command.text("for").filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => {
            let Some((kind, name)) = text.split_once('/').filter(|(kind, name)| !kind.is_empty() && !name.is_empty())
            else {
                return Err(Failure::error("--for must be in resource/name form"));
            };
            let resource = types::find(kind)
                .ok_or_else(|| Failure::error(format!("the server doesn't have a resource type \"{kind}\"")))?;
            Some((resource, Text::copy(name)))
        }
    };
    let kinds = command.list("types");
    let known = |kind: &Text| kind.eq_ignore_ascii_case("normal") || kind.eq_ignore_ascii_case("warning");
    if !kinds.iter().all(known) {
        return Err(Failure::error("valid --types are Normal or Warning"));
    }
    let format = super::output::format(command)?;
    let all_namespaces = command.is("all-namespaces");
    let namespace = if all_namespaces { Text::default() } else { command.namespace.clone() };
    let resource = types::of_kind(crate::api::Kind::Event);
    let mut events: Vec<Shared> = run.list(resource, &namespace, Selector::default(), Vec::new())?;
    events.retain(|event| {
        let involved = event.tree.at(&["involvedObject"]);
        let concerns = about.as_ref().is_none_or(|(resource, name)| {
            involved.at(&["name"]).text() == *name && involved.at(&["kind"]).as_str() == Some(resource.name)
        });
        let kind = event.tree.at(&["type"]).text();
        concerns && (kinds.is_empty() || kinds.iter().any(|wanted| wanted.eq_ignore_ascii_case(&kind)))
    });
    if let Some(format) = format {
        if !matches!(format, Format::Name) {
            // The list is made anew here: it has no version.
            let list = map! {
                "apiVersion" => "v1",
                "kind" => "EventList",
                "metadata" => Value::empty_map(),
                "items" => events.iter().map(|event| event.tree.clone()).collect::<Vec<_>>(),
            };
            let text = print::trees(&format, &[list], true, false).map_err(Failure::error)?;
            run.out(&text);
        }
        return Ok(Next::End);
    }
    if events.is_empty() {
        run.complain(if all_namespaces {
            "No events found.".to_owned()
        } else {
            format!("No events found in {namespace} namespace.")
        });
        return Ok(Next::End);
    }
    let text = print::events_table(&events, all_namespaces, !command.is("no-headers"), run.now());
    run.out(&text);
    Ok(Next::End)
}
