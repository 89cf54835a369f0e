//! Namespaces: what a new one is given, and how one that shall go is emptied (`reference/network.md` §7).

mod conditions;
mod content;
#[cfg(test)]
mod tests;

use crate::api::{Key, Kind, Object, Shared};
use crate::apiserver::{Change, Subresource, WatchEvent};
use crate::controller::{Cache, Context, Decision, Part};
use crate::map;
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::{Text, Value};

/// By this name it decides.
const NAME: &str = "namespace-controller";

/// The namespace of kinds that have none.
const CLUSTER: &Text = &Text::Static("");

/// What the namespace controller can be woken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamespaceAlarm {
    /// The next pass over the content of a namespace.
    Pass(Text),
}

/// Empties namespaces that shall go, and gives the others their service account and root certificate.
#[derive(Clone, Debug, Default)]
pub struct NamespaceController {
    cache: Cache,
    /// When the next pass over each namespace is; of two the earlier one counts.
    next: SortedMap<Text, Time>,
    /// How often in a row a pass failed.
    failures: SortedMap<Text, u32>,
}

type Hand<'a, 'b> = &'a mut Context<'b, NamespaceAlarm>;

/// How a pass over a namespace ended.
enum Outcome {
    /// Nothing is left and the namespace is let go.
    Finished,
    /// Something is left; by this estimate it needs so many seconds.
    Remaining(i64),
    /// Something could not be deleted.
    Failed,
}

impl NamespaceController {
    /// A controller that knows of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plans a pass; one planned earlier stays.
    fn plan(&mut self, namespace: &Text, pause: i64, context: Hand<'_, '_>) {
        let at = context.now.plus(pause);
        if self.next.get(namespace).is_some_and(|planned| *planned <= at) {
            return;
        }
        self.next.insert(namespace.clone(), at);
        context.after(pause, NamespaceAlarm::Pass(namespace.clone()));
    }

    fn pass(&mut self, name: &Text, context: Hand<'_, '_>) {
        let Ok(namespace) = context.client.get(Kind::Namespace, CLUSTER, name) else {
            self.failures.remove(name);
            return;
        };
        if !namespace.is_terminating() {
            return;
        }
        match Self::empty(&namespace, context) {
            Outcome::Finished => {
                self.failures.remove(name);
            }
            Outcome::Remaining(seconds) => {
                self.failures.remove(name);
                self.plan(name, (seconds / 2 + 1) * 1000, context);
            }
            Outcome::Failed => {
                let failures = self.failures.or_default(name.clone());
                let pause = 5_i64.checked_shl(*failures).unwrap_or(i64::MAX).min(60_000);
                *failures = (*failures + 1).min(32);
                self.plan(name, pause, context);
            }
        }
    }

    /// Deletes what is in a namespace: pods first, everything else only when no pod is left. Then lets it go.
    fn empty(namespace: &Shared, context: Hand<'_, '_>) -> Outcome {
        if namespace.tree.at(&["spec", "finalizers"]).items().is_empty() {
            return Outcome::Finished;
        }
        let name = &namespace.meta.name;
        let since = namespace.meta.deletion.unwrap_or(context.now);
        let mut left = content::Left::default();
        left.delete_all(Kind::Pod, name, since, context);
        let pods_first = !left.is_empty();
        if !pods_first {
            for kind in content::AFTER_PODS {
                left.delete_all(*kind, name, since, context);
            }
        }
        // While pods remain nothing has been counted yet, and the conditions say so.
        let told = if pods_first { left.errors_only() } else { left.clone() };
        let tree = conditions::written(namespace, &told, context.now);
        let mut latest = namespace.clone();
        if tree != namespace.tree
            && let Ok(written) = context.client.update_status(namespace, tree)
        {
            latest = written;
        }
        if !left.is_empty() {
            let why = left.in_plain_words();
            let subject = Key::new(Kind::Namespace, "", name.clone());
            context.decide(Decision::waits(NAME, subject, left.first(name), why));
        }
        if !left.errors.is_empty() {
            return Outcome::Failed;
        }
        if !left.is_empty() {
            return Outcome::Remaining(left.estimate);
        }
        let mut tree = latest.tree.clone();
        tree.set(&["spec", "finalizers"], Vec::new());
        let _ = context.client.update_part(&latest, tree, Subresource::Finalize);
        context.decide(Decision::did(NAME, latest.key(), "let the namespace go", "nothing is left in it"));
        Outcome::Finished
    }

