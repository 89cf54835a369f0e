//! What can be broken and mended: each a kubectl line where there is one, and else an act that only the laboratory can do.

use crate::api::{Key, Kind};
use crate::explain::{Act, Help};
use crate::sim::{Fault, Latency, Machine, World};
use crate::value::Text;

/// One button: its id, and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its id in the page.
    pub id: String,
    /// What it does.
    pub help: Help,
}

/// A duration that can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slowness {
    /// What takes it.
    pub latency: Latency,
    /// How long it takes now, ms.
    pub ms: i64,
}

/// Buttons under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The heading.
    pub title: &'static str,
    /// The buttons.
    pub tools: Vec<Tool>,
}

fn run(id: &str, text: impl Into<Text>, line: impl Into<Text>) -> Tool {
    Tool { id: id.into(), help: Help { text: text.into(), act: Act::Run(line.into()), danger: "" } }
}

fn fault(id: impl Into<String>, text: impl Into<Text>, fault: Fault) -> Tool {
    Tool { id: id.into(), help: Help { text: text.into(), act: Act::Fault(fault), danger: "" } }
}

/// A pace of its own for one pod and whoever comes after it; the faults' tab has the numbers of all.
fn slow(id: &str, pod: &Key, what: &str, latency: Latency) -> Tool {
    let takes = Fault::PodTakes(pod.namespace.clone(), pod.name.clone(), latency, 60_000);
    fault(id, format!("Let {} take 60 s {what}", pod.name), takes)
}

fn risky(mut tool: Tool, danger: &'static str) -> Tool {
    tool.help.danger = danger;
    tool
}

/// What can be done to the thing looked at.
pub fn tools(world: &World, key: &Key) -> Vec<Tool> {
    let name = &key.name;
    let tail = if key.namespace.is_empty() { String::new() } else { format!(" -n {}", key.namespace) };
    let kind = key.kind.info().singular;
    let mut tools = vec![run("describe", "Describe it", format!("kubectl describe {kind} {name}{tail}"))];
    match key.kind {
        Kind::Pod => {
            let annotate = format!("kubectl annotate pod {name}{tail} --overwrite sim/ready=");
            let force = format!("kubectl delete pod {name}{tail} --force --grace-period=0");
            tools.extend([
                run("remove", "Delete it", format!("kubectl delete pod {name}{tail} --wait=false")),
                risky(
                    run("force", "Delete it by force", force),
                    "nobody waits for the program to stop: two of one name may run",
                ),
                fault("crash", "Crash it", Fault::PodCrashes(key.namespace.clone(), name.clone())),
                hang(world, key),
                run("unready", "Fail its readiness probe", format!("{annotate}false")),
                run("ready", "Let its readiness probe succeed", format!("{annotate}true")),
                slow("slow-ready", key, "to Ready", Latency::Ready),
                slow("slow-stop", key, "to stop", Latency::Stop),
                slow("slow-pull", key, "for an image", Latency::Pull),
            ]);
        }
        Kind::Node => tools.extend(node_tools(world, name)),
        Kind::PersistentVolumeClaim => {
            tools.push(run("remove", "Delete it", format!("kubectl delete pvc {name}{tail} --wait=false")));
        }
        Kind::StatefulSet => tools.extend(set_tools(world, key, &tail)),
        _ => tools.push(run("remove", "Delete it", format!("kubectl delete {kind} {name}{tail} --wait=false"))),
    }
    tools
}

/// A program that hangs can go on, another one can be made to hang.
fn hang(world: &World, key: &Key) -> Tool {
    let (namespace, name) = (key.namespace.clone(), key.name.clone());
    if world.store().get(Kind::Pod, &namespace, &name).is_some_and(|pod| world.is_frozen(pod)) {
        return fault("thaw", "Thaw it", Fault::PodThaws(namespace, name));
    }
    fault("freeze", "Freeze it", Fault::PodFreezes(namespace, name))
}

