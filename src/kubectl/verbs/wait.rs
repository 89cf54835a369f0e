//! `kubectl wait`.

use super::Step;
use crate::api::Object;
use crate::kubectl::command_line::{Query, ResourceRequest, Target, quoted, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::print::{self, Allowed, Format};
use crate::kubectl::run::{Next, Outcome, Run};
use crate::time::Time;
use crate::value::Text;

/// What is waited for.
#[derive(Clone, Debug)]
enum For {
    Delete,
    Create,
    Condition { kind: Text, status: Text },
    Path { path: Box<Format>, value: Option<Text> },
}

impl For {
    fn of(text: &str) -> Result<Self, Failure> {
        let lower = text.to_ascii_lowercase();
        if lower == "delete" {
            return Ok(Self::Delete);
        }
        if lower == "create" {
            return Ok(Self::Create);
        }
        if let Some(condition) = text.strip_prefix("condition=") {
            let (kind, status) = condition.split_once('=').unwrap_or((condition, "true"));
            return Ok(Self::Condition { kind: Text::copy(kind), status: Text::copy(status) });
        }
        if let Some(path) = text.strip_prefix("jsonpath=") {
            return Self::path(path);
        }
        Err(Failure::error(format!("unrecognized condition: {}", quoted(text))))
    }

    fn path(text: &str) -> Result<Self, Failure> {
        let text = text.trim_matches('\'');
        let (path, value) = match text.split_once('}') {
            Some((path, rest)) => {
                let path = format!("{path}}}");
                match rest.strip_prefix('=') {
                    Some("") => return Err(Failure::error("jsonpath wait value cannot be empty")),
                    Some(value) => (path, Some(Text::copy(value.trim_matches('"')))),
                    None if rest.is_empty() => (path, None),
                    None => {
                        return Err(Failure::error(
                            "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or \
                             --for=jsonpath='{.status.readyReplicas}'",
                        ));
                    }
                }
            }
            None => match text.split_once('=') {
                Some((path, value)) => (format!("{{{path}}}"), Some(Text::copy(value))),
                None => (format!("{{{text}}}"), None),
            },
        };
        let format = print::format(Some(&format!("jsonpath={path}")), None, false, Allowed::Get, &|_| None)
            .map_err(Failure::error)?;
        Ok(Self::Path { path: Box::new(format), value })
    }

    /// Whether it holds for an object that exists.
    fn holds(&self, object: &Object) -> bool {
        match self {
            Self::Delete => false,
            Self::Create => true,
            Self::Condition { kind, status } => {
                let observed = |generation: Option<i64>| generation.is_none_or(|seen| seen >= object.meta.generation);
                let of_status = object.tree.at(&["status", "observedGeneration"]).as_i64();
                object.tree.at(&["status", "conditions"]).items().iter().any(|condition| {
                    let generation = condition.at(&["observedGeneration"]).as_i64().or(of_status);
                    condition.at(&["type"]).str_or_empty().eq_ignore_ascii_case(kind)
                        && condition.at(&["status"]).str_or_empty().eq_ignore_ascii_case(status)
                        && observed(generation)
                })
            }
            Self::Path { path, value } => {
                let found = print::trees(path, std::slice::from_ref(&object.tree), true, true).unwrap_or_default();
                match value {
                    Some(value) => found == value.as_str(),
                    None => !found.is_empty(),
                }
            }
        }
    }
}

/// Begins the command.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let texts: Vec<&Text> = command.each("for").collect();
    let wanted = match texts.as_slice() {
        [] => return Err(Failure::error("unrecognized condition: []")),
        texts => texts.iter().map(|text| For::of(text)).collect::<Result<Vec<_>, _>>()?,
    };
    let paths = sources(command)?;
    let query = Query::read(&ResourceRequest {
        words: &command.words,
        files: &paths,
        labels: command.text("selector").map(Text::as_str).filter(|text| !text.is_empty()),
        fields: command.text("field-selector").map(Text::as_str).filter(|text| !text.is_empty()),
        all: command.is("all"),
        all_namespaces: command.is("all-namespaces"),
        ..ResourceRequest::default()
    })?;
    let mut targets = Vec::new();
    for target in query.targets(run) {
        match target {
            Ok(target) => targets.push(target),
            Err(failure) => run.fail(failure),
        }
    }
    let may_be_missing = wanted.iter().all(|wanted| matches!(wanted, For::Delete));
    if targets.is_empty() && run.console.failures.is_empty() && !may_be_missing {
        return Err(Failure::error("no matching resources found"));
    }
    Waiting { targets, wanted, uid: None, until: None, next: 0 }.go(run)
}

/// A wait; the first of the targets is at hand.
#[derive(Clone, Debug)]
pub struct Waiting {
    targets: Vec<Target>,
    wanted: Vec<For>,
    uid: Option<Text>,
    until: Option<Time>,
    next: usize,
}

/// How long is waited without `--timeout`, and when it is negative (a week).
const PATIENCE_MS: i64 = 30_000;
const WEEK_MS: i64 = 604_800_000;

impl Waiting {
    /// Looks again.
    pub fn go(mut self, run: &mut Run<'_, '_>) -> Outcome {
        let patience = match run.command.milliseconds("timeout") {
            None => PATIENCE_MS,
            Some(ms) if ms < 0 => WEEK_MS,
            Some(ms) => ms,
        };
        while let Some(target) = self.targets.first().cloned() {
            let until = *self.until.get_or_insert(run.now().plus(patience));
            let Some(wanted) = self.wanted.get(self.next).cloned() else {
                run.line(format!("{} condition met", target.shown()));
                self.forget();
                continue;
            };
            let live = run.get(target.resource, &target.namespace, &target.name);
            let met = match (&wanted, &live) {
                (For::Delete, Err(_)) => {
                    // An object that was not there in the first place is waited for without a word.
                    if self.uid.is_none() {
                        self.forget();
                        continue;
                    }
                    true
                }
                (For::Delete, Ok(live)) => {
                    let uid = self.uid.get_or_insert(live.meta.uid.clone());
                    *uid != live.meta.uid
                }
                (For::Create, live) => live.is_ok(),
                (_, Err(status)) => {
                    run.fail(status.clone());
                    self.forget();
                    continue;
                }
                (wanted, Ok(live)) => wanted.holds(live),
            };
            if met {
                self.next += 1;
                continue;
            }
            if run.now() >= until {
                run.fail(Failure::error(format!(
                    "timed out waiting for the condition on {}/{}",
                    target.resource.plural, target.name
                )));
                self.forget();
                continue;
            }
            return Ok(Next::OnChange(Step::Wait(Box::new(self)), Some(until)));
        }
        Ok(Next::End)
    }

    /// Goes to the next object.
    fn forget(&mut self) {
        self.targets.remove(0);
        self.uid = None;
        self.until = None;
        self.next = 0;
    }
}
