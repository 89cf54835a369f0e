//! Stories of pods, as a watch would tell them.

use crate::api::Kind;
use crate::apiserver::DeleteOptions;
use crate::controller::testing::Bench;
use crate::controller::volume::{Protection, Provisioner, VolumeBinder};
use crate::kubelet::Kubelets;
use crate::profile::Profile;
use crate::scheduler::Scheduler;
use crate::value::Value;

/// Three nodes, their agents, the scheduler and the storage controllers.
pub(crate) fn cluster(profile: &str) -> Bench {
    let mut bench = Bench::new();
    bench.world.profile = Profile::named(profile).unwrap();
    for number in 1..=3 {
        bench.create(&format!(
            "{{kind: Node, apiVersion: v1, metadata: {{name: node-{number}, labels: {{kubernetes.io/hostname: node-{number}}}}}, \
             spec: {{}}, status: {{allocatable: {{cpu: '4', memory: 8Gi, pods: '110'}}, \
             addresses: [{{type: InternalIP, address: 192.168.49.1{number}}}], \
             conditions: [{{type: Ready, status: 'True'}}]}}}}"
        ));
        bench.status(
            Kind::Node,
            &format!("node-{number}"),
            &format!(
                "{{allocatable: {{cpu: '4', memory: 8Gi, pods: '110'}}, \
                 addresses: [{{type: InternalIP, address: 192.168.49.1{number}}}], \
                 conditions: [{{type: Ready, status: 'True'}}]}}"
            ),
        );
    }
    let kubelets = Kubelets::new(&bench.world.profile);
    let mut bench = bench
        .with(Scheduler::new(), 6)
        .with(kubelets, 12)
        .with(VolumeBinder::new(), 2)
        .with(Provisioner::new(), 6)
        .with(Protection::new(), 5);
    bench.pass(1000);
    bench
}

/// One pod's row: phase or state, READY, what else a reader would look at.
fn row(pod: &Value) -> String {
    let status = pod.at(&["status"]);
    let condition = |name: &str| {
        let found = status.at(&["conditions"]).items().iter().find(|c| c.at(&["type"]).as_str() == Some(name));
        found.map_or("-", |c| match c.at(&["status"]).as_str() {
            Some("True") => "T",
            _ => "F",
        })
    };
    let mut containers = Vec::new();
    for list in ["initContainerStatuses", "containerStatuses"] {
        for container in status.at(&[list]).items() {
            let state = container.at(&["state"]);
            let (kind, detail) = state.pairs().next().map(|(k, v)| (k.to_string(), v.clone())).unwrap_or_default();
            let reason = detail.at(&["reason"]).as_str().map_or(kind, str::to_owned);
            let ready = if container.at(&["ready"]).as_bool() == Some(true) { "+" } else { "" };
            let restarts = container.at(&["restartCount"]).as_i64().unwrap_or(0);
            containers.push(format!("{reason}{ready} {restarts}"));
        }
    }
    let mut parts = vec![status.at(&["phase"]).str_or_empty().to_owned()];
    if let Some(grace) = pod.at(&["metadata", "deletionGracePeriodSeconds"]).as_i64() {
        parts.push(format!("grace {grace}"));
    }
    if !pod.at(&["spec", "nodeName"]).is_null() {
        parts.push("bound".into());
    }
    parts.push(format!(
        "start={} ready={} ip={}",
        condition("PodReadyToStartContainers"),
        condition("Ready"),
        !status.at(&["podIP"]).is_null()
    ));
    parts.extend(containers);
    parts.join(" ")
}

fn pods(bench: &Bench) -> Vec<String> {
    bench.story(Kind::Pod, row)
}

const CLAIM: &str = "kind: PersistentVolumeClaim\napiVersion: v1\nmetadata: {name: data-web-0}\n\
    spec: {storageClassName: standard, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";

fn pod(extra: &str, container: &str) -> String {
    format!(
        "kind: Pod\napiVersion: v1\nmetadata: {{name: web-0}}\nspec:\n  restartPolicy: Always\n  \
         terminationGracePeriodSeconds: 30\n{extra}  containers:\n  - {{name: app, {container}}}\n"
    )
}

