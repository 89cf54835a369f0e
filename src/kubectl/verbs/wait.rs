//! `kubectl wait`.

use super::{Step, output};
use crate::api::{Object, Shared};
use crate::kubectl::command_line::{Query, ResourceRequest, Target, quoted, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::print::{self, JsonPath};
use crate::kubectl::run::{Next, Outcome, Run};
use crate::time::Time;
use crate::value::{Text, Value};

/// What is waited for.
#[derive(Clone, Debug)]
enum For {
    Delete,
    Create,
    Condition { kind: Text, status: Text },
    Path { path: Box<JsonPath>, value: Option<Text> },
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
        // A single equals sign parts path and value; a doubled one belongs to a filter.
        let mut parts = vec![String::new()];
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match (c, parts.last_mut()) {
                ('=', Some(part)) if rest.peek() == Some(&'=') => {
                    rest.next();
                    part.push_str("==");
                }
                ('=', _) => parts.push(String::new()),
                (c, Some(part)) => part.push(c),
                (_, None) => {}
            }
        }
        let refused = |why: &str| Err(Failure::error(why));
        let (path, value) = match parts.as_slice() {
            [path] => (path, None),
            [path, value] => (path, Some(value.trim_matches(['\'', '"']))),
            _ => {
                return refused(
                    "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or \
                     --for=jsonpath='{.status.readyReplicas}'",
                );
            }
        };
        if value == Some("") {
            return refused(
                "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
            );
        }
        if path.is_empty() {
            return refused("jsonpath expression cannot be empty");
        }
        let path = JsonPath::parse_relaxed(path).map_err(Failure::error)?;
        Ok(Self::Path { path: Box::new(path), value: value.map(Text::copy) })
    }

    /// Whether it holds for an object that exists.
    ///
    /// # Errors
    /// A path that leads to more than one value.
    fn holds(&self, object: &Object) -> Result<bool, String> {
        Ok(match self {
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
                let mut found = path.find(&object.tree)?;
                if found.first().is_none_or(Vec::is_empty) {
                    return Ok(false);
                }
                if found.len() > 1 {
                    return Err("given jsonpath expression matches more than one list".to_owned());
                }
                let mut found = found.remove(0);
                let (Some(one), true) = (found.pop(), found.is_empty()) else {
                    return Err("given jsonpath expression matches more than one value".to_owned());
                };
                let Some(value) = value else { return Ok(true) };
                if matches!(one, Value::Map(_) | Value::List(_)) {
                    return Err("jsonpath leads to a nested object or list which is not supported".to_owned());
                }
                print::plain(&one).trim() == value.trim()
            }
        })
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
    output::format(command)?;
    let paths = sources(command)?;
    let query = Query::read(&ResourceRequest {
        words: &command.words,
        files: &paths,
        labels: command.text("selector").map(Text::as_str).filter(|text| !text.is_empty()),
        fields: command.text("field-selector").map(Text::as_str).filter(|text| !text.is_empty()),
        type_alone: command.is("all"),
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
    Waiting { targets, wanted, last: None, until: None, next: 0 }.go(run)
}

/// A wait; the first of the targets is at hand.
#[derive(Clone, Debug)]
pub struct Waiting {
    targets: Vec<Target>,
    wanted: Vec<For>,
    /// The object whose end is waited for.
    last: Option<Shared>,
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
        // What is to be created is waited for first, however the conditions stand.
        let creating = self.wanted.iter().any(|wanted| matches!(wanted, For::Create));
        if creating {
            let until = *self.until.get_or_insert(run.now().plus(patience));
            let missing = |target: &Target, run: &mut Run<'_, '_>| {
                run.get(target.resource, &target.namespace, &target.name).is_err()
            };
            if self.targets.clone().iter().any(|target| missing(target, run)) {
                if run.now() >= until {
                    return Err(Failure::error("timed out waiting for the condition"));
                }
                return Ok(Next::OnChange(Step::Wait(Box::new(self)), Some(until)));
            }
        }
        while let Some(target) = self.targets.first().cloned() {
            let until = *self.until.get_or_insert(run.now().plus(patience));
            let Some(wanted) = self.wanted.get(self.next).cloned() else {
                self.forget();
                continue;
            };
            let live = run.get(target.resource, &target.namespace, &target.name);
            let met = match (&wanted, &live) {
                (For::Delete, Err(_)) => {
                    // An object that was not there in the first place is waited for without a word.
                    if self.last.is_none() {
                        self.forget();
                        continue;
                    }
                    Ok(true)
                }
                (For::Delete, Ok(live)) => {
                    let first = self.last.get_or_insert(live.clone());
                    Ok(first.meta.uid != live.meta.uid)
                }
                (_, Err(status)) => {
                    run.fail(status.clone());
                    self.forget();
                    continue;
                }
                (wanted, Ok(live)) => wanted.holds(live),
            };
            match met {
                Err(why) => {
                    run.fail(Failure::error(why));
                    self.forget();
                }
                Ok(true) => {
                    self.next += 1;
                    let last = live.ok().or_else(|| self.last.clone());
                    let tree = last.map(|live| live.tree.clone()).unwrap_or_default();
                    output::said(run, &target.shown(), "condition met", &tree)?;
                }
                Ok(false) if run.now() >= until => {
                    let what =
                        if patience == 0 { "condition not met for" } else { "timed out waiting for the condition on" };
                    run.fail(Failure::error(format!("{what} {}/{}", target.resource.plural, target.name)));
                    self.forget();
                }
                Ok(false) => return Ok(Next::OnChange(Step::Wait(Box::new(self)), Some(until))),
            }
        }
        Ok(Next::End)
    }

    /// Goes to the next object.
    fn forget(&mut self) {
        self.targets.remove(0);
        self.last = None;
        self.until = None;
        self.next = 0;
    }
}
