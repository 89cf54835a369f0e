//! `kubectl describe` (`reference/printing.md` §8).

use crate::api::Shared;
use crate::apiserver::Client;
use crate::time::Time;
use crate::value::Value;

/// What `kubectl describe` prints for one object, without the blank lines between several. The events section is
/// left out unless `show_events`: kubectl shows events only when one object is described.
pub fn describe(object: &Shared, client: &mut Client<'_>, now: Time, show_events: bool) -> String {
    let _ = (object, client, now, show_events);
    String::new()
}

/// The block `Pod Template:` of `kubectl rollout history --revision`, with its literal tabs, from spec.template.
pub fn pod_template_block(template: &Value) -> String {
    let _ = template;
    String::new()
}
