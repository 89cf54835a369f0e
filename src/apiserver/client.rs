//! The hand that controllers, scheduler, kubelets and kubectl reach into the API server with.

use super::ApiServer;
use super::request::{DeleteOptions, ListOptions, PatchType, Reply, Request, Subresource, Verb};
use crate::api::{Kind, Shared, Status};
use crate::time::Time;
use crate::value::{Text, Value};

/// A connection to the API server at one moment.
#[derive(Debug)]
pub struct Client<'a> {
    server: &'a mut ApiServer,
    now: Time,
    manager: &'static str,
}

impl<'a> Client<'a> {
    /// A connection at this moment.
    pub fn new(server: &'a mut ApiServer, now: Time) -> Self {
        Self { server, now, manager: "" }
    }

    /// The same connection, by which fields become managed by this component.
    #[must_use]
    pub fn managing(self, manager: &'static str) -> Self {
        Self { manager, ..self }
    }

    /// The moment of this connection.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Sends any request.
    ///
    /// # Errors
    /// What the API server answers.
    pub fn send(&mut self, mut request: Request) -> Result<Reply, Status> {
        if request.manager.is_empty() {
            request.manager = self.manager.into();
        }
        self.server.handle(self.now, request)
    }

    fn one(&mut self, request: Request) -> Result<Shared, Status> {
        let (kind, name) = (request.kind, request.name.clone());
        self.send(request)?.object.ok_or_else(|| Status::not_found(kind, &name))
    }

    /// Reads one object as it is now.
    ///
    /// # Errors
    /// NotFound.
    pub fn get(&mut self, kind: Kind, namespace: &Text, name: &Text) -> Result<Shared, Status> {
        self.one(Request::new(kind, namespace, name, Verb::Get))
    }

    /// Reads all objects of a kind in a namespace (in all of them where it is empty), in key order.
    pub fn list(&mut self, kind: Kind, namespace: &Text) -> Vec<Shared> {
        let verb = Verb::List(ListOptions::default());
        self.send(Request::new(kind, namespace, &Text::default(), verb)).map(|reply| reply.items).unwrap_or_default()
    }

    /// Stores a new object.
    ///
    /// # Errors
    /// AlreadyExists, Invalid, Forbidden and their like.
    pub fn create(&mut self, kind: Kind, namespace: &Text, tree: Value) -> Result<Shared, Status> {
        self.one(Request::new(kind, namespace, &Text::default(), Verb::Create(tree)))
    }

    /// Replaces an object; a tree with an older resourceVersion than the stored one is a Conflict.
    ///
    /// # Errors
    /// Conflict, NotFound, Invalid.
    pub fn update(&mut self, object: &Shared, tree: Value) -> Result<Shared, Status> {
        self.update_part(object, tree, Subresource::None)
    }

    /// Replaces an object's status; everything else in the tree is ignored.
    ///
    /// # Errors
    /// Conflict, NotFound, Invalid.
    pub fn update_status(&mut self, object: &Shared, tree: Value) -> Result<Shared, Status> {
        self.update_part(object, tree, Subresource::Status)
    }

    /// Replaces a part of an object.
    ///
    /// # Errors
    /// Conflict, NotFound, Invalid.
    pub fn update_part(&mut self, object: &Shared, tree: Value, part: Subresource) -> Result<Shared, Status> {
        let (namespace, name) = (&object.meta.namespace, &object.meta.name);
        self.one(Request::new(object.kind, namespace, name, Verb::Update(tree)).part(part))
    }

    /// Changes an object by a merge patch, whatever its version.
    ///
    /// # Errors
    /// NotFound, Invalid.
    pub fn merge_patch(&mut self, object: &Shared, patch: Value) -> Result<Shared, Status> {
        let (namespace, name) = (&object.meta.namespace, &object.meta.name);
        let verb = Verb::Patch(PatchType::Merge, patch);
        self.one(Request::new(object.kind, namespace, name, verb))
    }

    /// Removes an object.
    ///
    /// # Errors
    /// NotFound, Conflict (a precondition does not hold), Forbidden.
    pub fn delete(&mut self, kind: Kind, namespace: &Text, name: &Text, options: DeleteOptions) -> Result<(), Status> {
        self.send(Request::new(kind, namespace, name, Verb::Delete(options))).map(|_| ())
    }
}
