//! Stories of claims and volumes, as the recordings 01, 17, 18 and 25 tell them.

use super::{Protection, Provisioner, Resizer, VolumeBinder};
use crate::api::Kind;
use crate::apiserver::DeleteOptions;
use crate::controller::testing::Bench;
use crate::value::{Text, Value};

fn bench() -> Bench {
    Bench::new()
        .with(VolumeBinder::new(), 2)
        .with(Provisioner::new(), 6)
        .with(Protection::new(), 5)
        .with(Resizer::new(), 6)
}

fn claim(name: &str, class: &str) -> String {
    let class = if class == "-" { String::new() } else { format!(", storageClassName: '{class}'") };
    format!(
        "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: {name}, finalizers: [kubernetes.io/pvc-protection]}}, spec: {{accessModes: [ReadWriteOnce], \
         volumeMode: Filesystem, resources: {{requests: {{storage: 1Gi}}}}{class}}}}}"
    )
}

fn volume(name: &str, size: &str, more: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: PersistentVolume, metadata: {{name: {name}, finalizers: [kubernetes.io/pv-protection]}}, spec: {{capacity: {{storage: {size}}}, \
         accessModes: [ReadWriteOnce], volumeMode: Filesystem, persistentVolumeReclaimPolicy: Retain, \
         hostPath: {{path: /mnt/{name}}}{more}}}}}"
    )
}

fn pod(name: &str, claim: &str, node: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {{nodeName: '{node}', containers: [{{name: app, image: nginx}}], volumes: \
         [{{name: data, persistentVolumeClaim: {{claimName: {claim}}}}}]}}}}"
    )
}

fn phase(tree: &Value) -> String {
    let text = |path: &[&str]| tree.at(path).str_or_empty().to_owned();
    let going = if tree.at(&["metadata", "deletionTimestamp"]).is_null() { "" } else { " going" };
    format!("{} {}{going}", text(&["status", "phase"]), text(&["spec", "volumeName"]))
}

#[test]
fn a_claim_with_a_class_gets_a_volume_made_for_it() {
    let mut bench = bench();
    let made = bench.create(&claim("data-0", "standard"));
    bench.pass(1000);
    let name = format!("pvc-{}", made.meta.uid);
    let story = bench.story(Kind::PersistentVolumeClaim, phase);
    let last = story.last().cloned().unwrap_or_default();
    assert!(last.contains(&format!("Bound {name}")), "{story:?}");
    let bound = bench.get(Kind::PersistentVolumeClaim, "data-0").unwrap();
    let keys: Vec<&str> = bound.annotations().keys().map(Text::as_str).collect();
    assert_eq!(
        keys,
        [
            "pv.kubernetes.io/bind-completed",
            "pv.kubernetes.io/bound-by-controller",
            "volume.beta.kubernetes.io/storage-provisioner",
            "volume.kubernetes.io/storage-provisioner",
        ]
    );
    assert_eq!(bound.tree.at(&["status", "capacity", "storage"]).as_str(), Some("1Gi"));
    let volume = bench.get(Kind::PersistentVolume, &name).unwrap();
    assert_eq!(
        volume.meta.finalizers,
        ["external-provisioner.volume.kubernetes.io/finalizer", "kubernetes.io/pv-protection"]
    );
    assert_eq!(volume.annotations().len(), 1, "a volume made for a claim was not chosen by the controller");
    let waiting = "Waiting for a volume to be created either by the external provisioner 'fake.csi/provisioner' or \
                   manually by the system administrator. If volume creation is delayed, please verify that the \
                   provisioner is running and correctly registered.";
    let events = bench.events("data-0");
    assert!(
        events.iter().any(|e| e.starts_with("Normal ExternalProvisioning x") && e.ends_with(waiting)),
        "{events:?}"
    );
    let provisioning =
        "Normal Provisioning x1 External provisioner is provisioning volume for claim \"default/data-0\"";
    assert!(events.iter().any(|e| e == provisioning));
    assert!(
        events.iter().any(|e| *e == format!("Normal ProvisioningSucceeded x1 Successfully provisioned volume {name}"))
    );
}

