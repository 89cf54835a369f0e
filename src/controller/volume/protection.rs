//! The finalizers that keep used claims and bound volumes (`reference/storage.md` §5).

use super::{CLAIM_PROTECTION, VOLUME_PROTECTION, has_finalizer, without_finalizer};
use crate::api::{Key, Kind, Object, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::controller::{Cache, Context, Decision, Part};
use crate::sorted::SortedSet;
use crate::time::Time;
use crate::value::{Text, Value};

/// By this name it decides about claims.
const CLAIMS: &str = "pvc-protection-controller";
/// By this name it decides about volumes.
const VOLUMES: &str = "pv-protection-controller";
/// Before a claim is let go the API server is asked for all pods. An answer that is sure to be up to date is given
/// once per this time, ms: of several claims the first goes at once and the others together, later.
const LIVE_LIST_MS: i64 = 100;

/// What the protection can be woken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProtectionAlarm {
    /// A write was refused: the object is looked at again.
    Again(Key),
    /// The API server can be asked for all pods again.
    Ask,
}

/// Puts the protecting finalizers on, and takes them off an object that shall go and that nothing uses any more.
#[derive(Clone, Debug, Default)]
pub struct Protection {
    cache: Cache,
    /// When the API server was asked last.
    asked: Option<Time>,
    /// Claims that no known pod uses, and for which it is to be asked next.
    to_ask: SortedSet<Key>,
}

type Hand<'a, 'b> = &'a mut Context<'b, ProtectionAlarm>;

impl Protection {
    /// A protection that knows of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn look_at(&mut self, key: &Key, context: Hand<'_, '_>) {
        let Some(object) = self.cache.get(key.kind, &key.namespace, &key.name).cloned() else {
            return;
        };
        let is_claim = object.kind == Kind::PersistentVolumeClaim;
        let finalizer = if is_claim { CLAIM_PROTECTION } else { VOLUME_PROTECTION };
        match (object.is_terminating(), has_finalizer(&object, finalizer)) {
            (false, false) => Self::write(&object, with_finalizer(&object, finalizer), context),
            (true, true) if is_claim => {
                let pods = self.cache.list(Kind::Pod, &key.namespace);
                if !is_used(&object, pods, context) {
                    self.ask_about(key, context);
                }
            }
            (true, true) if !is_bound(&object, context) => Self::let_go(&object, finalizer, context),
            _ => {}
        }
    }

    /// The cache may not have heard of a new pod yet: the API server is asked, now or as soon as it may be.
    fn ask_about(&mut self, key: &Key, context: Hand<'_, '_>) {
        let ready = self.asked.map(|last| last.plus(LIVE_LIST_MS)).filter(|ready| *ready > context.now);
        let first = self.to_ask.is_empty();
        self.to_ask.insert(key.clone());
        match ready {
            None => self.ask(context),
            Some(ready) if first => context.after(ready.since(context.now), ProtectionAlarm::Ask),
            Some(_) => {}
        }
    }

    fn ask(&mut self, context: Hand<'_, '_>) {
        self.asked = Some(context.now);
        for key in std::mem::take(&mut self.to_ask) {
            let found = self.cache.get(key.kind, &key.namespace, &key.name).cloned();
            let Some(claim) = found.filter(|claim| claim.is_terminating() && has_finalizer(claim, CLAIM_PROTECTION))
            else {
                continue;
            };
            let pods = context.client.list(Kind::Pod, &key.namespace);
            if !is_used(&claim, pods.iter(), context) {
                Self::let_go(&claim, CLAIM_PROTECTION, context);
            }
        }
    }

    fn let_go(object: &Shared, finalizer: &'static str, context: Hand<'_, '_>) {
        let (by, why) = match object.kind {
            Kind::PersistentVolumeClaim => (CLAIMS, "no pod on a node uses it"),
            _ => (VOLUMES, "no claim is bound to it"),
        };
        let did = format!("took finalizer {finalizer} off");
        context.decide(Decision::did(by, object.key(), did, why));
        Self::write(object, without_finalizer(object, finalizer), context);
    }

    fn write(object: &Shared, tree: Value, context: Hand<'_, '_>) {
        match context.client.update(object, tree) {
            Err(refused) if !refused.is_not_found() => context.after(5, ProtectionAlarm::Again(object.key())),
            _ => {}
        }
    }
}

/// Whether a claim is bound to a volume that shall go; says so.
fn is_bound(object: &Object, context: Hand<'_, '_>) -> bool {
    let Some(volume) = object.as_volume().filter(|volume| volume.phase == *"Bound") else {
        return false;
    };
    let (namespace, name) = (volume.claim_namespace.clone(), volume.claim_name.clone());
    let why = format!("claim {namespace}/{name} is bound to it");
    let on = Key::new(Kind::PersistentVolumeClaim, namespace, name);
    context.decide(Decision::waits(VOLUMES, object.key(), on, why));
    true
}

/// Whether one of these pods uses a claim that shall go; says which.
fn is_used<'a>(claim: &Object, mut pods: impl Iterator<Item = &'a Shared>, context: Hand<'_, '_>) -> bool {
    let user = pods.find(|pod| uses(pod, claim));
    if let Some(pod) = user {
        let why = format!("pod {} still uses it", pod.meta.name);
        context.decide(Decision::waits(CLAIMS, claim.key(), pod.key(), why));
    }
    user.is_some()
}

/// Whether a pod counts as a user of a claim: it has been given a node, whatever became of it since.
fn uses(pod: &Shared, claim: &Object) -> bool {
    pod.as_pod().is_some_and(|view| !view.node.is_empty() && view.claims.contains(&claim.meta.name))
}

fn with_finalizer(object: &Object, finalizer: &'static str) -> Value {
    let mut tree = object.tree.clone();
    tree.at_mut(&["metadata", "finalizers"]).items_mut().push(Value::Text(Text::from(finalizer)));
    tree
}

impl Part for Protection {
    type Alarm = ProtectionAlarm;

    const WATCHES: &'static [Kind] = &[Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::Pod];

    fn observe(&mut self, event: &WatchEvent, context: Hand<'_, '_>) {
        self.cache.apply(event);
        let object = &event.object;
        if object.kind != Kind::Pod {
            self.look_at(&object.key(), context);
            return;
        }
        // Only a pod that is gone sets a claim free; one that has finished still counts.
        if event.change != Change::Deleted {
            return;
        }
        let claims = object.as_pod().map(|pod| pod.claims.clone()).unwrap_or_default();
        for name in claims {
            let key = Key::new(Kind::PersistentVolumeClaim, object.meta.namespace.clone(), name);
            self.look_at(&key, context);
        }
    }

    fn wake(&mut self, alarm: ProtectionAlarm, context: Hand<'_, '_>) {
        match alarm {
            ProtectionAlarm::Again(key) => self.look_at(&key, context),
            ProtectionAlarm::Ask => self.ask(context),
        }
    }
}
