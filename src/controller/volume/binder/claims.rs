//! What is done about one claim.

use super::{Hand, NAME, VolumeBinder, did};
use crate::api::{Key, Kind, Object, Shared};
use crate::controller::Decision;
use crate::controller::volume::{BIND_COMPLETED, BOUND_BY_CONTROLLER, CLUSTER, SELECTED_NODE, class_of, matching};
use crate::value::{Text, Value};

impl VolumeBinder {
    pub(super) fn sync_claim(&mut self, claim: &Shared, context: Hand<'_, '_>) {
        let volume = claim.as_claim().map(|view| view.volume.clone()).unwrap_or_default();
        if claim.annotation(BIND_COMPLETED).is_some() {
            self.sync_bound_claim(claim, &volume, context);
        } else if volume.is_empty() {
            self.sync_claim_without_volume(claim, context);
        } else {
            self.sync_claim_that_names(claim, &volume, context);
        }
    }

    fn volume(&self, name: &str) -> Option<Shared> {
        self.books.get(Kind::PersistentVolume, CLUSTER, name).cloned()
    }

    /// A bound claim stays bound for as long as its volume says so too.
    fn sync_bound_claim(&mut self, claim: &Shared, name: &Text, context: Hand<'_, '_>) {
        if name.is_empty() {
            let text = "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!";
            self.lose(claim, "ClaimLost", text, context);
            return;
        }
        let Some(volume) = self.volume(name) else {
            let text = "Bound claim has lost its PersistentVolume. Data on the volume is lost!";
            self.lose(claim, "ClaimLost", text, context);
            return;
        };
        let holder = volume.as_volume().map(|view| view.claim_uid.clone()).unwrap_or_default();
        let unclaimed = volume.tree.at(&["spec", "claimRef"]).is_null();
        if unclaimed || holder == claim.meta.uid {
            let _ = self.bind(claim, &volume, context);
        } else {
            let text = "Two claims are bound to the same volume, this one is bound incorrectly";
            self.lose(claim, "ClaimMisbound", text, context);
        }
    }

    fn lose(&mut self, claim: &Shared, reason: &'static str, text: &str, context: Hand<'_, '_>) {
        let lost_before = claim.as_claim().is_some_and(|view| view.phase == *"Lost");
        if lost_before {
            return;
        }
        if let Ok(written) = self.write_claim_status(claim, "Lost", None, context) {
            self.event(&written, true, reason, text, context);
            context.decide(did(claim, "wrote phase Lost", Text::copy(text)));
        }
    }

    /// A user chose the volume: it is taken when it is free and suits.
    fn sync_claim_that_names(&mut self, claim: &Shared, name: &Text, context: Hand<'_, '_>) {
        let on = Key::new(Kind::PersistentVolume, "", name.clone());
        let Some(volume) = self.volume(name) else {
            let why = format!("it names volume {name}, which does not exist");
            self.stay_pending(claim, on, why, context);
            return;
        };
        let unclaimed = volume.tree.at(&["spec", "claimRef"]).is_null();
        if unclaimed {
            if let Some(mismatch) = matching::mismatch(&volume, claim) {
                let text = format!("Cannot bind to requested volume \"{name}\": {mismatch}");
                self.event(claim, true, "VolumeMismatch", &text, context);
                self.stay_pending(claim, on, text, context);
                return;
            }
            let _ = self.bind(claim, &volume, context);
        } else if matching::is_bound_to(&volume, claim) {
            let _ = self.bind(claim, &volume, context);
        } else if claim.annotation(BOUND_BY_CONTROLLER).is_none() {
            let text = format!("volume \"{name}\" already bound to a different claim.");
            self.event(claim, true, "FailedBinding", &text, context);
            self.stay_pending(claim, on, text, context);
        }
    }