fn node_tools(world: &World, name: &Text) -> Vec<Tool> {
    let found = world.store().get(Kind::Node, "", name);
    let zone = found.and_then(|node| node.as_node()).map(|view| view.zone.clone()).unwrap_or_default();
    let machine = |cpu: &'static str, memory: &'static str| {
        let (cpu, memory) = (cpu.into(), memory.into());
        Fault::NodeResizes(Machine { name: name.clone(), zone: Text::default(), cpu, memory })
    };
    let out = "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";
    let label = |zone: &str| format!("kubectl label node {name} topology.kubernetes.io/zone={zone} --overwrite");
    let mut tools = vec![
        fault("node-stops", "Cut it off", Fault::NodeStops(name.clone())),
        fault("node-starts", "Bring it back", Fault::NodeStarts(name.clone())),
        run("cordon", "Cordon it", format!("kubectl cordon {name}")),
        run("uncordon", "Uncordon it", format!("kubectl uncordon {name}")),
        run("drain", "Drain it", format!("kubectl drain {name} --ignore-daemonsets")),
        risky(
            run("out-of-service", "Declare it out of service", format!("kubectl taint node {name} {out}")),
            "only when the machine is surely off",
        ),
        run("in-service", "Take that back", format!("kubectl taint node {name} {out}-")),
        risky(
            run("remove", "Delete it", format!("kubectl delete node {name}")),
            "its pods are removed within a minute",
        ),
        fault("shrink", "Make it small: 1 CPU, 1Gi", machine("1", "1Gi")),
        fault("grow", "Make it large: 16 CPUs, 64Gi", machine("16", "64Gi")),
        run("zone-a", "Put it into zone-a", label("zone-a")),
        run("zone-b", "Put it into zone-b", label("zone-b")),
    ];
    if !zone.is_empty() {
        tools.push(fault("zone-stops", format!("Lose all of {zone}"), Fault::ZoneStops(zone.clone())));
        tools.push(fault("zone-starts", format!("Bring {zone} back"), Fault::ZoneStarts(zone)));
    }
    tools
}

fn set_tools(world: &World, key: &Key, tail: &str) -> Vec<Tool> {
    let name = &key.name;
    let found = world.store().get(key.kind, &key.namespace, name);
    let containers = found.map(|set| set.tree.at(&["spec", "template", "spec", "containers"]).items().to_vec());
    let container = containers.unwrap_or_default().first().map(|c| c.at(&["name"]).text()).unwrap_or_default();
    let image = |image: &str| format!("kubectl set image statefulset/{name} {container}={image}{tail}");
    let patch = |patch: &str| format!("kubectl patch statefulset {name}{tail} -p '{patch}'");
    vec![
        run("bad-image", "Roll out an image that is nowhere", image("nginx:broken")),
        run("crash-image", "Roll out a program that crashes", image("nginx:crash")),
        run("good-image", "Roll out an image that works", image("nginx:1.29")),
        fault("slow-pull", "Let every pull take 60 s", Fault::Takes(Latency::Pull, 60_000)),
        run("history", "Rollout history", format!("kubectl rollout history statefulset {name}{tail}")),
        run("undo", "Undo the rollout", format!("kubectl rollout undo statefulset {name}{tail}")),
        run("grace", "Give pods 300 s to stop", patch(GRACE)),
        run("orphan", "Delete it, keep its pods", format!("kubectl delete statefulset {name}{tail} --cascade=orphan")),
    ]
}

const GRACE: &str = r#"{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":300}}}}"#;

