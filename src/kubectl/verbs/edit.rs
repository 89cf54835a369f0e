//! `kubectl edit`, `kubectl apply edit-last-applied` and `kubectl create --edit`: a temporary file is written, an editor
//! has it, and what was saved is carried out. Where nobody edits, an editor that saves nothing is run, as the
//! recordings do.

use super::create::{self, LAST_APPLIED};
use super::edit_file::{self, document, named_plural, target_of};
use super::visit::Visit;
use super::{Step, output, patch};
use crate::api::{Reason, Status, patch as patches};
use crate::apiserver::{FieldValidation, PatchType, Request, Verb};
use crate::kubectl::command_line::{Query, Target, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::files::{self, Document};
use crate::kubectl::print::{self, Format};
use crate::kubectl::process::OpenFile;
use crate::kubectl::run::{DryRun, Next, Outcome, Run};
use crate::value::{Text, Value, checksum, json};

/// The parts of an object that can be edited by themselves.
const PARTS: [&str; 2] = ["status", "resize"];

/// What is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Objects of the cluster: what was changed in them is sent as a patch.
    Live,
    /// What is remembered of them as applied last.
    LastApplied,
    /// An object that is not there yet.
    Create,
}

/// An editor at work, or about to be opened.
#[derive(Clone, Debug)]
pub struct Editing {
    mode: Mode,
    /// What is being edited, as it was.
    originals: Vec<Document>,
    /// What is to be edited after that.
    rest: Vec<Document>,
    /// The objects as they were written into the file, without its head.
    written: Text,
    /// Why the file is opened again.
    reasons: Vec<(String, Vec<String>)>,
    /// What was saved and could not be carried out.
    refused: Option<Text>,
    /// How often a file was written.
    round: u32,
    /// The file.
    path: Text,
}

/// Begins `kubectl edit`.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let part = run.command.text_or_empty("subresource");
    if !part.is_empty() && !PARTS.contains(&part) {
        let parts = PARTS.join(" ");
        return Err(Failure::error(format!("invalid subresource value: \"{part}\". Must be one of [{parts}]")));
    }
    named(run, |run, found, _| begin(run, found, Mode::Live))
}

/// Begins `kubectl apply edit-last-applied`.
pub fn last_applied(run: &mut Run<'_, '_>) -> Outcome {
    named(run, |run, found, _| begin(run, found, Mode::LastApplied))
}

/// Begins `kubectl create --edit`: each object of the files by itself.
pub fn before_create(run: &mut Run<'_, '_>) -> Outcome {
    let paths = sources(run.command)?;
    let mut found = Vec::new();
    let labels = run.command.text_or_empty("selector");
    for target in Query::files(paths, labels)?.targets(run) {
        match target {
            Ok(target) => found.push(document(&target, target.manifest.clone())),
            Err(failure) => run.fail(failure),
        }
    }
    let Some(editing) = Editing::of(Mode::Create, found) else {
        return Ok(Next::End);
    };
    editing.open(run)
}

fn named(run: &mut Run<'_, '_>, after: super::visit::After) -> Outcome {
    let targets = super::named_query(run, false)?.targets(run);
    Visit::new(targets, look, after).go(run)
}

/// Reads one object, to be edited with the others.
fn look(run: &mut Run<'_, '_>, target: &Target, found: &mut Vec<Value>) -> Result<(), Failure> {
    found.push(super::live(run, target)?.tree.clone());
    Ok(())
}

fn begin(run: &mut Run<'_, '_>, found: Vec<Value>, mode: Mode) -> Outcome {
    if !run.console.failures.is_empty() {
        return Ok(Next::End);
    }
    if found.is_empty() {
        return Err(Failure::error("edit cancelled, no objects found"));
    }
    let mut originals = Vec::new();
    for tree in found {
        let tree = match mode {
            Mode::LastApplied => match tree.at(&["metadata", "annotations", LAST_APPLIED]).as_str() {
                Some(text) => json::parse(text).unwrap_or_default(),
                None => continue,
            },
            _ => tree,
        };
        originals.push(files::of_tree(run.command, &"edited-file".into(), tree, false)?);
    }
    match Editing::of(mode, originals) {
        Some(editing) => editing.open(run),
        None => Err(Failure::error(
            "no last-applied-configuration annotation found on resources, to create the annotation, use command \
             `kubectl apply set-last-applied --create-annotation`",
        )),
    }
}

impl Editing {
    /// Of these documents; those of `create` one after the other.
    fn of(mode: Mode, mut originals: Vec<Document>) -> Option<Self> {
        let rest = if mode == Mode::Create && originals.len() > 1 { originals.split_off(1) } else { Vec::new() };
        (!originals.is_empty()).then(|| Self {
            mode,
            originals,
            rest,
            written: Text::default(),
            reasons: Vec::new(),
            refused: None,
            round: 0,
            path: Text::default(),
        })
    }

    /// Goes on when the editor was closed.
    pub fn go(mut self, run: &mut Run<'_, '_>) -> Outcome {
        let (open, saved) = (run.console.editor.clone(), run.console.saved.take());
        let text = saved.or_else(|| open.map(|open| open.text.clone())).unwrap_or_default();
        if self.closed(run, &text)? { self.open(run) } else { Ok(Next::End) }
    }

