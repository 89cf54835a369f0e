//! The workloads that the engine's speed is measured by: sets of many pods, brought up and rolled over, and days on which
//! nothing happens.

use std::rc::Rc;

use crate::api::{Kind, StatefulSetView};
use crate::apiserver::Gates;
use crate::kubectl::Invocation;
use crate::map;
use crate::profile::{NodeSpec, Profile};
use crate::random::Seed;
use crate::sim::{Intent, Setup, World};
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::{Text, Value, json};

/// How many pods a node takes.
const PODS_PER_NODE: usize = 110;
/// No workload takes longer than this, ms of simulated time.
const LONGEST: i64 = 7 * 24 * 3_600_000;

/// One measured case.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Its name: the family and the number of pods.
    pub case: String,
    /// How many replicas the set has.
    pub pods: usize,
    kind: Family,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Parallel,
    Ordered,
    Rolling,
    Claims,
    Idle,
}

/// What a case came to.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Versions of objects that were committed.
    pub events: u64,
    /// Simulated time, ms.
    pub sim_ms: i64,
    /// Whether the set arrived where it should.
    pub arrived: bool,
}

impl Workload {
    /// The cases of a family: `parallel`, `ordered`, `rolling`, `claims` or `idle`. `None` for any other name.
    pub fn family(name: &str) -> Option<Vec<Self>> {
        let (kind, sizes): (Family, &[usize]) = match name {
            "parallel" => (Family::Parallel, &[10, 100, 500, 2000]),
            "ordered" => (Family::Ordered, &[10, 100, 500, 2000]),
            "rolling" => (Family::Rolling, &[10, 100, 500, 2000]),
            "claims" => (Family::Claims, &[10, 100, 500, 2000]),
            "idle" => (Family::Idle, &[10, 100]),
            _ => return None,
        };
        let cases = sizes.iter().map(|pods| Self { case: format!("{name}-{pods}"), pods: *pods, kind }).collect();
        Some(cases)
    }

    /// Everything before the measured part: the world, and for a rollout or an idle day the set at rest in it.
    ///
    /// # Errors
    /// The built-in profile is broken.
    pub fn prepare(&self) -> Result<World, String> {
        let mut world = World::new(&self.setup()?);
        if matches!(self.kind, Family::Rolling | Family::Idle) {
            self.create(&mut world);
            until(&mut world, |set| set.ready_replicas == set.replicas);
        }
        Ok(world)
    }

    /// The measured part.
    pub fn run(&self, world: &mut World) -> Measured {
        let start = world.now();
        let (events, arrived) = match self.kind {
            Family::Parallel | Family::Ordered | Family::Claims => {
                self.create(world);
                until(world, |set| set.ready_replicas == set.replicas)
            }
            Family::Rolling => {
                run(world, &["set", "image", "sts/web", "web=nginx:1.28"], None);
                until(world, |set| {
                    set.updated_replicas == set.replicas
                        && set.ready_replicas == set.replicas
                        && set.current_revision == set.update_revision
                })
            }
            Family::Idle => {
                let mut events = 0;
                world.run_until(start.plus(24 * 3_600_000), |step| {
                    events += step.changes.len() as u64;
                });
                (events, true)
            }
        };
        Measured { events, sim_ms: world.now().since(start), arrived }
    }

    fn setup(&self) -> Result<Setup, String> {
        let mut profile = Profile::named("recorded").ok_or("no such profile: recorded")?;
        // Idle days are about probes: they run unscaled.
        profile.probe_divisor = if self.kind == Family::Idle { 1 } else { 10 };
        profile.nodes = (1..=self.pods.div_ceil(PODS_PER_NODE) + 1)
            .map(|number| NodeSpec {
                name: format!("node-{number}"),
                address: format!("192.168.{}.{}", 50 + number / 250, number % 250 + 1),
                looks_ms: None,
                zone: String::new(),
                cpu: "64".into(),
                memory: "256Gi".into(),
                pods: PODS_PER_NODE as i64,
            })
            .collect();
        Ok(Setup { profile, gates: Gates::default(), seed: Seed(1) })
    }

    fn create(&self, world: &mut World) {
        run(world, &["create", "-f", "set.json"], Some(self.manifest()));
    }

    fn manifest(&self) -> String {
        let labels = || map! { "app" => "web" };
        let ordered = self.kind == Family::Ordered;
        let mut container = map! {
            "name" => "web",
            "image" => "nginx:1.29",
            "ports" => vec![map! { "containerPort" => 80 }],
            "readinessProbe" => map! {
                "httpGet" => map! { "path" => "/", "port" => 80 },
                "periodSeconds" => 10,
            },
        };
        let mut spec = map! {
            "replicas" => self.pods as i64,
            "serviceName" => "web",
            "podManagementPolicy" => if ordered { "OrderedReady" } else { "Parallel" },
            "selector" => map! { "matchLabels" => labels() },
        };
        if self.kind == Family::Claims {
            let mount = map! { "name" => "data", "mountPath" => "/data" };
            container.set(&["volumeMounts"], vec![mount]);
            let claim = map! {
                "metadata" => map! { "name" => "data" },
                "spec" => map! {
                    "accessModes" => Value::texts(["ReadWriteOnce"]),
                    "resources" => map! { "requests" => map! { "storage" => "1Gi" } },
                },
            };
            spec.set(&["volumeClaimTemplates"], vec![claim]);
        }
        let template = map! {
            "metadata" => map! { "labels" => labels() },
            "spec" => map! { "containers" => vec![container] },
        };
        spec.set(&["template"], template);
        json::to_compact(&map! {
            "apiVersion" => "apps/v1",
            "kind" => "StatefulSet",
            "metadata" => map! { "name" => "web" },
            "spec" => spec,
        })
    }
}

fn run(world: &mut World, words: &[&str], manifest: Option<String>) {
    let files: SortedMap<Text, Text> =
        manifest.into_iter().map(|text| (Text::from("set.json"), Text::from(text))).collect();
    world.submit(Intent::Run(Invocation {
        argv: words.iter().map(|word| Text::copy(word)).collect(),
        stdin: None,
        files: Rc::new(files),
        ..Invocation::default()
    }));
}

/// Steps until the set is as asked for; answers the commits on the way and whether it came to that.
fn until(world: &mut World, done: impl Fn(&StatefulSetView) -> bool) -> (u64, bool) {
    let mut events = 0;
    let limit = world.now().plus(LONGEST);
    while world.next_at().is_some_and(|at: Time| at <= limit) {
        let Some(step) = world.step() else { break };
        events += step.changes.len() as u64;
        let set_changed = step.changes.iter().any(|change| change.object.kind == Kind::StatefulSet);
        let arrived = set_changed
            && world.store().get(Kind::StatefulSet, "default", "web").is_some_and(|set| {
                set.as_stateful_set().is_some_and(|view| view.observed_generation == set.meta.generation && done(view))
            });
        if arrived {
            return (events, true);
        }
    }
    (events, false)
}
