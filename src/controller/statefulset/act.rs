//! Carrying out what was decided, with the events that tell of it (`reference/statefulset-controller.md` §6).

use super::decision::{self, Action, DeleteReason, View};
use super::{StatefulSetController, SyncSet, claims, identity};
use crate::api::{Key, Kind, Object, Reason};
use crate::apiserver::DeleteOptions;
use crate::controller::recorder::Note;
use crate::controller::{Context, Decision};
use crate::value::Text;

impl StatefulSetController {
    /// Carries out one action.
    ///
    /// # Errors
    /// The text that the error has in events.
    pub(super) fn act(&mut self, view: &View<'_>, action: &Action, ctx: &mut Context<'_, SyncSet>) -> Result<(), Text> {
        match action {
            Action::CreateClaim { pod, template } => self.create_claim(view, pod, *template, ctx),
            Action::CreatePod { ordinal } => self.create_pod(view, *ordinal, ctx),
            Action::RefusePod { pod, error } => {
                let message = pod_failed("Create", pod, view.set, error);
                self.record(view.set, true, "FailedCreate", &message, ctx);
                Err(error.clone())
            }
            Action::SetClaimOwners { pod, claim, condemned } => {
                self.set_claim_owners(view, pod, claim, *condemned, ctx)
            }
            Action::UpdatePod { pod } => self.update_pod(view, pod, ctx),
            Action::DeletePod { pod, reason } => self.delete_pod(view, pod, *reason, ctx),
        }
    }

    fn record(
        &mut self,
        set: &Object,
        warning: bool,
        reason: &'static str,
        message: &str,
        ctx: &mut Context<'_, SyncSet>,
    ) {
        let note = Note { object: set, field_path: "", warning, reason, message };
        self.recorder.record(&mut ctx.client, ctx.seed, &note);
    }

    fn create_claim(
        &mut self,
        view: &View<'_>,
        pod: &Text,
        template: usize,
        ctx: &mut Context<'_, SyncSet>,
    ) -> Result<(), Text> {
        let templates = view.set.tree.at(&["spec", "volumeClaimTemplates"]).items();
        let Some(template) = templates.get(template) else {
            return Ok(());
        };
        let tree = identity::new_claim(view.set, template, pod);
        let claim = tree.at(&["metadata", "name"]).text();
        let namespace = &view.set.meta.namespace;
        let set = &view.set.meta.name;
        match ctx.client.create(Kind::PersistentVolumeClaim, namespace, tree) {
            Ok(made) => {
                self.wrote(view.set, &made);
                let message = format!("Create Claim {claim} Pod {pod} in StatefulSet {set} success");
                self.record(view.set, false, "SuccessfulCreate", &message, ctx);
                ctx.decide(Decision {
                    by: super::COMPONENT,
                    subject: made.key(),
                    did: format!("created claim {claim}").into(),
                    because: format!("{pod} needs it and there was none of that name").into(),
                    wait: None,
                });
                Ok(())
            }
            Err(status) => {
                let message =
                    format!("Create Claim {claim} for Pod {pod} in StatefulSet {set} failed error: {}", status.message);
                self.record(view.set, true, "FailedCreate", &message, ctx);
                Err(format!("failed to create PVC {claim}: {}", status.message).into())
            }
        }
    }

    fn create_pod(&mut self, view: &View<'_>, ordinal: i64, ctx: &mut Context<'_, SyncSet>) -> Result<(), Text> {
        let revision = decision::revision_for(view, ordinal);
        let tree = identity::new_pod(view.set, &revision.template, &revision.name, ordinal);
        let name = identity::pod_name(view.set, ordinal);
        let set = &view.set.meta.name;
        match ctx.client.create(Kind::Pod, &view.set.meta.namespace, tree) {
            Ok(made) => {
                self.wrote(view.set, &made);
                let message = format!("Create Pod {name} in StatefulSet {set} successful");
                self.record(view.set, false, "SuccessfulCreate", &message, ctx);
                ctx.decide(Decision {
                    by: super::COMPONENT,
                    subject: made.key(),
                    did: format!("created {name}").into(),
                    because: why_created(view, ordinal),
                    wait: None,
                });
                Ok(())
            }
            // Rule R8: a taken name is tried again without a word.
            Err(status) if status.reason == Reason::AlreadyExists => Err(status.message.clone()),
            Err(status) => {
                let message = pod_failed("Create", &name, view.set, &status.message);
                self.record(view.set, true, "FailedCreate", &message, ctx);
                Err(status.message.clone())
            }
        }
    }

