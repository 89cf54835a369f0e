//! Nodes: closing, emptying, tainting.

use super::{Terminal, printed};
use crate::api::Kind;
use crate::apiserver::Client;
use crate::kubectl::{Stream, Wake};
use crate::map;
use crate::time::Time;
use crate::value::Text;

impl Terminal {
    /// A node, with a pod of a set on it that stays for as long as nobody finishes it.
    pub fn with_node() -> Self {
        let mut terminal = Self::new();
        let node = map! { "apiVersion" => "v1", "kind" => "Node", "metadata" => map! { "name" => "node-1" } };
        Client::new(&mut terminal.server, Time(0)).create(Kind::Node, &Text::default(), node).unwrap();
        terminal.file(
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-0\n  labels: {app: web}\n  ownerReferences:\n  \
             - {apiVersion: apps/v1, kind: StatefulSet, name: web, uid: u-1, controller: true}\nspec:\n  nodeName: node-1\n  \
             containers: [{name: app, image: 'nginx:1.27'}]\n",
        );
        terminal.run("create sa default");
        terminal.says("create -f pod.yaml", "pod/web-0 created\n");
        terminal
    }
}

#[test]
fn a_node_is_closed_and_opened() {
    let mut terminal = Terminal::with_node();
    terminal.says("cordon node-1", "node/node-1 cordoned\n");
    terminal.says("cordon node-1", "node/node-1 already cordoned\n");
    terminal.says("uncordon node-1", "node/node-1 uncordoned\n");
    terminal.says("uncordon node/node-1", "node/node-1 already uncordoned\n");
    terminal.refuses("cordon", "error: USAGE: cordon NODE [flags]\nSee 'kubectl cordon -h' for help and examples\n");
    terminal.refuses("cordon nope", "Error from server (NotFound): nodes \"nope\" not found\n");
}

#[test]
fn a_drain_evicts_looks_every_second_and_ends_when_the_pod_is_gone() {
    let mut terminal = Terminal::with_node();
    let mut process = terminal.start("drain node-1");
    assert_eq!(terminal.wake(&mut process, &[]), Wake::At(Time(1000)));
    assert_eq!(printed(&process, Stream::Out), "node/node-1 cordoned\nevicting pod lab/web-0\n");
    terminal.run("delete pod web-0 --force --grace-period=0");
    terminal.now = Time(1000);
    assert_eq!(terminal.wake(&mut process, &[]), Wake::Exited(0));
    assert_eq!(
        printed(&process, Stream::Out),
        "node/node-1 cordoned\nevicting pod lab/web-0\npod/web-0 evicted\nnode/node-1 drained\n"
    );
}

#[test]
fn a_budget_holds_a_drain_up_until_its_time_is_over() {
    let mut terminal = Terminal::with_node();
    terminal.run("create pdb web --selector=app=web --max-unavailable=0");
    let mut process = terminal.start("drain node-1 --timeout=7s");
    let mut wake = terminal.wake(&mut process, &[]);
    while let Wake::At(time) = wake {
        terminal.now = time;
        wake = terminal.wake(&mut process, &[]);
    }
    assert_eq!((wake, terminal.now), (Wake::Exited(1), Time(10_000)));
    assert_eq!(
        printed(&process, Stream::Out),
        "node/node-1 cordoned\nevicting pod lab/web-0\nevicting pod lab/web-0\nevicting pod lab/web-0\n"
    );
    let refused = "error when evicting pods/\"web-0\" -n \"lab\" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.\n";
    let over = "error when evicting pods/\"web-0\" -n \"lab\": global timeout reached: 7s";
    assert_eq!(
        printed(&process, Stream::Err),
        format!(
            "{refused}{refused}There are pending pods in node \"node-1\" when an error occurred: {over}\npod/web-0\n\
             error: unable to drain node \"node-1\" due to error: {over}, continuing command...\n\
             There are pending nodes to be drained:\n node-1\n{over}\n"
        )
    );
}

#[test]
fn taints_come_and_go() {
    let mut terminal = Terminal::with_node();
    terminal.says("taint nodes node-1 a=b:NoSchedule", "node/node-1 tainted\n");
    terminal.refuses(
        "taint nodes node-1 a=c:NoSchedule",
        "error: node node-1 already has a taint(s) with same effect(s) and --overwrite is false\n",
    );
    terminal.says("taint nodes node-1 a-", "node/node-1 untainted\n");
    terminal.refuses("taint nodes node-1 a-", "error: taint \"a\" not found\n");
    terminal.refuses("taint nodes node-1 a", "error: at least one taint update is required\n");
    terminal.refuses(
        "taint nodes node-1 a=b:Bad",
        "error: invalid taint effect: Bad, unsupported taint effect\nSee 'kubectl taint -h' for help and examples\n",
    );
}
