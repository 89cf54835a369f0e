//! Creating and changing objects.

use super::request::{FieldValidation, PatchType, Reply, Request, Subresource, Verb};
use super::{ApiServer, admission, decode, defaults, manage, strategy, validation};
use crate::api::managers::Managers;
use crate::api::{Cause, CauseType, Kind, Object, Shared, Status, patch};
use crate::time::Time;
use crate::value::{Text, Value};

/// A write that has passed every check and is ready to be stored.
struct Checked {
    tree: Value,
    managers: Managers,
    warnings: Vec<String>,
}

impl ApiServer {
    /// Stores a new object.
    pub(super) fn create(&mut self, now: Time, request: Request) -> Result<Reply, Status> {
        let Verb::Create(body) = &request.verb else {
            return Err(Status::bad_request("create without a body"));
        };
        let kind = request.kind;
        let decoded = decode::body(kind, body, request.field_validation)?;
        let (mut tree, mut warnings) = (decoded.tree, decoded.warnings);
        if kind.is_namespaced() {
            self.check_namespace(kind, &tree, &request.namespace)?;
            tree.set(&["metadata", "namespace"], &request.namespace);
        }
        self.name(kind, &mut tree);
        defaults::apply(kind, &mut tree, self.gates);
        let managers = manage::created(now, kind, &tree, &request, body);
        admission::admit(kind, &mut tree, &self.store, self.seed)?;
        strategy::prepare_for_create(kind, &mut tree, self.gates);
        let name = tree.at(&["metadata", "name"]).text();
        let causes = validation::create(kind, &tree, self.gates);
        if !causes.is_empty() {
            return Err(Status::invalid(kind, &name, causes));
        }
        warnings.extend(validation::warnings(kind, &tree, None));
        if self.store.get(kind, &request.namespace, &name).is_some() {
            return Err(Status::already_exists(kind, &name));
        }
        if kind == Kind::Service {
            self.addresses().allocate(&mut tree, None)?;
        }
        strategy::note_phase(kind, &mut tree, None, now);
        // By place and moment, not by what else was written: an extra command elsewhere changes nobody's uid, and so
        // none of the draws that are keyed by it.
        let id = format!("{}/{}/{name}/{}", kind.info().plural, request.namespace, now.0);
        let mut uid = self.seed.uid(&id);
        if *self.store.last_removed() == *uid {
            uid = self.seed.uid(&format!("{id}/again"));
        }
        tree.set(&["metadata", "uid"], uid);
        tree.set(&["metadata", "creationTimestamp"], now.rfc3339());
        if kind.info().has_generation {
            tree.set(&["metadata", "generation"], 1);
        }
        if kind == Kind::PersistentVolume {
            note_phase_change(now, &mut tree, &Value::Null);
        }
        let object = if request.dry_run {
            std::rc::Rc::new(Object::new(kind, tree).managed(managers))
        } else {
            if kind == Kind::Event {
                self.sweep(now);
            }
            self.store.put_managed(now, kind, tree, managers)
        };
        Ok(Reply { warnings, ..self.reply(object) })
    }

    /// Namespaced objects need a namespace that exists and is not going away.
    fn check_namespace(&self, kind: Kind, tree: &Value, namespace: &Text) -> Result<(), Status> {
        let Some(found) = self.store.get(Kind::Namespace, "", namespace) else {
            return Err(Status::not_found(Kind::Namespace, namespace));
        };
        if found.is_terminating() {
            let name = tree.at(&["metadata", "name"]).text();
            let why = format!("unable to create new content in namespace {namespace} because it is being terminated");
            return Err(Status::forbidden(kind, &name, &why));
        }
        Ok(())
    }

    /// Makes a name out of metadata.generateName where there is no name.
    fn name(&self, kind: Kind, tree: &mut Value) {
        let meta = tree.at(&["metadata"]);
        let (name, prefix) = (meta.at(&["name"]), meta.at(&["generateName"]).text());
        if name.str_or_empty().is_empty() && !prefix.is_empty() {
            let subject = format!("{}/{prefix}/{}", kind.info().plural, self.store.version());
            let name = format!("{prefix}{}", self.seed.suffix(&subject, "generateName", 5));
            tree.set(&["metadata", "name"], name);
        }
    }