const PROBE: &str = "readinessProbe: {httpGet: {path: /, port: 80}, initialDelaySeconds: 15, periodSeconds: 10}";

/// The rows without their moments.
fn rows(bench: &Bench) -> Vec<String> {
    pods(bench).iter().map(|row| row.split_once(' ').map_or("", |(_, rest)| rest).replace("web-0 ", "")).collect()
}

/// The moment of the first row that contains a text.
fn moment(bench: &Bench, text: &str) -> i64 {
    let rows = pods(bench);
    let row = rows.iter().find(|row| row.contains(text)).unwrap_or_else(|| panic!("no {text} in {rows:#?}"));
    row.split_once(' ').unwrap().0.parse().unwrap()
}

#[test]
fn a_pod_with_a_new_claim_comes_up_in_seven_versions_and_goes_in_five() {
    let mut bench = cluster("recorded");
    bench.create(CLAIM);
    let image = format!("image: 'nginx:1.27', {PROBE}");
    bench.create(&pod("  volumes: [{name: data, persistentVolumeClaim: {claimName: data-web-0}}]\n", &image));
    bench.pass(10_000);
    assert_eq!(
        rows(&bench),
        [
            "ADDED Pending start=- ready=- ip=false",
            "MODIFIED Pending start=- ready=- ip=false",
            "MODIFIED Pending bound start=- ready=- ip=false",
            "MODIFIED Pending bound start=F ready=F ip=false ContainerCreating 0",
            "MODIFIED Pending bound start=T ready=F ip=false ContainerCreating 0",
            "MODIFIED Running bound start=T ready=F ip=true running 0",
            "MODIFIED Running bound start=T ready=T ip=true running+ 0",
        ]
    );
    let wait = moment(&bench, "running+") - moment(&bench, "running 0");
    assert!((500..=2300).contains(&wait), "{wait}");
    let before = rows(&bench).len();
    bench.delete(Kind::Pod, "web-0", DeleteOptions::default());
    bench.pass(10_000);
    assert_eq!(
        rows(&bench)[before..],
        [
            "MODIFIED Running grace 30 bound start=T ready=T ip=true running+ 0",
            "MODIFIED Running grace 30 bound start=T ready=T ip=true running+ 0",
            "MODIFIED Succeeded grace 30 bound start=F ready=F ip=true Completed 0",
            "MODIFIED Succeeded grace 0 bound start=F ready=F ip=true Completed 0",
            "DELETED Succeeded grace 0 bound start=F ready=F ip=true Completed 0",
        ]
    );
    let mut events = bench.events("web-0");
    events.sort();
    let unbound = "Warning FailedScheduling x0 0/3 nodes are available: pod has unbound immediate \
                   PersistentVolumeClaims. not found";
    let expected = [
        "Normal Created x1 Container created",
        "Normal Killing x1 Stopping container app",
        "Normal Pulled x1 Container image \"nginx:1.27\" already present on machine and can be accessed by the pod",
        "Normal Scheduled x0 Successfully assigned default/web-0 to node-",
        "Normal Started x1 Container started",
        unbound,
        unbound,
    ];
    assert_eq!(events.len(), expected.len(), "{events:#?}");
    for (event, expected) in events.iter().zip(expected) {
        assert!(event.starts_with(expected), "{event}");
    }
}

#[test]
fn the_second_refusal_of_one_version_is_a_series() {
    let mut bench = cluster("recorded");
    bench.create(CLAIM);
    bench.create(&pod("  volumes: [{name: data, persistentVolumeClaim: {claimName: data-web-0}}]\n", "image: nginx"));
    bench.pass(2000);
    let series = bench.story(Kind::Event, |event| {
        let count = event.at(&["series", "count"]).as_i64().unwrap_or(0);
        format!("{} {count}", event.at(&["reason"]).str_or_empty())
    });
    let of_scheduler: Vec<&str> = series
        .iter()
        .filter(|line| line.contains("FailedScheduling"))
        .filter_map(|line| line.split_whitespace().last())
        .collect();
    assert_eq!(of_scheduler, ["0", "0", "2"]);
}

