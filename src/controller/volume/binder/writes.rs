//! What the binder writes: bindings in their order, phases, and requests to provisioners.

use super::{Hand, NAME, VolumeBinder, did};
use crate::api::{Key, Kind, Object, Shared, Status};
use crate::controller::Decision;
use crate::controller::recorder::reference;
use crate::controller::volume::{
    BIND_COMPLETED, BOUND_BY_CONTROLLER, STORAGE_PROVISIONER, STORAGE_PROVISIONER_BETA, matching,
};
use crate::value::Text;

impl VolumeBinder {
    /// Binds a claim and a volume to each other: the volume's claimRef, its phase, the claim's volumeName, its status.
    /// What is right already is not written; what fails is done at the next look.
    pub(super) fn bind(&mut self, claim: &Shared, volume: &Shared, context: Hand<'_, '_>) -> Result<(), Status> {
        let was_bound = claim.as_claim().is_some_and(crate::api::view::ClaimView::is_bound);
        let volume = self.claim_volume(claim, volume, context)?;
        let volume = self.write_volume_phase(&volume, "Bound", None, context)?;
        let named = self.name_volume(claim, &volume, context)?;
        self.write_claim_status(&named, "Bound", Some(&volume), context)?;
        if !was_bound {
            let why = format!("volume {} suits it and is free or made for it", volume.meta.name);
            context.decide(did(claim, format!("bound it to {}", volume.meta.name), why));
        }
        Ok(())
    }

    fn claim_volume(&mut self, claim: &Shared, volume: &Shared, context: Hand<'_, '_>) -> Result<Shared, Status> {
        let reserved = matching::is_bound_to(volume, claim);
        let complete = volume.as_volume().is_some_and(|view| view.claim_uid == claim.meta.uid);
        if reserved && complete {
            return Ok(volume.clone());
        }
        let mut tree = volume.tree.clone();
        tree.set(&["spec", "claimRef"], reference(claim, ""));
        if !reserved {
            tree.set(&["metadata", "annotations", BOUND_BY_CONTROLLER], "yes");
        }
        self.books.write(&mut context.client, volume, tree, false)
    }

    fn name_volume(&mut self, claim: &Shared, volume: &Object, context: Hand<'_, '_>) -> Result<Shared, Status> {
        let named = claim.as_claim().is_some_and(|view| view.volume == volume.meta.name);
        if named && claim.annotation(BIND_COMPLETED).is_some() {
            return Ok(claim.clone());
        }
        let mut tree = claim.tree.clone();
        if !named {
            tree.set(&["spec", "volumeName"], &volume.meta.name);
            tree.set(&["metadata", "annotations", BOUND_BY_CONTROLLER], "yes");
        }
        tree.set(&["metadata", "annotations", BIND_COMPLETED], "yes");
        self.books.write(&mut context.client, claim, tree, false)
    }

    /// Writes a volume's phase; nothing when it has it already.
    pub(super) fn write_volume_phase(
        &mut self,
        volume: &Shared,
        phase: &'static str,
        message: Option<&str>,
        context: Hand<'_, '_>,
    ) -> Result<Shared, Status> {
        if volume.as_volume().is_some_and(|view| view.phase == *phase) {
            return Ok(volume.clone());
        }
        let mut tree = volume.tree.clone();
        tree.set(&["status", "phase"], phase);
        tree.take(&["status", "message"]);
        if let Some(message) = message {
            tree.set(&["status", "message"], Text::copy(message));
        }
        self.books.write(&mut context.client, volume, tree, true)
    }

    /// Writes a claim's phase, access modes and capacity. The capacity is that of the volume at the moment of
    /// binding; later it is the resizer's.
    pub(super) fn write_claim_status(
        &mut self,
        claim: &Shared,
        phase: &'static str,
        volume: Option<&Object>,
        context: Hand<'_, '_>,
    ) -> Result<Shared, Status> {
        let mut tree = claim.tree.clone();
        let changed = claim.as_claim().is_some_and(|view| view.phase != *phase);
        if let Some(volume) = volume {
            let modes = volume.tree.at(&["spec", "accessModes"]).clone();
            tree.set(&["status", "accessModes"], modes);
            if changed {
                let capacity = volume.tree.at(&["spec", "capacity", "storage"]).clone();
                tree.set(&["status", "capacity", "storage"], capacity);
            }
        } else {
            tree.take(&["status", "accessModes"]);
            tree.take(&["status", "capacity"]);
        }
        tree.set(&["status", "phase"], phase);
        if tree == claim.tree {
            return Ok(claim.clone());
        }
        self.books.write(&mut context.client, claim, tree, true)
    }

    /// Asks the provisioner of a class for a volume.
    pub(super) fn provision(&mut self, claim: &Shared, class: &Object, context: Hand<'_, '_>) {
        let provisioner = class.tree.at(&["provisioner"]).text();
        let on = Key::new(Kind::StorageClass, "", class.meta.name.clone());
        if provisioner.starts_with("kubernetes.io/") {
            let text = format!("no volume plugin matched name: {provisioner}");
            self.event(claim, true, "ProvisioningFailed", &text, context);
            let why = format!("StorageClass {} makes no volumes: {text}", class.meta.name);
            context.decide(Decision::waits(NAME, claim.key(), on, why));
            return;
        }
        let mut tree = claim.tree.clone();
        tree.set(&["metadata", "annotations", STORAGE_PROVISIONER_BETA], &provisioner);
        tree.set(&["metadata", "annotations", STORAGE_PROVISIONER], &provisioner);
        let asked_before = tree == claim.tree;
        let claim = if asked_before {
            claim.clone()
        } else {
            // A claim that changed meanwhile is looked at again when that change arrives.
            match self.books.write(&mut context.client, claim, tree, false) {
                Ok(written) => written,
                Err(_) => return,
            }
        };
        let text = format!(
            "Waiting for a volume to be created either by the external provisioner '{provisioner}' or manually by the \
             system administrator. If volume creation is delayed, please verify that the provisioner is running and \
             correctly registered."
        );
        self.event(&claim, false, "ExternalProvisioning", &text, context);
        if !asked_before {
            let why = format!("no volume suits it, and its class {} has a provisioner", class.meta.name);
            context.decide(did(&claim, format!("asked provisioner {provisioner} for a volume"), why));
        }
        let why = format!("provisioner {provisioner} is to make its volume");
        context.decide(Decision::waits(NAME, claim.key(), on, why));
    }
}
