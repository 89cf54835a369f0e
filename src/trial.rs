//! Trials: seeded random journals for a StatefulSet, to look for states that nobody thought of.
//!
//! A trial is a function of its seed. A fifth of its intents are faults; the seed is enough to see it again.

use std::rc::Rc;

use crate::api::Kind;
use crate::kubectl::Invocation;
use crate::map;
use crate::random::Seed;
use crate::sim::{Fault, Intent, Latency, Machine, Setup, Step, World};
use crate::sorted::SortedMap;
use crate::value::{Text, Value, json};

/// How many intents follow the creation of the set.
pub const INTENTS: usize = 20;
/// How long a trial waits after its last intent for the set to come to rest, ms.
pub const REST_MS: i64 = 20 * 60_000;

const NAMESPACE: &str = "trial";

/// One random journal.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// Everything about it.
    pub seed: Seed,
}

impl Trial {
    /// Performs the trial in a new world, shows every step, and answers the world at its end.
    pub fn run(self, setup: &Setup, mut seen: impl FnMut(&World, &Step)) -> World {
        let setup = Setup { seed: self.seed, ..setup.clone() };
        let mut world = World::new(&setup);
        let mut to = world.now();
        for (pause, intent) in self.journal() {
            to = to.plus(pause);
            advance(&mut world, to, &mut seen);
            world.submit(intent);
        }
        let end = to.plus(REST_MS);
        advance(&mut world, end, &mut seen);
        world
    }

    /// The intents, each with the pause before it, ms.
    pub fn journal(self) -> Vec<(i64, Intent)> {
        let mut journal = vec![
            (0, kubectl(&["create", "namespace", NAMESPACE], None)),
            (200, kubectl(&["create", "-f", "set.json", "-n", NAMESPACE], Some(self.manifest()))),
        ];
        for index in 0..INTENTS {
            let pause = self.number(index, "pause", 0, 40_000);
            let fault = self.number(index, "fault", 0, 4) == 0;
            let intent = if fault { self.fault(index) } else { self.command(index) };
            journal.push((pause, intent));
        }
        journal
    }

    fn number(self, index: usize, purpose: &str, low: i64, high: i64) -> i64 {
        self.seed.between(&index.to_string(), purpose, low, high)
    }

    /// A small set with one claim template; its policies are drawn.
    fn manifest(self) -> String {
        let policy = if self.number(0, "policy", 0, 3) == 0 { "Parallel" } else { "OrderedReady" };
        let labels = || map! { "app" => "web" };
        let probe = map! {
            "httpGet" => map! { "path" => "/", "port" => 80 },
            "initialDelaySeconds" => self.number(0, "delay", 0, 10),
            "periodSeconds" => self.number(0, "period", 1, 10),
        };
        let container = map! {
            "name" => "web",
            "image" => "nginx:1.29",
            "ports" => vec![map! { "containerPort" => 80 }],
            "readinessProbe" => probe,
            "volumeMounts" => vec![map! { "name" => "data", "mountPath" => "/data" }],
        };
        let claim = map! {
            "metadata" => map! { "name" => "data" },
            "spec" => map! {
                "accessModes" => Value::texts(["ReadWriteOnce"]),
                "resources" => map! { "requests" => map! { "storage" => "1Gi" } },
            },
        };
        json::to_compact(&map! {
            "apiVersion" => "apps/v1",
            "kind" => "StatefulSet",
            "metadata" => map! { "name" => "web" },
            "spec" => map! {
                "replicas" => self.number(0, "replicas", 1, 4),
                "serviceName" => "web",
                "podManagementPolicy" => policy,
                "selector" => map! { "matchLabels" => labels() },
                "template" => map! {
                    "metadata" => map! { "labels" => labels() },
                    "spec" => map! { "containers" => vec![container] },
                },
                "volumeClaimTemplates" => vec![claim],
            },
        })
    }