#[test]
fn a_crashing_container_shows_its_back_off_only_just_before_the_restart() {
    let mut bench = cluster("recorded");
    bench.create(&pod("", "image: 'crashy:1'"));
    bench.pass(60_000);
    assert_eq!(
        rows(&bench)[4..12],
        [
            "MODIFIED Running bound start=T ready=T ip=true running+ 0",
            "MODIFIED Running bound start=T ready=F ip=true Error 0",
            "MODIFIED Running bound start=T ready=T ip=true running+ 1",
            "MODIFIED Running bound start=T ready=F ip=true Error 1",
            "MODIFIED Running bound start=T ready=F ip=true CrashLoopBackOff 1",
            "MODIFIED Running bound start=T ready=T ip=true running+ 2",
            "MODIFIED Running bound start=T ready=F ip=true Error 2",
            "MODIFIED Running bound start=T ready=F ip=true CrashLoopBackOff 2",
        ]
    );
    let wait = moment(&bench, "CrashLoopBackOff 1") - moment(&bench, "Error 1");
    assert!((9_000..=14_000).contains(&wait), "{wait}");
    let pod = bench.get(Kind::Pod, "web-0").unwrap();
    let events = bench.events("web-0");
    let text = format!("Back-off restarting failed container app in pod web-0_default({})", pod.meta.uid);
    assert!(events.iter().any(|event| event.starts_with("Warning BackOff") && event.ends_with(&text)), "{events:#?}");
}

#[test]
fn a_containers_own_restart_policy_comes_before_the_pods() {
    let mut bench = cluster("recorded");
    bench.create(&pod("", "image: 'crashy:1', restartPolicy: Never"));
    bench.pass(60_000);
    assert!(rows(&bench).last().is_some_and(|row| row.ends_with("Error 0")), "{:#?}", rows(&bench));
}

#[test]
fn an_image_that_nobody_has_alternates_between_two_reasons_and_its_pod_ends_as_failed() {
    let mut bench = cluster("recorded");
    bench.create(&pod("", "image: 'nginx:broken'"));
    bench.pass(30_000);
    bench.delete(Kind::Pod, "web-0", DeleteOptions::default());
    bench.pass(3_000);
    assert_eq!(
        rows(&bench)[4..],
        [
            "MODIFIED Pending bound start=T ready=F ip=true ErrImagePull 0",
            "MODIFIED Pending bound start=T ready=F ip=true ImagePullBackOff 0",
            "MODIFIED Pending bound start=T ready=F ip=true ErrImagePull 0",
            "MODIFIED Pending grace 30 bound start=T ready=F ip=true ErrImagePull 0",
            "MODIFIED Pending grace 30 bound start=F ready=F ip=true ContainerCreating 0",
            "MODIFIED Failed grace 30 bound start=F ready=F ip=true ContainerStatusUnknown 0",
            "MODIFIED Failed grace 0 bound start=F ready=F ip=true ContainerStatusUnknown 0",
            "DELETED Failed grace 0 bound start=F ready=F ip=true ContainerStatusUnknown 0",
        ]
    );
    assert!(!bench.events("web-0").iter().any(|event| event.contains("Killing")));
}

#[test]
fn in_a_learners_cluster_the_labs_pods_run_for_half_a_minute_before_they_are_ready() {
    let mut bench = cluster("life");
    bench.create(&pod(
        "",
        "image: 'quay.io/mhausenblas/mehdb:0.6', readinessProbe: {httpGet: {path: /status, port: 9876}, \
         initialDelaySeconds: 15, periodSeconds: 30}",
    ));
    bench.pass(60_000);
    let wait = moment(&bench, "running+") - moment(&bench, "running 0");
    assert!((29_500..=31_500).contains(&wait), "{wait}");
}

