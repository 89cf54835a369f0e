//! `--record`: the command line becomes the object's change cause.

use crate::apiserver::{PatchType, Request, Verb};
use crate::kubectl::command_line::Target;
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Run};
use crate::value::Value;

/// The annotation whose text stands in the column CHANGE-CAUSE of `rollout history`.
pub const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// Writes the change cause down after the change itself.
///
/// # Errors
/// What the server answers.
pub fn record(run: &mut Run<'_, '_>, target: &Target) -> Result<(), Failure> {
    let (Some(cause), Some(kind)) = (run.command.change_cause(), target.resource.kind) else {
        return Ok(());
    };
    if DryRun::of(run.command)? != DryRun::No {
        return Ok(());
    }
    let mut change = Value::empty_map();
    change.set(&["metadata", "annotations", CHANGE_CAUSE], cause);
    let verb = Verb::Patch(PatchType::Merge, change);
    run.one(Request::new(kind, &target.namespace, &target.name, verb))?;
    Ok(())
}
