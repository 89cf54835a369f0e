//! What breaks and is mended, and what kubectl cannot do: the entries of a journal that are no command.
//!
//! What kubectl can do (delete, cordon, drain, taint, annotate, set image, patch a class) is a command in the journal,
//! not a fault.

use std::rc::Rc;

use crate::profile::{OwnPace, Pace, Profile};
use crate::value::Text;

/// Something that breaks, is mended, joins or takes another time. [`Fault::write`] and [`Fault::read`] are its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The kubelet of this node falls silent; its containers run on, unseen.
    NodeStops(Text),
    /// The kubelet of this node goes on where it stopped.
    NodeStarts(Text),
    /// Every node of this zone falls silent.
    ZoneStops(Text),
    /// Every node of this zone goes on.
    ZoneStarts(Text),
    /// A machine joins the cluster.
    NodeJoins(Machine),
    /// The node gets another capacity; its name says which node, its zone stays.
    NodeResizes(Machine),
    /// No volume is provisioned any more.
    ProvisionerStops,
    /// Volumes are provisioned again.
    ProvisionerStarts,
    /// The program of the first container of this pod (namespace, name) ends with exit code 1.
    PodCrashes(Text, Text),
    /// The program of this pod (namespace, name) hangs: it answers no probe and no signal to stop.
    PodFreezes(Text, Text),
    /// The program of this pod (namespace, name) goes on where it hung.
    PodThaws(Text, Text),
    /// From now on something takes so many milliseconds.
    Takes(Latency, i64),
    /// From now on this pod (namespace, name), and whatever pod comes after it, takes so many milliseconds for that;
    /// only what [`Latency::pace`] knows.
    PodTakes(Text, Text, Latency, i64),
}

/// A machine that is a node or becomes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The node's name.
    pub name: Text,
    /// Its label topology.kubernetes.io/zone; empty for none.
    pub zone: Text,
    /// Its capacity: `4`, `500m`.
    pub cpu: Text,
    /// Its capacity: `8Gi`.
    pub memory: Text,
}

/// What can be made slower or faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latency {
    /// Pulling an image that is not on the node.
    Pull,
    /// Mounting a pod's volumes.
    Mount,
    /// Starting a container.
    Start,
    /// From a program's start until its readiness probe succeeds.
    Ready,
    /// Ending a program after the signal; never longer than the pod's grace period.
    Stop,
    /// Making a volume.
    Provision,
    /// The way of a change to the StatefulSet controller.
    Watch,
}

impl Latency {
    /// Every one, in the order in which a pod meets them.
    pub const ALL: [Self; 7] =
        [Self::Watch, Self::Provision, Self::Mount, Self::Pull, Self::Start, Self::Ready, Self::Stop];

    /// Its word in a journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Mount => "mount",
            Self::Start => "start",
            Self::Ready => "ready",
            Self::Stop => "stop",
            Self::Provision => "provision",
            Self::Watch => "watch",
        }
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.word() == word)
    }

    /// What it is, for a person: `pulling an image`.
    pub fn title(self) -> &'static str {
        match self {
            Self::Pull => "pulling an image",
            Self::Mount => "mounting volumes",
            Self::Start => "starting a container",
            Self::Ready => "a program's way to Ready",
            Self::Stop => "stopping a program",
            Self::Provision => "making a volume",
            Self::Watch => "news to the StatefulSet controller",
        }
    }

    /// What a single pod can take its own time for.
    pub fn pace(self) -> Option<Pace> {
        match self {
            Self::Pull => Some(Pace::Pull),
            Self::Ready => Some(Pace::Ready),
            Self::Stop => Some(Pace::Stop),
            _ => None,
        }
    }

    /// How long it takes in this world, ms; the longest where it varies.
    pub fn of(self, profile: &Profile) -> i64 {
        match self {
            Self::Pull => profile.node_agent.pull_ms.1,
            Self::Mount => profile.node_agent.mount_ms,
            Self::Start => profile.node_agent.start_ms,
            Self::Ready => profile.node_agent.ready_ms,
            Self::Stop => profile.node_agent.stop_ms,
            Self::Provision => profile.storage.provision_ms,
            Self::Watch => profile.watch.stateful_set,
        }
    }

    /// From now on it takes so long, ms; at most a day.
    pub(super) fn set(self, profile: &mut Profile, ms: i64) {
        let ms = ms.clamp(0, 86_400_000);
        match self {
            Self::Pull => profile.node_agent.pull_ms = (ms, ms),
            Self::Mount => profile.node_agent.mount_ms = ms,
            Self::Start => profile.node_agent.start_ms = ms,
            Self::Ready => profile.node_agent.ready_ms = ms,
            Self::Stop => profile.node_agent.stop_ms = ms,
            Self::Provision => profile.storage.provision_ms = ms,
            Self::Watch => profile.watch.stateful_set = ms,
        }
    }
}

