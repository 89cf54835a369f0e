//! Enlarging volumes (`reference/storage.md` §8): the expand controller, which only tells, and the external resizer.

use std::cmp::Ordering;

use super::{CLUSTER, PROVISIONED_BY, size};
use crate::api::{Key, Kind, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::controller::recorder::{Note, Recorder};
use crate::controller::{Cache, Context, Decision, Part};
use crate::sorted::SortedSet;
use crate::value::Text;

/// By this name it decides.
const NAME: &str = "external-resizer";

/// What the resizer can be woken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResizerAlarm {
    /// The storage of this claim is as large as was asked for.
    Grown(Key),
}

/// Enlarges the volume of a claim that asks for more than it has.
#[derive(Clone, Debug)]
pub struct Resizer {
    cache: Cache,
    told_by: Recorder,
    done_by: Option<Recorder>,
    /// Claims (uid) that it is at work on.
    busy: SortedSet<Text>,
}

impl Default for Resizer {
    fn default() -> Self {
        Self {
            cache: Cache::default(),
            told_by: Recorder::new("volume_expand", ""),
            done_by: None,
            busy: SortedSet::new(),
        }
    }
}

type Hand<'a, 'b> = &'a mut Context<'b, ResizerAlarm>;

impl Resizer {
    /// A resizer that knows of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The volume of a bound claim that asks for more than it has.
    fn volume_to_grow(&self, claim: &Shared) -> Option<Shared> {
        let view = claim.as_claim().filter(|view| view.is_bound() && !view.volume.is_empty())?;
        let (wanted, held) = (
            claim.tree.at(&["spec", "resources", "requests", "storage"]),
            claim.tree.at(&["status", "capacity", "storage"]),
        );
        let more = size::compare(wanted, held) == Ordering::Greater;
        let volume = self.cache.get(Kind::PersistentVolume, CLUSTER, &view.volume);
        volume.filter(|_| more).cloned()
    }

    fn look_at(&mut self, claim: &Shared, context: Hand<'_, '_>) {
        if claim.is_terminating() || self.busy.contains(&claim.meta.uid) {
            return;
        }
        let Some(volume) = self.volume_to_grow(claim) else {
            return;
        };
        let driver = volume.annotation(PROVISIONED_BY).unwrap_or_default();
        let served = context.profile.storage_classes.iter().any(|class| class.provisioner == driver);
        if served {
            self.busy.insert(claim.meta.uid.clone());
            let text = format!("External resizer is resizing volume {}", volume.meta.name);
            let recorder = self.done_by.get_or_insert_with(|| Recorder::new(format!("external-resizer {driver}"), ""));
            let note = Note { object: claim, field_path: "", warning: false, reason: "Resizing", message: &text };
            recorder.record(&mut context.client, context.seed, &note);
            context.after(context.profile.storage.resize_ms, ResizerAlarm::Grown(claim.key()));
        }
        let text = "waiting for an external controller to expand this PVC";
        let note = Note { object: claim, field_path: "", warning: false, reason: "ExternalExpanding", message: text };
        self.told_by.record(&mut context.client, context.seed, &note);
        let why = "the claim asks for more storage than it has";
        context.decide(Decision::did(NAME, claim.key(), format!("began to enlarge {}", volume.meta.name), why));
    }

    /// The storage has grown: the volume says so, then the claim.
    fn finish(&mut self, key: &Key, context: Hand<'_, '_>) {
        let Some(claim) = self.cache.get(key.kind, &key.namespace, &key.name).cloned() else {
            return;
        };
        self.busy.remove(&claim.meta.uid);
        let Some(volume) = self.volume_to_grow(&claim) else {
            return;
        };
        let wanted = claim.tree.at(&["spec", "resources", "requests", "storage"]).clone();
        let mut tree = volume.tree.clone();
        tree.set(&["spec", "capacity", "storage"], wanted.clone());
        let grown = context.client.update(&volume, tree).is_ok();
        let mut tree = claim.tree.clone();
        tree.set(&["status", "capacity", "storage"], wanted);
        if !grown || context.client.update_status(&claim, tree).is_err() {
            // Either object changed meanwhile; the attempt is made again when that has been seen.
            self.busy.insert(claim.meta.uid.clone());
            context.after(context.profile.storage.resize_ms.max(10), ResizerAlarm::Grown(key.clone()));
            return;
        }
        if let Some(recorder) = &mut self.done_by {
            let note = Note {
                object: &claim,
                field_path: "",
                warning: false,
                reason: "VolumeResizeSuccessful",
                message: "Resize volume succeeded",
            };
            recorder.record(&mut context.client, context.seed, &note);
        }
        let why = format!("the storage of {} has grown", volume.meta.name);
        context.decide(Decision::did(NAME, claim.key(), "wrote the new capacity", why));
    }
}

impl Part for Resizer {
    const MANAGER: &'static str = "csi-resizer";
    type Alarm = ResizerAlarm;

    const WATCHES: &'static [Kind] = &[Kind::PersistentVolumeClaim, Kind::PersistentVolume];

    fn observe(&mut self, event: &WatchEvent, context: Hand<'_, '_>) {
        self.cache.apply(event);
        if event.object.kind == Kind::PersistentVolumeClaim && event.change == Change::Modified {
            self.look_at(&event.object, context);
        }
    }

    fn wake(&mut self, alarm: ResizerAlarm, context: Hand<'_, '_>) {
        let ResizerAlarm::Grown(key) = alarm;
        self.finish(&key, context);
    }
}
