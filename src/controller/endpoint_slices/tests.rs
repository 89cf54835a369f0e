//! The stories of recordings 01 and 20.

use super::EndpointSliceController;
use crate::api::{Kind, Shared};
use crate::apiserver::DeleteOptions;
use crate::controller::testing::Bench;
use crate::value::{Text, Value};

fn bench() -> Bench {
    Bench::new().with(EndpointSliceController::new(), 5)
}

fn service(bench: &mut Bench, more: &str) {
    bench.create(&format!(
        "{{apiVersion: v1, kind: Service, metadata: {{name: web, labels: {{app: web}}}}, spec: {{clusterIP: None, selector: {{app: web}}{more}}}}}"
    ));
    bench.pass(1000);
}

fn pod(bench: &mut Bench, name: &str) {
    bench.create(&format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, labels: {{app: web}}}}, spec: {{nodeName: node-1, hostname: {name}, subdomain: web, containers: [{{name: a, image: a, ports: [{{name: http, containerPort: 8080, protocol: TCP}}]}}]}}}}"
    ));
    bench.pass(1000);
}

fn running(bench: &mut Bench, name: &str, ip: &str, ready: bool) {
    let (ready, at) = (if ready { "True" } else { "False" }, bench.now.rfc3339());
    bench.status(
        Kind::Pod,
        name,
        &format!("{{phase: Running, podIP: {ip}, conditions: [{{type: Ready, status: '{ready}', lastTransitionTime: '{at}'}}]}}"),
    );
    bench.pass(1000);
}

fn slices(bench: &Bench) -> Vec<Shared> {
    bench.world.server.store().list(Kind::EndpointSlice, "default").cloned().collect()
}

/// `name ready serving terminating` of each endpoint.
fn told(slice: &Shared) -> Vec<String> {
    let line = |endpoint: &Value| {
        let conditions = endpoint.at(&["conditions"]);
        let flag = |key: &str| if conditions.at(&[key]).as_bool().unwrap() { '+' } else { '-' };
        let name = endpoint.at(&["targetRef", "name"]).str_or_empty();
        format!("{name} {}{}{}", flag("ready"), flag("serving"), flag("terminating"))
    };
    slice.tree.at(&["endpoints"]).items().iter().map(line).collect()
}

#[test]
fn a_slice_is_made_with_the_service_empty_and_named_after_it() {
    let mut bench = bench();
    service(&mut bench, ", ports: [{name: http, port: 80, targetPort: 80, protocol: TCP}]");
    let slices = slices(&bench);
    let [slice] = slices.as_slice() else { panic!("{slices:?}") };
    assert_eq!(slice.tree.at(&["metadata", "generateName"]).as_str(), Some("web-"));
    assert!(slice.tree.at(&["endpoints"]).is_null() && slice.tree.at(&["ports"]).is_null());
    assert_eq!(slice.meta.generation, 1);
    let labels: Vec<&str> = slice.labels().keys().map(Text::as_str).collect();
    assert_eq!(
        labels,
        [
            "app",
            "endpointslice.kubernetes.io/managed-by",
            "kubernetes.io/service-name",
            "service.kubernetes.io/headless"
        ]
    );
    assert_eq!(slice.annotation(super::TRIGGER_TIME), Some("2026-01-05T09:00:00Z"));
}

#[test]
fn a_pod_enters_with_its_address_becomes_ready_is_told_to_stop_and_leaves() {
    let mut bench = bench();
    service(&mut bench, ", ports: [{name: http, port: 80, targetPort: http, protocol: TCP}]");
    pod(&mut bench, "web-0");
    assert!(told(&slices(&bench)[0]).is_empty(), "no address yet");
    running(&mut bench, "web-0", "10.244.0.1", false);
    let slice = slices(&bench)[0].clone();
    assert_eq!(told(&slice), ["web-0 ---"]);
    assert_eq!(slice.tree.at(&["ports"]).items()[0].at(&["port"]).as_i64(), Some(8080), "the named port is resolved");
    assert_eq!(slice.tree.at(&["endpoints"]).items()[0].at(&["hostname"]).as_str(), Some("web-0"));
    running(&mut bench, "web-0", "10.244.0.1", true);
    assert_eq!(told(&slices(&bench)[0]), ["web-0 ++-"]);
    let annotation = |bench: &Bench| slices(bench)[0].annotation(super::TRIGGER_TIME).map(str::to_owned);
    assert_eq!(annotation(&bench).as_deref(), Some("2026-01-05T09:00:03Z"));
    bench.delete(Kind::Pod, "web-0", DeleteOptions::default());
    bench.pass(1000);
    assert_eq!(told(&slices(&bench)[0]), ["web-0 -++"]);
    assert_eq!(annotation(&bench), None, "a deletion has no time of its own");
    bench.status(Kind::Pod, "web-0", "{phase: Succeeded, podIP: 10.244.0.1}");
    bench.pass(100);
    let slice = slices(&bench)[0].clone();
    assert!(slice.tree.at(&["endpoints"]).is_null() && slice.tree.at(&["ports"]).is_null());
    assert_eq!(slice.meta.generation, 5);
}

