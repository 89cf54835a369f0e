//! What a command that changes objects prints: `statefulset.apps/web scaled`, or the object by `-o`.

use crate::api::{Kind, schema};
use crate::kubectl::Stream;
use crate::kubectl::command_line::{Command, Target};
use crate::kubectl::errors::Failure;
use crate::kubectl::print::{self, Allowed, Format};
use crate::kubectl::run::{DryRun, Run};
use crate::value::Value;

/// The format of `-o`; `None` where the command says what it did.
///
/// # Errors
/// An unknown format, a malformed template.
pub fn format(command: &Command) -> Result<Option<Format>, Failure> {
    let output = command.text("output").map(crate::value::Text::as_str).filter(|output| !output.is_empty());
    let template = command.text("template").map(crate::value::Text::as_str);
    if output.is_none() && template.is_none() {
        return Ok(None);
    }
    print::format(output, template, false, Allowed::Plain, &|path| command.file(path)).map(Some).map_err(Failure::error)
}

/// Prints what was done with an object, or the object itself where `-o` asks for it.
///
/// # Errors
/// A template that cannot be carried out.
pub fn done(run: &mut Run<'_, '_>, target: &Target, what: &str, tree: &Value) -> Result<(), Failure> {
    let dry = DryRun::of(run.command)?;
    said(run, &target.shown(), &format!("{what}{}", dry.suffix()), tree)
}

/// As [`done`], with the name and the whole of what is said given.
///
/// # Errors
/// A template that cannot be carried out.
pub fn said(run: &mut Run<'_, '_>, shown: &str, what: &str, tree: &Value) -> Result<(), Failure> {
    match format(run.command)? {
        None => run.line(format!("{shown} {what}")),
        Some(Format::Name) => run.line(shown),
        Some(format) => {
            let printed = run.console.lines.iter().any(|line| line.stream == Stream::Out);
            // Some commands take a new printer for each object, which does not know of those before.
            let anew = ["label", "patch", "rollout undo", "rollout restart"].contains(&run.command.verb.path);
            if matches!(format, Format::Yaml) && printed && !anew {
                run.out("---\n");
            }
            let managed = shows_managed_fields(run.command);
            match kind_of(tree) {
                Some(kind) if matches!(format, Format::Json) && works_typed(run.command) => {
                    let mut shown = tree.clone();
                    if !managed {
                        shown.take(&["metadata", "managedFields"]);
                    }
                    run.line(schema::written_as_go(kind, &shown, Some("    ")));
                }
                _ => {
                    let text =
                        print::trees(&format, std::slice::from_ref(tree), true, managed).map_err(Failure::error)?;
                    run.out(&text);
                }
            }
        }
    }
    Ok(())
}

fn kind_of(tree: &Value) -> Option<Kind> {
    Kind::of_manifest(tree.at(&["apiVersion"]).str_or_empty(), tree.at(&["kind"]).str_or_empty())
}

/// Whether a command works with typed objects, whose fields `-o json` writes in their own order. The others work with
/// plain maps.
fn works_typed(command: &Command) -> bool {
    let path = command.verb.path;
    let made_here = path == "expose" && matches!(DryRun::of(command), Ok(DryRun::Client));
    made_here || ["run", "taint"].contains(&path) || ["create ", "set ", "rollout "].iter().any(|p| path.starts_with(p))
}

/// Whether `--show-managed-fields` was given.
pub fn shows_managed_fields(command: &Command) -> bool {
    command.is("show-managed-fields")
}
