//! The deprecated Endpoints of a Service (`reference/network.md` §2), made of its EndpointSlices when they are asked
//! for: nothing has to be written for them, and they can be no older than the slices.

use std::rc::Rc;

use super::{ApiServer, Reply, Request, Verb};
use crate::api::{Kind, Object, Reason, Shared, Status};
use crate::map;
use crate::value::{Text, Value};

/// Annotation of slices and Endpoints: when the change happened that they were last written for.
const TRIGGER_TIME: &str = "endpoints.kubernetes.io/last-change-trigger-time";
/// Label of a slice: its Service.
const SERVICE_NAME: &str = "kubernetes.io/service-name";

/// The addresses of one set of ports.
struct Subset {
    ports: Value,
    ready: Vec<Value>,
    unready: Vec<Value>,
}

impl ApiServer {
    /// Answers reads of Endpoints.
    ///
    /// # Errors
    /// `NotFound`, and a refusal of everything that is not a read.
    pub(super) fn read_endpoints(&self, request: &Request) -> Result<Reply, Status> {
        match &request.verb {
            Verb::Get => {
                let service = self.store.get(Kind::Service, &request.namespace, &request.name);
                let found = service.and_then(|service| self.endpoints_of(service));
                let object = found.ok_or_else(|| Status::not_found(Kind::Endpoints, &request.name))?;
                Ok(self.reply(object))
            }
            Verb::List(options) => {
                let services = self.store.list(Kind::Service, &request.namespace);
                let items = services
                    .filter_map(|service| self.endpoints_of(service))
                    .filter(|object| options.labels.matches(object.labels()))
                    .filter(|object| {
                        options.fields.iter().all(|(path, equal, value)| {
                            path != "metadata.name" || (object.meta.name == *value) == *equal
                        })
                    })
                    .collect();
                Ok(Reply { items, resource_version: self.store.version(), ..Reply::default() })
            }
            _ => Err(Status::plain(
                Reason::MethodNotAllowed,
                "the server does not allow this method on the requested resource",
            )),
        }
    }

    /// The Endpoints of a Service that has slices.
    fn endpoints_of(&self, service: &Object) -> Option<Shared> {
        let slices = self.store.list(Kind::EndpointSlice, &service.meta.namespace);
        let own = |slice: &&Shared| slice.label(SERVICE_NAME) == Some(&service.meta.name);
        let slices: Vec<&Shared> = slices.filter(own).collect();
        let latest = slices.iter().max_by_key(|slice| slice.meta.resource_version)?;
        let publishes = service.as_service().is_some_and(|view| view.publish_not_ready);
        let mut subsets: Vec<Subset> = Vec::new();
        for slice in &slices {
            for endpoint in slice.tree.at(&["endpoints"]).items() {
                let is = |key: &str| endpoint.at(&["conditions", key]).as_bool().unwrap_or(false);
                if is("terminating") && !publishes {
                    continue;
                }
                let ports = ports(slice.tree.at(&["ports"]));
                let found = subsets.iter_mut().position(|subset| subset.ports == ports);
                let index = found.unwrap_or_else(|| {
                    subsets.push(Subset { ports, ready: Vec::new(), unready: Vec::new() });
                    subsets.len() - 1
                });
                if let Some(subset) = subsets.get_mut(index) {
                    let list = if is("ready") { &mut subset.ready } else { &mut subset.unready };
                    list.extend(addresses(endpoint));
                }
            }
        }
        let mut labels = service.labels().clone();
        labels.insert("endpoints.kubernetes.io/managed-by", "endpoint-controller");
        if service.as_service().is_some_and(|view| view.headless) {
            labels.insert("service.kubernetes.io/headless", "");
        }
        let mut tree = map! {
            "apiVersion" => "v1",
            "kind" => "Endpoints",
            "metadata" => map! {
                "name" => &service.meta.name,
                "namespace" => &service.meta.namespace,
                "labels" => labels,
                "uid" => self.seed.uid(&format!("endpoints/{}", service.meta.uid)),
                "resourceVersion" => latest.meta.resource_version.to_string(),
                "creationTimestamp" => service.meta.created.rfc3339(),
            },
        };
        if let Some(time) = latest.annotation(TRIGGER_TIME) {
            tree.set(&["metadata", "annotations", TRIGGER_TIME], Text::copy(time));
        }
        if !subsets.is_empty() {
            tree.set(&["subsets"], subsets.into_iter().map(Subset::into_tree).collect::<Vec<Value>>());
        }
        Some(Rc::new(Object::new(Kind::Endpoints, tree)))
    }
}

impl Subset {
    fn into_tree(self) -> Value {
        let mut tree = Value::empty_map();
        let lists = [("addresses", self.ready), ("notReadyAddresses", self.unready)];
        for (key, mut list) in lists {
            crate::sorted::sort_by_key(&mut list, &|address| address.at(&["ip"]).text());
            if !list.is_empty() {
                tree.set(&[key], list);
            }
        }
        if !self.ports.is_null() {
            tree.set(&["ports"], self.ports);
        }
        tree
    }
}

/// An endpoint of a slice in the older form.
fn addresses(endpoint: &Value) -> impl Iterator<Item = Value> {
    endpoint.at(&["addresses"]).items().iter().map(|ip| {
        let mut address = map! { "ip" => ip.clone() };
        for key in ["hostname", "nodeName", "targetRef"] {
            let held = endpoint.at(&[key]);
            if !held.is_null() {
                address.set(&[key], held.clone());
            }
        }
        address
    })
}

/// The ports of a slice in the older form: without the names of ports that have none.
fn ports(ports: &Value) -> Value {
    if ports.items().is_empty() {
        return Value::Null;
    }
    let without_empty_name = |port: &Value| {
        let mut port = port.clone();
        if port.at(&["name"]).str_or_empty().is_empty() {
            port.take(&["name"]);
        }
        port
    };
    Value::list_of(ports.items().iter().map(without_empty_name).collect())
}
