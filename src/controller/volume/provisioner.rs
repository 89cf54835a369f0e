//! The external provisioner: makes a volume for a claim that asks for one, and removes it when it is released
//! (`reference/storage.md` §3, §5).

use super::{
    CLUSTER, PROVISIONED_BY, PROVISIONER_FINALIZER, SELECTED_NODE, STORAGE_PROVISIONER, class_of, has_finalizer,
    without_finalizer,
};
use crate::api::{Key, Kind, Object, Shared};
use crate::apiserver::{Change, DeleteOptions, WatchEvent};
use crate::controller::recorder::{Note, Recorder, reference};
use crate::controller::{Cache, Context, Decision, Part};
use crate::map;
use crate::profile::Profile;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Time;
use crate::value::{Text, Value};

/// By this name it decides.
const NAME: &str = "external-provisioner";

/// Two volumes are there at least so long one after the other, ms.
const BETWEEN_MS: i64 = 25;

/// What the provisioner can be woken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProvisionerAlarm {
    /// The storage for this claim (key and uid) is made.
    Made(Key, Text),
    /// The storage of this volume is removed.
    Removed(Key),
    /// A write was refused: the volume is looked at again.
    Again(Key),
}

/// Stands for the provisioners of all StorageClasses that the world begins with.
#[derive(Clone, Debug, Default)]
pub struct Provisioner {
    cache: Cache,
    recorders: SortedMap<Text, Recorder>,
    /// Claims (uid) and volumes (name) that it is at work on.
    busy: SortedSet<Text>,
    /// When the last volume so far is there: one is made after the other.
    last: Time,
    down: bool,
}

type Hand<'a, 'b> = &'a mut Context<'b, ProvisionerAlarm>;

impl Provisioner {
    /// A provisioner that knows of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A fault: while down, it neither makes nor removes anything. Coming up again it looks at everything.
    pub fn set_down(&mut self, down: bool, context: Hand<'_, '_>) {
        self.down = down;
        if down {
            self.busy.clear();
            return;
        }
        let claims = self.cache.list_all(Kind::PersistentVolumeClaim);
        let volumes = self.cache.list_all(Kind::PersistentVolume);
        let all: Vec<Shared> = claims.chain(volumes).cloned().collect();
        for object in &all {
            self.look_at(object, context);
        }
    }

    /// Whether it is down.
    pub fn is_down(&self) -> bool {
        self.down
    }

    fn look_at(&mut self, object: &Shared, context: Hand<'_, '_>) {
        if self.down {
            return;
        }
        match object.kind {
            Kind::PersistentVolumeClaim => self.look_at_claim(object, context),
            _ => self.look_at_volume(object, context),
        }
    }

    /// Begins to make a volume when a claim asks for one, once it has a node where its class waits for that.
    fn look_at_claim(&mut self, claim: &Shared, context: Hand<'_, '_>) {
        let asked = claim.annotation(STORAGE_PROVISIONER).unwrap_or_default();
        let done = claim.as_claim().is_none_or(|view| !view.volume.is_empty());
        if done || claim.is_terminating() || !serves(context.profile, asked) || self.busy.contains(&claim.meta.uid) {
            return;
        }
        let Some(class) = self.cache.get(Kind::StorageClass, CLUSTER, &class_of(claim)) else {
            return;
        };
        let delayed = class.tree.at(&["volumeBindingMode"]).as_str() == Some("WaitForFirstConsumer");
        if delayed && claim.annotation(SELECTED_NODE).is_none() {
            return;
        }
        let duration = provision_ms(context.profile, &class.meta.name);
        let asked = Text::copy(asked);
        self.busy.insert(claim.meta.uid.clone());
        let meta = &claim.meta;
        let text =
            format!("External provisioner is provisioning volume for claim \"{}/{}\"", meta.namespace, meta.name);
        self.event(&asked, claim, "Provisioning", &text, context);
        let why = format!("the claim asks {asked} for a volume");
        context.decide(Decision::did(NAME, claim.key(), "began to make its volume", why));
        let done = context.now.plus(duration);
        let behind = done.since(self.last);
        let done = if (-duration..BETWEEN_MS).contains(&behind) { self.last.plus(BETWEEN_MS) } else { done };
        self.last = self.last.max(done);
        context.after(done.since(context.now), ProvisionerAlarm::Made(claim.key(), meta.uid.clone()));
    }

