//! What is done about one volume.

use super::{Hand, NAME, VolumeBinder, Work, did, partner};
use crate::api::{Key, Kind, Object, Shared};
use crate::apiserver::DeleteOptions;
use crate::controller::Decision;
use crate::controller::volume::{BOUND_BY_CONTROLLER, CLUSTER, PROVISIONED_BY};

impl VolumeBinder {
    pub(super) fn sync_volume(&mut self, volume: &Shared, work: &mut Work, context: Hand<'_, '_>) {
        let Some(view) = volume.as_volume() else {
            return;
        };
        // Without a uid the volume is only reserved for a claim of that name.
        if view.claim_name.is_empty() || view.claim_uid.is_empty() {
            let _ = self.write_volume_phase(volume, "Available", None, context);
            return;
        }
        let Some(claim) = self.claim_of(volume, context) else {
            self.release(volume, context);
            return;
        };
        let bound_to = claim.as_claim().map(|view| view.volume.clone()).unwrap_or_default();
        if bound_to.is_empty() {
            work.extend(partner(volume));
        } else if bound_to == volume.meta.name {
            let _ = self.write_volume_phase(volume, "Bound", None, context);
        } else if volume.annotation(PROVISIONED_BY).is_some() && view.reclaim_policy == *"Delete" {
            // It was made for this claim, and the claim has found another one meanwhile.
            self.release(volume, context);
        } else {
            self.unbind(volume, context);
        }
    }

    /// The very claim that a volume is bound to. The API server is asked before a claim is called gone: the watch of
    /// claims may lag behind that of volumes.
    fn claim_of(&mut self, volume: &Object, context: Hand<'_, '_>) -> Option<Shared> {
        let view = volume.as_volume()?;
        let (namespace, name) = (&view.claim_namespace, &view.claim_name);
        let known = self.books.get(Kind::PersistentVolumeClaim, namespace, name);
        if let Some(claim) = known.filter(|claim| claim.meta.uid == view.claim_uid) {
            return Some(claim.clone());
        }
        let live = context.client.get(Kind::PersistentVolumeClaim, namespace, name).ok()?;
        (live.meta.uid == view.claim_uid).then_some(live)
    }

    /// The claim is gone: the volume is Released, and its reclaim policy says what becomes of it.
    fn release(&mut self, volume: &Shared, context: Hand<'_, '_>) {
        let Some(view) = volume.as_volume() else {
            return;
        };
        let claim = format!("{}/{}", view.claim_namespace, view.claim_name);
        let mut volume = volume.clone();
        if view.phase != *"Released" && view.phase != *"Failed" {
            match self.write_volume_phase(&volume, "Released", None, context) {
                Ok(written) => volume = written,
                Err(_) => return,
            }
            let why = format!("its claim {claim} is gone; its reclaim policy is {}", view.reclaim_policy);
            context.decide(did(&volume, "wrote phase Released", why));
        }
        if view.reclaim_policy == *"Delete" {
            self.reclaim(&volume, context);
        } else {
            let on = Key::new(Kind::PersistentVolumeClaim, view.claim_namespace.clone(), view.claim_name.clone());
            let why = format!("it keeps the data of {claim}: with policy Retain only a person clears spec.claimRef");
            context.decide(Decision::waits(NAME, volume.key(), on, why));
        }
    }

    /// Deletes a volume that no external provisioner will delete.
    fn reclaim(&mut self, volume: &Shared, context: Hand<'_, '_>) {
        if volume.annotation(PROVISIONED_BY).is_some() || volume.is_terminating() {
            return;
        }
        let path = volume.tree.at(&["spec", "hostPath", "path"]).as_str();
        let problem = match path {
            Some(path) if path.starts_with("/tmp/") && path.len() > "/tmp/".len() => None,
            Some(path) => Some(format!("host_path deleter only supports /tmp/.+ but received provided {path}")),
            None => Some(format!(
                "error getting deleter volume plugin for volume \"{}\": no deletable volume plugin matched",
                volume.meta.name
            )),
        };
        match problem {
            None => {
                let _ =
                    context.client.delete(Kind::PersistentVolume, CLUSTER, &volume.meta.name, DeleteOptions::default());
            }
            Some(text) => {
                let written = self.write_volume_phase(volume, "Failed", Some(&text), context);
                let volume = written.unwrap_or_else(|_| volume.clone());
                self.event(&volume, true, "VolumeFailedDelete", &text, context);
            }
        }
    }

    /// The claim went to another volume: this one is free again, or reserved again when a user had reserved it.
    fn unbind(&mut self, volume: &Shared, context: Hand<'_, '_>) {
        let mut tree = volume.tree.clone();
        if volume.annotation(BOUND_BY_CONTROLLER).is_some() {
            tree.take(&["spec", "claimRef"]);
            tree.take(&["metadata", "annotations", BOUND_BY_CONTROLLER]);
            if tree.at(&["metadata", "annotations"]).pairs().next().is_none() {
                tree.take(&["metadata", "annotations"]);
            }
        } else {
            tree.take(&["spec", "claimRef", "uid"]);
        }
        if let Ok(written) = self.books.write(&mut context.client, volume, tree, false) {
            context.decide(did(volume, "unbound it", "its claim is bound to another volume"));
            let _ = self.write_volume_phase(&written, "Available", None, context);
        }
    }
}
