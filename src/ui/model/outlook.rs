//! What applying the manifest would bring about: found by doing it to a copy of the world and looking at the sets.

use crate::api::view::{StatefulSetView, UpdateStrategy};
use crate::api::{Key, Kind};
use crate::sim::World;

/// So many occurrences are enough for the controller to see a change and to name its revision.
const STEPS: usize = 300;

/// More ordinals than these are named by the first and the last.
const NAMED: usize = 4;

/// A set before and after.
struct Change<'a> {
    name: &'a str,
    before: Option<&'a StatefulSetView>,
    after: &'a StatefulSetView,
}

/// A sentence for every set that `after` has and `before` has otherwise; `after` still has to see what was applied.
pub fn outlook(before: &World, mut after: World) -> Vec<String> {
    let changed: Vec<Key> = after
        .store()
        .list(Kind::StatefulSet, "")
        .filter(|set| {
            let old = before.store().get(Kind::StatefulSet, &set.meta.namespace, &set.meta.name);
            old.is_none_or(|old| old.meta.generation != set.meta.generation || old.meta.uid != set.meta.uid)
        })
        .map(|set| Key { kind: set.kind, namespace: set.meta.namespace.clone(), name: set.meta.name.clone() })
        .collect();
    for _ in 0..STEPS {
        let seen = |key: &Key| {
            let set = after.store().get(key.kind, &key.namespace, &key.name);
            set.is_none_or(|set| set.as_stateful_set().is_none_or(|v| v.observed_generation >= set.meta.generation))
        };
        if changed.iter().all(seen) || after.step().is_none() {
            break;
        }
    }
    let view = |world: &World, key: &Key| {
        world.store().get(key.kind, &key.namespace, &key.name).and_then(|set| set.as_stateful_set().cloned())
    };
    changed
        .iter()
        .filter_map(|key| {
            let (old, new) = (view(before, key), view(&after, key)?);
            Some(sentence(&Change { name: &key.name, before: old.as_ref(), after: &new }))
        })
        .collect()
}

fn sentence(change: &Change<'_>) -> String {
    let Change { name, before, after } = *change;
    let last = after.start.saturating_add(after.replicas);
    let Some(before) = before else {
        return match after.replicas {
            0 => format!("creates {name} without a pod"),
            _ => ["creates ", &series(name, after.start..last, after.parallel)].concat(),
        };
    };
    let mut parts = Vec::new();
    let old_last = before.start.saturating_add(before.replicas);
    if last > old_last {
        parts.push(["adds ", &series(name, old_last..last, after.parallel)].concat());
    }
    if last < old_last {
        let gone = series(name, (last.max(before.start)..old_last).rev(), after.parallel);
        let whose = if old_last - last == 1 { "its" } else { "their" };
        let fate = if after.retention.delete_when_scaled { "deletes" } else { "keeps" };
        parts.push(format!("removes {gone}, and {fate} {whose} claims"));
    }
    if !before.update_revision.is_empty() && after.update_revision != before.update_revision {
        let lowest = match &after.strategy {
            UpdateStrategy::OnDelete => None,
            UpdateStrategy::RollingUpdate { partition, .. } => Some(partition.unwrap_or(0).max(after.start)),
        };
        let rolled = lowest.map(|lowest| (lowest..last.min(old_last)).rev());
        match rolled {
            None => parts.push("gives the new revision only to pods that you delete (OnDelete)".into()),
            Some(ordinals) if ordinals.clone().next().is_none() => {
                parts.push("rolls no pod: all ordinals lie below the partition".into());
            }
            Some(ordinals) => parts.push(["rolls ", &series(name, ordinals, false)].concat()),
        }
    }
    if parts.is_empty() { format!("changes no pod of {name}") } else { parts.join("; ") }
}