    /// Replaces or patches an object or its status.
    pub(super) fn write(&mut self, now: Time, request: Request) -> Result<Reply, Status> {
        let old = self.stored(&request)?;
        let checked = self.check_write(now, &old, &request)?;
        let reply =
            |server: &Self, object: Shared| Reply { warnings: checked.warnings.clone(), ..server.reply(object) };
        let same_managers = checked.managers == old.managers;
        if same_managers && same_but_version(&checked.tree, &old.tree) {
            return Ok(reply(self, old));
        }
        if request.dry_run {
            let object = std::rc::Rc::new(Object::new(old.kind, checked.tree).managed(checked.managers));
            return Ok(reply(self, object));
        }
        let object = self.commit_write(now, &old, checked.tree.clone(), checked.managers.clone());
        Ok(reply(self, object))
    }

    /// Stores a changed object; one whose deletion waited only for its finalizers goes with the last of them.
    pub(super) fn commit_write(&mut self, now: Time, old: &Shared, mut tree: Value, managers: Managers) -> Shared {
        if old.kind == Kind::PersistentVolume {
            note_phase_change(now, &mut tree, &old.tree);
        }
        let deleting = old.is_terminating();
        let left = !tree.at(&["metadata", "finalizers"]).items().is_empty()
            || (old.kind == Kind::Namespace && !tree.at(&["spec", "finalizers"]).items().is_empty());
        let grace = tree.at(&["metadata", "deletionGracePeriodSeconds"]).as_i64().unwrap_or(0);
        if deleting && !left && grace == 0 {
            // What a watch announces is the last stored version, not the write that let it go.
            self.store.remove(now, old.kind, old.tree.clone())
        } else {
            self.store.put_managed(now, old.kind, tree, managers)
        }
    }

    fn addresses(&self) -> admission::Addresses<'_> {
        admission::Addresses { store: &self.store, seed: self.seed }
    }

    /// Everything between a write's body and the store.
    fn check_write(&self, now: Time, old: &Shared, request: &Request) -> Result<Checked, Status> {
        let kind = old.kind;
        let (body, validation_mode) = match &request.verb {
            Verb::Update(body) => (body.clone(), request.field_validation),
            Verb::Patch(patch_type, patch) => {
                let patched = match patch_type {
                    PatchType::Strategic => patch::strategic(kind, &old.tree, patch)?,
                    PatchType::Merge => patch::merge_request(&old.tree, patch)?,
                    PatchType::Json => patch::json(&old.tree, patch)?,
                };
                (patched, request.field_validation)
            }
            _ => return Err(Status::bad_request("write without a body")),
        };
        let decoded = match &request.verb {
            Verb::Patch(patch_type, patch) => {
                let by = match patch_type {
                    PatchType::Strategic => decode::Patched::Strategic(patch),
                    PatchType::Merge | PatchType::Json => decode::Patched::Text,
                };
                decode::patched(kind, &body, by, validation_mode)?
            }
            _ => decode::replacement(kind, &body, Some(&old.tree), validation_mode)?,
        };
        let (mut tree, mut warnings) = (decoded.tree, decoded.warnings);
        if let Verb::Patch(PatchType::Json, patch) = &request.verb
            && validation_mode == FieldValidation::Warn
        {
            warnings.splice(0..0, patch::json_warnings(patch));
        }
        let given = (kind == Kind::Service && request.subresource == Subresource::None).then(|| tree.clone());
        let name = &old.meta.name;
        let by_patch = matches!(request.verb, Verb::Patch(..));
        check_identity(old, &tree, by_patch)?;
        strategy::prepare_for_update(kind, &mut tree, old, request.subresource, self.gates);
        if request.subresource == Subresource::None {
            defaults::apply(kind, &mut tree, self.gates);
        }
        let managers = match given {
            // What a Service keeps although the request left it out is still left out for its managers.
            Some(mut given) => {
                defaults::apply(kind, &mut given, self.gates);
                manage::changed(now, old, &given, request)?
            }
            None => manage::changed(now, old, &tree, request)?,
        };
        strategy::note_phase(kind, &mut tree, Some(old), now);
        strategy::count_generation(kind, &mut tree, old, request.subresource);
        let causes = validation::update(kind, &tree, old, request.subresource, self.gates);
        if !causes.is_empty() {
            return Err(Status::invalid(kind, name, causes));
        }
        if request.subresource == Subresource::None {
            admission::admit_update(kind, &tree, old, &self.store)?;
            if kind == Kind::Service {
                self.addresses().allocate(&mut tree, Some(old))?;
            }
            warnings.extend(validation::warnings(kind, &tree, Some(old)));
        }
        Ok(Checked { tree, managers, warnings })
    }
}