    fn command(self, index: usize) -> Intent {
        let pod = format!("web-{}", self.number(index, "ordinal", 0, 3));
        let words: Vec<String> = match self.number(index, "command", 0, 9) {
            0..=3 => {
                let replicas = self.number(index, "replicas", 0, 5);
                vec!["scale".into(), "sts".into(), "web".into(), format!("--replicas={replicas}")]
            }
            4 => vec!["delete".into(), "pod".into(), pod, "--wait=false".into()],
            5 => vec!["delete".into(), "pod".into(), pod, "--force".into(), "--grace-period=0".into()],
            6 => {
                let claim = format!("data-{pod}");
                vec!["delete".into(), "pvc".into(), claim, "--wait=false".into()]
            }
            7 => {
                let tag = self.number(index, "tag", 27, 29);
                vec!["set".into(), "image".into(), "sts/web".into(), format!("web=nginx:1.{tag}")]
            }
            8 => {
                let partition = self.number(index, "partition", 0, 3);
                let patch =
                    format!(r#"{{"spec":{{"updateStrategy":{{"rollingUpdate":{{"partition":{partition}}}}}}}}}"#);
                vec!["patch".into(), "sts".into(), "web".into(), "-p".into(), patch]
            }
            _ => {
                vec!["annotate".into(), "pod".into(), pod, "sim/ready=true".into(), "--overwrite".into()]
            }
        };
        let words: Vec<&str> = words.iter().map(String::as_str).chain(["-n", NAMESPACE]).collect();
        kubectl(&words, None)
    }

    /// A fault of any kind, or the repair of one: what kubectl can do is a command.
    fn fault(self, index: usize) -> Intent {
        let node = || Text::from(format!("node-{}", self.number(index, "node", 1, 4)));
        let pod = || Text::from(format!("web-{}", self.number(index, "ordinal", 0, 3)));
        let zone = || Text::from(if self.number(index, "zone", 0, 1) == 0 { "zone-a" } else { "zone-b" });
        let machine = || Machine {
            name: node(),
            zone: zone(),
            cpu: self.number(index, "cpu", 1, 8).to_string().into(),
            memory: format!("{}Gi", self.number(index, "memory", 1, 16)).into(),
        };
        let run = |line: String| {
            let words: Vec<&str> = line.split(' ').collect();
            kubectl(&words, None)
        };
        let fault = match self.number(index, "kind", 0, 27) {
            0 | 1 => Fault::NodeStops(node()),
            2..=5 => Fault::NodeStarts(node()),
            6 => Fault::ProvisionerStops,
            7 | 8 => Fault::ProvisionerStarts,
            9 => Fault::ZoneStops(zone()),
            10 => Fault::ZoneStarts(zone()),
            11 | 12 => Fault::PodCrashes(NAMESPACE.into(), pod()),
            13 => Fault::PodFreezes(NAMESPACE.into(), pod()),
            14 => Fault::NodeJoins(machine()),
            15 => Fault::NodeResizes(machine()),
            16 | 17 => {
                let latencies = Latency::ALL;
                let nth = self.number(index, "latency", 0, latencies.len() as i64 - 1) as usize;
                let latency = latencies.get(nth).copied().unwrap_or(Latency::Pull);
                let most = if latency == Latency::Watch { 1000 } else { 60_000 };
                Fault::Takes(latency, self.number(index, "takes", 1, most))
            }
            18 => return run(format!("cordon {}", node())),
            19 => return run(format!("uncordon {}", node())),
            20 => return run(format!("drain {} --ignore-daemonsets --timeout=20s", node())),
            21 => return run(format!("delete node {}", node())),
            22 => {
                let mark = "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";
                return run(format!("taint node {} {mark}", node()));
            }
            23 | 24 => {
                let default = self.number(index, "default", 0, 2) > 0;
                let key = "storageclass.kubernetes.io/is-default-class";
                return run(format!("annotate storageclass standard {key}={default} --overwrite"));
            }
            25 => return run(format!("label node {} topology.kubernetes.io/zone={} --overwrite", node(), zone())),
            26 => return run(format!("set image sts/web web=nginx:broken -n {NAMESPACE}")),
            _ => return run(format!("annotate pod {} sim/ready=false --overwrite -n {NAMESPACE}", pod())),
        };
        Intent::Fault(fault)
    }
}

/// Whether the set of a trial has all its pods Ready.
pub fn is_ready(world: &World) -> bool {
    world
        .store()
        .get(Kind::StatefulSet, NAMESPACE, "web")
        .and_then(|set| set.as_stateful_set().cloned())
        .is_some_and(|set| set.ready_replicas == set.replicas && set.status_replicas == set.replicas)
}

fn kubectl(words: &[&str], manifest: Option<String>) -> Intent {
    let files: SortedMap<Text, Text> =
        manifest.into_iter().map(|text| (Text::from("set.json"), Text::from(text))).collect();
    Intent::Run(Invocation {
        argv: words.iter().map(|word| Text::copy(word)).collect(),
        stdin: None,
        files: Rc::new(files),
        ..Invocation::default()
    })
}

fn advance(world: &mut World, to: crate::time::Time, seen: &mut impl FnMut(&World, &Step)) {
    while world.next_at().is_some_and(|next| next <= to) {
        if let Some(step) = world.step() {
            seen(world, &step);
        }
    }
    world.pass_to(to);
}
