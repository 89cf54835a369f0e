//! `kubectl set resources`.

use super::{begin, chosen, container_pattern, containers, no_pod_template, pod_path};
use crate::api::quantity::Quantity;
use crate::kubectl::command_line::Target;
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{Outcome, Run};
use crate::kubectl::verbs::live;
use crate::kubectl::verbs::rollout::send_change;
use crate::value::{Text, Value};

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
    let live = live(run, target)?;
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
