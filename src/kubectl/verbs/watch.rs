//! `kubectl get -w`: a row for every change (`reference/printing.md` §5).

use super::{Step, output};
use crate::api::{Kind, Selector, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::kubectl::command_line::FieldRequirement;
use crate::kubectl::command_line::types::ResourceType;
use crate::kubectl::errors::Failure;
use crate::kubectl::print::{self, Format, TablePrinter};
use crate::kubectl::run::{Next, Outcome, Run};
use crate::time::Time;
use crate::value::{Text, Value};

/// How a watch prints.
#[derive(Clone, Debug)]
pub enum Printer {
    /// Rows of one table, whose widths are remembered.
    Table(Box<TablePrinter>),
    /// Whole objects; events in the form of `events.k8s.io` if asked for so.
    Whole(Format, bool),
}

impl Printer {
    /// Prints the objects as they are at the beginning.
    ///
    /// # Errors
    /// A template that cannot be carried out.
    pub fn list(&mut self, run: &mut Run<'_, '_>, kind: Option<Kind>, items: &[Shared]) -> Result<(), Failure> {
        match self {
            Self::Table(table) => {
                let Some(kind) = kind else { return Ok(()) };
                let text = table.list(kind, items, run.now());
                run.out(&text);
                Ok(())
            }
            Self::Whole(format, new) => items.iter().try_for_each(|item| whole(run, format, *new, item)),
        }
    }

    fn row(&mut self, run: &mut Run<'_, '_>, change: Change, item: &Shared, at: Time) -> Result<(), Failure> {
        match self {
            Self::Table(table) => {
                let text = table.row(change, item, at);
                run.out(&text);
                Ok(())
            }
            Self::Whole(format, new) => whole(run, format, *new, item),
        }
    }
}

fn whole(run: &mut Run<'_, '_>, format: &Format, new: bool, item: &Shared) -> Result<(), Failure> {
    let item = if new { &print::new_event(item) } else { item };
    let managed = output::shows_managed_fields(run.command);
    if matches!(format, Format::Yaml) && !run.console.lines.is_empty() {
        run.out("---\n");
    }
    let text = print::objects(format, std::slice::from_ref(item), true, managed).map_err(Failure::error)?;
    run.out(&text);
    Ok(())
}

/// A watch at work.
#[derive(Clone, Debug)]
pub struct Watch {
    /// What is watched.
    pub resource: ResourceType,
    /// Where; everywhere when empty.
    pub namespace: Text,
    /// Only the object of this name.
    pub name: Option<Text>,
    /// Only objects with these labels.
    pub labels: Selector,
    /// Only objects with these fields.
    pub fields: Vec<FieldRequirement>,
    /// Changes up to this version are known.
    pub since: u64,
    /// How it prints.
    pub printer: Printer,
    /// When it ends (`--request-timeout`).
    pub until: Option<Time>,
}

impl Watch {
    /// Prints what has changed and sleeps again.
    pub fn go(mut self, run: &mut Run<'_, '_>) -> Outcome {
        for event in run.session.events {
            if event.object.meta.resource_version <= self.since {
                continue;
            }
            self.since = event.object.meta.resource_version;
            if let Some((change, item)) = self.seen(event) {
                self.printer.row(run, change, &item, event.at)?;
            }
        }
        if self.until.is_some_and(|until| run.now() >= until) {
            return Ok(Next::End);
        }
        let until = self.until;
        Ok(Next::OnChange(Step::Watch(Box::new(self)), until))
    }

    /// How a change looks through the selectors of this watch: an object that ceases to match is gone.
    fn seen(&self, event: &WatchEvent) -> Option<(Change, Shared)> {
        let after = event.change != Change::Deleted && self.matches(&event.object);
        let before = event.before.as_ref().filter(|before| self.matches(before));
        match (before, after) {
            (None, true) => Some((Change::Added, event.object.clone())),
            (Some(_), true) => Some((Change::Modified, event.object.clone())),
            (Some(_), false) if event.change == Change::Deleted && self.matches(&event.object) => {
                Some((Change::Deleted, event.object.clone()))
            }
            (Some(before), false) => Some((Change::Deleted, before.clone())),
            (None, false) => None,
        }
    }

    fn matches(&self, item: &Shared) -> bool {
        self.resource.kind == Some(item.kind)
            && (self.namespace.is_empty() || self.namespace == item.meta.namespace)
            && self.name.as_ref().is_none_or(|name| *name == item.meta.name)
            && self.labels.matches(item.labels())
            && self.fields.iter().all(|(path, equal, value)| (field(item, path) == value.as_str()) == *equal)
    }
}

/// The text of a field that objects can be selected by.
fn field(item: &Shared, path: &str) -> String {
    let keys: Vec<&str> = if path == "source" { vec!["source", "component"] } else { path.split('.').collect() };
    match item.tree.at(&keys) {
        Value::Bool(switch) => switch.to_string(),
        other => other.str_or_empty().to_owned(),
    }
}
