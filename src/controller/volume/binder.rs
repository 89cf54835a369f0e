//! The controller that binds claims to volumes (persistentvolume-controller, `reference/storage.md` §1–§5).

mod claims;
mod volumes;
mod writes;

use std::collections::VecDeque;

use super::BIND_COMPLETED;
use super::bookkeeping::Books;
use crate::api::{Key, Kind, Object};
use crate::apiserver::{Change, WatchEvent};
use crate::controller::recorder::{Note, Recorder};
use crate::controller::{Cache, Context, Decision, Part};
use crate::value::Text;

/// By this name it decides and records events.
const NAME: &str = "persistentvolume-controller";

/// When its clock strikes first: it has been running since some time before the scenario began, ms.
const RESYNC_PHASE_MS: i64 = 9_790;

/// What the binder can be woken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinderAlarm {
    /// Its clock has struck: every waiting claim is looked at again.
    Resync,
}

/// Binds claims to volumes, asks provisioners for volumes that are missing, releases volumes whose claim is gone.
#[derive(Clone, Debug)]
pub struct VolumeBinder {
    books: Books,
    /// Classes and pods: read, never waited for.
    others: Cache,
    recorder: Recorder,
    /// Whether the clock is wound: only while something waits.
    clock_runs: bool,
}

/// An object that has to be looked at.
type Work = VecDeque<Key>;

impl Default for VolumeBinder {
    fn default() -> Self {
        Self { books: Books::default(), others: Cache::default(), recorder: Recorder::new(NAME, ""), clock_runs: false }
    }
}

type Hand<'a, 'b> = &'a mut Context<'b, BinderAlarm>;

impl VolumeBinder {
    /// A binder that knows of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn run(&mut self, mut work: Work, context: Hand<'_, '_>) {
        let mut anything_waits = false;
        while let Some(key) = work.pop_front() {
            let Some(object) = self.books.get(key.kind, &key.namespace, &key.name).cloned() else {
                continue;
            };
            match key.kind {
                Kind::PersistentVolumeClaim => self.sync_claim(&object, context),
                _ => self.sync_volume(&object, &mut work, context),
            }
            let after = self.books.get(key.kind, &key.namespace, &key.name);
            anything_waits |= after.is_some_and(|object| waits(object));
        }
        if anything_waits {
            self.wind_clock(context);
        }
    }

    /// Sets the alarm for the next resync, unless it is set already.
    fn wind_clock(&mut self, context: Hand<'_, '_>) {
        if self.clock_runs {
            return;
        }
        let period = context.profile.storage.resync_ms.max(1);
        let pause = period - (context.now.0 - RESYNC_PHASE_MS).rem_euclid(period);
        self.clock_runs = true;
        context.after(pause, BinderAlarm::Resync);
    }

    fn event(&mut self, object: &Object, warning: bool, reason: &'static str, message: &str, context: Hand<'_, '_>) {
        let note = Note { object, field_path: "", warning, reason, message };
        self.recorder.record(&mut context.client, context.seed, &note);
    }
}

/// Whether only a resync may help: a claim without a volume, a volume that could not be deleted.
fn waits(object: &Object) -> bool {
    if let Some(volume) = object.as_volume() {
        return volume.phase == *"Failed";
    }
    let lost = object.as_claim().is_some_and(|view| view.phase == *"Lost");
    lost || object.annotation(BIND_COMPLETED).is_none()
}

fn did(object: &Object, did: impl Into<Text>, because: impl Into<Text>) -> Decision {
    Decision::did(NAME, object.key(), did, because)
}

impl Part for VolumeBinder {
    type Alarm = BinderAlarm;

    const WATCHES: &'static [Kind] =
        &[Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::StorageClass, Kind::Pod];

    fn observe(&mut self, event: &WatchEvent, context: Hand<'_, '_>) {
        let object = &event.object;
        if !matches!(object.kind, Kind::PersistentVolumeClaim | Kind::PersistentVolume) {
            self.others.apply(event);
            return;
        }
        if !self.books.observe(event) {
            return;
        }
        let mut work = Work::new();
        if event.change == Change::Deleted {
            work.extend(partner(object));
        } else {
            work.push_back(object.key());
        }
        self.run(work, context);
    }

    fn wake(&mut self, alarm: BinderAlarm, context: Hand<'_, '_>) {
        let BinderAlarm::Resync = alarm;
        self.clock_runs = false;
        let volumes = self.books.list_all(Kind::PersistentVolume);
        let claims = self.books.list_all(Kind::PersistentVolumeClaim);
        let waiting = volumes.chain(claims).filter(|object| waits(object));
        let work: Work = waiting.map(|object| object.key()).collect();
        self.run(work, context);
    }
}

/// The volume of a claim, the claim of a volume.
fn partner(object: &Object) -> Option<Key> {
    if let Some(claim) = object.as_claim() {
        let named = !claim.volume.is_empty();
        return named.then(|| Key::new(Kind::PersistentVolume, "", claim.volume.clone()));
    }
    let volume = object.as_volume()?;
    let named = !volume.claim_name.is_empty();
    named.then(|| {
        let (namespace, name) = (volume.claim_namespace.clone(), volume.claim_name.clone());
        Key::new(Kind::PersistentVolumeClaim, namespace, name)
    })
}
