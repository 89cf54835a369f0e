//! The finalizers that keep used claims and bound volumes (`reference/storage.md` §5).

use super::{CLAIM_PROTECTION, VOLUME_PROTECTION, has_finalizer, without_finalizer};
use crate::api::{Key, Kind, Object, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::controller::{Cache, Context, Decision, Part};
use crate::value::{Text, Value};

/// By this name it decides about claims.
const CLAIMS: &str = "pvc-protection-controller";
/// By this name it decides about volumes.
const VOLUMES: &str = "pv-protection-controller";

/// What the protection can be woken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProtectionAlarm {
    /// A write was refused: the object is looked at again.
    Again(Key),
}

/// Puts the protecting finalizers on, and takes them off an object that shall go and that nothing uses any more.
#[derive(Clone, Debug, Default)]
pub struct Protection {
    cache: Cache,
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
        let finalizer = match object.kind {
            Kind::PersistentVolumeClaim => CLAIM_PROTECTION,
            _ => VOLUME_PROTECTION,
        };
        let held = has_finalizer(&object, finalizer);
        let tree = match (object.is_terminating(), held) {
            (false, false) => with_finalizer(&object, finalizer),
            (true, true) if self.may_go(&object, context) => without_finalizer(&object, finalizer),
            _ => return,
        };
        match context.client.update(&object, tree) {
            Ok(_) if held => {
                let (by, why) = match object.kind {
                    Kind::PersistentVolumeClaim => (CLAIMS, "no pod on a node uses it"),
                    _ => (VOLUMES, "no claim is bound to it"),
                };
                let did = format!("took finalizer {finalizer} off");
                context.decide(Decision::did(by, key.clone(), did, why));
            }
            Err(refused) if !refused.is_not_found() => context.after(5, ProtectionAlarm::Again(key.clone())),
            _ => {}
        }
    }

    /// Whether nothing uses an object that shall go; says what does.
    fn may_go(&self, object: &Object, context: Hand<'_, '_>) -> bool {
        if let Some(volume) = object.as_volume() {
            let bound = volume.phase == *"Bound";
            if bound {
                let (namespace, name) = (volume.claim_namespace.clone(), volume.claim_name.clone());
                let why = format!("claim {namespace}/{name} is bound to it");
                let on = Key::new(Kind::PersistentVolumeClaim, namespace, name);
                context.decide(Decision::waits(VOLUMES, object.key(), on, why));
            }
            return !bound;
        }
        let namespace = &object.meta.namespace;
        let mut user = self.cache.list(Kind::Pod, namespace).find(|pod| uses(pod, object)).cloned();
        if user.is_none() {
            // The cache may not have heard of a new pod yet.
            user = context.client.list(Kind::Pod, namespace).into_iter().find(|pod| uses(pod, object));
        }
        if let Some(pod) = &user {
            let why = format!("pod {} still uses it", pod.meta.name);
            context.decide(Decision::waits(CLAIMS, object.key(), pod.key(), why));
        }
        user.is_none()
    }
}

/// Whether a pod counts as a user of a claim: it has been given a node, whatever became of it since.
fn uses(pod: &Shared, claim: &Object) -> bool {
    pod.as_pod()
        .is_some_and(|view| !view.node.is_empty() && view.claims.contains(&claim.meta.name))
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
        let ProtectionAlarm::Again(key) = alarm;
        self.look_at(&key, context);
    }
}
