//! The story of recording 23.

use super::DisruptionController;
use crate::api::{Kind, Shared};
use crate::apiserver::{Request, Subresource, Verb};
use crate::controller::testing::Bench;

fn bench() -> Bench {
    let mut bench = Bench::new().with(DisruptionController::new(), 5);
    let set = bench.create(
        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {replicas: 3, serviceName: web, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: a}]}}}}",
    );
    for n in 0..3 {
        pod(&mut bench, &format!("web-{n}"), Some(&set));
    }
    bench
}

fn pod(bench: &mut Bench, name: &str, owner: Option<&Shared>) {
    let owner = owner.map_or(String::new(), |set| {
        format!(
            ", ownerReferences: [{{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: {}, controller: true}}]",
            set.meta.uid
        )
    });
    bench.create(&format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, labels: {{app: web}}{owner}}}, spec: {{nodeName: node-1, containers: [{{name: a, image: a}}]}}}}"
    ));
    bench.status(Kind::Pod, name, "{phase: Running, conditions: [{type: Ready, status: 'True'}]}");
    bench.pass(100);
}

fn budget(bench: &mut Bench, name: &str, rule: &str) {
    bench.create(&format!(
        "{{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {{name: {name}}}, spec: {{{rule}, selector: {{matchLabels: {{app: web}}}}}}}}"
    ));
    bench.pass(100);
}

/// `allowed current/desired of expected reason`.
fn told(bench: &Bench, name: &str) -> String {
    let budget = bench.get(Kind::PodDisruptionBudget, name).unwrap();
    let status = budget.tree.at(&["status"]);
    let number = |key: &str| status.at(&[key]).as_i64().unwrap();
    let reason = status.at(&["conditions"]).items()[0].at(&["reason"]).str_or_empty().to_owned();
    let (allowed, healthy) = (number("disruptionsAllowed"), number("currentHealthy"));
    format!("{allowed} {healthy}/{} of {} {reason}", number("desiredHealthy"), number("expectedPods"))
}

#[test]
fn a_budget_counts_what_its_set_asks_for() {
    let mut bench = bench();
    budget(&mut bench, "one", "maxUnavailable: 1");
    budget(&mut bench, "half", "minAvailable: 50%");
    budget(&mut bench, "all", "minAvailable: 3");
    assert_eq!(told(&bench, "one"), "1 3/2 of 3 SufficientPods");
    assert_eq!(told(&bench, "half"), "1 3/2 of 3 SufficientPods");
    assert_eq!(told(&bench, "all"), "0 3/3 of 3 InsufficientPods");
}

#[test]
fn an_eviction_spends_the_budget_until_the_pod_is_back() {
    let mut bench = bench();
    budget(&mut bench, "one", "maxUnavailable: 1");
    let request =
        Request::new(Kind::Pod, &"default".into(), &"web-1".into(), Verb::Create(crate::value::Value::empty_map()));
    bench.act(|client| client.send(request.part(Subresource::Eviction))).unwrap();
    assert_eq!(told(&bench, "one"), "0 3/2 of 3 SufficientPods", "the API server takes it at once");
    bench.pass(100);
    assert_eq!(told(&bench, "one"), "0 2/2 of 3 InsufficientPods");
    let budget = bench.get(Kind::PodDisruptionBudget, "one").unwrap();
    assert!(budget.tree.at(&["status", "disruptedPods"]).is_null(), "its deletion has been seen");
}

#[test]
fn what_cannot_be_counted_allows_nothing() {
    let mut bench = Bench::new().with(DisruptionController::new(), 5);
    budget(&mut bench, "one", "maxUnavailable: 1");
    assert_eq!(told(&bench, "one"), "0 0/0 of 0 InsufficientPods");
    let none = "Normal NoPods x2 No matching pods found";
    assert_eq!(bench.events("one")[0], none, "again after its own write");
    pod(&mut bench, "web-0", None);
    let events = bench.events("one");
    let unmanaged = events.iter().find(|event| event.contains("UnmanagedPods")).unwrap();
    assert!(unmanaged.contains(
        "(selector: &LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},})"
    ));
}
