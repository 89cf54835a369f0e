//! The table of verbs: what each is called, which flags it has, where it begins.

mod change;
mod flags;
mod look;
mod make;
mod rest;

use super::help;
use crate::kubectl::command_line::Flag;
use crate::kubectl::run::{Outcome, Run};

/// The name of the one context, cluster and user of a configuration here.
pub const CONTEXT: &str = "playground";

/// One command of kubectl.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// Its words after `kubectl`.
    pub path: &'static str,
    /// Other names for the last of them.
    pub aliases: &'static [&'static str],
    /// Its flags besides the global ones.
    pub flags: &'static [&'static [Flag]],
    /// Whether it checks files before it sends them.
    pub validates: bool,
    /// What it does with an object of a file, as its errors call it.
    pub doing: &'static str,
    /// What it is for, in one line of our own.
    pub about: &'static str,
    /// Where it begins.
    pub start: fn(&mut Run<'_, '_>) -> Outcome,
}

impl Verb {
    /// `kubectl rollout status`.
    pub fn full_path(&self) -> String {
        if self.path.is_empty() { "kubectl".to_owned() } else { format!("kubectl {}", self.path) }
    }

    /// `rollout` of `rollout status`.
    pub fn parent(&self) -> &'static str {
        self.path.rsplit_once(' ').map_or("", |(parent, _)| parent)
    }

    /// `status` of `rollout status`.
    pub fn name(&self) -> &'static str {
        self.path.rsplit_once(' ').map_or(self.path, |(_, name)| name)
    }
}

const fn verb(
    path: &'static str,
    about: &'static str,
    flags: &'static [&'static [Flag]],
    start: fn(&mut Run<'_, '_>) -> Outcome,
) -> Verb {
    Verb { path, aliases: &[], flags, validates: false, doing: "", about, start }
}

const fn of_files(verb: Verb, doing: &'static str) -> Verb {
    Verb { validates: true, doing, ..verb }
}

const fn aka(verb: Verb, aliases: &'static [&'static str]) -> Verb {
    Verb { aliases, ..verb }
}

static ROOT: Verb = verb("", "", &[], help::group);

/// kubectl itself.
pub fn root() -> &'static Verb {
    &ROOT
}

/// Every verb, in the order of kubectl's own groups: suggestions are made in this order.
pub fn all() -> impl Iterator<Item = &'static Verb> {
    [make::VERBS, change::VERBS, look::VERBS, rest::VERBS].into_iter().flatten()
}

/// The verb of this name below another one.
pub fn below(parent: &Verb, name: &str) -> Option<&'static Verb> {
    children(parent).find(|verb| verb.name() == name || verb.aliases.contains(&name))
}

/// The verbs below another one.
pub fn children(parent: &Verb) -> impl Iterator<Item = &'static Verb> {
    let path = parent.path;
    all().filter(move |verb| !verb.path.is_empty() && verb.parent() == path)
}

/// The names of the verbs right after `kubectl`.
pub fn top_level() -> impl Iterator<Item = &'static str> {
    children(root()).map(Verb::name)
}