impl Fault {
    /// What it changes in the world's profile. The profile is shared with the checkpoints: only a fault that changes it
    /// copies it.
    pub(super) fn set(&self, profile: &mut Rc<Profile>) {
        match self {
            Self::Takes(latency, ms) => latency.set(Rc::make_mut(profile), *ms),
            Self::PodTakes(namespace, name, latency, ms) => {
                let Some(what) = latency.pace() else { return };
                let pod = (namespace.clone(), name.clone());
                let paces = &mut Rc::make_mut(profile).node_agent.paces;
                paces.retain(|pace| pace.what != what || pace.pod != pod);
                paces.push(OwnPace { pod, what, ms: (*ms).clamp(0, 86_400_000) });
            }
            _ => {}
        }
    }

    /// The fault as one line without a line break: a word for what it is, then its parts, each behind one space; an
    /// empty part is `-`. `node-stops node-2`, `pod-crashes lab-18 mehdb-0`, `node-joins node-4 zone-b 4 8Gi`,
    /// `takes pull 60000` (ms). Names and quantities of Kubernetes have no spaces.
    pub fn write(&self) -> String {
        let join = |words: &[&str]| {
            let words: Vec<&str> = words.iter().map(|word| if word.is_empty() { "-" } else { word }).collect();
            words.join(" ")
        };
        let machine = |word: &str, m: &Machine| join(&[word, &m.name, &m.zone, &m.cpu, &m.memory]);
        match self {
            Self::NodeStops(node) => join(&["node-stops", node]),
            Self::NodeStarts(node) => join(&["node-starts", node]),
            Self::ZoneStops(zone) => join(&["zone-stops", zone]),
            Self::ZoneStarts(zone) => join(&["zone-starts", zone]),
            Self::NodeJoins(m) => machine("node-joins", m),
            Self::NodeResizes(m) => machine("node-resizes", m),
            Self::ProvisionerStops => "provisioner-stops".into(),
            Self::ProvisionerStarts => "provisioner-starts".into(),
            Self::PodCrashes(namespace, pod) => join(&["pod-crashes", namespace, pod]),
            Self::PodFreezes(namespace, pod) => join(&["pod-freezes", namespace, pod]),
            Self::PodThaws(namespace, pod) => join(&["pod-thaws", namespace, pod]),
            Self::Takes(latency, ms) => join(&["takes", latency.word(), &ms.to_string()]),
            Self::PodTakes(namespace, pod, latency, ms) => {
                join(&["pod-takes", namespace, pod, latency.word(), &ms.to_string()])
            }
        }
    }