    /// Every namespace has a service account `default` and the cluster's root certificate.
    fn furnish(&self, namespace: &Object, context: Hand<'_, '_>) {
        let name = &namespace.meta.name;
        if self.cache.get(Kind::ServiceAccount, name, "default").is_none() {
            let tree = map! {
                "apiVersion" => "v1",
                "kind" => "ServiceAccount",
                "metadata" => map! { "name" => "default", "namespace" => name },
            };
            if context.client.create(Kind::ServiceAccount, name, tree).is_ok() {
                let subject = Key::new(Kind::ServiceAccount, name.clone(), "default");
                let why = "every namespace has one, for pods that name no other";
                context.decide(Decision::did("serviceaccount-controller", subject, "created it", why));
            }
        }
        if self.cache.get(Kind::ConfigMap, name, ROOT_CERTIFICATE).is_none() {
            let tree = map! {
                "apiVersion" => "v1",
                "kind" => "ConfigMap",
                "metadata" => map! {
                    "name" => ROOT_CERTIFICATE,
                    "namespace" => name,
                    "annotations" => map! {
                        "kubernetes.io/description" => "Contains a CA bundle that can be used to verify the \
                         kube-apiserver when using internal endpoints such as the internal service IP or \
                         kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes \
                         clusters.",
                    },
                },
                "data" => map! { "ca.crt" => CERTIFICATE },
            };
            let _ = context.client.create(Kind::ConfigMap, name, tree);
        }
    }
}

/// A certificate that certifies nothing.
const CERTIFICATE: &str =
    "-----BEGIN CERTIFICATE-----\nVGhpcyBjbHVzdGVyIGlzIHNpbXVsYXRlZC4=\n-----END CERTIFICATE-----\n";

/// The ConfigMap that holds the cluster's root certificate.
const ROOT_CERTIFICATE: &str = "kube-root-ca.crt";

impl Part for NamespaceController {
    type Alarm = NamespaceAlarm;

    const WATCHES: &'static [Kind] = &[Kind::Namespace, Kind::ServiceAccount, Kind::ConfigMap];

    fn observe(&mut self, event: &WatchEvent, context: Hand<'_, '_>) {
        self.cache.apply(event);
        let object = &event.object;
        if object.kind != Kind::Namespace {
            if event.change == Change::Deleted {
                let home = self.cache.get(Kind::Namespace, CLUSTER, &object.meta.namespace).cloned();
                if let Some(namespace) = home.filter(|namespace| !namespace.is_terminating()) {
                    self.furnish(&namespace, context);
                }
            }
            return;
        }
        if event.change == Change::Deleted {
            self.next.remove(&object.meta.name);
        } else if object.is_terminating() {
            self.plan(&object.meta.name, context.profile.namespace_pass_ms, context);
        } else {
            self.furnish(object, context);
        }
    }

    fn wake(&mut self, alarm: NamespaceAlarm, context: Hand<'_, '_>) {
        let NamespaceAlarm::Pass(name) = alarm;
        if self.next.get(&name).is_some_and(|at| *at <= context.now) {
            self.next.remove(&name);
            self.pass(&name, context);
        }
    }
}

/// Puts a value into a list by its key `type`, keeping the place of one that is there.
fn set_condition(conditions: &mut Vec<Value>, condition: Value) {
    let kind = condition.at(&["type"]).text();
    match conditions.iter_mut().find(|held| held.at(&["type"]).text() == kind) {
        Some(held) => *held = condition,
        None => conditions.push(condition),
    }
}
