//! The answer to "why?" as it is shown: the tree of one object, and how it came to this.

use super::lab::Lab;
use crate::api::{Key, Kind};
use crate::explain::{Link, Reason, chain, why};

/// At most so many links of a chain of causes are shown; the last is always what began it.
const LINKS: usize = 14;

/// Everything in the panel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Whom it is about.
    pub subject: Option<Key>,
    /// Why it is as it is.
    pub tree: Reason,
    /// What led to the last thing that happened to it, that first.
    pub chain: Vec<Link>,
}

impl Answer {
    /// Only the tree.
    pub fn tree_of(lab: &Lab, subject: &Key) -> Reason {
        why(&lab.world, &lab.chronicle, subject)
    }

    /// The answer for an object; also for one that is not there.
    pub fn of(lab: &Lab, subject: &Key) -> Self {
        let last = lab.chronicle.last_about(subject);
        let chain = last.map(|step| chain(&lab.world, &lab.chronicle, step, LINKS)).unwrap_or_default();
        let subject = told_of(lab, subject).unwrap_or_else(|| subject.clone());
        Self { tree: why(&lab.world, &lab.chronicle, &subject), subject: Some(subject), chain }
    }
}

/// The object that an event tells of.
fn told_of(lab: &Lab, subject: &Key) -> Option<Key> {
    if subject.kind != Kind::Event {
        return None;
    }
    let event = lab.world.store().get(Kind::Event, &subject.namespace, &subject.name)?;
    let about = event.tree.at(&["involvedObject"]);
    let text = |key: &str| about.at(&[key]).text();
    let kind = Kind::of_manifest(&text("apiVersion"), &text("kind"))?;
    Some(Key::new(kind, text("namespace"), text("name")))
}
