//! Why is nothing happening? What was decided, what led to what, and the reasons of this moment, in plain words.
//!
//! There are three layers and never a fourth: reasons recorded where they arise ([`Chronicle`] keeps them), the causes
//! that steps name ([`chain`]), and [`why`], a pure function that joins both with the world as it is. Narration,
//! tooltips, hints and the line for screen readers all come from here.

mod chain;
mod chronicle;
mod claim;
mod eyes;
mod help;
mod narrate;
mod node;
mod notes;
mod pod;
mod refusal;
mod rules;
mod scheduling;
mod seat;
mod set;

pub use chain::{Link, chain, root_of};
pub use chronicle::{Chronicle, Noted};
pub use help::{Act, Help};
pub use narrate::{Sentence, narrate};
pub use refusal::refusal;
pub use rules::rule;
pub use set::is_settled;

use crate::api::{Key, Kind};
use crate::controller::Rule;
use crate::sim::{StepId, World};
use crate::time::Time;
use crate::value::Text;
use eyes::Eyes;

/// One reason, with the reasons below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// The object it speaks of; `None` where it is the cluster.
    pub about: Option<Key>,
    /// The field in which it shows: `status.conditions[Ready]`; may be empty.
    pub field: &'static str,
    /// The reason in plain words, without the last full stop.
    pub text: Text,
    /// The rule behind it (`reference/statefulset-controller.md` §8); 0 without one.
    pub rule: Rule,
    /// The step at which it was decided, and when.
    pub since: Option<(StepId, Time)>,
    /// What would unblock it, the best way first. A reason without any holds nothing up by itself.
    pub helps: Vec<Help>,
    /// It holds nothing up: something that is often misunderstood about this state.
    pub is_note: bool,
    /// Why it is so: the first blocker first, the notes last.
    pub because: Vec<Reason>,
}

/// Why an object is as it is; also why there is none of that name.
pub fn why(world: &World, chronicle: &Chronicle, subject: &Key) -> Reason {
    Eyes { world, chronicle, path: Vec::new() }.why(subject)
}

impl Reason {
    fn new(about: &Key, field: &'static str, text: impl Into<Text>) -> Self {
        Self { about: Some(about.clone()), field, text: text.into(), ..Self::default() }
    }

    fn note(about: &Key, field: &'static str, rule: u8, text: impl Into<Text>) -> Self {
        Self { is_note: true, ..Self::new(about, field, text).rule(rule) }
    }

    fn rule(mut self, number: u8) -> Self {
        self.rule = Rule(number);
        self
    }

    fn since(mut self, noted: Option<&Noted>) -> Self {
        self.since = noted.map(|noted| (noted.step, noted.at));
        self
    }

    fn helps(mut self, help: Help) -> Self {
        self.helps.push(help);
        self
    }

    fn because(mut self, reasons: impl IntoIterator<Item = Reason>) -> Self {
        self.because.extend(reasons);
        self
    }

    /// The first reason of the tree that something can be done about, or that passes: what to look at first.
    pub fn first_blocker(&self) -> Option<&Reason> {
        if self.is_note {
            return None;
        }
        if !self.helps.is_empty() {
            return Some(self);
        }
        self.because.iter().find_map(Self::first_blocker)
    }

    /// The reason as a sentence: it begins with a capital letter, unless with a name, and ends with a full stop.
    pub fn sentence(&self) -> String {
        let name = self.about.as_ref().map(|key| key.name.as_str()).unwrap_or_default();
        if !name.is_empty() && self.text.starts_with(name) { format!("{}.", self.text) } else { sentence(&self.text) }
    }

    /// The same away from its place in the tree: it names what it is about, unless that was asked for or is named
    /// already.
    pub fn sentence_beside(&self, asked: &Key) -> String {
        match &self.about {
            Some(about) if about != asked && !self.text.contains(about.name.as_str()) => {
                format!("{}: {}.", about.name, self.text)
            }
            _ => self.sentence(),
        }
    }

    /// Whether the tree names anything that holds the object up.
    pub fn is_held_up(&self) -> bool {
        self.first_blocker().is_some()
    }

    /// Every reason of the tree with its depth, in the order in which it is read.
    pub fn lines(&self) -> Vec<(usize, &Reason)> {
        fn walk<'a>(reason: &'a Reason, depth: usize, lines: &mut Vec<(usize, &'a Reason)>) {
            lines.push((depth, reason));
            for below in &reason.because {
                walk(below, depth + 1, lines);
            }
        }
        let mut lines = Vec::new();
        walk(self, 0, &mut lines);
        lines
    }
}

/// A text with a capital letter, unless it begins with a name, and a full stop.
pub fn sentence(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let is_name = first.contains(['-', '.']);
    let mut letters = text.chars();
    match letters.next() {
        Some(letter) if !is_name => format!("{}{}.", letter.to_uppercase(), letters.as_str()),
        _ => format!("{text}."),
    }
}

impl Eyes<'_> {
    /// The tree of one object, unless it is being explained already.
    fn why(&mut self, subject: &Key) -> Reason {
        if self.path.len() > 8 || self.path.contains(subject) {
            return Reason::new(subject, "", format!("see {}", subject.name));
        }
        self.path.push(subject.clone());
        let found = self.world.store().get(subject.kind, &subject.namespace, &subject.name).cloned();
        let reason = match (subject.kind, found) {
            (Kind::StatefulSet, Some(set)) => self.set(&set),
            (Kind::Pod, Some(pod)) => self.pod(&pod),
            (Kind::Pod, None) => self.absent_pod(subject),
            (Kind::PersistentVolumeClaim, Some(claim)) => self.claim(&claim),
            (Kind::PersistentVolumeClaim, None) => self.absent_claim(subject),
            (Kind::Node, Some(node)) => self.node(&node),
            (_, Some(object)) => self.other(&object),
            (_, None) => self.absent(subject),
        };
        self.path.pop();
        reason
    }
}
