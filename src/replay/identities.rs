//! Identities in recorded files. A file that was made of a living object names that object's uid and version, which
//! no other run has: what such a file meant then, it means here too.

use crate::api::Kind;
use crate::sim::World;
use crate::sorted::SortedMap;
use crate::value::{Text, Value, yaml};

/// What stands for recorded uids and versions, from the moment at which a file with them is first used.
#[derive(Clone, Debug, Default)]
pub(super) struct Identities {
    uids: SortedMap<Text, Text>,
    /// By recorded uid and version.
    versions: SortedMap<(Text, Text), Text>,
}

impl Identities {
    /// A file as it reads in this world: uids and versions of objects that were exported name ours.
    pub fn to_ours(&mut self, file: &Text, world: &World, namespace: &Text) -> Text {
        if !file.contains("resourceVersion") || !file.contains("uid") {
            return file.clone();
        }
        let mut text = file.to_string();
        for document in yaml::documents(file) {
            let Ok(document) = document else { break };
            self.document(&document.value, world, namespace, &mut text);
        }
        Text::from(text)
    }

    fn document(&mut self, tree: &Value, world: &World, namespace: &Text, text: &mut String) {
        let meta = tree.at(&["metadata"]);
        let (uid, version) = (meta.at(&["uid"]).text(), meta.at(&["resourceVersion"]).text());
        if !is_of_server(&uid) {
            return;
        }
        let kind = Kind::of_manifest(tree.at(&["apiVersion"]).str_or_empty(), tree.at(&["kind"]).str_or_empty());
        let written = meta.at(&["namespace"]).text();
        let namespace = if written.is_empty() { namespace } else { &written };
        let living = kind.and_then(|kind| {
            let namespace = if kind.is_namespaced() { namespace.as_str() } else { "" };
            world.store().get(kind, namespace, meta.at(&["name"]).str_or_empty())
        });
        let key = (uid.clone(), version.clone());
        if let Some(living) = living {
            if self.uids.get(&uid).is_none() {
                self.uids.insert(uid.clone(), living.meta.uid.clone());
            }
            let ours = self.uids.get(&uid).is_some_and(|ours| *ours == living.meta.uid);
            if ours && self.versions.get(&key).is_none() {
                self.versions.insert(key.clone(), Text::from(living.meta.resource_version.to_string()));
            }
        }
        if let Some(ours) = self.uids.get(&uid) {
            *text = text.replace(uid.as_str(), ours);
        }
        if let Some(ours) = self.versions.get(&key).filter(|_| !version.is_empty()) {
            *text = text.replace(&format!("\"{version}\""), &format!("\"{ours}\""));
        }
    }
}

/// Whether a uid is one that an API server made: a random one, of version 4. A person writes others.
fn is_of_server(uid: &Text) -> bool {
    let bytes = uid.as_bytes();
    bytes.len() == 36 && bytes.get(14) == Some(&b'4') && matches!(bytes.get(19), Some(b'8' | b'9' | b'a' | b'b'))
}

#[cfg(test)]
mod tests {
    use super::is_of_server;

    #[test]
    fn a_uid_that_somebody_made_up_stays_what_it_is() {
        assert!(is_of_server(&"0d136a22-33e6-4193-a80f-23f567c78bb4".into()));
        assert!(!is_of_server(&"11111111-2222-3333-4444-555555555555".into()));
        assert!(!is_of_server(&"0d136a22".into()));
    }
}