#[test]
fn endpoints_keep_their_place_and_a_new_one_is_appended() {
    let mut bench = bench();
    service(&mut bench, "");
    for (name, ip) in [("web-0", "10.244.0.1"), ("web-1", "10.244.0.2")] {
        pod(&mut bench, name);
        running(&mut bench, name, ip, true);
    }
    bench.delete(Kind::Pod, "web-0", DeleteOptions { grace_seconds: Some(0), ..DeleteOptions::default() });
    bench.pass(100);
    pod(&mut bench, "web-0");
    running(&mut bench, "web-0", "10.244.0.3", true);
    assert_eq!(told(&slices(&bench)[0]), ["web-1 ++-", "web-0 ++-"]);
    assert!(slices(&bench)[0].tree.at(&["ports"]).is_null(), "a Service without ports");
}

#[test]
fn a_pod_that_loses_the_label_leaves_and_one_that_gets_it_enters() {
    let mut bench = bench();
    service(&mut bench, "");
    pod(&mut bench, "web-0");
    running(&mut bench, "web-0", "10.244.0.1", true);
    bench.patch(Kind::Pod, "web-0", "{metadata: {labels: {app: other}}}");
    bench.pass(100);
    assert!(told(&slices(&bench)[0]).is_empty());
    bench.patch(Kind::Pod, "web-0", "{metadata: {labels: {app: web}}}");
    bench.pass(100);
    assert_eq!(told(&slices(&bench)[0]), ["web-0 ++-"]);
}

#[test]
fn a_slice_holds_a_hundred() {
    let mut bench = bench();
    service(&mut bench, "");
    for n in 0..105 {
        pod(&mut bench, &format!("web-{n}"));
        running(&mut bench, &format!("web-{n}"), &format!("10.244.0.{n}"), true);
    }
    let mut sizes: Vec<usize> = slices(&bench).iter().map(|slice| told(slice).len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [5, 100]);
}

#[test]
fn publish_not_ready_addresses_calls_every_endpoint_ready_and_a_service_without_selector_has_no_slice() {
    let mut bench = bench();
    bench.create("{apiVersion: v1, kind: Service, metadata: {name: nosel}, spec: {clusterIP: None}}");
    service(&mut bench, ", publishNotReadyAddresses: true");
    pod(&mut bench, "web-0");
    running(&mut bench, "web-0", "10.244.0.1", false);
    assert_eq!(slices(&bench).len(), 1);
    assert_eq!(told(&slices(&bench)[0]), ["web-0 +--"]);
}

#[test]
fn endpoints_hold_what_the_slices_hold_in_the_older_form() {
    let mut bench = bench();
    service(&mut bench, ", ports: [{port: 80, targetPort: 80}]");
    for (name, ip, ready) in
        [("web-0", "10.244.3.1", true), ("web-1", "10.244.1.1", true), ("web-2", "10.244.2.1", false)]
    {
        pod(&mut bench, name);
        running(&mut bench, name, ip, ready);
    }
    let all = bench.act(|client| client.list(Kind::Endpoints, &"default".into()));
    let subset = &all[0].tree.at(&["subsets"]).items()[0];
    let ips = |key: &str| -> Vec<Text> { subset.at(&[key]).items().iter().map(|a| a.at(&["ip"]).text()).collect() };
    assert_eq!(ips("addresses"), [Text::from("10.244.1.1"), Text::from("10.244.3.1")], "by address");
    assert_eq!(ips("notReadyAddresses"), [Text::from("10.244.2.1")]);
    assert_eq!(subset.at(&["ports"]), &crate::list![crate::map! { "port" => 80, "protocol" => "TCP" }]);
}
