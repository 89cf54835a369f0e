//! `kubectl patch` (`reference/api-defaults-validation.md` §8).

use super::output;
use super::visit::{Visit, nothing_more};
use crate::api::{Kind, Reason, Status, patch};
use crate::apiserver::{FieldValidation, PatchType, Request, Subresource, Verb};
use crate::kubectl::command_line::{Query, ResourceRequest, Target, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::files;
use crate::kubectl::run::{DryRun, Outcome, Run};
use crate::value::{Text, Value, json};

/// Begins the command.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let (inline, file) = (command.text_or_empty("patch"), command.text_or_empty("patch-file"));
    if !inline.is_empty() && !file.is_empty() {
        return Err(Failure::error("cannot specify --patch and --patch-file together"));
    }
    if inline.is_empty() && file.is_empty() {
        return Err(Failure::error("must specify --patch or --patch-file containing the contents of the patch"));
    }
    if command.is("local") && !command.words.is_empty() {
        return Err(Failure::error("cannot specify --local and server resources"));
    }
    patch_type(run)?;
    text_of(run)?;
    DryRun::of(command)?;
    output::format(command)?;
    let paths = sources(command)?;
    let query = Query::read(&ResourceRequest { words: &command.words, files: &paths, ..ResourceRequest::default() })?;
    let mut targets = query.targets(run);
    if command.is("local") {
        for target in targets.iter_mut().flatten() {
            target.live = Some(super::local::object(target)?);
        }
    }
    Visit::new(targets, act, nothing_more).go(run)
}

fn patch_type(run: &Run<'_, '_>) -> Result<PatchType, Failure> {
    match run.command.text("type").map_or("strategic", Text::as_str).to_ascii_lowercase().as_str() {
        "strategic" => Ok(PatchType::Strategic),
        "merge" => Ok(PatchType::Merge),
        "json" => Ok(PatchType::Json),
        _ => Err(Failure::error(format!(
            "--type must be one of [json merge strategic], not \"{}\"",
            run.command.text_or_empty("type")
        ))),
    }
}

fn text_of(run: &Run<'_, '_>) -> Result<Text, Failure> {
    let file = run.command.text_or_empty("patch-file");
    if file.is_empty() {
        return Ok(run.command.text("patch").cloned().unwrap_or_default());
    }
    run.command
        .file(file)
        .ok_or_else(|| Failure::error(format!("unable to read patch file: open {file}: no such file or directory")))
}

/// The patch as a tree. kubectl sends what begins with a brace as it is, so that the server finds the mistakes in it.
fn tree_of(text: &str, patch_type: PatchType) -> Result<Value, Failure> {
    // Of the three, the strategic patch is read by another part of the server, which words this without a prefix.
    let prefix = if patch_type == PatchType::Strategic { "" } else { "error decoding patch: " };
    let refused = |message: String| Failure::from(Status::bad_request(format!("{prefix}{message}")));
    let tree = if text.trim_start().starts_with('{') {
        json::parse(text).map_err(|error| refused(error.to_string()))?
    } else {
        files::one(text).map_err(|error| Failure::error(format!("unable to parse \"{text}\": {error}")))?
    };
    let go_type = |tree: &Value| match tree {
        Value::List(_) => "array",
        Value::Map(_) => "object",
        Value::Text(_) => "string",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Float(_) => "number",
        Value::Null => "null",
    };
    match (patch_type, &tree) {
        (PatchType::Json, Value::List(_)) | (PatchType::Strategic | PatchType::Merge, Value::Map(_)) => Ok(tree),
        (PatchType::Json, other) => Err(refused(format!(
            "json: cannot unmarshal {} into Go value of type []handlers.jsonPatchOp",
            go_type(other)
        ))),
        (_, other) => Err(refused(format!(
            "json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
            go_type(other)
        ))),
    }
}

/// The part of an object that `--subresource` names.
///
/// # Errors
/// NotFound: objects of this kind have no such part.
pub fn subresource(kind: Kind, name: &str) -> Result<Subresource, Status> {
    match (name, kind) {
        ("", _) | ("resize" | "ephemeralcontainers", Kind::Pod) => Ok(Subresource::None),
        ("scale", Kind::StatefulSet) => Ok(Subresource::Scale),
        (
            "status",
            Kind::Pod
            | Kind::StatefulSet
            | Kind::PersistentVolumeClaim
            | Kind::PersistentVolume
            | Kind::Namespace
            | Kind::Node
            | Kind::Service
            | Kind::PodDisruptionBudget,
        ) => Ok(Subresource::Status),
        _ => Err(Status::plain(Reason::NotFound, "the server could not find the requested resource")),
    }
}

fn act(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let dry = DryRun::of(run.command)?;
    let patch_type = patch_type(run)?;
    let text = text_of(run)?;
    let live = super::live(run, target)?;
    let part = subresource(live.kind, run.command.text_or_empty("subresource"))?;
    let change = tree_of(&text, patch_type)?;
    let (before, after) = if dry == DryRun::Client || run.command.is("local") {
        let after = match patch_type {
            PatchType::Strategic => patch::strategic(live.kind, &live.tree, &change)?,
            PatchType::Merge => patch::merge(&live.tree, &change),
            PatchType::Json => patch::json(&live.tree, &change)?,
        };
        (live.tree.clone(), after)
    } else {
        let before = if part == Subresource::Scale {
            let read = Request::new(live.kind, &target.namespace, &target.name, Verb::Get).part(part);
            run.one(read)?.tree.clone()
        } else {
            live.tree.clone()
        };
        let request = Request::new(live.kind, &target.namespace, &target.name, Verb::Patch(patch_type, change))
            .part(part)
            .validated(FieldValidation::Warn)
            .dry(dry.server());
        (before, run.one(request)?.tree.clone())
    };
    super::record::record(run, target)?;
    let what = if before == after { "patched (no change)" } else { "patched" };
    let shown = if part == Subresource::Scale { format!("scale.autoscaling/{}", target.name) } else { target.shown() };
    output::said(run, &shown, what, &after)
}
