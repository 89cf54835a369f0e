//! Names of volumes in recorded commands. A provisioned volume is named after its claim's uid, which no other run has:
//! the replay lets a volume of its own stand for it.

use crate::api::{Kind, Shared};
use crate::sim::World;
use crate::sorted::SortedMap;
use crate::value::Text;

/// Which volume stands for which recorded name, and the other way round.
#[derive(Clone, Debug, Default)]
pub(super) struct VolumeNames {
    ours: SortedMap<Text, Text>,
    recorded: SortedMap<Text, Text>,
}

impl VolumeNames {
    /// The words of a command, with our volumes in place of recorded ones.
    pub fn to_ours(&mut self, argv: &[Text], world: &World, namespace: &Text) -> Vec<Text> {
        argv.iter().map(|word| self.word(word, world, namespace)).collect()
    }

    /// The words as they were recorded.
    pub fn to_recorded(&self, argv: &[Text]) -> Vec<Text> {
        argv.iter().map(|word| self.recorded.get(word).unwrap_or(word).clone()).collect()
    }

    fn word(&mut self, word: &Text, world: &World, namespace: &Text) -> Text {
        let (prefix, name) = word.rsplit_once('/').map_or(("", word.as_str()), |(kind, name)| (kind, name));
        let generated = name.strip_prefix("pvc-").is_some_and(|uid| uid.len() == 36);
        if !generated || world.store().get(Kind::PersistentVolume, "", name).is_some() {
            return word.clone();
        }
        if let Some(ours) = self.ours.get(word) {
            return ours.clone();
        }
        let Some(stand_in) = stand_in(world, namespace) else {
            return word.clone();
        };
        let ours = if prefix.is_empty() {
            stand_in.meta.name.clone()
        } else {
            Text::from(format!("{prefix}/{}", stand_in.meta.name))
        };
        self.ours.insert(word.clone(), ours.clone());
        self.recorded.insert(ours.clone(), word.clone());
        ours
    }
}

/// The volume that a person would name: one that was released, else the newest of the scenario's claims.
fn stand_in(world: &World, namespace: &Text) -> Option<Shared> {
    let volumes = world.store().list(Kind::PersistentVolume, "");
    let of_scenario = volumes.filter(|volume| {
        let view = volume.as_volume();
        volume.meta.name.starts_with("pvc-") && view.is_some_and(|view| view.claim_namespace == *namespace)
    });
    of_scenario
        .max_by_key(|volume| {
            let released = volume.as_volume().is_some_and(|view| view.phase == *"Released");
            (released, volume.meta.created, volume.meta.resource_version)
        })
        .cloned()
}
