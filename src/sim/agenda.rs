//! What is going to happen, in order.

use std::collections::BTreeMap;

use super::StepId;
use crate::time::Time;

/// Occurrences by time; those of one moment in the order in which they were entered.
#[derive(Clone, Debug)]
pub struct Agenda<T> {
    entries: BTreeMap<(Time, u64), (Option<StepId>, T)>,
    entered: u64,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self {
            entries: BTreeMap::new(),
            entered: 0,
        }
    }
}

impl<T> Agenda<T> {
    /// Enters an occurrence and the step that brought it about.
    pub fn enter(&mut self, at: Time, cause: Option<StepId>, occurrence: T) {
        self.entered += 1;
        self.entries
            .insert((at, self.entered), (cause, occurrence));
    }

    /// When the next occurrence is due.
    pub fn next_at(&self) -> Option<Time> {
        self.entries.keys().next().map(|(at, _)| *at)
    }

    /// Takes the next occurrence.
    pub fn take(&mut self) -> Option<(Time, Option<StepId>, T)> {
        let ((at, _), (cause, occurrence)) = self.entries.pop_first()?;
        Some((at, cause, occurrence))
    }
}