    /// The storage is there: the volume object that stands for it is made, bound to its claim from the start.
    fn finish(&mut self, key: &Key, uid: &Text, context: Hand<'_, '_>) {
        if !self.busy.remove(uid) || self.down {
            return;
        }
        let found = self.cache.get(key.kind, &key.namespace, &key.name);
        let Some(claim) = found.filter(|claim| claim.meta.uid == *uid).cloned() else {
            return;
        };
        let Some(class) = self.cache.get(Kind::StorageClass, CLUSTER, &class_of(&claim)).cloned() else {
            return;
        };
        let name = format!("pvc-{uid}");
        let provisioner = class.tree.at(&["provisioner"]).text();
        let tree = volume_for(&claim, &class, &name, context.profile);
        if context.client.create(Kind::PersistentVolume, CLUSTER, tree).is_err() {
            return;
        }
        let text = format!("Successfully provisioned volume {name}");
        self.event(&provisioner, &claim, "ProvisioningSucceeded", &text, context);
        let why = format!("the storage for claim {}/{} is made", key.namespace, key.name);
        let subject = Key::new(Kind::PersistentVolume, "", name);
        context.decide(Decision::did(NAME, subject, "created the volume", why));
    }

    /// Removes what is released and shall not be kept; lets go of a volume that somebody deletes.
    fn look_at_volume(&mut self, volume: &Shared, context: Hand<'_, '_>) {
        let Some(view) = volume.as_volume() else {
            return;
        };
        let made_by = volume.annotation(PROVISIONED_BY).unwrap_or_default();
        if !serves(context.profile, made_by) || view.phase == *"Bound" {
            return;
        }
        if volume.is_terminating() {
            if has_finalizer(volume, PROVISIONER_FINALIZER) {
                let tree = without_finalizer(volume, PROVISIONER_FINALIZER);
                let again = ProvisionerAlarm::Again(volume.key());
                match context.client.update(volume, tree) {
                    Err(refused) if !refused.is_not_found() => context.after(5, again),
                    _ => {}
                }
            }
            return;
        }
        let released = matches!(view.phase.as_str(), "Released" | "Failed");
        if released && view.reclaim_policy == *"Delete" && self.busy.insert(volume.meta.name.clone()) {
            let why = "its claim is gone and its reclaim policy is Delete";
            context.decide(Decision::did(NAME, volume.key(), "began to remove its storage", why));
            context.after(context.profile.storage.delete_ms, ProvisionerAlarm::Removed(volume.key()));
        }
    }

    fn remove(&mut self, key: &Key, context: Hand<'_, '_>) {
        if !self.busy.remove(&key.name) || self.down {
            return;
        }
        let found = self.cache.get(key.kind, &key.namespace, &key.name);
        let still = found.and_then(|volume| volume.as_volume()).is_some_and(|view| {
            view.reclaim_policy == *"Delete" && matches!(view.phase.as_str(), "Released" | "Failed")
        });
        if still {
            let _ = context.client.delete(key.kind, &key.namespace, &key.name, DeleteOptions::default());
        }
    }

    fn event(&mut self, provisioner: &Text, claim: &Object, reason: &'static str, text: &str, context: Hand<'_, '_>) {
        let identity = &context.profile.storage.provisioner_identity;
        let recorder = self
            .recorders
            .or_insert_with(provisioner.clone(), || Recorder::new(format!("{provisioner}_{identity}"), ""));
        let note = Note { object: claim, field_path: "", warning: false, reason, message: text };
        recorder.record(&mut context.client, context.seed, &note);
    }
}

