//! Why a claim has no volume, does not go, or is still there.

use super::Reason;
use super::eyes::{Eyes, SETS};
use super::help::{Help, tail};
use crate::api::view::ClaimView;
use crate::api::{Key, Kind, Object, Shared};
use crate::sim::Fault;
use crate::value::Text;

/// By this name volumes are bound.
const BINDER: &str = "persistentvolume-controller";
/// By this name they are made.
const PROVISIONER: &str = "external-provisioner";

impl Eyes<'_> {
    /// A claim that is there.
    pub fn claim(&mut self, claim: &Shared) -> Reason {
        let (key, name) = (claim.key(), &claim.meta.name);
        let view = claim.as_claim().cloned().unwrap_or_default();
        if claim.is_terminating() {
            return self.going_claim(claim);
        }
        let mut reason = Reason::new(&key, "status.phase", format!("{name} is {}", view.phase));
        match view.phase.as_str() {
            "Bound" => {}
            "Lost" => {
                let text = "its volume is gone, and the data with it; a Lost claim is never bound again";
                reason.because.push(Reason::new(&key, "spec.volumeName", text).helps(Help::delete(claim)));
            }
            _ => {
                let leaf = self.pending_claim(claim, &view);
                reason.because.push(leaf);
            }
        }
        let notes = self.notes_of_claim(claim, &view);
        reason.because(notes)
    }

    /// pvc-protection.
    fn going_claim(&mut self, claim: &Shared) -> Reason {
        let (key, name) = (claim.key(), &claim.meta.name);
        let text = format!("{name} is Terminating");
        let mut reason = Reason::new(&key, "metadata.deletionTimestamp", text).rule(6).since_touched(self, &key);
        let mut pods = self.world.store().list(Kind::Pod, &claim.meta.namespace);
        let user = pods
            .find(|pod| pod.as_pod().is_some_and(|view| !view.node.is_empty() && view.claims.contains(name)))
            .cloned();
        let field = "metadata.finalizers";
        let Some(user) = user else {
            let help = Help::passes("It goes by itself", None);
            reason.because.push(Reason::new(&key, field, "nothing uses it any more").helps(help));
            return reason;
        };
        let pod = &user.meta.name;
        let text = format!(
            "finalizer kubernetes.io/pvc-protection keeps {name} while pod {pod} uses it; then it goes, and its data \
             with it"
        );
        let mut leaf = Reason::new(&key, field, text).rule(6);
        if user.is_terminating() {
            let below = self.why(&user.key());
            leaf.because.push(below);
        } else {
            leaf.helps.push(Help::delete(&user).danger("another pod gets a new, empty claim"));
        }
        reason.because(Some(leaf))
    }

    /// Without a volume.
    fn pending_claim(&mut self, claim: &Shared, view: &ClaimView) -> Reason {
        let key = claim.key();
        let noted = self.wait(&key, BINDER);
        let said = noted.map(|noted| noted.decision.because.clone()).unwrap_or_default();
        let field = "spec.storageClassName";
        let class = view.class.clone().unwrap_or_default();
        let found = self.get(Kind::StorageClass, "", &class);
        if class.is_empty() && view.class.is_none() {
            return self.without_class(claim).since(noted);
        }
        if class.is_empty() {
            let text = "storageClassName is \"\": no volume is made for it, it waits for one that fits";
            return Reason::new(&key, field, text)
                .since(noted)
                .helps(Help::hand("Create a PersistentVolume that fits"));
        }
        let Some(found) = found else {
            let text = format!("there is no StorageClass {class}; the claim is looked at again every 15 s");
            let help = Help::hand(format!("Create StorageClass {class}"));
            return Reason::new(&key, field, text).since(noted).helps(help);
        };
        let delayed = found.tree.at(&["volumeBindingMode"]).as_str() == Some("WaitForFirstConsumer");
        if delayed && claim.annotation("volume.kubernetes.io/selected-node").is_none() {
            let user = self
                .world
                .store()
                .list(Kind::Pod, &key.namespace)
                .find(|pod| pod.as_pod().is_some_and(|view| view.claims.contains(&key.name)));
            let text = format!("class {class} waits until a pod that uses the claim has been given a node");
            let leaf = Reason::new(&key, "volumeBindingMode", text).since(noted);
            return match user.map(|pod| pod.key()) {
                // The pod's own reasons say what keeps it from a node; the claim does not.
                Some(pod) if self.path.contains(&pod) => leaf,
                Some(pod) => {
                    let below = self.why(&pod);
                    leaf.because(Some(below))
                }
                None => leaf.helps(Help::hand("Use it in a pod")),
            };
        }
        let provisioner = found.tree.at(&["provisioner"]).text();
        if self.world.provisioner_is_down() {
            let text = format!("the provisioner {provisioner} does not answer: no volume is made");
            let help = Help::fault("Start the provisioner", Fault::ProvisionerStarts);
            return Reason::new(&key, field, text).since(noted).helps(help);
        }
        let known = self.world.profile().storage_classes.iter().any(|known| known.provisioner == provisioner.as_str());
        if !known {
            let text = format!("nobody here answers to the provisioner {provisioner} of class {class}");
            return Reason::new(&key, field, text).since(noted).helps(Help::hand("Use a class whose provisioner runs"));
        }
        if view.volume.is_empty() && claim.tree.at(&["spec", "volumeName"]).is_null() {
            let at_work = self.chronicle.last(&key, PROVISIONER);
            let text = if at_work.is_some() {
                format!("{provisioner} is making its volume")
            } else {
                format!("{provisioner} has been asked for a volume")
            };
            let help = Help::passes("It is bound when the volume is there", None);
            return Reason::new(&key, "status.phase", text).since(at_work.or(noted)).helps(help);
        }
        let text = if said.is_empty() { "it is being bound".into() } else { said };
        Reason::new(&key, "spec.volumeName", text).since(noted).helps(Help::passes("It is looked at every 15 s", None))
    }

    /// It names no class, and there is no default one.
    fn without_class(&mut self, claim: &Shared) -> Reason {
        let classes: Vec<&Shared> = self.world.store().list(Kind::StorageClass, "").collect();
        let default = classes.iter().find(|class| is_default(class));
        let field = "spec.storageClassName";
        if default.is_some() {
            let text = "it was made before there was a default class, and gets it at the next look, every 15 s";
            return Reason::new(&claim.key(), field, text).helps(Help::passes("It gets the class by itself", None));
        }
        let text = "the claim names no class, and no StorageClass is the default one";
        let leaf = Reason::new(&claim.key(), field, text);
        match classes.first() {
            Some(class) => {
                let class = &class.meta.name;
                let line = format!(
                    "kubectl annotate storageclass {class} storageclass.kubernetes.io/is-default-class=true --overwrite"
                );
                leaf.helps(Help::run(format!("Make {class} the default class"), line))
            }
            None => leaf.helps(Help::hand("Create a StorageClass")),
        }
    }

    /// A claim that is not there.
    pub fn absent_claim(&mut self, key: &Key) -> Reason {
        let mut reason = self.absent(key);
        let Some((set, pod)) = self.seat_of_claim(key) else { return reason };
        let seat = Key::new(Kind::Pod, key.namespace.clone(), pod.clone());
        if self.get(Kind::Pod, &key.namespace, &pod).is_some() {
            let text =
                format!("{pod} was made without it; the controller makes a missing claim only for a Pending pod");
            reason.because.push(Reason::note(&seat, "spec.volumes", 6, text));
            return reason;
        }
        let text = format!("the controller of {set} makes it together with {pod}");
        let below = self.why(&seat);
        reason.because(Some(Reason::new(&seat, "spec.volumeClaimTemplates", text).because(Some(below))))
    }

    /// The set and the pod that a claim of this name is for.
    pub fn seat_of_claim(&self, key: &Key) -> Option<(Text, Text)> {
        let sets = self.world.store().list(Kind::StatefulSet, &key.namespace);
        sets.filter_map(|set| Some((set, set.as_stateful_set()?))).find_map(|(set, view)| {
            let templates = view.claim_templates.iter();
            let mut pods = templates.filter_map(|t| key.name.strip_prefix(t.as_str())?.strip_prefix('-'));
            let pod = pods.find(|pod| pod.rsplit_once('-').is_some_and(|(of, _)| of == set.meta.name.as_str()))?;
            super::eyes::ordinal(pod)?;
            Some((set.meta.name.clone(), Text::copy(pod)))
        })
    }

    /// A claim that a former pod of the name still owns.
    pub fn stale_claim(&mut self, set: &Shared, pod: &Key) -> Option<Reason> {
        let view = set.as_stateful_set()?;
        let claims = view.claim_templates.iter().map(|template| format!("{template}-{}", pod.name));
        let mut found = claims.filter_map(|name| self.get(Kind::PersistentVolumeClaim, &pod.namespace, &name));
        let stale = found.find(|claim| claim.meta.owners.iter().any(|owner| owner.kind == *"Pod"))?;
        let text =
            format!("{} is not created: {} still belongs to a former pod of that name", pod.name, stale.meta.name);
        let below = self.why(&stale.key());
        let held = below.is_held_up();
        let reason = Reason::new(&stale.key(), "metadata.ownerReferences", text).rule(7).because(Some(below));
        Some(if held { reason } else { reason.helps(Help::passes("The garbage collector deletes it", None)) })
    }

    fn notes_of_claim(&mut self, claim: &Shared, view: &ClaimView) -> Vec<Reason> {
        let (key, name) = (claim.key(), &claim.meta.name);
        let mut notes = Vec::new();
        let seat = self.seat_of_claim(&key);
        let pods = self.world.store().list(Kind::Pod, &key.namespace);
        let used = pods.filter(|pod| pod.as_pod().is_some_and(|view| view.claims.contains(name))).count() > 0;
        if !used && view.is_bound() {
            let text = match &seat {
                Some((_, pod)) => format!(
                    "no pod uses {name}, and nothing deletes it: a claim outlives its pod. If {pod} comes back, it gets \
                     this claim and the old data"
                ),
                None => format!("no pod and no set uses {name} any more, and nothing deletes it: claims outlive sets"),
            };
            let mut note = Reason::note(&key, "metadata.ownerReferences", 22, text);
            note.helps.push(Help::delete(claim).danger("its data goes with it"));
            notes.push(note);
        }
        if let Some((set, _)) = &seat {
            notes.extend(self.other_size(claim, view, set));
        }
        notes
    }

    /// The template asks for another size than the claim has.
    fn other_size(&self, claim: &Object, view: &ClaimView, set: &Text) -> Option<Reason> {
        let set = self.get(Kind::StatefulSet, &claim.meta.namespace, set)?;
        let templates = set.tree.at(&["spec", "volumeClaimTemplates"]).items();
        let template =
            templates.iter().find(|t| claim.meta.name.starts_with(t.at(&["metadata", "name"]).str_or_empty()))?;
        let wants = template.at(&["spec", "resources", "requests", "storage"]).text();
        if wants == view.request || wants.is_empty() {
            return None;
        }
        let text = format!(
            "the template of {} asks for {wants} and this claim for {}: a claim is found by its name and never resized \
             by its set",
            set.meta.name, view.request
        );
        let patch = format!(r#"{{"spec":{{"resources":{{"requests":{{"storage":"{wants}"}}}}}}}}"#);
        let line = format!("kubectl patch pvc {}{} -p '{patch}'", claim.meta.name, tail(&claim.key()));
        let mut note = Reason::note(&claim.key(), "spec.resources.requests.storage", 25, text);
        note.helps.push(Help::run(format!("Ask for {wants}"), line));
        Some(note.since(self.chronicle.last(&set.key(), SETS)))
    }
}

fn is_default(class: &Object) -> bool {
    ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
        .iter()
        .any(|key| class.annotation(key).is_some_and(|value| value == "true"))
}
