//! EndpointSlices: which pods stand behind a Service (`reference/network.md` §2).

mod endpoint;
mod placement;
#[cfg(test)]
mod tests;
mod trigger;

use std::rc::Rc;

use endpoint::Wanted;
use placement::Slices;
use trigger::Triggers;

use crate::api::{Kind, Object, OwnerReference, Shared};
use crate::apiserver::{Change, DeleteOptions, WatchEvent};
use crate::controller::{Cache, Context, Decision, Part};
use crate::map;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Time;
use crate::value::{Map, Text, Value};

/// By this name it decides.
const NAME: &str = "endpointslice-controller";
/// Label of a slice: its Service.
const SERVICE_NAME: &str = "kubernetes.io/service-name";
/// Label of a slice: who keeps it.
const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
/// The value of that label for this controller.
const MANAGER: &str = "endpointslice-controller.k8s.io";
/// Label of a slice of a headless Service.
const HEADLESS: &str = "service.kubernetes.io/headless";
/// Annotation of a slice: when the change happened that it was last written for.
const TRIGGER_TIME: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// What the controller can be woken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointSliceAlarm {
    /// A write was refused: the whole Service (namespace, name) is looked at again.
    Again(Text, Text),
    /// The worker is free again: the pods that changed meanwhile are looked at together.
    Rest(Text, Text),
}

/// Keeps the EndpointSlices of every Service that selects pods.
#[derive(Clone, Debug, Default)]
pub struct EndpointSliceController {
    cache: Cache,
    /// Per Service (namespace, name): its slices, and when what changed.
    services: SortedMap<(Text, Text), Rc<Known>>,
}

/// What is known of one Service's slices.
#[derive(Clone, Debug, Default)]
struct Known {
    slices: SortedMap<Text, Shared>,
    triggers: Triggers,
    /// Until when a worker is busy with this Service.
    busy_until: Time,
    /// Pods that changed while it was.
    waiting: SortedSet<Text>,
}

/// Which pods of a Service are looked at.
enum Scope {
    /// All that it selects.
    All,
    /// Only these: nothing else has changed.
    Pods(SortedSet<Text>),
}

/// How long a worker is busy with one Service at least: what changes meanwhile is looked at together, ms.
const WORKER_BUSY_MS: i64 = 3;

type Hand<'a, 'b> = &'a mut Context<'b, EndpointSliceAlarm>;