    /// Writes the file and opens the editor.
    fn open(mut self, run: &mut Run<'_, '_>) -> Outcome {
        loop {
            let text = self.write(run)?;
            let invocation = &run.command.invocation;
            if invocation.editor {
                let title = match self.originals.as_slice() {
                    [one] => {
                        format!("{}/{}", one.resource.singular(), one.tree.at(&["metadata", "name"]).str_or_empty())
                    }
                    all => format!("{} objects", all.len()),
                };
                run.console.editor = Some(OpenFile { title: title.into(), path: self.path.clone(), text }.into());
                return Ok(Next::Editor(Step::Edit(Box::new(self))));
            }
            // What stands on standard input takes the place of what an editor would leave behind.
            let saved = invocation.stdin.clone().filter(|_| self.round == 1).unwrap_or(text);
            if !self.closed(run, &saved)? {
                return Ok(Next::End);
            }
        }
    }

    /// What the editor shows.
    fn write(&mut self, run: &Run<'_, '_>) -> Result<Text, Failure> {
        let format = run.command.text_or_empty("output").to_ascii_lowercase();
        let format = match format.as_str() {
            "" | "yaml" => Format::Yaml,
            "json" => Format::Json,
            "kyaml" => Format::KYaml,
            other => {
                return Err(Failure::error(format!(
                    "unable to match a printer suitable for the output format \"{other}\", allowed formats are: \
                     json,kyaml,yaml"
                )));
            }
        };
        let is_json = matches!(format, Format::Json);
        self.round += 1;
        let first = self.originals.first().map(|one| &one.tree);
        let uid = first.map(|tree| tree.at(&["metadata", "uid"]).str_or_empty()).unwrap_or_default();
        // A file that nobody has yet.
        let number = checksum(&format!("{uid} {} {}", run.now().0, self.round));
        self.path = format!("/tmp/kubectl-edit-{number}.{}", if is_json { "json" } else { "yaml" }).into();
        let body = match &self.refused {
            Some(refused) => edit_file::without_comments(refused),
            None => {
                let trees: Vec<Value> = self.originals.iter().map(|one| one.tree.clone()).collect();
                let whole = match trees.as_slice() {
                    [one] => one.clone(),
                    _ => crate::map! {
                        "apiVersion" => "v1",
                        "items" => trees,
                        "kind" => "List",
                        "metadata" => Value::empty_map(),
                    },
                };
                let body = print::trees(&format, &[whole], true, false).map_err(Failure::error)?;
                self.written = Text::copy(&body);
                body
            }
        };
        let head = if is_json { String::new() } else { edit_file::head(self.mode == Mode::LastApplied, &self.reasons) };
        Ok(Text::from(head + &body))
    }

    /// Carries out what was saved, and says whether the editor is to be opened again: with the same objects and the
    /// reasons, or with the next.
    fn closed(&mut self, run: &mut Run<'_, '_>, saved: &Text) -> Result<bool, Failure> {
        let again = match self.carry_out(run, saved) {
            Err(failure) if self.mode == Mode::Create => {
                run.fail(failure);
                false
            }
            other => other?,
        };
        if again || self.rest.is_empty() {
            return Ok(again);
        }
        self.originals = vec![self.rest.remove(0)];
        (self.refused, self.reasons) = (None, Vec::new());
        Ok(true)
    }