    /// The best volume there is; else the default class; else a provisioner; else patience.
    fn sync_claim_without_volume(&mut self, claim: &Shared, context: Hand<'_, '_>) {
        let class_name = class_of(claim);
        let class = self.others.get(Kind::StorageClass, CLUSTER, &class_name).cloned();
        let delayed = class.as_ref().is_some_and(|class| waits_for_consumer(class));
        let volumes = self.books.list(Kind::PersistentVolume, CLUSTER);
        if let Some(volume) = matching::best(volumes, claim, delayed).cloned() {
            let _ = self.bind(claim, &volume, context);
            return;
        }
        if claim.as_claim().is_some_and(|view| view.class.is_none()) && self.assign_default_class(claim, context) {
            return;
        }
        let on = Key::new(Kind::StorageClass, "", class_name.clone());
        if delayed && claim.annotation(SELECTED_NODE).is_none() {
            self.wait_for_consumer(claim, context);
        } else if class_name.is_empty() {
            let text = "no persistent volumes available for this claim and no storage class is set";
            self.event(claim, false, "FailedBinding", text, context);
            let on = Key::new(Kind::PersistentVolume, "", "");
            self.stay_pending(claim, on, text.to_owned(), context);
        } else if let Some(class) = class {
            self.provision(claim, &class, context);
        } else {
            // A lister names the resource in the singular, unlike the API server.
            let text = format!("storageclass.storage.k8s.io \"{class_name}\" not found");
            self.event(claim, true, "ProvisioningFailed", &text, context);
            let why = format!("its StorageClass {class_name} does not exist; the next look is at the resync");
            context.decide(Decision::waits(NAME, claim.key(), on, why));
        }
    }

    /// A claim that names no class, made before there was a default one, gets it now.
    fn assign_default_class(&mut self, claim: &Shared, context: Hand<'_, '_>) -> bool {
        let classes = self.others.list(Kind::StorageClass, CLUSTER);
        let newest = classes.filter(|class| is_default(class)).max_by(|a, b| {
            let (made, name) = (a.meta.created.cmp(&b.meta.created), b.meta.name.cmp(&a.meta.name));
            made.then(name)
        });
        let Some(name) = newest.map(|class| class.meta.name.clone()) else {
            return false;
        };
        let mut tree = claim.tree.clone();
        tree.set(&["spec", "storageClassName"], &name);
        if self.books.write(&mut context.client, claim, tree, false).is_ok() {
            let why = format!("the claim names no class, and {name} has become the default");
            context.decide(did(claim, format!("gave it StorageClass {name}"), why));
        }
        true
    }

    fn wait_for_consumer(&mut self, claim: &Shared, context: Hand<'_, '_>) {
        let pods: Vec<&str> = self
            .others
            .list(Kind::Pod, &claim.meta.namespace)
            .filter(|pod| {
                let view = pod.as_pod();
                view.is_some_and(|pod| pod.node.is_empty() && pod.claims.contains(&claim.meta.name))
            })
            .map(|pod| pod.meta.name.as_str())
            .collect();
        let (reason, text) = match pods.as_slice() {
            [] => ("WaitForFirstConsumer", "waiting for first consumer to be created before binding".to_owned()),
            [one] => ("WaitForPodScheduled", format!("waiting for pod {one} to be scheduled")),
            many => ("WaitForPodScheduled", format!("waiting for pods {} to be scheduled", many.join(","))),
        };
        let first = pods.first().map(|name| Text::copy(name)).unwrap_or_default();
        let on = Key::new(Kind::Pod, claim.meta.namespace.clone(), first);
        self.event(claim, false, reason, &text, context);
        self.stay_pending(claim, on, text, context);
    }

    fn stay_pending(&mut self, claim: &Shared, on: Key, why: String, context: Hand<'_, '_>) {
        let _ = self.write_claim_status(claim, "Pending", None, context);
        context.decide(Decision::waits(NAME, claim.key(), on, why));
    }
}

/// Whether claims of a class wait until a pod that uses them has been given a node.
fn waits_for_consumer(class: &Object) -> bool {
    class.tree.at(&["volumeBindingMode"]).as_str() == Some("WaitForFirstConsumer")
}

/// Whether a class is marked as the default one.
fn is_default(class: &Object) -> bool {
    ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
        .iter()
        .any(|key| class.annotations().get(key).and_then(Value::as_str) == Some("true"))
}
