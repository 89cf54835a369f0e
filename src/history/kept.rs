//! Checkpoints: places kept to go back to, within a bound of bytes, thinned where they are missed least.

use std::rc::Rc;

use super::{Laboratory, Moment, Place};

/// So many occurrences lie between two checkpoints at least…
const SPACING: u64 = 96;

/// …but so few where the cluster comes to rest: most of a day is rest, and rest begins there.
const SPACING_AT_REST: u64 = 8;

/// How long nothing must be due for the cluster to be at rest, ms.
const REST_MS: i64 = 20_000;

/// At most so many checkpoints are kept of a branch.
const MOST: usize = 640;

/// Where much happens one looks longer than its time on the clock: each checkpoint counts for so many ms more.
const LOOKED_AT_MS: u64 = 30_000;

/// What one new version of an object adds to a checkpoint, bytes, roughly.
const VERSION: usize = 4096;

/// One checkpoint.
#[derive(Clone, Debug)]
struct Kept<L> {
    place: Rc<Place<L>>,
    weight: usize,
}

/// The checkpoints of a branch, in order. The first is its beginning and always stays.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints<L> {
    kept: Vec<Kept<L>>,
    /// Versions of objects committed since the last one.
    versions: usize,
}

impl<L: Laboratory> Checkpoints<L> {
    pub fn new(first: &Place<L>) -> Self {
        Self { kept: vec![Kept { place: Rc::new(first.clone()), weight: first.lab.weight() }], versions: 0 }
    }

    /// The last one at which this holds; it must hold for all before it.
    pub fn last(&self, fits: impl Fn(Moment) -> bool) -> Option<&Place<L>> {
        self.kept.iter().rev().map(|kept| &*kept.place).find(|place| fits(place.moment()))
    }

    /// Keeps this place, when it is far enough from the last.
    pub fn offer(&mut self, place: &Place<L>, versions: usize, budget: usize) {
        self.versions += versions;
        let last = self.kept.last().map_or(0, |kept| kept.place.step);
        let rests = place.lab.next_at().is_none_or(|next| next.since(place.lab.now()) >= REST_MS);
        if place.step < last + if rests { SPACING_AT_REST } else { SPACING } {
            return;
        }
        let weight = place.lab.weight() + std::mem::take(&mut self.versions) * VERSION;
        self.kept.push(Kept { place: Rc::new(place.clone()), weight });
        self.thin(budget);
    }

    /// Forgets those after a moment.
    pub fn cut(&mut self, at: Moment) {
        self.kept.retain(|kept| kept.place.moment() <= at);
        self.versions = 0;
    }

    /// Gives up as many as needed to weigh at most so much: always the one without which a moment picked at random is
    /// reached with the fewest occurrences more, the oldest of several.
    pub fn thin(&mut self, budget: usize) {
        while self.kept.len() > 2 && (self.kept.len() > MOST || self.weight() > budget) {
            let costs = self.kept.windows(3).map(|three| match three {
                [before, this, after] => {
                    let more = this.place.step - before.place.step;
                    let ms = after.place.lab.now().since(this.place.lab.now()).max(0) as u64;
                    more.saturating_mul(ms.saturating_add(LOOKED_AT_MS))
                }
                _ => u64::MAX,
            });
            let Some((nth, _)) = costs.enumerate().min_by_key(|(nth, cost)| (*cost, *nth)) else { return };
            let gone = self.kept.remove(nth + 1);
            // What it alone held is free; what the next one shares with it stays.
            if let Some(next) = self.kept.get_mut(nth + 1) {
                next.weight = next.weight.max(gone.weight) + VERSION;
            }
        }
    }

    pub fn weight(&self) -> usize {
        self.kept.iter().map(|kept| kept.weight).sum()
    }

    pub fn len(&self) -> usize {
        self.kept.len()
    }
}