    /// Reads what [`Fault::write`] wrote; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let words: Vec<Text> =
            text.split(' ').map(|word| if word == "-" { Text::default() } else { Text::copy(word) }).collect();
        let (kind, parts) = words.split_first()?;
        Some(match (kind.as_str(), parts) {
            ("node-stops", [node]) => Self::NodeStops(node.clone()),
            ("node-starts", [node]) => Self::NodeStarts(node.clone()),
            ("zone-stops", [zone]) => Self::ZoneStops(zone.clone()),
            ("zone-starts", [zone]) => Self::ZoneStarts(zone.clone()),
            ("node-joins" | "node-resizes", [name, zone, cpu, memory]) => {
                let (name, zone) = (name.clone(), zone.clone());
                let machine = Machine { name, zone, cpu: cpu.clone(), memory: memory.clone() };
                if kind == "node-joins" { Self::NodeJoins(machine) } else { Self::NodeResizes(machine) }
            }
            ("provisioner-stops", []) => Self::ProvisionerStops,
            ("provisioner-starts", []) => Self::ProvisionerStarts,
            ("pod-crashes", [namespace, pod]) => Self::PodCrashes(namespace.clone(), pod.clone()),
            ("pod-freezes", [namespace, pod]) => Self::PodFreezes(namespace.clone(), pod.clone()),
            ("pod-thaws", [namespace, pod]) => Self::PodThaws(namespace.clone(), pod.clone()),
            ("takes", [latency, ms]) => Self::Takes(Latency::read(latency)?, ms.parse().ok()?),
            ("pod-takes", [namespace, pod, latency, ms]) => {
                let latency = Latency::read(latency).filter(|latency| latency.pace().is_some())?;
                Self::PodTakes(namespace.clone(), pod.clone(), latency, ms.parse().ok()?)
            }
            _ => return None,
        })
    }

    /// What happened, behind the word `you`, one sentence with its full stop.
    pub fn told(&self) -> String {
        match self {
            Self::NodeStops(node) => format!("cut {node} off: its kubelet is silent, nobody knows how its pods are."),
            Self::NodeStarts(node) => format!("brought {node} back: its kubelet reports again."),
            Self::ZoneStops(zone) => format!("cut zone {zone} off: every kubelet in it is silent."),
            Self::ZoneStarts(zone) => format!("brought zone {zone} back: its kubelets report again."),
            Self::NodeJoins(m) if m.zone.is_empty() => format!("added {}: a machine joins the cluster.", m.name),
            Self::NodeJoins(m) => format!("added {}: a machine joins the cluster in zone {}.", m.name, m.zone),
            Self::NodeResizes(m) => {
                format!("resized {}: it has {} CPUs and {} of memory now.", m.name, m.cpu, m.memory)
            }
            Self::ProvisionerStops => "stopped the provisioner: no new volume is made.".into(),
            Self::ProvisionerStarts => "started the provisioner: volumes are made again.".into(),
            Self::PodCrashes(_, pod) => format!("crashed {pod}: its program ended with exit code 1."),
            Self::PodFreezes(_, pod) => format!("froze {pod}: its program answers no probe and no signal."),
            Self::PodThaws(_, pod) => format!("thawed {pod}: its program goes on where it hung."),
            Self::Takes(latency, ms) => {
                format!("changed the clock: {} takes {} from now on.", latency.title(), crate::time::go_duration(*ms))
            }
            Self::PodTakes(_, pod, latency, ms) => {
                let takes = crate::time::go_duration(*ms);
                format!("changed the pace of {pod}: {} takes {takes} there from now on.", latency.title())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each kind.
    fn every() -> Vec<Fault> {
        let node = || Text::from("node-2");
        let machine = |zone: &'static str| Machine {
            name: "node-4".into(),
            zone: zone.into(),
            cpu: "500m".into(),
            memory: "8Gi".into(),
        };
        let mut all = vec![
            Fault::NodeStops(node()),
            Fault::NodeStarts(node()),
            Fault::ZoneStops("zone-a".into()),
            Fault::ZoneStarts("zone-a".into()),
            Fault::NodeJoins(machine("zone-b")),
            Fault::NodeJoins(machine("")),
            Fault::NodeResizes(machine("")),
            Fault::ProvisionerStops,
            Fault::ProvisionerStarts,
            Fault::PodCrashes("lab-18".into(), "mehdb-0".into()),
            Fault::PodFreezes("lab-18".into(), "mehdb-0".into()),
            Fault::PodThaws("lab-18".into(), "mehdb-0".into()),
            Fault::PodTakes("lab-18".into(), "mehdb-0".into(), Latency::Ready, 60_000),
        ];
        all.extend(Latency::ALL.map(|latency| Fault::Takes(latency, 60_000)));
        all
    }

    #[test]
    fn every_fault_reads_back_as_it_was_written_on_one_line() {
        for fault in every() {
            let line = fault.write();
            assert!(!line.contains('\n') && !line.contains("  "), "{line}");
            assert_eq!(Fault::read(&line).as_ref(), Some(&fault), "{line}");
        }
    }

    #[test]
    fn only_a_fault_about_times_makes_a_profile_of_its_own() {
        let shared = Rc::new(Profile::named("life").unwrap());
        for fault in every() {
            let mut profile = Rc::clone(&shared);
            fault.set(&mut profile);
            let about_times = matches!(fault, Fault::Takes(..) | Fault::PodTakes(..));
            assert_eq!(Rc::ptr_eq(&profile, &shared), !about_times, "{}", fault.write());
        }
    }

    #[test]
    fn what_nobody_wrote_is_no_fault() {
        for line in [
            "",
            "node-stops",
            "node-stops a b",
            "takes pull",
            "takes sleep 5",
            "pod-takes a b watch 5",
            "takes pull soon",
            "NODE-STOPS a",
        ] {
            assert_eq!(Fault::read(line), None, "{line}");
        }
    }

    #[test]
    fn a_latency_that_is_set_is_the_one_that_holds() {
        let mut profile = Profile::named("life").expect("built in");
        for (nth, latency) in Latency::ALL.into_iter().enumerate() {
            let ms = 1000 + nth as i64;
            latency.set(&mut profile, ms);
            assert_eq!(latency.of(&profile), ms, "{}", latency.word());
        }
        Latency::Pull.set(&mut profile, i64::MAX);
        assert_eq!(Latency::Pull.of(&profile), 86_400_000);
    }
}
