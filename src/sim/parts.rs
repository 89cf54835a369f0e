//! The parts of the control plane that live in a world, and how each is told and woken.
//!
//! To add a controller: one file for it, and one line here.

use std::rc::Rc;

use crate::api::{Kind, Shared};
use crate::apiserver::{ApiServer, Client, WatchEvent};
use crate::controller::disruption::DisruptionController;
use crate::controller::endpoint_slices::EndpointSliceController;
use crate::controller::garbage_collector::GarbageCollector;
use crate::controller::namespace::NamespaceController;
use crate::controller::node_lifecycle::NodeLifecycle;
use crate::controller::statefulset::StatefulSetController;
use crate::controller::volume::{Protection, Provisioner, Resizer, VolumeBinder};
use crate::controller::{Context, Decision, Part};
use crate::kubelet::Kubelets;
use crate::profile::Profile;
use crate::random::Seed;
use crate::scheduler::Scheduler;
use crate::time::Time;
use crate::value::Text;

use super::Fault;

/// What a part brings about when it runs: alarms to be set and decisions to be told.
#[derive(Default)]
pub(super) struct Outcome {
    pub alarms: Vec<(Time, Alarm)>,
    pub decisions: Vec<Decision>,
}

/// Where and when a part runs.
pub(super) struct Surroundings<'a> {
    pub server: &'a mut ApiServer,
    pub now: Time,
    pub seed: Seed,
    pub profile: &'a Profile,
}

fn run<P: Part>(
    part: &mut P,
    around: &mut Surroundings<'_>,
    wrap: impl Fn(P::Alarm) -> Alarm,
    act: impl FnOnce(&mut P, &mut Context<'_, P::Alarm>),
) -> Outcome {
    let (mut alarms, mut decisions) = (Vec::new(), Vec::new());
    let mut context = Context {
        client: Client::new(around.server, around.now).managing(P::MANAGER),
        now: around.now,
        seed: around.seed,
        profile: around.profile,
        alarms: &mut alarms,
        decisions: &mut decisions,
    };
    act(part, &mut context);
    Outcome { alarms: alarms.into_iter().map(|(at, alarm)| (at, wrap(alarm))).collect(), decisions }
}

macro_rules! parts {
    ($($name:ident, $field:ident: $part:ty = $new:expr, $actor:literal;)*) => {
        /// Every part, as a value.
        #[derive(Clone, Debug)]
        pub(super) struct Parts {
            $(pub $field: $part,)*
        }

        /// Names a part.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum PartName {
            $($name,)*
        }

        /// An alarm of some part.
        #[derive(Clone, Debug)]
        pub(super) enum Alarm {
            $($name(<$part as Part>::Alarm),)*
        }

        impl Alarm {
            /// The component that set it.
            pub fn actor(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $actor,)*
                }
            }
        }

        impl PartName {
            /// Every part.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its component name.
            pub fn actor(self) -> &'static str {
                match self {
                    $(Self::$name => $actor,)*
                }
            }

            /// Whether it watches a kind.
            pub fn watches(self, kind: Kind) -> bool {
                match self {
                    $(Self::$name => <$part as Part>::WATCHES.contains(&kind),)*
                }
            }

            /// How long a change takes to reach it, ms.
            pub fn latency(self, profile: &Profile) -> i64 {
                match self {
                    $(Self::$name => profile.watch.$field,)*
                }
            }
        }

        impl Parts {
            /// New parts that have seen nothing.
            pub fn new(profile: &Profile, gates: crate::apiserver::Gates) -> Self {
                let setup = &Setup { profile, gates };
                Self { $($field: ($new)(setup),)* }
            }

            /// Tells a part of changes.
            pub fn observe(&mut self, name: PartName, events: &[Rc<WatchEvent>], around: &mut Surroundings<'_>) -> Outcome {
                match name {
                    $(PartName::$name => run(&mut self.$field, around, Alarm::$name, |part, context| {
                        for event in events {
                            part.observe(event, context);
                        }
                    }),)*
                }
            }

            /// Wakes the part that set an alarm.
            pub fn wake(&mut self, alarm: Alarm, around: &mut Surroundings<'_>) -> Outcome {
                match alarm {
                    $(Alarm::$name(alarm) => run(&mut self.$field, around, Alarm::$name, |part, context| part.wake(alarm, context)),)*
                }
            }
        }
    };
}

/// What parts are made from.
struct Setup<'a> {
    #[allow(dead_code)]
    profile: &'a Profile,
    gates: crate::apiserver::Gates,
}