/// `web-2, then web-1, then web-0`; `web-0 … web-9 at once`.
fn series(name: &str, ordinals: impl Iterator<Item = i64>, together: bool) -> String {
    let mut all: Vec<String> = ordinals.take(1000).map(|ordinal| format!("{name}-{ordinal}")).collect();
    let several = all.len() > 1;
    if all.len() > NAMED {
        let last = all.pop().unwrap_or_default();
        all.truncate(1);
        all.push(last);
        return all.join(if together { " … " } else { ", then so on to " }) + if together { " at once" } else { "" };
    }
    match (several, together) {
        (true, true) => all.join(", ") + " at once",
        _ => all.join(", then "),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::super::gallery::EXAMPLES;
    use super::super::manifest::{FIRST, Verdict, judge};
    use crate::api::Kind;
    use crate::apiserver::Gates;
    use crate::history::FILE;
    use crate::kubectl::Invocation;
    use crate::profile::Profile;
    use crate::random::Seed;
    use crate::sim::{Intent, Setup, World};
    use crate::time::Time;
    use crate::value::Text;

    fn world() -> World {
        let profile = Profile::named("life").unwrap();
        World::new(&Setup { profile, gates: Gates::default(), seed: Seed(1) })
    }

    fn verdict(world: &World, text: &str) -> Verdict {
        let files = Rc::new([(Text::from(FILE), Text::copy(text))].into_iter().collect());
        judge(world, &files, FILE, "default", false)
    }

    fn apply(world: &mut World, text: &str, seconds: i64) {
        let argv = ["apply", "-f", FILE].into_iter().map(Text::copy).collect();
        let files = Rc::new([(Text::from(FILE), Text::copy(text))].into_iter().collect());
        world.submit(Intent::Run(Invocation { argv, files, ..Invocation::default() }));
        let until = Time(world.now().0 + seconds * 1000);
        world.run_until(until, |_| {});
        world.pass_to(until);
    }

    #[test]
    fn it_says_which_pods_an_edit_adds_removes_and_rolls() {
        let mut world = world();
        assert_eq!(verdict(&world, FIRST).outlook, ["creates mehdb-0, then mehdb-1"]);
        apply(&mut world, FIRST, 120);
        assert_eq!(verdict(&world, FIRST).outlook, [""; 0], "nothing changes, nothing is said");
        let four = FIRST.replace("replicas: 2", "replicas: 4");
        assert_eq!(verdict(&world, &four).outlook, ["adds mehdb-2, then mehdb-3"]);
        let one = FIRST.replace("replicas: 2", "replicas: 1");
        assert_eq!(verdict(&world, &one).outlook, ["removes mehdb-1, and keeps its claims"]);
        let none = FIRST.replace("replicas: 2", "replicas: 0");
        assert_eq!(verdict(&world, &none).outlook, ["removes mehdb-1, then mehdb-0, and keeps their claims"]);
        let newer = four.replace("mehdb:0.6", "mehdb:0.7");
        assert_eq!(verdict(&world, &newer).outlook, ["adds mehdb-2, then mehdb-3; rolls mehdb-1, then mehdb-0"]);
        let canary = newer.replace("  template:\n", "  updateStrategy: {rollingUpdate: {partition: 1}}\n  template:\n");
        assert_eq!(verdict(&world, &canary).outlook, ["adds mehdb-2, then mehdb-3; rolls mehdb-1"]);
        let by_hand =
            newer.replace("  template:\n", "  updateStrategy: {type: OnDelete, rollingUpdate: null}\n  template:\n");
        let said = verdict(&world, &by_hand).outlook;
        assert!(said.first().is_some_and(|text| text.ends_with("only to pods that you delete (OnDelete)")), "{said:?}");
        let forbidden = FIRST.replace("serviceName: \"mehdb\"", "serviceName: other");
        let refused = verdict(&world, &forbidden);
        assert_eq!(refused.outlook, [""; 0]);
        assert!(refused.problems.iter().any(|problem| problem.text.contains("Forbidden")), "{refused:?}");
    }

    #[test]
    fn a_warning_keeps_nobody_from_being_told_what_apply_will_do() {
        let mut world = world();
        let argv = ["create", "-f", FILE].into_iter().map(Text::copy).collect();
        let files = Rc::new([(Text::from(FILE), Text::from(FIRST))].into_iter().collect());
        world.submit(Intent::Run(Invocation { argv, files, ..Invocation::default() }));
        world.run_until(Time(120_000), |_| {});
        let said = verdict(&world, &FIRST.replace("replicas: 2", "replicas: 3"));
        assert!(said.problems.is_empty(), "{said:?}");
        assert!(said.warnings.iter().any(|text| text.contains("last-applied-configuration")), "{said:?}");
        assert_eq!(said.outlook, ["adds mehdb-2"]);
    }

    #[test]
    fn every_manifest_of_the_gallery_does_what_its_title_says() {
        for example in EXAMPLES {
            let verdict = verdict(&world(), example.text);
            assert!(verdict.problems.is_empty(), "{}: {:?}", example.title, verdict.problems);
            assert_eq!(verdict.outlook.len(), 1, "{}: {:?}", example.title, verdict.outlook);
            let mut world = world();
            apply(&mut world, example.text, 400);
            let sets: Vec<_> = world.store().list(Kind::StatefulSet, "").cloned().collect();
            assert_eq!(sets.len(), 1, "{}", example.title);
            let ready = sets
                .iter()
                .filter_map(|set| set.as_stateful_set())
                .all(|v| v.ready_replicas == v.replicas && v.replicas > 0);
            assert_eq!(ready, !example.title.contains("trap"), "{}", example.title);
            let again = said(&world, example.text);
            assert!(again.starts_with("changes no"), "{}: {again}", example.title);
        }
    }

    fn said(world: &World, text: &str) -> String {
        verdict(world, text).sentence()
    }

    #[test]
    fn the_gallery_has_what_people_run() {
        for wanted in
            ["lab", "nginx", "Parallel", "Canary", "ZooKeeper", "PostgreSQL", "Cassandra", "Redis", "Kafka", "trap"]
        {
            assert!(EXAMPLES.iter().any(|example| example.title.contains(wanted)), "{wanted}");
        }
    }

    #[test]
    fn a_parallel_set_still_rolls_one_pod_at_a_time_and_scales_at_once() {
        let mut world = world();
        let crowd = EXAMPLES.iter().find(|example| example.title.contains("Parallel")).unwrap().text;
        let three = crowd.replace("replicas: 6", "replicas: 3");
        apply(&mut world, &three, 60);
        let newer = three.replace("pause:3.10", "pause:3.11");
        assert_eq!(verdict(&world, &newer).outlook, ["rolls crowd-2, then crowd-1, then crowd-0"]);
        let one = three.replace("replicas: 3", "replicas: 1");
        assert_eq!(verdict(&world, &one).outlook, ["removes crowd-2, crowd-1 at once, and keeps their claims"]);
        assert_eq!(verdict(&world, crowd).outlook, ["adds crowd-3, crowd-4, crowd-5 at once"]);
    }

    #[test]
    fn numbers_begin_where_the_set_says_and_a_partition_keeps_the_lower_ones() {
        let mut world = world();
        let kafka = EXAMPLES.iter().find(|example| example.title.contains("Kafka")).unwrap().text;
        assert_eq!(verdict(&world, kafka).outlook, ["creates kafka-1, kafka-2, kafka-3 at once"]);
        apply(&mut world, kafka, 120);
        let newer = kafka.replace("kafka:4.0.0", "kafka:4.1.0");
        assert_eq!(verdict(&world, &newer).outlook, ["rolls kafka-3, then kafka-2, then kafka-1"]);
        let policy = |partition: i64| {
            let strategy = format!(
                "  updateStrategy:\n    rollingUpdate:\n      partition: {partition}\n  selector:\n    matchLabels:\n      app: kafka\n  template:"
            );
            newer.replace("  selector:\n    matchLabels:\n      app: kafka\n  template:", &strategy)
        };
        assert_eq!(verdict(&world, &policy(3)).outlook, ["rolls kafka-3"]);
        assert_eq!(verdict(&world, &policy(4)).outlook, ["rolls no pod: all ordinals lie below the partition"]);
    }

    #[test]
    fn what_touches_no_pod_is_said_so_and_what_is_forbidden_is_refused_at_its_line() {
        let mut world = world();
        apply(&mut world, FIRST, 120);
        let calmer = FIRST.replace("  replicas: 2", "  replicas: 2\n  minReadySeconds: 5");
        assert_eq!(verdict(&world, &calmer).outlook, ["changes no pod of mehdb"]);
        for (from, to, field) in [
            ("serviceName: \"mehdb\"", "serviceName: other", "serviceName"),
            ("storage: 1Gi", "storage: 2Gi", "volumeClaimTemplates"),
            ("  replicas: 2", "  replicas: 2\n  podManagementPolicy: Parallel", "podManagementPolicy"),
        ] {
            let text = FIRST.replace(from, to);
            assert_ne!(text, FIRST, "{from}");
            let refused = verdict(&world, &text);
            let said = refused.problems.first().unwrap_or_else(|| panic!("{field} is forbidden"));
            assert!(said.text.contains("Forbidden") || said.text.contains("forbidden"), "{field}: {}", said.text);
        }
    }

    #[test]
    fn the_diff_is_what_kubectl_diff_prints() {
        let mut world = world();
        apply(&mut world, FIRST, 120);
        let four = FIRST.replace("replicas: 2", "replicas: 4");
        let files = Rc::new([(Text::from(FILE), Text::copy(&four))].into_iter().collect());
        let seen = judge(&world, &files, FILE, "default", true).diff;
        assert!(seen.contains("\n-  replicas: 2\n+  replicas: 4\n"), "{seen}");
        assert!(!seen.contains("kind: Service"), "only what differs: {seen}");
        let files = Rc::new([(Text::from(FILE), Text::copy(FIRST))].into_iter().collect());
        assert_eq!(judge(&world, &files, FILE, "default", true).diff, "");
    }

    #[test]
    fn a_parallel_crowd_comes_at_once() {
        let crowd = EXAMPLES.iter().find(|example| example.title.contains("Parallel")).unwrap();
        assert_eq!(verdict(&world(), crowd.text).outlook, ["creates crowd-0 … crowd-5 at once"]);
    }
}