/// Whether one of the world's own classes has this provisioner. A class that a user adds can name one that does not
/// run; its claims wait.
fn serves(profile: &Profile, provisioner: &str) -> bool {
    profile.storage_classes.iter().any(|class| class.provisioner == provisioner)
}

fn provision_ms(profile: &Profile, class: &str) -> i64 {
    let class = profile.storage_classes.iter().find(|spec| spec.name == class);
    class.and_then(|spec| spec.provision_ms).unwrap_or(profile.storage.provision_ms)
}

/// The volume object for a claim.
fn volume_for(claim: &Object, class: &Object, name: &str, profile: &Profile) -> Value {
    let of_claim = |key: &str| claim.tree.at(&["spec", key]).clone();
    let policy = match class.tree.at(&["reclaimPolicy"]) {
        Value::Text(policy) => policy.clone(),
        _ => "Delete".into(),
    };
    let mut tree = map! {
        "apiVersion" => "v1",
        "kind" => "PersistentVolume",
        "metadata" => map! {
            "name" => Text::copy(name),
            "annotations" => map! { PROVISIONED_BY => class.tree.at(&["provisioner"]).clone() },
            "finalizers" => Value::texts([PROVISIONER_FINALIZER]),
        },
        "spec" => map! {
            "capacity" => claim.tree.at(&["spec", "resources", "requests"]).clone(),
            "accessModes" => of_claim("accessModes"),
            "claimRef" => reference(claim, ""),
            "persistentVolumeReclaimPolicy" => policy,
            "storageClassName" => &class.meta.name,
            "volumeMode" => of_claim("volumeMode"),
        },
    };
    let storage = &profile.storage;
    if storage.forced_detach_ms > 0 {
        let source = map! {
            "driver" => class.tree.at(&["provisioner"]).clone(),
            "fsType" => "ext4",
            "volumeAttributes" => map! { "storage.kubernetes.io/csiProvisionerIdentity" => storage.provisioner_identity.clone() },
            "volumeHandle" => Text::copy(name),
        };
        tree.set(&["spec", "csi"], source);
    } else {
        let path = format!("{}/{name}", storage.volume_directory);
        tree.set(&["spec", "hostPath"], map! { "path" => path, "type" => "" });
    }
    // A class that is confined to a topology makes volumes that can be reached only there.
    let terms = class.tree.at(&["allowedTopologies"]).items().iter().map(|term| {
        let wanted = term.at(&["matchLabelExpressions"]).items().iter().map(|expression| {
            map! {
                "key" => expression.at(&["key"]).clone(),
                "operator" => "In",
                "values" => expression.at(&["values"]).clone(),
            }
        });
        map! { "matchExpressions" => Value::list_of(wanted.collect()) }
    });
    let terms: Vec<Value> = terms.collect();
    if !terms.is_empty() {
        tree.set(&["spec", "nodeAffinity", "required", "nodeSelectorTerms"], terms);
    }
    let mount_options = class.tree.at(&["mountOptions"]);
    if !mount_options.items().is_empty() {
        tree.set(&["spec", "mountOptions"], mount_options.clone());
    }
    tree
}

impl Part for Provisioner {
    const MANAGER: &'static str = "csi-provisioner";
    type Alarm = ProvisionerAlarm;

    const WATCHES: &'static [Kind] = &[Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::StorageClass];

    fn observe(&mut self, event: &WatchEvent, context: Hand<'_, '_>) {
        self.cache.apply(event);
        if event.change != Change::Deleted && event.object.kind != Kind::StorageClass {
            self.look_at(&event.object, context);
        }
    }

    fn wake(&mut self, alarm: ProvisionerAlarm, context: Hand<'_, '_>) {
        match alarm {
            ProvisionerAlarm::Made(key, uid) => self.finish(&key, &uid, context),
            ProvisionerAlarm::Removed(key) => self.remove(&key, context),
            ProvisionerAlarm::Again(key) => {
                let found = self.cache.get(key.kind, &key.namespace, &key.name).cloned();
                if let Some(volume) = found {
                    self.look_at(&volume, context);
                }
            }
        }
    }
}
