//! `kubectl set image`.

use super::{begin, containers, no_pod_template, pod_path};
use crate::kubectl::command_line::{Target, quoted};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{Outcome, Run};
use crate::kubectl::verbs::label::part;
use crate::kubectl::verbs::live;
use crate::kubectl::verbs::rollout::send_change;
use crate::value::{Text, Value};

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
    let live = live(run, target)?;
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
