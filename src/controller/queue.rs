//! A work queue: each key at most once, and longer and longer pauses after errors.

use crate::sorted::{SortedMap, SortedSet};
use crate::value::Text;

/// Namespace and name of an object to be synced.
pub type QueueKey = (Text, Text);

/// Keys waiting to be synced, and how often each failed in a row.
#[derive(Clone, Debug, Default)]
pub struct WorkQueue {
    waiting: SortedSet<QueueKey>,
    failures: SortedMap<QueueKey, u32>,
}

impl WorkQueue {
    /// Adds a key; true when it was not waiting yet, so that the caller sets an alarm for it.
    pub fn add(&mut self, key: QueueKey) -> bool {
        self.waiting.insert(key)
    }

    /// Takes a key out to sync it; false when it is not waiting.
    pub fn take(&mut self, key: &QueueKey) -> bool {
        self.waiting.remove(key)
    }

    /// The pause before a failed key is tried again: 5 ms doubled with each failure in a row, at most 1,000 s
    /// (rule R23).
    pub fn failed(&mut self, key: &QueueKey) -> i64 {
        let failures = self.failures.or_default(key.clone());
        let pause = 5_i64.checked_shl(*failures).unwrap_or(i64::MAX);
        *failures = (*failures + 1).min(32);
        pause.min(1_000_000)
    }

    /// Forgets the failures of a key that succeeded.
    pub fn succeeded(&mut self, key: &QueueKey) {
        self.failures.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_double_the_pause_until_one_success() {
        let mut queue = WorkQueue::default();
        let key = (Text::from("default"), Text::from("web"));
        let pauses: Vec<i64> = (0..5).map(|_| queue.failed(&key)).collect();
        assert_eq!(pauses, [5, 10, 20, 40, 80]);
        queue.succeeded(&key);
        assert_eq!(queue.failed(&key), 5);
        for _ in 0..40 {
            queue.failed(&key);
        }
        assert_eq!(queue.failed(&key), 1_000_000);
    }
}
