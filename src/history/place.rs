//! Where one stands: a laboratory together with how far it has come.

use super::Entry;
use crate::sim::Step;
use crate::time::Time;

/// What can be performed again from its journal: a world with whatever is made of it. A clone is a checkpoint and must
/// be cheap.
pub trait Laboratory: Clone {
    /// What is written down, once, of everything that happens.
    type Record: Record<Self>;

    /// Now.
    fn now(&self) -> Time;

    /// When something happens next by itself.
    fn next_at(&self) -> Option<Time>;

    /// Lets time pass although nothing happens. Never skips an occurrence.
    fn pass_to(&mut self, at: Time);

    /// Takes the next occurrence in.
    fn step(&mut self) -> Option<Step>;

    /// A person acts, now.
    fn perform(&mut self, entry: &Entry);

    /// What a clone of this costs that shares all it can, bytes, roughly.
    fn weight(&self) -> usize;
}

/// What is written down of everything that happens, up to the latest moment ever reached. Going back does not unwrite it.
pub trait Record<L>: Clone + Default + std::fmt::Debug {
    /// Something happened; `lab` is as it was right after it.
    fn observe(&mut self, after: Moment, step: &Step, lab: &L);

    /// A person acted; `lab` is as it was right after it.
    fn acted(&mut self, after: Moment, entry: &Entry, lab: &L);

    /// Forgets what was written after this moment: a branch begins there.
    fn cut(&mut self, at: Moment);
}

/// A point in the order of everything that happens on a branch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Occurrences taken so far.
    pub step: u64,
    /// Acts performed so far.
    pub acted: usize,
    /// The clock.
    pub at: Time,
}

/// A laboratory and how far it has come.
#[derive(Clone, Debug)]
pub struct Place<L> {
    /// The laboratory.
    pub lab: L,
    /// Occurrences taken so far.
    pub step: u64,
    /// Acts performed so far.
    pub acted: usize,
}

impl<L: Laboratory> Place<L> {
    /// Where nothing has happened yet.
    pub fn first(lab: L) -> Self {
        Self { lab, step: 0, acted: 0 }
    }

    /// Its point in the order of everything.
    pub fn moment(&self) -> Moment {
        Moment { step: self.step, acted: self.acted, at: self.lab.now() }
    }
}
