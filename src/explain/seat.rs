//! Why there is no pod of a name.

use super::eyes::{Eyes, SETS};
use super::help::{Help, tail};
use super::{Reason, notes};
use crate::api::{Key, Shared};

impl Eyes<'_> {
    /// A pod that is not there: whose turn it is, or that nobody asks for it.
    pub fn absent_pod(&mut self, key: &Key) -> Reason {
        let Some((set, ordinal)) = self.set_of(&key.namespace, &key.name) else {
            let reason = self.absent(key);
            if reason.is_held_up() || key.name.rsplit_once('-').is_none() {
                return reason;
            }
            let (set, _) = key.name.rsplit_once('-').unwrap_or_default();
            let text = format!("and there is no StatefulSet {set} that would make it");
            return reason.because(Some(Reason::new(key, "metadata.name", text)));
        };
        let Some(view) = set.as_stateful_set() else { return self.absent(key) };
        let end = view.start + view.replicas;
        if ordinal < view.start || ordinal >= end {
            return Self::out_of_range(key, set, ordinal, (view.start, end));
        }
        let text = format!("{} is asked for and not there", key.name);
        let mut reason = Reason::new(key, "metadata.name", text);
        let stale = self.stale_claim(set, key);
        let own = self.world.waits().find(|(of, wait)| *of == set.key() && wait.subject == *key);
        if let (Some(stale), None) = (stale, own) {
            reason.because.push(stale);
        }
        let below = self.why(&set.key());
        // What the set says about itself holds for its seat; its notes do not.
        reason.because.extend(below.because.into_iter().filter(|reason| !reason.is_note));
        if !reason.is_held_up() {
            let noted = self.chronicle.last(&set.key(), SETS).cloned();
            let unseen = self.unseen(&set.key(), "The controller has not looked at the set since");
            reason.because.push(unseen.since(noted.as_ref()));
        }
        let note = notes::of_seat(self, set, ordinal);
        reason.because(note)
    }

    fn out_of_range(key: &Key, set: &Shared, ordinal: i64, (start, end): (i64, i64)) -> Reason {
        let (name, of) = (&key.name, &set.meta.name);
        let wanted = if end > start { format!("{of}-{start} to {of}-{}", end - 1) } else { "no pod at all".into() };
        let text = format!("nobody asks for {name}: {of} asks for {wanted}");
        let reason = Reason::new(&set.key(), "spec.replicas", text);
        if ordinal < start {
            let patch = format!(r#"{{"spec":{{"ordinals":{{"start":{ordinal}}}}}}}"#);
            let line = format!("kubectl patch statefulset {of}{} -p '{patch}'", tail(&set.key()));
            let help = Help::run(format!("Let the ordinals start at {ordinal}"), line);
            return Reason { field: "spec.ordinals.start", ..reason }.rule(24).helps(help);
        }
        let replicas = ordinal - start + 1;
        let line = format!("kubectl scale statefulset {of}{} --replicas={replicas}", tail(&set.key()));
        Reason::new(key, "metadata.name", format!("there is no {name}"))
            .because(Some(reason.helps(Help::run(format!("Scale {of} to {replicas}"), line))))
    }
}