impl EndpointSliceController {
    /// A controller that knows of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn known(&mut self, service: &Object) -> &mut Known {
        let key = (service.meta.namespace.clone(), service.meta.name.clone());
        Rc::make_mut(self.services.or_default(key))
    }

    /// The Services that select a pod in this version.
    fn services_of(&self, pod: &Object) -> Vec<Shared> {
        let services = self.cache.list(Kind::Service, &pod.meta.namespace);
        services.filter(|service| selects(service, pod)).cloned().collect()
    }

    fn sync(&mut self, service: &Shared, scope: &Scope, context: Hand<'_, '_>) {
        if !has_selector(service) || service.is_terminating() {
            return;
        }
        let namespace = &service.meta.namespace;
        let mut wanted: Vec<Wanted> = Vec::new();
        let pods: Vec<Shared> = match scope {
            Scope::All => self.cache.list(Kind::Pod, namespace).cloned().collect(),
            Scope::Pods(names) => {
                let cached = names.iter().filter_map(|name| self.cache.get(Kind::Pod, namespace, name));
                cached.cloned().collect()
            }
        };
        for pod in pods.iter().filter(|pod| selects(service, pod)) {
            let node = pod.as_pod().and_then(|view| self.cache.get(Kind::Node, CLUSTER, &view.node));
            wanted.extend(Wanted::of(service, pod, node.map(AsRef::as_ref)));
        }
        if matches!(scope, Scope::All) {
            let known = self.known(service);
            known.triggers.see_all(service, pods.iter().filter(|pod| selects(service, pod)));
        }
        let known = self.known(service);
        let trigger = known.triggers.take(service);
        let labels = labels_for(service);
        let mut slices = Slices::of(known.slices.values(), service, &labels);
        match scope {
            Scope::All => slices.place_all(wanted),
            Scope::Pods(names) => slices.place(names, wanted),
        }
        let changes = slices.finish();
        self.carry_out(service, changes, &labels, trigger.as_ref(), context);
    }

    fn carry_out(
        &mut self,
        service: &Shared,
        changes: Vec<placement::Planned>,
        labels: &Map,
        trigger: Option<&Text>,
        context: Hand<'_, '_>,
    ) {
        for planned in changes {
            let placement::Planned { object, ports, endpoints, delete } = planned;
            let count = endpoints.len();
            let result = match &object {
                Some(held) if delete => {
                    let (namespace, name) = (&held.meta.namespace, &held.meta.name);
                    let done = context.client.delete(held.kind, namespace, name, DeleteOptions::default());
                    self.known(service).slices.remove(name);
                    done
                }
                _ => {
                    let base = object.as_ref().map(|held| held.tree.clone());
                    let tree = slice_tree(service, base, labels, trigger, endpoints, ports);
                    let stored = match &object {
                        Some(held) => context.client.update(held, tree),
                        None => context.client.create(Kind::EndpointSlice, &service.meta.namespace, tree),
                    };
                    stored.map(|stored| {
                        self.known(service).slices.insert(stored.meta.name.clone(), stored);
                    })
                }
            };
            match result {
                Ok(()) => {
                    let why = "the pods behind the Service, or what is known of them, changed";
                    context.decide(Decision::did(
                        NAME,
                        service.key(),
                        format!("listed {count} endpoints in a slice"),
                        why,
                    ));
                }
                // In a namespace that is going no slice can be made, and none is needed.
                Err(refused) if refused.reason == crate::api::Reason::Forbidden || refused.is_not_found() => {}
                Err(_) => {
                    let (namespace, name) = (service.meta.namespace.clone(), service.meta.name.clone());
                    context.after(10, EndpointSliceAlarm::Again(namespace, name));
                }
            }
        }
    }

    fn observe_pod(&mut self, event: &WatchEvent, context: Hand<'_, '_>) {
        let pod = &event.object;
        let gone = event.change == Change::Deleted;
        let now = self.services_of(pod);
        for service in &now {
            let time = (!gone).then(|| trigger::pod_time(pod));
            self.known(service).triggers.see_pod(&pod.meta.name, time.flatten());
        }
        let before = event.before.as_ref().filter(|_| !gone && event.change == Change::Modified);
        let mut services = now;
        if let Some(before) = before {
            let labels_changed = before.labels() != pod.labels();
            let changed = endpoint::differs(before, pod);
            if labels_changed {
                let former = self.services_of(before);
                let known = |list: &[Shared], service: &Shared| list.iter().any(|s| s.meta.uid == service.meta.uid);
                let left: Vec<Shared> = former.iter().filter(|s| !known(&services, s)).cloned().collect();
                services.retain(|service| changed || !known(&former, service));
                services.extend(left);
            } else if !changed {
                return;
            }
        }
        for service in services {
            let now = context.now;
            let known = self.known(&service);
            let first = known.waiting.is_empty();
            known.waiting.insert(pod.meta.name.clone());
            let pause = known.busy_until.since(now);
            if pause <= 0 {
                self.rest(&service, context);
            } else if first {
                let meta = &service.meta;
                context.after(pause, EndpointSliceAlarm::Rest(meta.namespace.clone(), meta.name.clone()));
            }
        }
    }

    /// Looks at the pods of a Service that changed since the last look.
    fn rest(&mut self, service: &Shared, context: Hand<'_, '_>) {
        let now = context.now;
        let known = self.known(service);
        known.busy_until = now.plus(WORKER_BUSY_MS);
        let pods = std::mem::take(&mut known.waiting);
        self.sync(service, &Scope::Pods(pods), context);
    }

    fn observe_service(&mut self, event: &WatchEvent, context: Hand<'_, '_>) {
        let service = &event.object;
        if event.change == Change::Deleted {
            self.services.remove(&(service.meta.namespace.clone(), service.meta.name.clone()));
        } else {
            self.sync(service, &Scope::All, context);
        }
    }

    /// A slice that somebody else changed or removed is put right.
    fn observe_slice(&mut self, event: &WatchEvent, context: Hand<'_, '_>) {
        let slice = &event.object;
        let Some(owner) = slice.label(SERVICE_NAME).map(Text::copy) else {
            return;
        };
        if slice.label(MANAGED_BY) != Some(MANAGER) {
            return;
        }
        let namespace = &slice.meta.namespace;
        let Some(service) = self.cache.get(Kind::Service, namespace, &owner).cloned() else {
            return;
        };
        let known = self.known(&service);
        let held = known.slices.get(&slice.meta.name).map(|held| held.meta.resource_version);
        if event.change == Change::Deleted {
            if held.is_some() {
                known.slices.remove(&slice.meta.name);
                self.sync(&service, &Scope::All, context);
            }
            return;
        }
        if held.is_none_or(|held| held < slice.meta.resource_version) {
            known.slices.insert(slice.meta.name.clone(), slice.clone());
            self.sync(&service, &Scope::All, context);
        }
    }
}