/// What can be done to the cluster.
pub fn groups(world: &World) -> Vec<Group> {
    let store = world.store();
    let nodes = store.list(Kind::Node, "").count();
    let mut zones: Vec<Text> = store
        .list(Kind::Node, "")
        .filter_map(|node| Some(node.as_node()?.zone.clone()))
        .filter(|z| !z.is_empty())
        .collect();
    crate::sorted::sort(&mut zones);
    zones.dedup();
    let next = || Text::from(format!("node-{}", nodes + 1));
    let join = |zone: &'static str| {
        let (cpu, memory) = ("4".into(), "8Gi".into());
        Fault::NodeJoins(Machine { name: next(), zone: zone.into(), cpu, memory })
    };
    let mut machines = vec![
        fault("node-joins", format!("Add {}", next()), join("")),
        fault("node-joins-a", format!("Add {} in zone-a", next()), join("zone-a")),
        fault("node-joins-b", format!("Add {} in zone-b", next()), join("zone-b")),
    ];
    for zone in zones {
        machines.push(fault(format!("{zone}-stops"), format!("Lose {zone}"), Fault::ZoneStops(zone.clone())));
        machines.push(fault(format!("{zone}-starts"), format!("Bring {zone} back"), Fault::ZoneStarts(zone)));
    }
    let mut storage = if world.provisioner_is_down() {
        vec![fault("provisioner-starts", "Start the provisioner", Fault::ProvisionerStarts)]
    } else {
        vec![fault("provisioner-stops", "Stop the provisioner", Fault::ProvisionerStops)]
    };
    for class in store.list(Kind::StorageClass, "") {
        let name = &class.meta.name;
        let key = "storageclass.kubernetes.io/is-default-class";
        let is_default = class.annotation(key).is_some_and(|value| value == "true");
        let line = |on: bool| format!("kubectl annotate storageclass {name} {key}={on} --overwrite");
        let tool = if is_default {
            run("no-default", format!("Let {name} not be the default class"), line(false))
        } else {
            run("default", format!("Make {name} the default class"), line(true))
        };
        storage.push(Tool { id: format!("{}-{name}", tool.id), ..tool });
        let grows = class.tree.at(&["allowVolumeExpansion"]).as_bool() == Some(true);
        let patch = format!(r#"{{"allowVolumeExpansion":{}}}"#, !grows);
        let text = if grows { format!("Forbid {name} to expand") } else { format!("Let {name} expand") };
        let line = format!("kubectl patch storageclass {name} -p '{patch}'");
        storage.push(Tool { id: format!("expansion-{name}"), ..run("", text, line) });
        let line = format!("kubectl delete storageclass {name}");
        storage.push(Tool { id: format!("remove-{name}"), ..run("", format!("Delete class {name}"), line) });
    }
    for (file, class, _) in super::lab::CLASSES {
        if store.get(Kind::StorageClass, "", class).is_none() {
            let line = format!("kubectl apply -f {file}");
            storage.push(Tool { id: format!("add-{class}"), ..run("", format!("Add class {class}"), line) });
        }
    }
    vec![Group { title: "Machines and zones", tools: machines }, Group { title: "Storage", tools: storage }]
}

/// How long things take.
pub fn slownesses(world: &World) -> Vec<Slowness> {
    Latency::ALL.into_iter().map(|latency| Slowness { latency, ms: latency.of(world.profile()) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubectl::split_words;
    use crate::ui::model::Lab;

    #[test]
    fn every_line_of_every_tool_is_a_command_that_kubectl_knows() {
        let mut lab = Lab::new().expect("a laboratory");
        let key = |kind, namespace: &'static str, name: &'static str| Key::new(kind, namespace, name);
        let mut all: Vec<Tool> = groups(&lab.world).into_iter().flat_map(|group| group.tools).collect();
        for (kind, namespace, name) in [
            (Kind::Pod, "lab-18", "mehdb-0"),
            (Kind::Node, "", "node-1"),
            (Kind::PersistentVolumeClaim, "lab-18", "data-mehdb-0"),
            (Kind::StatefulSet, "lab-18", "mehdb"),
            (Kind::Service, "lab-18", "mehdb"),
        ] {
            all.extend(tools(&lab.world, &key(kind, namespace, name)));
        }
        let mut ids: Vec<&str> = Vec::new();
        for tool in &all {
            ids.push(&tool.id);
            if let Act::Run(line) = &tool.help.act {
                assert!(split_words(line).is_ok(), "{line}");
                lab.run(0, line, &Files::default(), false);
                let said: Vec<&str> = lab.terminals[0].rows().map(|row| row.text.as_ref()).collect();
                let said = said.join("\n");
                assert!(!said.contains("unknown") && !said.contains("not simulated"), "{line}: {said}");
            }
        }
        assert!(ids.len() > 40, "{} tools", ids.len());
    }

    use crate::history::Files;
}
