//! Which slice an endpoint stands in: it keeps its place, new ones are appended, a slice holds a hundred.

use super::SERVICE_NAME;
use super::endpoint::Wanted;
use crate::api::{Object, Shared};
use crate::sorted::SortedSet;
use crate::value::{Map, Text, Value};

/// How many endpoints a slice holds at most.
const FULL: usize = 100;

/// A write that is to be made.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// The stored slice; none for a new one.
    pub object: Option<Shared>,
    /// Its ports; null for none.
    pub ports: Value,
    /// Its endpoints in order.
    pub endpoints: Vec<Value>,
    /// Whether it is to be removed instead.
    pub delete: bool,
}

#[derive(Clone, Debug)]
struct Draft {
    object: Option<Shared>,
    ports: Value,
    endpoints: Vec<Value>,
    changed: bool,
    delete: bool,
}

/// The slices of a Service while they are being put right.
#[derive(Debug, Default)]
pub(super) struct Slices {
    drafts: Vec<Draft>,
}

impl Slices {
    /// The stored slices. One whose labels are not what they should be is to be written in any case.
    pub fn of<'a>(stored: impl Iterator<Item = &'a Shared>, service: &Object, labels: &Map) -> Self {
        let own = |slice: &&Shared| {
            slice.label(SERVICE_NAME) == Some(&service.meta.name)
                && slice.meta.owners.iter().all(|owner| owner.uid == service.meta.uid)
        };
        let draft = |slice: &Shared| Draft {
            object: Some(slice.clone()),
            ports: normal(slice.tree.at(&["ports"])),
            endpoints: slice.tree.at(&["endpoints"]).items().to_vec(),
            changed: slice.labels() != labels,
            delete: false,
        };
        Self { drafts: stored.filter(own).map(draft).collect() }
    }

    /// Places these endpoints and removes all others.
    pub fn place_all(&mut self, wanted: Vec<Wanted>) {
        self.replace(|_| true, wanted);
    }

    /// Places the endpoints of the pods (by name) that were looked at; leaves all others alone.
    pub fn place(&mut self, looked_at: &SortedSet<Text>, wanted: Vec<Wanted>) {
        self.replace(|endpoint| looked_at.contains(endpoint.at(&["targetRef", "name"]).str_or_empty()), wanted);
    }

    fn replace(&mut self, looked_at: impl Fn(&Value) -> bool, mut wanted: Vec<Wanted>) {
        for draft in &mut self.drafts {
            let mut kept = Vec::with_capacity(draft.endpoints.len());
            for endpoint in std::mem::take(&mut draft.endpoints) {
                if !looked_at(&endpoint) {
                    kept.push(endpoint);
                    continue;
                }
                let uid = endpoint.at(&["targetRef", "uid"]).str_or_empty();
                let found = wanted.iter().position(|w| w.uid == *uid && w.ports == draft.ports);
                match found {
                    Some(index) => {
                        let new = wanted.remove(index).endpoint;
                        draft.changed |= new != endpoint;
                        kept.push(new);
                    }
                    None => draft.changed = true,
                }
            }
            draft.endpoints = kept;
        }
        for new in wanted {
            self.append(new);
        }
    }

    /// A new endpoint goes into the fullest slice of its ports that has room, one that is written anyway before
    /// others; else into a new slice.
    fn append(&mut self, new: Wanted) {
        let room = |draft: &Draft| draft.ports == new.ports && draft.endpoints.len() < FULL;
        let best = self
            .drafts
            .iter_mut()
            .filter(|draft| room(draft))
            .max_by_key(|draft| (draft.changed, draft.endpoints.len()));
        if let Some(draft) = best {
            draft.endpoints.push(new.endpoint);
            draft.changed = true;
            return;
        }
        self.drafts.push(Draft {
            object: None,
            ports: new.ports,
            endpoints: vec![new.endpoint],
            changed: true,
            delete: false,
        });
    }

    /// The writes that are needed. A slice that would be removed is used for a new one instead, and where nothing
    /// would be left one slice stays, empty.
    pub fn finish(mut self) -> Vec<Planned> {
        for draft in &mut self.drafts {
            let placeholder = draft.ports.is_null() && !draft.changed;
            draft.delete = draft.endpoints.is_empty() && !placeholder;
        }
        let (mut freed, mut drafts): (Vec<Draft>, Vec<Draft>) = self.drafts.into_iter().partition(|draft| draft.delete);
        let stays = drafts.iter().any(|draft| !draft.endpoints.is_empty());
        if stays {
            // The empty placeholder has done its duty.
            let (empty, full): (Vec<Draft>, Vec<Draft>) =
                drafts.into_iter().partition(|draft| draft.endpoints.is_empty());
            drafts = full;
            freed.extend(empty);
        } else if drafts.is_empty() {
            drafts.push(Draft {
                object: None,
                ports: Value::Null,
                endpoints: Vec::new(),
                changed: true,
                delete: false,
            });
        }
        let mut freed = freed.into_iter();
        for draft in drafts.iter_mut().filter(|draft| draft.object.is_none()) {
            draft.object = freed.next().and_then(|free| free.object);
        }
        let kept = drafts.into_iter().filter(|draft| draft.changed);
        let gone = freed.map(|draft| Draft { delete: true, ..draft });
        kept.chain(gone)
            .map(|draft| Planned {
                object: draft.object,
                ports: draft.ports,
                endpoints: draft.endpoints,
                delete: draft.delete,
            })
            .collect()
    }
}

/// An empty list of ports and none are the same.
fn normal(ports: &Value) -> Value {
    if ports.items().is_empty() { Value::Null } else { ports.clone() }
}