#[test]
fn readiness_follows_the_annotation_with_its_threshold() {
    let mut bench = cluster("recorded");
    bench.create(&pod("", &format!("image: 'nginx:1.27', {PROBE}")));
    bench.pass(10_000);
    bench.patch(Kind::Pod, "web-0", "{metadata: {annotations: {sim/ready: 'false'}}}");
    let asked = bench.now.0;
    bench.pass(5_000);
    let unready = pods(&bench).iter().rfind(|row| row.contains("running 0")).unwrap().clone();
    let moment: i64 = unready.split_once(' ').unwrap().0.parse().unwrap();
    assert!((2_000..=3_100).contains(&(moment - asked)), "three failures a second apart: {}", moment - asked);
    bench.patch(Kind::Pod, "web-0", "{metadata: {annotations: {sim/ready: 'true'}}}");
    bench.pass(2_000);
    assert!(rows(&bench).last().unwrap().contains("running+"));
    let events = bench.events("web-0");
    let unhealthy = "Readiness probe failed: HTTP probe failed with statuscode: 503";
    assert!(events.iter().any(|event| event.starts_with("Warning Unhealthy") && event.ends_with(unhealthy)));
}

#[test]
fn a_dead_program_is_restarted_by_its_liveness_probe() {
    let mut bench = cluster("recorded");
    let probe = "livenessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 5, failureThreshold: 2}";
    bench.create(&pod("", &format!("image: 'nginx:1.27', {probe}")));
    bench.pass(10_000);
    bench.patch(Kind::Pod, "web-0", "{metadata: {annotations: {sim/live: 'false'}}}");
    bench.pass(2_000);
    bench.patch(Kind::Pod, "web-0", "{metadata: {annotations: {sim/live: null}}}");
    bench.pass(10_000);
    assert!(rows(&bench).last().unwrap().ends_with("running+ 1"), "{:#?}", rows(&bench));
    let events = bench.events("web-0");
    assert!(
        events.contains(&"Normal Killing x1 Container app failed liveness probe, will be restarted".to_owned()),
        "{events:#?}"
    );
    bench.pass(600_000);
    assert!(rows(&bench).last().unwrap().ends_with("running+ 1"));
}

#[test]
fn a_pod_goes_when_its_node_next_looks_at_the_runtime_whenever_it_was_told_to() {
    let mut moments = Vec::new();
    for pause in [5_000, 5_300, 5_600] {
        let mut bench = cluster("recorded");
        bench.create(&pod("  nodeName: node-2\n", "image: 'nginx:1.27'"));
        bench.pass(pause);
        bench.delete(Kind::Pod, "web-0", DeleteOptions::default());
        bench.pass(5_000);
        moments.push(moment(&bench, "DELETED"));
    }
    let node = &Profile::named("recorded").unwrap().nodes[1];
    for gone in moments {
        let late = (gone - node.looks_ms.unwrap()).rem_euclid(1001);
        assert!(late <= 8 || (300..=308).contains(&late), "{late} ms after the look");
    }
}

#[test]
fn only_a_pod_with_a_probe_is_synced_when_the_look_shows_its_start() {
    let told = |container: &str| {
        let mut bench = cluster("recorded");
        bench.create(&pod("  nodeName: node-2\n", container));
        bench.pass(600);
        let look = Profile::named("recorded").unwrap().nodes[1].looks_ms.unwrap();
        let since = (bench.now.0 - look).rem_euclid(1001);
        bench.pass(1001 - since + 200);
        bench.delete(Kind::Pod, "web-0", DeleteOptions::default());
        let asked = bench.now.0;
        bench.pass(5_000);
        moment(&bench, "Succeeded grace 30") - asked
    };
    assert!(told("image: 'nginx:1.27'") < 1_100, "nothing is under way: it is told to stop at once");
    let probe = "image: 'nginx:1.27', readinessProbe: {periodSeconds: 10, initialDelaySeconds: 15, httpGet: {path: /, port: 80}}";
    assert!(told(probe) > 1_700, "its last sync has to be followed by a look");
}