    fn carry_out(&mut self, run: &mut Run<'_, '_>, saved: &Text) -> Result<bool, Failure> {
        let content = edit_file::content(saved);
        if self.refused.as_ref().is_some_and(|refused| edit_file::content(refused) == content) {
            return Err(self.preserved(run, saved, Failure::error("Edit cancelled, no valid changes were saved.")));
        }
        self.reasons.clear();
        let ignored = matches!(run.command.text("validate").map(Text::as_str), Some("false" | "ignore"));
        if let Err(why) = files::shape(&content)
            && !ignored
        {
            let first = self.originals.first().map(target_of);
            let name = first.map(|target| named_plural(&target)).unwrap_or_default();
            run.complain(format!("error: {name} is invalid"));
            let reason = format!("<nil>: Invalid value: \"The edited file failed validation\": {why}");
            self.reasons.push((format!("{name} was not valid"), vec![reason]));
            self.refused = Some(saved.clone());
            return Ok(true);
        }
        if edit_file::content(&self.written) == content {
            run.complain("Edit cancelled, no changes made.");
            return Ok(false);
        }
        if saved.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            run.complain("Edit cancelled, saved file was empty.");
            return Ok(false);
        }
        let edited = match files::edited(run.command, saved) {
            Ok(edited) => edited,
            Err(failure) => {
                self.reasons.push((format!("The edited file had a syntax error: {}", failure.text()), Vec::new()));
                self.refused = Some(saved.clone());
                return Ok(true);
            }
        };
        let carried_out = self.carry_out_all(run, edited, saved);
        let done = carried_out.map_err(|failure| self.preserved(run, saved, failure))?;
        if done && !self.reasons.is_empty() {
            self.refused = Some(saved.clone());
            return Ok(true);
        }
        Ok(false)
    }

    /// False where it has come to its end with what went wrong.
    fn carry_out_all(&mut self, run: &mut Run<'_, '_>, edited: Vec<Document>, saved: &Text) -> Result<bool, Failure> {
        let own = run.command.namespace.clone();
        if let Some(one) = edited.iter().find(|one| one.resource.namespaced && one.namespace != own) {
            let there = &one.namespace;
            return Err(Failure::error(format!(
                "the namespace from the provided object \"{there}\" does not match the namespace \"{own}\". You must \
                 pass '--namespace={there}' to perform this operation."
            )));
        }
        let (mut retryable, mut missing) = (false, false);
        for mut one in edited {
            if run.command.is("save-config") {
                create::annotate(&mut one.tree);
            }
            if let Some(cause) = run.command.change_cause() {
                one.tree.set(&["metadata", "annotations", super::record::CHANGE_CAUSE], cause);
            }
            let target = target_of(&one);
            let Err(status) = self.send(run, &one, &target)? else { continue };
            let name = named_plural(&target);
            match status.reason {
                Reason::Invalid => {
                    let causes = status.causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message));
                    self.reasons.push((format!("{name} was not valid"), causes.collect()));
                    run.complain(format!("error: {name} is invalid"));
                }
                Reason::NotFound => {
                    missing = true;
                    run.complain(format!("error: {name} could not be found on the server"));
                }
                _ => {
                    retryable = true;
                    run.complain(format!("error: {name} could not be patched: {}", status.message));
                }
            }
        }
        let path = self.path.clone();
        if retryable {
            run.complain(format!("You can run `kubectl replace -f {path}` to try this update again."));
        } else if missing {
            run.complain(format!("The edits you made on deleted resources have been saved to \"{path}\""));
        } else {
            return Ok(true);
        }
        run.console.code = 1;
        run.console.left = Some((path, saved.clone()));
        Ok(false)
    }

    /// Sends one object, or what was changed in it; answers with what the server refused and can be told of.
    fn send(&self, run: &mut Run<'_, '_>, one: &Document, target: &Target) -> Result<Result<(), Status>, Failure> {
        let said = |run: &mut Run<'_, '_>, what: &str, tree: &Value| output::said(run, &target.shown(), what, tree);
        if self.mode == Mode::Create {
            let made = create::send(run, target, one.tree.clone(), DryRun::No)?;
            return said(run, "created", &made).map(Ok);
        }
        let uid = one.tree.at(&["metadata", "uid"]);
        let Some(original) = self.originals.iter().find(|original| original.tree.at(&["metadata", "uid"]) == uid)
        else {
            let object = edit_file::go_syntax(&one.tree);
            return Err(Failure::error(format!(
                "no original object found for &unstructured.Unstructured{{Object:{object}}}"
            )));
        };
        if original.tree == one.tree {
            return said(run, "skipped", &one.tree).map(Ok);
        }
        let Some(kind) = target.resource.kind else {
            return Err(create::not_simulated(target));
        };
        let (way, change) = if self.mode == Mode::LastApplied {
            let mut change = Value::empty_map();
            change.set(&["metadata", "annotations", LAST_APPLIED], json::to_compact(&one.tree));
            (PatchType::Merge, change)
        } else {
            let change = patches::diff_merge(kind, &original.tree, &one.tree).map_err(Failure::error)?;
            if [&["apiVersion"][..], &["kind"], &["metadata", "name"]].iter().any(|path| !change.at(path).is_null()) {
                return Err(Failure::error("At least one of apiVersion, kind and name was changed"));
            }
            if run.command.is("output-patch") {
                run.line(format!("Patch: {}", json::to_compact(&change)));
            }
            (PatchType::Strategic, change)
        };
        let mut sent = vec!["patch".to_owned(), target.shown(), "-p".to_owned(), json::to_compact(&change)];
        if !target.namespace.is_empty() {
            sent.extend(["-n".to_owned(), target.namespace.to_string()]);
        }
        let part = patch::subresource(kind, run.command.text_or_empty("subresource"))?;
        let request = Request::new(kind, &target.namespace, &target.name, Verb::Patch(way, change))
            .part(part)
            .validated(run.validation(FieldValidation::Strict));
        match run.one(request) {
            Ok(object) if self.mode == Mode::Live => {
                run.console.sent.push(sent);
                said(run, "edited", &object.tree).map(Ok)
            }
            Ok(_) => said(run, "edited", &one.tree).map(Ok),
            Err(status) if self.mode == Mode::Live => Ok(Err(status)),
            Err(status) => Err(status.into()),
        }
    }

    /// What was saved is kept in its file, and that is told.
    fn preserved(&self, run: &mut Run<'_, '_>, saved: &Text, failure: Failure) -> Failure {
        run.complain(format!("A copy of your changes has been stored to \"{}\"", self.path));
        run.console.left = Some((self.path.clone(), saved.clone()));
        failure
    }
}