/// The namespace of kinds that have none.
const CLUSTER: &Text = &Text::Static("");

/// Whether a Service selects pods at all.
fn has_selector(service: &Object) -> bool {
    let external = service.tree.at(&["spec", "type"]).as_str() == Some("ExternalName");
    !external && service.as_service().is_some_and(|view| !view.selector.is_empty())
}

/// Whether a Service selects a pod.
fn selects(service: &Object, pod: &Object) -> bool {
    service.as_service().is_some_and(|view| {
        !view.selector.is_empty() && view.selector.iter().all(|(key, value)| pod.label(key) == Some(value.as_str()))
    })
}

/// The labels of a Service's slices: its own and three more.
fn labels_for(service: &Object) -> Map {
    let mut labels = service.labels().clone();
    labels.remove(HEADLESS);
    if service.as_service().is_some_and(|view| view.headless) {
        labels.insert(HEADLESS, "");
    }
    labels.insert(SERVICE_NAME, &service.meta.name);
    labels.insert(MANAGED_BY, MANAGER);
    labels
}

/// A slice as it is to be written; `base` is the stored one, if there is one.
fn slice_tree(
    service: &Object,
    base: Option<Value>,
    labels: &Map,
    trigger: Option<&Text>,
    endpoints: Vec<Value>,
    ports: Value,
) -> Value {
    let mut tree = base.unwrap_or_else(|| {
        map! {
            "apiVersion" => "discovery.k8s.io/v1",
            "kind" => "EndpointSlice",
            "metadata" => map! {
                "generateName" => format!("{}-", service.meta.name),
                "namespace" => &service.meta.namespace,
                "ownerReferences" => vec![OwnerReference::to_controller(service)],
            },
            "addressType" => "IPv4",
        }
    });
    tree.set(&["metadata", "labels"], labels.clone());
    if let Some(time) = trigger {
        tree.set(&["metadata", "annotations", TRIGGER_TIME], time);
    } else {
        tree.take(&["metadata", "annotations", TRIGGER_TIME]);
        if tree.at(&["metadata", "annotations"]).pairs().next().is_none() {
            tree.take(&["metadata", "annotations"]);
        }
    }
    let endpoints = if endpoints.is_empty() { Value::Null } else { Value::list_of(endpoints) };
    tree.set(&["endpoints"], endpoints);
    tree.set(&["ports"], ports);
    tree
}

impl Part for EndpointSliceController {
    type Alarm = EndpointSliceAlarm;

    const WATCHES: &'static [Kind] = &[Kind::Service, Kind::Pod, Kind::EndpointSlice, Kind::Node];

    fn observe(&mut self, event: &WatchEvent, context: Hand<'_, '_>) {
        match event.object.kind {
            Kind::Pod => {
                self.cache.apply(event);
                self.observe_pod(event, context);
            }
            Kind::Service => {
                self.cache.apply(event);
                self.observe_service(event, context);
            }
            Kind::EndpointSlice => self.observe_slice(event, context),
            _ => self.cache.apply(event),
        }
    }

    fn wake(&mut self, alarm: EndpointSliceAlarm, context: Hand<'_, '_>) {
        let (EndpointSliceAlarm::Again(namespace, name) | EndpointSliceAlarm::Rest(namespace, name)) = &alarm;
        let Some(service) = self.cache.get(Kind::Service, namespace, name).cloned() else {
            return;
        };
        match alarm {
            EndpointSliceAlarm::Again(..) => self.sync(&service, &Scope::All, context),
            EndpointSliceAlarm::Rest(..) => self.rest(&service, context),
        }
    }
}
