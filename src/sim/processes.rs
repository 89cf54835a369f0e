//! The commands of a world: which run, which wait for a change, what each has not been told yet.

use std::rc::Rc;

use crate::apiserver::{Client, WatchEvent};
use crate::kubectl::{Invocation, Process, ProcessId, Session, Wake};
use crate::profile::CommandClock;
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::Text;

/// How many changes may wait for one command before it is told of them at the latest.
const MOST_PENDING: usize = 10_000;

/// Every command that was started.
#[derive(Clone, Debug, Default)]
pub(super) struct Processes {
    running: SortedMap<ProcessId, Running>,
    started: u32,
}

#[derive(Clone, Debug)]
struct Running {
    process: Process,
    /// Grows with every wake that is arranged, so that one arranged earlier is known to be stale.
    token: u64,
    /// Whether it is woken by the next change.
    on_change: bool,
    pending: Vec<Rc<WatchEvent>>,
}

impl Processes {
    /// Starts a command; wake it at once with the number given.
    pub fn start(&mut self, mut invocation: Invocation, now: Time) -> (ProcessId, u64) {
        if invocation.namespace.is_empty() {
            invocation.namespace = self.namespace();
        }
        self.started += 1;
        let id = ProcessId(self.started);
        let running =
            Running { process: Process::start(invocation, now), token: 0, on_change: false, pending: Vec::new() };
        self.running.insert(id, running);
        (id, 0)
    }

    /// The namespace that was chosen last; empty while none was.
    pub fn namespace(&self) -> Text {
        let mut chosen = self.running.iter().filter_map(|(_, running)| running.process.chosen_namespace());
        chosen.next_back().unwrap_or_default()
    }

    pub fn get(&self, id: ProcessId) -> Option<&Process> {
        self.running.get(&id).map(|running| &running.process)
    }

    pub fn iter(&self) -> impl Iterator<Item = (ProcessId, &Process)> {
        self.running.iter().map(|(id, r)| (*id, &r.process))
    }

    pub fn interrupt(&mut self, id: ProcessId) {
        if let Some(running) = self.running.get_mut(&id) {
            running.process.interrupt();
            running.token += 1;
            running.on_change = false;
            running.pending.clear();
        }
    }

    /// Lets a command go on. `None` when the wake was stale; else when to wake it next, if it wants a moment.
    pub fn wake(
        &mut self,
        id: ProcessId,
        token: u64,
        client: Client<'_>,
        clock: &CommandClock,
    ) -> Option<Option<(Time, u64)>> {
        let running = self.running.get_mut(&id)?;
        if running.token != token || running.process.exit.is_some() {
            return None;
        }
        running.token += 1;
        running.on_change = false;
        let events = std::mem::take(&mut running.pending);
        let now = client.now();
        let mut session = Session { client, now, clock, events: &events };
        let at = match running.process.wake(&mut session) {
            Wake::At(at) => Some(at),
            Wake::OnChange(limit) => {
                running.on_change = true;
                limit
            }
            Wake::Exited(code) => {
                running.process.exit.get_or_insert(code);
                None
            }
        };
        Some(at.map(|at| (at, running.token)))
    }

    /// Hands changes to the commands that wait for them; answers whom to wake.
    pub fn changed(&mut self, events: &[Rc<WatchEvent>]) -> Vec<(ProcessId, u64)> {
        let mut wakes = Vec::new();
        for (id, running) in self.running.iter_mut() {
            if !running.on_change {
                continue;
            }
            let first = running.pending.is_empty();
            if running.pending.len() < MOST_PENDING {
                running.pending.extend(events.iter().cloned());
            }
            if first {
                running.token += 1;
                wakes.push((*id, running.token));
            }
        }
        wakes
    }
}

#[cfg(test)]
mod tests {
    use crate::kubectl::{Invocation, Stream, split_words};
    use crate::profile::Profile;
    use crate::random::Seed;
    use crate::sim::{Intent, Setup, World};

    /// What a command typed into a world prints.
    fn typed(world: &mut World, line: &str) -> String {
        let argv = split_words(line).unwrap();
        let id = world.submit(Intent::Run(Invocation { argv, ..Invocation::default() })).unwrap();
        while world.process(id).is_some_and(|process| process.exit.is_none()) && world.step().is_some() {}
        let lines = world.process(id).map(|process| process.output.clone()).unwrap_or_default();
        lines.iter().filter(|line| line.stream == Stream::Err).map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn the_namespace_of_the_context_is_where_later_commands_look() {
        let profile = Profile::named("recorded").unwrap();
        let mut world = World::new(&Setup { profile, gates: Default::default(), seed: Seed(1) });
        assert_eq!(typed(&mut world, "get sts"), "No resources found in default namespace.\n");
        typed(&mut world, "config set-context --current --namespace=lab");
        assert_eq!(typed(&mut world, "get sts"), "No resources found in lab namespace.\n");
        assert_eq!(typed(&mut world, "get sts -n other"), "No resources found in other namespace.\n");
        typed(&mut world, "config set-context --current --namespace=");
        assert_eq!(typed(&mut world, "get sts"), "No resources found in default namespace.\n");
    }
}
