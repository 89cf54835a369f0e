//! What is going to happen, in order.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::StepId;
use crate::time::Time;

/// Occurrences by time; those of one moment in the order in which they were entered.
#[derive(Clone, Debug)]
pub struct Agenda<T> {
    entries: BinaryHeap<Entry<T>>,
    entered: u64,
}

#[derive(Clone, Debug)]
struct Entry<T> {
    at: Time,
    number: u64,
    cause: Option<StepId>,
    occurrence: T,
}

impl<T> Ord for Entry<T> {
    /// The heap gives its greatest entry: that is the one due first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Entry<T> {}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self { entries: BinaryHeap::new(), entered: 0 }
    }
}

impl<T> Agenda<T> {
    /// Enters an occurrence and the step that brought it about.
    pub fn enter(&mut self, at: Time, cause: Option<StepId>, occurrence: T) {
        self.entered += 1;
        self.entries.push(Entry { at, number: self.entered, cause, occurrence });
    }

    /// What is entered now came of no step that anyone knows.
    pub fn forget_causes(&mut self) {
        let entries = std::mem::take(&mut self.entries).into_iter();
        self.entries = entries.map(|entry| Entry { cause: None, ..entry }).collect();
    }

    /// When the next occurrence is due.
    pub fn next_at(&self) -> Option<Time> {
        self.entries.peek().map(|entry| entry.at)
    }

    /// The next occurrence.
    pub fn next(&self) -> Option<&T> {
        self.entries.peek().map(|entry| &entry.occurrence)
    }

    /// Takes the next occurrence.
    pub fn take(&mut self) -> Option<(Time, Option<StepId>, T)> {
        let entry = self.entries.pop()?;
        Some((entry.at, entry.cause, entry.occurrence))
    }
}