/// A body that names another object, or an older version of this one, is refused.
/// A replacement names the object it means by its uid; a patch has no such precondition, for it the uid is a field
/// that cannot change.
fn check_identity(old: &Object, tree: &Value, by_patch: bool) -> Result<(), Status> {
    let meta = tree.at(&["metadata"]);
    let (kind, name) = (old.kind, &old.meta.name);
    let given = meta.at(&["name"]).text();
    if given != *name {
        return Err(Status::bad_request(format!(
            "the name of the object ({given}) does not match the name on the URL ({name})"
        )));
    }
    let namespace = meta.at(&["namespace"]).text();
    if !namespace.is_empty() && namespace != old.meta.namespace {
        return Err(Status::bad_request(format!(
            "the namespace of the object ({namespace}) does not match the namespace on the request ({})",
            old.meta.namespace
        )));
    }
    let uid = meta.at(&["uid"]).text();
    let other_uid = !uid.is_empty() && uid != old.meta.uid;
    if other_uid && !by_patch {
        let key = if kind.is_namespaced() { format!("{}/{name}", old.meta.namespace) } else { name.to_string() };
        let why = format!(
            "StorageError: invalid object, Code: 4, Key: /registry/{}/{key}, ResourceVersion: 0, \
             AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {}",
            kind.info().plural,
            old.meta.uid
        );
        return Err(Status::conflict(kind, name, &why));
    }
    let version = meta.at(&["resourceVersion"]).str_or_empty();
    if !version.is_empty() && version != old.meta.resource_version.to_string() {
        return Err(Status::modified(kind, name));
    }
    if other_uid {
        let cause = Cause {
            kind: CauseType::Invalid,
            field: "metadata.uid".into(),
            message: format!("Invalid value: \"{uid}\": field is immutable").into(),
        };
        return Err(Status::invalid(kind, name, vec![cause]));
    }
    Ok(())
}

/// A volume's status says when its phase changed last.
fn note_phase_change(now: Time, tree: &mut Value, old: &Value) {
    const PHASE: [&str; 2] = ["status", "phase"];
    if tree.at(&PHASE) != old.at(&PHASE) {
        tree.set(&["status", "lastPhaseTransitionTime"], now.rfc3339());
    }
}

/// Whether two trees differ in nothing but their resourceVersion: such a write changes nothing.
fn same_but_version(new: &Value, old: &Value) -> bool {
    let rest = |tree: &Value| tree.pairs().filter(|(key, _)| *key != "metadata").count();
    let same = |(key, value): (&Text, &Value)| *key == "metadata" || old.get(key) == Some(value);
    let strip = |tree: &Value| {
        let mut meta = tree.at(&["metadata"]).clone();
        meta.take(&["resourceVersion"]);
        meta
    };
    rest(new) == rest(old) && new.pairs().all(same) && strip(new) == strip(old)
}

/// The default treatment of unknown fields for a request that did not say.
impl FieldValidation {
    /// Whether unknown fields are an error.
    pub fn is_strict(self) -> bool {
        self == Self::Strict
    }
}
