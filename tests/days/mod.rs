//! Busy days of a cluster as session files: five sets of twenty pods, rolled over, scaled, deleted from, with a node that
//! falls silent once a day.

use std::fmt::Write as _;

const HOUR_MS: u64 = 3_600_000;

fn manifest() -> String {
    let set = |name: &str| {
        format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {name}}}\nspec:\n  replicas: 20\n  serviceName: {name}\n  \
             podManagementPolicy: Parallel\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: \
             {name}}}}}\n    spec:\n      containers:\n      - name: web\n        image: nginx:1.29\n        volumeMounts: [{{name: \
             data, mountPath: /data}}]\n  volumeClaimTemplates:\n  - metadata: {{name: data}}\n    spec: {{accessModes: \
             [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}\n"
        )
    };
    SETS.map(set).join("---\n")
}

const SETS: [&str; 5] = ["alpha", "beta", "gamma", "delta", "omega"];

/// A session of so many days, to be opened.
pub fn session(days: u64) -> String {
    let manifest = manifest();
    let mut acts = vec![(0, "press 0 kubectl apply -f stateful.yaml".to_owned())];
    for hour in 1..days * 24 {
        let at = hour * HOUR_MS;
        let set = |shift: u64| SETS[((hour + shift) % 5) as usize];
        acts.push((at, format!("press 0 kubectl delete pod {}-{} --wait=false", set(0), hour % 20)));
        match hour % 8 {
            2 => {
                acts.push((at + 600_000, format!("press 0 kubectl set image sts/{} web=nginx:1.{}", set(1), 30 + hour)))
            }
            4 => acts.push((at + 60_000, format!("press 0 kubectl scale sts {} --replicas=12", set(2)))),
            5 => acts.push((at + 60_000, format!("press 0 kubectl scale sts {} --replicas=20", set(1)))),
            _ => {}
        }
        match hour % 24 {
            11 => acts.push((at + 1_200_000, "fault node-stops node-2".to_owned())),
            12 => acts.push((at + 1_200_000, "fault node-starts node-2".to_owned())),
            _ => {}
        }
    }
    let mut text = String::from("statefulset-playground session 1\nengine 0.1.0\nworld life 1\nnamespace default\n");
    let _ = writeln!(
        text,
        "digest \nsummary \nbranch main\nend {}\nmanifest {}\n{manifest}",
        days * 24 * HOUR_MS,
        manifest.len()
    );
    for (at, act) in acts {
        let _ = writeln!(text, "act {at} 0 {act}");
    }
    let _ = writeln!(text, "cursor 0 {} 99999999 99999", days * 24 * HOUR_MS);
    text
}
