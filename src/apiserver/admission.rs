//! Admission: what plugins of the API server add to new objects, and what they refuse.

use super::{ApiServer, Store};
use crate::api::{Kind, Object, Status};
use crate::random::Seed;
use crate::value::Value;

/// Admits a new object.
///
/// # Errors
/// Forbidden.
pub(super) fn admit(kind: Kind, tree: &mut Value, store: &Store, seed: Seed) -> Result<(), Status> {
    let _ = (kind, tree, store, seed);
    Ok(())
}

/// Admits a change.
///
/// # Errors
/// Forbidden.
pub(super) fn admit_update(kind: Kind, tree: &Value, old: &Object, store: &Store) -> Result<(), Status> {
    let _ = (kind, tree, old, store);
    Ok(())
}

impl ApiServer {
    /// Gives a new Service its addresses.
    ///
    /// # Errors
    /// Invalid: the address asked for cannot be had.
    pub(super) fn allocate(&mut self, kind: Kind, tree: &mut Value) -> Result<(), Status> {
        let _ = (kind, tree);
        Ok(())
    }
}
