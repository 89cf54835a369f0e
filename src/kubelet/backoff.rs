//! Longer and longer pauses between restarts and pulls (`reference/pods-and-nodes.md` §4).

use crate::time::Time;

/// The first pause, ms.
const BASE: i64 = 10_000;
/// The longest pause, ms.
const LONGEST: i64 = 300_000;

/// The pause of one container (or image) and when it was last raised.
#[derive(Clone, Debug, Default)]
pub(super) struct Backoff {
    entry: Option<(i64, Time)>,
}

impl Backoff {
    /// What is left of the pause that began at `from`; `None` when it is over or there is none.
    pub fn left(&self, from: Time, now: Time) -> Option<i64> {
        let (pause, raised) = self.entry?;
        if from.since(raised) > 2 * LONGEST {
            return None;
        }
        let left = pause - now.since(from);
        (left > 0).then_some(left)
    }

    /// What is left of the pause that began when it was last raised.
    pub fn left_since_raised(&self, now: Time) -> Option<i64> {
        let (_, raised) = self.entry?;
        self.left(raised, now)
    }

    /// Doubles the pause, or begins anew after a long quiet time before `from`.
    pub fn raise(&mut self, from: Time, now: Time) {
        let pause = match self.entry {
            Some((pause, raised)) if from.since(raised) <= 2 * LONGEST => (pause * 2).min(LONGEST),
            _ => BASE,
        };
        self.entry = Some((pause, now));
    }

    /// When the pause was last raised.
    pub fn raised(&self) -> Option<Time> {
        self.entry.map(|(_, raised)| raised)
    }

    /// The whole pause, ms.
    pub fn pause(&self) -> i64 {
        self.entry.map_or(0, |(pause, _)| pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_restart_is_free_and_then_pauses_double_up_to_five_minutes() {
        let mut backoff = Backoff::default();
        let mut crash = Time(0);
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let now = crash.plus(backoff.left(crash, crash).unwrap_or(0));
            pauses.push(now.since(crash) / 1000);
            backoff.raise(crash, now);
            crash = now.plus(1000);
        }
        assert_eq!(pauses, [0, 10, 20, 40, 80, 160, 300, 300]);
    }

    #[test]
    fn a_container_that_ran_longer_than_ten_minutes_begins_anew() {
        let mut backoff = Backoff::default();
        backoff.raise(Time(0), Time(0));
        backoff.raise(Time(1000), Time(10_000));
        let crash = Time(10_000 + 600_001);
        assert_eq!(backoff.left(crash, crash), None);
        backoff.raise(crash, crash);
        assert_eq!(backoff.pause(), 10_000);
    }
}