#[test]
fn a_hand_made_volume_is_found_at_the_resync_and_written_in_four_steps() {
    let mut bench = bench();
    bench.create(&claim("data-man-0", ""));
    bench.pass(3000);
    assert_eq!(
        bench.events("data-man-0"),
        ["Normal FailedBinding x1 no persistent volumes available for this claim and no storage class is set"]
    );
    bench.create(&volume("manual-small", "500Mi", ""));
    bench.create(&volume("manual-b", "3Gi", ""));
    bench.create(&volume("manual-a", "2Gi", ""));
    bench.pass(5000);
    assert_eq!(
        bench.get(Kind::PersistentVolume, "manual-a").unwrap().tree.at(&["status", "phase"]).as_str(),
        Some("Available")
    );
    let before = bench.history.len();
    bench.pass(2000);
    let steps: Vec<String> = bench.history[before..]
        .iter()
        .filter(|event| event.object.kind != Kind::Event)
        .map(|event| format!("{} {} {}", event.at.0, event.object.meta.name, phase(&event.object.tree)))
        .take(4)
        .collect();
    assert_eq!(
        steps,
        [
            "9790 manual-a Available ",
            "9790 manual-a Bound ",
            "9790 data-man-0 Pending manual-a",
            "9790 data-man-0 Bound manual-a",
        ]
    );
    let status = bench.get(Kind::PersistentVolumeClaim, "data-man-0").unwrap();
    assert_eq!(status.tree.at(&["status", "capacity", "storage"]).as_str(), Some("2Gi"), "the whole volume");
}

#[test]
fn a_missing_class_is_told_once_and_a_later_one_is_seen_at_the_resync() {
    let mut bench = bench();
    bench.create(&claim("data-fast-0", "fast-ssd"));
    bench.pass(3500);
    assert_eq!(
        bench.events("data-fast-0"),
        ["Warning ProvisioningFailed x1 storageclass.storage.k8s.io \"fast-ssd\" not found"]
    );
    bench.create("{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast-ssd}, provisioner: fake.csi/provisioner, reclaimPolicy: Delete, volumeBindingMode: Immediate}");
    bench.pass(6000);
    assert!(!bench.get(Kind::PersistentVolumeClaim, "data-fast-0").unwrap().as_claim().unwrap().is_bound());
    bench.pass(1000);
    assert!(bench.get(Kind::PersistentVolumeClaim, "data-fast-0").unwrap().as_claim().unwrap().is_bound());
}

#[test]
fn a_class_that_waits_for_a_consumer_repeats_it_at_every_resync_until_a_node_is_chosen() {
    let mut bench = bench();
    bench.create(&claim("lone", "standard-wffc"));
    bench.pass(70_000);
    assert_eq!(
        bench.events("lone"),
        ["Normal WaitForFirstConsumer x6 waiting for first consumer to be created before binding"]
    );
    bench.create(&pod("web-0", "lone", ""));
    bench.pass(15_000);
    assert_eq!(bench.events("lone")[1], "Normal WaitForPodScheduled x1 waiting for pod web-0 to be scheduled");
    bench.patch(
        Kind::PersistentVolumeClaim,
        "lone",
        "{metadata: {annotations: {volume.kubernetes.io/selected-node: node-1}}}",
    );
    bench.pass(400);
    assert!(bench.get(Kind::PersistentVolumeClaim, "lone").unwrap().as_claim().unwrap().is_bound());
}

#[test]
fn a_deleted_claim_takes_its_volume_along_unless_it_is_retained() {
    let mut bench = bench();
    let gone = bench.create(&claim("a", "standard"));
    let kept = bench.create(&claim("b", "standard-retain"));
    bench.pass(1000);
    for name in ["a", "b"] {
        bench.delete(Kind::PersistentVolumeClaim, name, DeleteOptions::default());
    }
    bench.pass(190);
    let phase_of = |bench: &Bench, uid: &str| {
        let volume = bench.get(Kind::PersistentVolume, &format!("pvc-{uid}"));
        volume.map(|v| phase(&v.tree).trim().to_owned())
    };
    assert!(bench.get(Kind::PersistentVolumeClaim, "a").is_none());
    assert_eq!(phase_of(&bench, &gone.meta.uid).as_deref(), Some("Released"));
    bench.pass(60);
    assert_eq!(phase_of(&bench, &gone.meta.uid), None);
    assert_eq!(phase_of(&bench, &kept.meta.uid).as_deref(), Some("Released"));
}

#[test]
fn a_used_claim_stays_until_no_scheduled_pod_names_it() {
    let mut bench = bench();
    bench.create(&claim("data-web-0", "standard"));
    bench.create(&pod("web-0", "data-web-0", "node-1"));
    bench.pass(1000);
    bench.delete(Kind::PersistentVolumeClaim, "data-web-0", DeleteOptions::default());
    bench.pass(5000);
    let claim = bench.get(Kind::PersistentVolumeClaim, "data-web-0").unwrap();
    assert!(claim.is_terminating() && claim.as_claim().unwrap().is_bound());
    let wait = bench.world.decisions.iter().rev().find_map(|d| d.wait.clone()).unwrap();
    assert_eq!(wait.why, "pod web-0 still uses it");
    let grace = DeleteOptions { grace_seconds: Some(0), ..DeleteOptions::default() };
    bench.delete(Kind::Pod, "web-0", grace);
    bench.pass(20);
    assert!(bench.get(Kind::PersistentVolumeClaim, "data-web-0").is_none());
}