parts! {
    StatefulSet, stateful_set: StatefulSetController = |s: &Setup<'_>| StatefulSetController::new(s.gates.max_unavailable_stateful_set), "statefulset-controller";
    VolumeBinder, volume_binder: VolumeBinder = |_: &Setup<'_>| VolumeBinder::new(), "persistentvolume-controller";
    Provisioner, provisioner: Provisioner = |_: &Setup<'_>| Provisioner::new(), "external-provisioner";
    Protection, claim_protection: Protection = |_: &Setup<'_>| Protection::new(), "pvc-protection-controller";
    Resizer, resizer: Resizer = |_: &Setup<'_>| Resizer::new(), "external-resizer";
    Namespace, namespace: NamespaceController = |_: &Setup<'_>| NamespaceController::new(), "namespace-controller";
    GarbageCollector, garbage_collector: GarbageCollector = |_: &Setup<'_>| GarbageCollector::new(), "garbage-collector-controller";
    EndpointSlices, endpoint_slices: EndpointSliceController = |_: &Setup<'_>| EndpointSliceController::new(), "endpointslice-controller";
    Disruption, disruption: DisruptionController = |_: &Setup<'_>| DisruptionController::new(), "disruption-controller";
    NodeLifecycle, node_lifecycle: NodeLifecycle = |_: &Setup<'_>| NodeLifecycle::new(), "node-controller";
    Scheduler, scheduler: Scheduler = |_: &Setup<'_>| Scheduler::new(), "default-scheduler";
    Kubelet, kubelet: Kubelets = |s: &Setup<'_>| Kubelets::new(s.profile), "kubelet";
}

impl Parts {
    /// Breaks or mends something.
    pub fn fault(&mut self, fault: &Fault, around: &mut Surroundings<'_>) -> Outcome {
        match fault {
            Fault::NodeStops(node) => self.silence(node, true, around),
            Fault::NodeStarts(node) => self.silence(node, false, around),
            Fault::ZoneStops(zone) => self.silence_zone(zone, true, around),
            Fault::ZoneStarts(zone) => self.silence_zone(zone, false, around),
            Fault::ProvisionerStops => self.provisioning(true, around),
            Fault::ProvisionerStarts => self.provisioning(false, around),
            Fault::PodCrashes(namespace, pod) => self.program(namespace, pod, around, |kubelet, pod, context| {
                kubelet.crash(pod, "", 1, context);
            }),
            Fault::PodFreezes(namespace, pod) => self.program(namespace, pod, around, |kubelet, pod, context| {
                kubelet.freeze(pod, true, context);
            }),
            Fault::PodThaws(namespace, pod) => self.program(namespace, pod, around, |kubelet, pod, context| {
                kubelet.freeze(pod, false, context);
            }),
            Fault::NodeJoins(machine) => {
                super::cluster::join(machine, around.now, around.server);
                Outcome::default()
            }
            Fault::NodeResizes(machine) => {
                super::cluster::resize(machine, around.now, around.server);
                Outcome::default()
            }
            // The world has changed its profile.
            Fault::Takes(..) | Fault::PodTakes(..) => Outcome::default(),
        }
    }

    fn program(
        &mut self,
        namespace: &str,
        pod: &str,
        around: &mut Surroundings<'_>,
        act: impl FnOnce(&mut Kubelets, &Shared, &mut Context<'_, <Kubelets as Part>::Alarm>),
    ) -> Outcome {
        let found = around.server.store().get(Kind::Pod, namespace, pod).cloned();
        let Some(pod) = found else { return Outcome::default() };
        run(&mut self.kubelet, around, Alarm::Kubelet, |kubelet, context| act(kubelet, &pod, context))
    }

    fn silence_zone(&mut self, zone: &str, silent: bool, around: &mut Surroundings<'_>) -> Outcome {
        let nodes = around.server.store().list(Kind::Node, "");
        let inside = nodes.filter(|node| node.as_node().is_some_and(|view| !zone.is_empty() && view.zone == *zone));
        let names: Vec<Text> = inside.map(|node| node.meta.name.clone()).collect();
        let mut all = Outcome::default();
        for name in names {
            let one = self.silence(&name, silent, around);
            all.alarms.extend(one.alarms);
            all.decisions.extend(one.decisions);
        }
        all
    }

    fn silence(&mut self, node: &str, silent: bool, around: &mut Surroundings<'_>) -> Outcome {
        let mut both = run(&mut self.kubelet, around, Alarm::Kubelet, |kubelet, context| {
            kubelet.set_silent(node, silent, context);
        });
        let since = around.now;
        let watched = run(&mut self.node_lifecycle, around, Alarm::NodeLifecycle, |controller, context| {
            if silent {
                controller.node_silent(node, since, context);
            } else {
                controller.node_returned(node);
            }
        });
        both.alarms.extend(watched.alarms);
        both.decisions.extend(watched.decisions);
        both
    }

    fn provisioning(&mut self, down: bool, around: &mut Surroundings<'_>) -> Outcome {
        run(&mut self.provisioner, around, Alarm::Provisioner, |provisioner, context| {
            provisioner.set_down(down, context);
        })
    }
}