#[test]
fn init_containers_run_one_by_one_and_a_sidecar_starts_with_the_next_of_them() {
    let mut bench = cluster("recorded");
    let init = "  initContainers:\n  - {name: init-a, image: busybox}\n  \
                - {name: proxy, image: 'nginx:1.27', restartPolicy: Always}\n  - {name: init-b, image: 'busybox:1'}\n";
    bench.create(&pod(init, "image: 'nginx:1.27'"));
    bench.pass(20_000);
    let shown: Vec<String> = rows(&bench)[2..]
        .iter()
        .map(|row| row.split_once("ip=").unwrap().1.replace("true ", "").replace("false ", ""))
        .collect();
    assert_eq!(
        shown,
        [
            "PodInitializing 0 PodInitializing 0 PodInitializing 0 PodInitializing 0",
            "PodInitializing 0 PodInitializing 0 PodInitializing 0 PodInitializing 0",
            "running 0 PodInitializing 0 PodInitializing 0 PodInitializing 0",
            "Completed+ 0 PodInitializing 0 PodInitializing 0 PodInitializing 0",
            "Completed+ 0 running+ 0 running 0 PodInitializing 0",
            "Completed+ 0 running+ 0 Completed+ 0 PodInitializing 0",
            "Completed+ 0 running+ 0 Completed+ 0 running+ 0",
        ]
    );
    bench.delete(Kind::Pod, "web-0", DeleteOptions::default());
    let asked = bench.now.0;
    bench.pass(5_000);
    let ended = moment(&bench, "Succeeded grace 30");
    assert!((2_000..2_200).contains(&(ended - asked)), "the sidecar stops after the others: {}", ended - asked);
}

#[test]
fn a_missing_config_map_key_and_secret_are_complained_of_one_after_the_other() {
    let mut bench = cluster("recorded");
    let env = "env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: mode}}}, \
               {name: B, valueFrom: {secretKeyRef: {name: login, key: user}}}]";
    bench.create(&pod("", &format!("image: 'nginx:1.27', {env}")));
    bench.pass(20_000);
    assert!(rows(&bench).last().unwrap().ends_with("CreateContainerConfigError 0"));
    bench.create("{kind: ConfigMap, apiVersion: v1, metadata: {name: settings}, data: {other: x}}");
    bench.pass(20_000);
    bench.patch(Kind::ConfigMap, "settings", "{data: {mode: fast}}");
    bench.pass(20_000);
    bench.create("{kind: Secret, apiVersion: v1, metadata: {name: login}, data: {user: eA==}}");
    bench.pass(20_000);
    assert!(rows(&bench).last().unwrap().ends_with("running+ 0"), "{:#?}", rows(&bench));
    let events = bench.events("web-0");
    for text in [
        "Error: configmap \"settings\" not found",
        "Error: couldn't find key mode in ConfigMap default/settings",
        "Error: secret \"login\" not found",
    ] {
        assert!(events.iter().any(|event| event.starts_with("Warning Failed") && event.ends_with(text)), "{events:#?}");
    }
}

#[test]
fn a_missing_volume_source_keeps_the_container_from_being_created() {
    let mut bench = cluster("recorded");
    bench.create(&pod("  volumes: [{name: cfg, configMap: {name: settings}}]\n", "image: 'nginx:1.27'"));
    bench.pass(10_000);
    assert!(rows(&bench).last().unwrap().ends_with("ContainerCreating 0"));
    bench.create("{kind: ConfigMap, apiVersion: v1, metadata: {name: settings}, data: {}}");
    bench.pass(20_000);
    assert!(rows(&bench).last().unwrap().ends_with("running+ 0"));
    let text = "MountVolume.SetUp failed for volume \"cfg\" : configmap \"settings\" not found";
    assert!(
        bench.events("web-0").iter().any(|event| event.starts_with("Warning FailedMount") && event.ends_with(text))
    );
}

#[test]
fn pulls_of_one_node_happen_one_after_the_other_and_say_how_long_they_waited() {
    let mut bench = cluster("recorded");
    for number in 2..=3 {
        bench.patch(Kind::Node, &format!("node-{number}"), "{spec: {unschedulable: true}}");
    }
    bench.pass(100);
    bench.create(&pod("", "image: 'reg.local/a:1'"));
    bench.create(&pod("", "image: 'reg.local/b:1'").replace("web-0", "web-1"));
    bench.pass(5_000);
    let pulled = |name: &str| {
        let events = bench.events(name);
        events.into_iter().find(|event| event.contains("Successfully pulled")).unwrap()
    };
    assert!(pulled("web-0").contains("in 800ms (800ms including waiting). Image size: 72319283 bytes."));
    assert!(pulled("web-1").contains("in 800ms (1.6s including waiting)."), "{}", pulled("web-1"));
}
