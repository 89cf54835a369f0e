//! Waiting for volumes (`reference/pods-and-nodes.md` §1, `reference/storage.md` §7).

use super::agent::{Agent, Work};
use super::hands::Hands;
use super::references;

/// The first pause after a failed mount, ms, doubled with each failure.
const FIRST_PAUSE: i64 = 500;
/// The longest pause, ms: 2 m 2 s.
const LONGEST_PAUSE: i64 = 122_000;

impl Hands<'_, '_> {
    /// The node agent looks for mounted volumes after a while.
    pub fn begin_to_mount(&mut self, agent: &mut Agent) {
        let pause = self.context.profile.node_agent.mount_ms;
        self.step(agent, Work::Mounting, pause);
    }

    /// The volumes have been looked at: they are mounted, or something they are made of is missing.
    pub fn volumes_looked_at(&mut self, agent: &mut Agent) {
        if self.waits_for_detach(agent) {
            return;
        }
        let missing = references::missing_volumes(agent, self.cache);
        if missing.is_empty() {
            agent.mounted = true;
            agent.mount_failures = 0;
            self.begin_to_probe(agent);
            self.act(agent);
            return;
        }
        for problem in &missing {
            self.event(agent, None, true, "FailedMount", problem);
        }
        if let Some(first) = missing.first() {
            self.waits(agent, format!("a volume cannot be mounted: {first}"));
        }
        let pause = FIRST_PAUSE.checked_shl(agent.mount_failures).unwrap_or(LONGEST_PAUSE);
        agent.mount_failures = (agent.mount_failures + 1).min(16);
        self.step(agent, Work::Mounting, pause.min(LONGEST_PAUSE));
    }
}