    fn set_claim_owners(
        &mut self,
        view: &View<'_>,
        pod: &Text,
        claim: &Text,
        condemned: bool,
        ctx: &mut Context<'_, SyncSet>,
    ) -> Result<(), Text> {
        let namespace = &view.set.meta.namespace;
        let Ok(found) = ctx.client.get(Kind::PersistentVolumeClaim, namespace, claim) else {
            return Ok(());
        };
        let owner = ctx.client.get(Kind::Pod, namespace, pod).ok();
        let owner = owner.as_deref();
        let retention = view.spec.retention;
        let keeps_something = retention.delete_when_deleted || retention.delete_when_scaled;
        if keeps_something && claims::has_foreign_controller(&found, view.set, owner) {
            let message = format!(
                "PersistentVolumeClaim {claim} has a conflicting OwnerReference that acts as a manging \
                 controller, the retention policy is ignored for this claim"
            );
            self.record(view.set, true, "ConflictingController", &message, ctx);
        }
        let wanted = claims::wanted_owners(view.set, view.spec, &found, owner, condemned);
        let Some(owners) = wanted else {
            return Ok(());
        };
        let mut tree = found.tree.clone();
        if owners.items().is_empty() {
            tree.take(&["metadata", "ownerReferences"]);
        } else {
            tree.set(&["metadata", "ownerReferences"], owners);
        }
        let stored = ctx.client.update(&found, tree).map_err(|status| {
            Text::from(format!("could not update claim {claim} for delete policy ownerRefs: {}", status.message))
        })?;
        self.wrote(view.set, &stored);
        Ok(())
    }

    fn update_pod(&mut self, view: &View<'_>, pod: &Text, ctx: &mut Context<'_, SyncSet>) -> Result<(), Text> {
        let (namespace, set) = (&view.set.meta.namespace, &view.set.meta.name);
        let result = ctx.client.get(Kind::Pod, namespace, pod).and_then(|found| {
            let mut tree = found.tree.clone();
            if let Some((_, ordinal)) = identity::parent_and_ordinal(pod) {
                identity::write_identity(tree.at_mut(&["metadata"]), pod, ordinal);
            }
            if !identity::storage_matches(view.spec, &found) {
                identity::write_storage(view.set, tree.at_mut(&["spec"]), pod);
            }
            ctx.client.update(&found, tree)
        });
        match result {
            Ok(stored) => {
                self.wrote(view.set, &stored);
                let message = format!("Update Pod {pod} in StatefulSet {set} successful");
                self.record(view.set, false, "SuccessfulUpdate", &message, ctx);
                Ok(())
            }
            Err(status) => {
                let message = pod_failed("Update", pod, view.set, &status.message);
                self.record(view.set, true, "FailedUpdate", &message, ctx);
                Err(status.message.clone())
            }
        }
    }

    fn delete_pod(
        &mut self,
        view: &View<'_>,
        pod: &Text,
        reason: DeleteReason,
        ctx: &mut Context<'_, SyncSet>,
    ) -> Result<(), Text> {
        let (namespace, set) = (&view.set.meta.namespace, &view.set.meta.name);
        let options = DeleteOptions::default();
        let result = ctx.client.delete(Kind::Pod, namespace, pod, options);
        match result {
            Err(status) if !status.is_not_found() => {
                let message = pod_failed("Delete", pod, view.set, &status.message);
                self.record(view.set, true, "FailedDelete", &message, ctx);
                Err(status.message.clone())
            }
            _ => {
                if let Ok(stored) = ctx.client.get(Kind::Pod, namespace, pod) {
                    self.wrote(view.set, &stored);
                }
                let message = format!("Delete Pod {pod} in StatefulSet {set} successful");
                self.record(view.set, false, "SuccessfulDelete", &message, ctx);
                ctx.decide(Decision {
                    by: super::COMPONENT,
                    subject: Key::new(Kind::Pod, namespace.clone(), pod.clone()),
                    did: format!("deleted {pod}").into(),
                    because: why_deleted(view, pod, reason),
                    wait: None,
                });
                Ok(())
            }
        }
    }
}

fn pod_failed(verb: &str, pod: &str, set: &Object, error: &str) -> String {
    format!("{verb} Pod {pod} in StatefulSet {} failed error: {error}", set.meta.name)
}

/// The reason for a creation: what the set asks for, and in an ordered set that the pod before it is Ready.
fn why_created(view: &View<'_>, ordinal: i64) -> Text {
    let asks = format!("the set asks for {} replicas", view.spec.replicas);
    let slot = usize::try_from(ordinal - view.spec.start).unwrap_or(0);
    if view.spec.parallel {
        return format!("{asks}, and Parallel does not wait for other pods").into();
    }
    match slot.checked_sub(1).and_then(|s| view.roster.replicas.get(s)) {
        Some(Some(before)) => {
            let since = before
                .as_pod()
                .and_then(|pod| pod.ready_changed)
                .map_or(String::new(), |at| format!(" since {}", clock(at)));
            format!("{asks} and {} is Running and Ready{since}", before.meta.name).into()
        }
        _ => asks.into(),
    }
}

fn why_deleted(view: &View<'_>, pod: &Text, reason: DeleteReason) -> Text {
    match reason {
        DeleteReason::Finished => format!("{pod} has ended (phase Failed or Succeeded) and is replaced"),
        DeleteReason::Condemned => {
            format!("the set asks for {} replicas; {pod} has the highest ordinal out of range", view.spec.replicas)
        }
        DeleteReason::Outdated => {
            format!("{pod} is not of revision {}; updates go from the highest ordinal down", view.update.name)
        }
    }
    .into()
}

/// `00:01:13`: hours, minutes and seconds since the scenario began.
fn clock(at: crate::time::Time) -> String {
    let seconds = at.0.max(0) / 1000;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
