//! Which pods are the set's: adopting orphans that match, releasing pods that no longer do
//! (`reference/statefulset-controller.md` §2.4).

use super::{StatefulSetController, SyncSet, identity};
use crate::api::{Kind, Object, OwnerReference, Shared, StatefulSetView};
use crate::controller::{Context, Decision};
use crate::map;
use crate::value::{Text, Value};

impl StatefulSetController {
    /// The pods of a set after adoption and release. An error ends the sync.
    pub(super) fn claim_pods(
        &mut self,
        set: &Shared,
        view: &StatefulSetView,
        ctx: &mut Context<'_, SyncSet>,
    ) -> Result<Vec<Shared>, Text> {
        let Some(selector) = &view.selector else {
            return Ok(Vec::new());
        };
        let namespace = &set.meta.namespace;
        let candidates: Vec<Shared> = self
            .cache
            .list(Kind::Pod, namespace)
            .filter(|pod| match pod.controller() {
                Some(owner) => owner.uid == set.meta.uid,
                None => selector.matches(pod.labels()) && identity::is_member(set, pod),
            })
            .cloned()
            .collect();
        let mut pods = Vec::with_capacity(candidates.len());
        for pod in candidates {
            let ours = pod.controller().is_some();
            let matches = selector.matches(pod.labels()) && identity::is_member(set, &pod);
            if ours && matches {
                pods.push(pod);
            } else if ours {
                if !set.is_terminating() {
                    self.release(set, &pod, ctx);
                }
            } else if !set.is_terminating() && !pod.is_terminating() {
                pods.push(self.adopt(set, &pod, ctx)?);
            }
        }
        Ok(pods)
    }

    fn adopt(&mut self, set: &Shared, pod: &Shared, ctx: &mut Context<'_, SyncSet>) -> Result<Shared, Text> {
        let (namespace, name) = (&set.meta.namespace, &set.meta.name);
        let refusal = |why: &str| -> Text {
            format!("can't adopt Pod {namespace}/{} ({}): {why}", pod.meta.name, pod.meta.uid).into()
        };
        let live = ctx.client.get(Kind::StatefulSet, namespace, name).map_err(|status| refusal(&status.message))?;
        if live.meta.uid != set.meta.uid || live.is_terminating() {
            return Err(refusal("the set has gone or is being deleted"));
        }
        let adopted = add_controller(ctx, pod, set).map_err(|message| refusal(&message))?;
        self.wrote(set, &adopted);
        ctx.decide(Decision {
            by: super::COMPONENT,
            subject: pod.key(),
            did: format!("adopted {}", pod.meta.name).into(),
            because: format!("it has no owner, matches the selector and is named after {name}").into(),
            wait: None,
        });
        Ok(adopted)
    }

    fn release(&mut self, set: &Shared, pod: &Shared, ctx: &mut Context<'_, SyncSet>) {
        let owners: Vec<Value> = pod
            .tree
            .at(&["metadata", "ownerReferences"])
            .items()
            .iter()
            .filter(|owner| owner.at(&["uid"]).as_str() != Some(&set.meta.uid))
            .cloned()
            .collect();
        let owners = if owners.is_empty() { Value::Null } else { Value::list_of(owners) };
        let patch = map! { "metadata" => map! { "ownerReferences" => owners } };
        // NotFound and Invalid are ignored, as the pod is not ours any more either way.
        if let Ok(released) = ctx.client.merge_patch(pod, patch) {
            self.wrote(set, &released);
            ctx.decide(Decision {
                by: super::COMPONENT,
                subject: pod.key(),
                did: format!("released {}", pod.meta.name).into(),
                because: "its labels no longer match the selector".into(),
                wait: None,
            });
        }
    }

    /// Takes over revisions without an owner that match the selector.
    pub(super) fn adopt_revisions(&mut self, set: &Shared, revisions: &[Shared], ctx: &mut Context<'_, SyncSet>) {
        if set.is_terminating() {
            return;
        }
        for revision in revisions.iter().filter(|r| r.controller().is_none()) {
            if let Ok(adopted) = add_controller(ctx, revision, set) {
                self.wrote(set, &adopted);
            }
        }
    }

    /// Remembers that the cache has to be at least as new as this write before the next sync.
    pub(super) fn wrote(&mut self, set: &Object, object: &Object) {
        let key = (set.meta.namespace.clone(), set.meta.name.clone());
        let watched = matches!(object.kind, Kind::StatefulSet | Kind::Pod | Kind::PersistentVolumeClaim);
        if watched {
            self.written.insert(key, object.meta.resource_version);
        }
    }
}

fn add_controller(ctx: &mut Context<'_, SyncSet>, object: &Shared, owner: &Object) -> Result<Shared, Text> {
    let mut owners = object.tree.at(&["metadata", "ownerReferences"]).items().to_vec();
    owners.push(OwnerReference::to_controller(owner));
    let patch = map! { "metadata" => map! { "ownerReferences" => owners } };
    ctx.client.merge_patch(object, patch).map_err(|status| status.message.clone())
}
