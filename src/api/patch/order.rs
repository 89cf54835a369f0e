//! The order of a merged list, and its elements by merge key.

use super::strategic::Fault;
use super::wording::printed;
use crate::value::Value;

/// How the elements of a list are told apart: by a key, or as scalars by themselves.
#[derive(Clone, Copy)]
pub(super) struct Identity(pub Option<&'static str>);

impl Identity {
    /// What an element is known by. Nothing for an element without its merge key.
    pub fn of(self, element: &Value) -> Option<&Value> {
        match self.0 {
            Some(key) => element.get(key),
            None => Some(element),
        }
    }

    /// What an element is known by.
    ///
    /// # Errors
    /// It does not have its merge key.
    pub fn needed(self, element: &Value) -> Result<&Value, Fault> {
        self.of(element).ok_or_else(|| {
            let key = self.0.unwrap_or("");
            let shown = printed(element);
            Fault::Plain(format!("map: {shown} does not contain declared merge key: {key}"))
        })
    }

    /// Where the element that is known by the same stands.
    pub fn find(self, list: &[Value], element: &Value) -> Option<usize> {
        let wanted = self.of(element)?;
        list.iter().position(|other| self.of(other) == Some(wanted))
    }
}

/// Whether an element of a patch says that its like is to be deleted.
pub(super) fn is_deletion(element: &Value) -> bool {
    element.get("$patch").and_then(Value::as_str) == Some("delete")
}

/// Refuses lists of which some elements are objects and some are not, and lists of lists.
pub(super) fn check_elements(first: &[Value], second: &[Value]) -> Result<(), Fault> {
    let sort = |value: &Value| std::mem::discriminant(value);
    let mut all = first.iter().chain(second);
    let Some(head) = all.next() else {
        return Ok(());
    };
    if first.iter().chain(second).any(|v| matches!(v, Value::List(_))) {
        return Err(Fault::Rejected("lists of lists are not supported"));
    }
    if all.any(|value| sort(value) != sort(head)) {
        let lists = [first, second].map(|list| printed(&Value::list_of(list.to_vec())));
        return Err(Fault::Plain(format!("list element types are not identical: [{}]", lists.join(" "))));
    }
    Ok(())
}

/// Puts a merged list in order: the elements of the patch in the order of the patch, those that only the server has in
/// the order of the server, and the two woven together so that the server's order is kept where both are known to
/// it. Elements that are new come before those of the server.
pub(super) fn woven(
    merged: Vec<Value>,
    patch_order: &[Value],
    server_order: &[Value],
    identity: Identity,
) -> Result<Vec<Value>, Fault> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for element in merged {
        identity.needed(&element)?;
        if identity.find(patch_order, &element).is_some() {
            ours.push(element);
        } else {
            theirs.push(element);
        }
    }
    let mut ours = sorted(ours, patch_order, identity).into_iter().peekable();
    let mut theirs = sorted(theirs, server_order, identity).into_iter().peekable();
    let mut all = Vec::new();
    while let (Some(our), Some(their)) = (ours.peek(), theirs.peek()) {
        let places = (identity.find(server_order, their), identity.find(server_order, our));
        let theirs_first = matches!(places, (Some(their), Some(our)) if their < our);
        all.extend(if theirs_first { theirs.next() } else { ours.next() });
    }
    all.extend(ours);
    all.extend(theirs);
    Ok(all)
}

/// The elements in the order in which `order` has them; deletions come last.
pub(super) fn sorted(elements: Vec<Value>, order: &[Value], identity: Identity) -> Vec<Value> {
    let (deletions, mut kept): (Vec<Value>, Vec<Value>) = elements.into_iter().partition(is_deletion);
    crate::sorted::sort_by_key(&mut kept, &|element| identity.find(order, element));
    kept.extend(deletions);
    kept
}
