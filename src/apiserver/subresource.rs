//! The parts of objects that have requests of their own: scale, binding, eviction.

use super::request::{PatchType, Reply, Request, Subresource, Verb};
use super::{ApiServer, Status};
use crate::api::{Kind, Object, Reason, Shared, patch};
use crate::map;
use crate::time::Time;
use crate::value::{Text, Value};

impl ApiServer {
    /// The autoscaling/v1 Scale of a StatefulSet.
    pub(super) fn get_scale(&self, request: &Request) -> Result<Reply, Status> {
        let set = self.scalable(request)?;
        Ok(self.reply(std::rc::Rc::new(scale_of(&set))))
    }

    fn scalable(&self, request: &Request) -> Result<Shared, Status> {
        if request.kind != Kind::StatefulSet {
            return Err(Status::plain(Reason::NotFound, "the server could not find the requested resource"));
        }
        self.stored(request)
    }

    /// Sets spec.replicas of a StatefulSet through its Scale.
    pub(super) fn write_scale(&mut self, now: Time, request: Request) -> Result<Reply, Status> {
        let set = self.scalable(&request)?;
        let scale = scale_of(&set);
        let wanted = match &request.verb {
            Verb::Update(body) => body.clone(),
            Verb::Patch(PatchType::Json, body) => patch::json(&scale.tree, body)?,
            Verb::Patch(_, body) => patch::merge_request(&scale.tree, body)?,
            _ => return Err(Status::bad_request("scale without a body")),
        };
        let version = wanted.at(&["metadata", "resourceVersion"]).str_or_empty();
        if !version.is_empty() && version != set.meta.resource_version.to_string() {
            return Err(Status::modified(set.kind, &set.meta.name));
        }
        let replicas = wanted.at(&["spec", "replicas"]).as_i64().unwrap_or(0);
        let mut tree = set.tree.clone();
        tree.set(&["spec", "replicas"], replicas);
        let update = Request {
            verb: Verb::Update(tree),
            subresource: Subresource::None,
            through: Subresource::Scale.name(),
            ..request
        };
        let reply = self.write(now, update)?;
        Ok(Reply { object: reply.object.map(|set| std::rc::Rc::new(scale_of(&set))), ..reply })
    }

    /// Binds a pod to the node named in the body's target; condition PodScheduled turns True in the same version.
    pub(super) fn bind(&mut self, now: Time, request: Request) -> Result<Reply, Status> {
        let pod = self.stored(&request)?;
        let Verb::Create(body) = &request.verb else {
            return Err(Status::bad_request("binding without a body"));
        };
        let node = body.at(&["target", "name"]).text();
        if pod.is_terminating() || !pod.tree.at(&["spec", "nodeName"]).is_null() {
            let why = format!("pod {} is already assigned to a node or being deleted", pod.meta.name);
            return Err(Status::conflict(Kind::Pod, &pod.meta.name, &why));
        }
        let mut tree = pod.tree.clone();
        tree.set(&["spec", "nodeName"], node);
        let scheduled = map! {
            "type" => "PodScheduled",
            "status" => "True",
            "lastProbeTime" => Value::Null,
            "lastTransitionTime" => now.rfc3339(),
        };
        let conditions = tree.at_mut(&["status", "conditions"]).items_mut();
        match conditions.iter_mut().find(|c| c.at(&["type"]).as_str() == Some("PodScheduled")) {
            Some(condition) => *condition = scheduled,
            None => conditions.push(scheduled),
        }
        let object = self.store.put(now, Kind::Pod, tree);
        Ok(self.reply(object))
    }

    /// Deletes a pod unless a disruption budget forbids it.
    pub(super) fn evict(&mut self, now: Time, request: Request) -> Result<Reply, Status> {
        let pod = self.stored(&request)?;
        let budgets: Vec<Shared> = self
            .store
            .list(Kind::PodDisruptionBudget, &pod.meta.namespace)
            .filter(|budget| {
                crate::api::Selector::from_label_selector(budget.tree.at(&["spec", "selector"]))
                    .is_ok_and(|selector| selector.matches(pod.labels()))
            })
            .cloned()
            .collect();
        match budgets.as_slice() {
            [] => {}
            [budget] => self.spend_budget(now, budget, &pod)?,
            _ => {
                return Err(Status::plain(
                    Reason::Unknown,
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
                ));
            }
        }
        let mut tree = pod.tree.clone();
        tree.at_mut(&["status", "conditions"]).items_mut().push(map! {
            "type" => "DisruptionTarget",
            "status" => "True",
            "lastProbeTime" => Value::Null,
            "lastTransitionTime" => now.rfc3339(),
            "reason" => "EvictionByEvictionAPI",
            "message" => "Eviction API: evicting",
        });
        self.store.put(now, Kind::Pod, tree);
        let options = super::DeleteOptions::default();
        self.delete(now, Request::new(Kind::Pod, &pod.meta.namespace, &pod.meta.name, Verb::Delete(options)))
    }

    /// Takes one disruption from a budget.
    fn spend_budget(&mut self, now: Time, budget: &Shared, pod: &Shared) -> Result<(), Status> {
        let status = |key: &str| budget.tree.at(&["status", key]).as_i64().unwrap_or(0);
        let unhealthy = pod.as_pod().is_some_and(|view| !view.is_running_and_ready());
        if unhealthy && status("currentHealthy") >= status("desiredHealthy") && status("desiredHealthy") > 0 {
            return Ok(());
        }
        let allowed = status("disruptionsAllowed");
        if allowed <= 0 {
            let refusal = Status::plain(
                Reason::TooManyRequests,
                "Cannot evict pod as it would violate the pod's disruption budget.",
            );
            return Err(refusal.with_name(&budget.meta.name));
        }
        let mut tree = budget.tree.clone();
        tree.set(&["status", "disruptionsAllowed"], allowed - 1);
        tree.at_mut(&["status", "disruptedPods"]).map_mut().insert(pod.meta.name.clone(), now.rfc3339());
        self.store.put(now, Kind::PodDisruptionBudget, tree);
        Ok(())
    }
}

/// The Scale of a StatefulSet. Its tree is what a client sees; its kind stays that of the set.
fn scale_of(set: &Object) -> Object {
    let selector: Vec<String> = set
        .tree
        .at(&["spec", "selector", "matchLabels"])
        .pairs()
        .map(|(key, value)| format!("{key}={}", value.str_or_empty()))
        .collect();
    let meta = |key: &str| set.tree.at(&["metadata", key]).clone();
    let tree = map! {
        "apiVersion" => "autoscaling/v1",
        "kind" => "Scale",
        "metadata" => map! {
            "name" => meta("name"),
            "namespace" => meta("namespace"),
            "uid" => meta("uid"),
            "resourceVersion" => meta("resourceVersion"),
            "creationTimestamp" => meta("creationTimestamp"),
        },
        "spec" => map! { "replicas" => set.tree.at(&["spec", "replicas"]).clone() },
        "status" => map! {
            "replicas" => set.tree.at(&["status", "replicas"]).clone(),
            "selector" => Text::from(selector.join(",")),
        },
    };
    Object::new(set.kind, tree)
}