#[test]
fn a_bound_volume_that_is_deleted_goes_when_its_claim_goes() {
    let mut bench = bench();
    let made = bench.create(&claim("data-web-1", "standard"));
    bench.pass(1000);
    let name = format!("pvc-{}", made.meta.uid);
    bench.delete(Kind::PersistentVolume, &name, DeleteOptions::default());
    bench.pass(3000);
    assert_eq!(phase(&bench.get(Kind::PersistentVolume, &name).unwrap().tree), "Bound  going");
    bench.delete(Kind::PersistentVolumeClaim, "data-web-1", DeleteOptions::default());
    bench.pass(50);
    assert!(bench.get(Kind::PersistentVolume, &name).is_none());
}

#[test]
fn a_retained_volume_is_free_again_when_its_claim_reference_is_cleared() {
    let mut bench = bench();
    bench.create(&volume("manual-a", "2Gi", ", claimRef: {namespace: default, name: first}"));
    bench.create(&claim("first", ""));
    bench.pass(100);
    assert!(
        bench.get(Kind::PersistentVolumeClaim, "first").unwrap().as_claim().unwrap().is_bound(),
        "reserved by name"
    );
    bench.delete(Kind::PersistentVolumeClaim, "first", DeleteOptions::default());
    bench.pass(100);
    bench.create(&claim("first", ""));
    bench.pass(20_000);
    let claim = bench.get(Kind::PersistentVolumeClaim, "first").unwrap();
    assert!(!claim.as_claim().unwrap().is_bound(), "another claim of the same name has another uid");
    bench.patch(Kind::PersistentVolume, "manual-a", "{spec: {claimRef: null}}");
    bench.pass(15_000);
    assert!(bench.get(Kind::PersistentVolumeClaim, "first").unwrap().as_claim().unwrap().is_bound());
}

#[test]
fn a_claim_grows_in_steps_with_three_events() {
    let mut bench = bench();
    let made = bench.create(&claim("data-web-0", "standard"));
    bench.pass(1000);
    bench.patch(Kind::PersistentVolumeClaim, "data-web-0", "{spec: {resources: {requests: {storage: 2Gi}}}}");
    bench.pass(400);
    let claim = bench.get(Kind::PersistentVolumeClaim, "data-web-0").unwrap();
    assert_eq!(claim.tree.at(&["status", "capacity", "storage"]).as_str(), Some("2Gi"));
    let events = bench.events("data-web-0").split_off(3);
    assert_eq!(
        events,
        [
            "Normal ExternalExpanding x1 waiting for an external controller to expand this PVC".to_owned(),
            format!("Normal Resizing x1 External resizer is resizing volume pvc-{}", made.meta.uid),
            "Normal VolumeResizeSuccessful x1 Resize volume succeeded".to_owned(),
        ]
    );
}

#[test]
fn a_claim_that_loses_its_volume_is_lost() {
    let mut bench = bench();
    bench.create(&volume("manual-a", "2Gi", ""));
    bench.create(&claim("data", ""));
    bench.pass(100);
    bench.delete(Kind::PersistentVolume, "manual-a", DeleteOptions::default());
    bench.patch(Kind::PersistentVolume, "manual-a", "{metadata: {finalizers: null}}");
    bench.pass(100);
    assert_eq!(phase(&bench.get(Kind::PersistentVolumeClaim, "data").unwrap().tree), "Lost manual-a");
    assert_eq!(
        bench.events("data"),
        ["Warning ClaimLost x1 Bound claim has lost its PersistentVolume. Data on the volume is lost!"]
    );
}

#[test]
fn a_provisioner_that_is_down_lets_claims_wait_and_takes_them_up_again() {
    let mut profile_bench = Bench::new().with(VolumeBinder::new(), 2).with(Protection::new(), 5);
    profile_bench.create(&claim("data-0", "standard"));
    profile_bench.pass(30_000);
    let claim = profile_bench.get(Kind::PersistentVolumeClaim, "data-0").unwrap();
    assert!(!claim.as_claim().unwrap().is_bound());
    let mut bench = profile_bench.with(Provisioner::new(), 6);
    bench.pass(1000);
    assert!(bench.get(Kind::PersistentVolumeClaim, "data-0").unwrap().as_claim().unwrap().is_bound());
}
