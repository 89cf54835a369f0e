//! The commands of a world: which run, which wait for a change, what each has not been told yet.

use std::rc::Rc;

use crate::apiserver::{Client, WatchEvent};
use crate::kubectl::{Invocation, Kubeconfig, Process, ProcessId, Session, Wake};
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
        if let Some(config) = self.config() {
            invocation.config = config.clone();
        }
        self.started += 1;
        let id = ProcessId(self.started);
        let running =
            Running { process: Process::start(invocation, now), token: 0, on_change: false, pending: Vec::new() };
        self.running.insert(id, running);
        (id, 0)
    }

    /// The configuration that was written last.
    fn config(&self) -> Option<&Rc<Kubeconfig>> {
        self.running.iter().filter_map(|(_, running)| running.process.written_config()).next_back()
    }

    /// The namespace of the context in use; empty while none was chosen.
    pub fn namespace(&self) -> Text {
        let config = self.config().and_then(|config| config.contexts.get(&config.current));
        config.map(|context| context.namespace.clone()).unwrap_or_default()
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

    /// The editor of a command is closed; wake it with the number given. `None` where it has none open.
    pub fn close_editor(&mut self, id: ProcessId, saved: Option<Text>) -> Option<u64> {
        let running = self.running.get_mut(&id).filter(|running| running.process.editing().is_some())?;
        running.process.close_editor(saved);
        running.token += 1;
        Some(running.token)
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
            Wake::Editor => None,
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
        // Help is no part of the story.
        let helped = |text: &str| text.contains("\nUsage:\n");
        let told = lines.iter().filter(|line| line.stream == Stream::Err || !helped(&line.text));
        told.map(|line| line.text.as_str()).collect()
    }

    fn fresh() -> World {
        let profile = Profile::named("recorded").unwrap();
        World::new(&Setup { profile, gates: Default::default(), seed: Seed(1) })
    }

    #[test]
    fn the_namespace_of_the_context_is_where_later_commands_look() {
        let mut world = fresh();
        assert_eq!(typed(&mut world, "get sts"), "No resources found in default namespace.\n");
        typed(&mut world, "config set-context --current --namespace=lab");
        assert_eq!(typed(&mut world, "get sts"), "No resources found in lab namespace.\n");
        assert_eq!(typed(&mut world, "get sts -n other"), "No resources found in other namespace.\n");
        typed(&mut world, "config set-context --current --namespace=");
        assert_eq!(typed(&mut world, "get sts"), "No resources found in default namespace.\n");
    }

    #[test]
    fn contexts_are_made_chosen_renamed_and_deleted() {
        let mut world = fresh();
        let here = "No resources found in dev namespace.\n";
        let path = "/home/user/.kube/config";
        for (line, told) in [
            (
                "config set-context dev --namespace=dev --cluster=playground --user=playground",
                "Context \"dev\" created.\n",
            ),
            ("get sts", "No resources found in default namespace.\n"),
            ("get sts --context=dev", here),
            ("config use-context dev", "Switched to context \"dev\".\n"),
            ("get sts", here),
            ("config current-context", "dev\n"),
            ("config view --minify -o jsonpath={..namespace}", "dev"),
            (
                "config get-contexts",
                "CURRENT   NAME         CLUSTER      AUTHINFO     NAMESPACE\n\
                 *         dev          playground   playground   dev\n          \
                 playground   playground   playground   \n",
            ),
            ("config rename-context dev lab", "Context \"dev\" renamed to \"lab\".\n"),
            ("config get-contexts -o name", "lab\nplayground\n"),
            ("config use-context dev", "error: no context exists with the name: \"dev\"\n"),
            ("config use-context", "error: Unexpected args: []\n"),
            ("config set-context", "error: you must specify a non-empty context name or --current\n"),
            ("config set-context lab --current", "error: you cannot specify both a context name and --current\n"),
            ("config rename-context a b", &format!("error: cannot rename the context \"a\", it's not in {path}\n")),
            ("config delete-context a", &format!("error: cannot delete context a, not in {path}\n")),
            (
                "config delete-context lab",
                &format!(
                    "warning: this removed your active context, use \"kubectl config use-context\" to select a different \
                     one\ndeleted context lab from {path}\n"
                ),
            ),
            ("get sts", "Error in configuration: context was not found for specified context: lab\n"),
            ("config view --minify", "error: cannot locate context lab\n"),
            ("get sts --context=lab", "error: context \"lab\" does not exist\n"),
            ("config set contexts.dev.io.namespace team", "Property \"contexts.dev.io.namespace\" set.\n"),
            ("config set current-context dev.io", "Property \"current-context\" set.\n"),
            ("config view --minify -o jsonpath={..namespace}", "team"),
            ("config unset contexts.dev.io.namespace", "Property \"contexts.dev.io.namespace\" unset.\n"),
            ("config view --minify -o jsonpath={..namespace}", ""),
            ("config unset contexts.dev.io", "Property \"contexts.dev.io\" unset.\n"),
            ("config unset contexts.dev.io", "error: current map key `dev.io` is invalid\n"),
            ("config set users.jane.token x", "Property \"users.jane.token\" set.\n"),
            ("config get-users", "NAME\njane\nplayground\n"),
            ("config unset users.jane", "Property \"users.jane\" unset.\n"),
            ("config set nonsense x", "error: unable to parse nonsense after [] at api.Config\n"),
            ("config set contexts.dev x", "error: unable to parse one or more field values of contexts.dev\n"),
            ("config set current-context ''", "error: you cannot use set to unset a property\n"),
            ("config set current-context", "error: Unexpected args: [current-context]\n"),
            ("config unset current-context", "Property \"current-context\" unset.\n"),
            ("config current-context", "error: current-context is not set\n"),
            ("config set current-context lab", "Property \"current-context\" set.\n"),
            ("get sts --user=jane", "error: auth info \"jane\" does not exist\n"),
        ] {
            assert_eq!(typed(&mut world, line), told, "$ kubectl {line}");
        }
    }

    #[test]
    fn a_context_without_a_cluster_leads_to_a_server_that_is_not_there() {
        let mut world = fresh();
        let refused =
            "The connection to the server localhost:8080 was refused - did you specify the right host or port?\n";
        typed(&mut world, "config set-context dev --namespace=dev");
        typed(&mut world, "config use-context dev");
        let told = typed(&mut world, "get pods");
        assert_eq!(told.lines().filter(|line| line.contains("memcache.go:265]")).count(), 5);
        assert!(told.ends_with(refused), "{told}");
        let versions = "Client Version: v1.36.2\nKustomize Version: v5.8.1\n";
        assert_eq!(typed(&mut world, "version --client"), versions);
        assert_eq!(typed(&mut world, "version"), format!("{versions}{refused}"));
        assert!(
            typed(&mut world, "apply -f w.yaml").contains("failed to download openapi: Get \"http://localhost:8080")
        );
        typed(&mut world, "config use-context playground");
        assert_eq!(
            typed(&mut world, "get pods -s https://127.0.0.1:6443 -v=6 --as=jane"),
            "No resources found in default namespace.\n"
        );
        let told = typed(&mut world, "get pods -s https://nope.example");
        assert!(
            told.ends_with("Unable to connect to the server: dial tcp: lookup nope.example: no such host\n"),
            "{told}"
        );
    }
}
