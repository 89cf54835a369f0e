//! Starting containers: back-off, image, configuration, start.

use std::collections::VecDeque;

use super::agent::{Agent, Work};
use super::container::{Role, Run};
use super::hands::Hands;
use super::{image, references, status};
use crate::profile::Pace;
use crate::time::go_duration;
use crate::value::Text;

/// What is to be done about an image before its container can be created.
enum Image {
    Present,
    Pull,
    Refused(&'static str, String),
}

impl Hands<'_, '_> {
    /// Starts every container whose turn it is. `killed` were stopped by this very sync.
    pub fn start_containers(&mut self, agent: &mut Agent, killed: &[usize]) {
        agent.to_start = turn(agent);
        self.start_next(agent, killed);
    }

    fn start_next(&mut self, agent: &mut Agent, killed: &[usize]) {
        while let Some(index) = agent.to_start.pop_front() {
            if self.is_held_back(agent, index, killed.contains(&index)) {
                continue;
            }
            match self.image(agent, index) {
                Image::Present => {
                    let text = format!(
                        "Container image \"{}\" already present on machine and can be accessed by the pod",
                        image_of(agent, index)
                    );
                    self.event(agent, Some(index), false, "Pulled", &text);
                    self.create(agent, index);
                }
                Image::Pull => {
                    if self.begin_to_pull(agent, index) {
                        return;
                    }
                }
                Image::Refused(reason, message) => {
                    self.failed_to_start(agent, index, reason, &message, None);
                }
            }
        }
        let started = agent
            .containers
            .iter()
            .any(|c| c.run.as_ref().is_some_and(|run| run.started == self.now() && run.exit.is_none()));
        if started {
            let pause = self.context.profile.node_agent.start_ms;
            self.step(agent, Work::Starting, pause);
        } else {
            self.end_sync(agent);
        }
    }

    /// Whether a container that ended has to wait before it is started again.
    fn is_held_back(&mut self, agent: &mut Agent, index: usize, killed: bool) -> bool {
        let now = self.now();
        let Some(container) = agent.containers.get_mut(index) else {
            return true;
        };
        // A container stopped by this sync was alive when the sync began: the end before that one counts.
        let ended = if killed { container.last.as_ref() } else { container.run.as_ref() };
        let Some(ended) = ended.and_then(|run| run.exit.as_ref()).map(|exit| exit.at) else {
            return false;
        };
        let Some(left) = container.crash_backoff.left(ended, now) else {
            container.crash_backoff.raise(ended, now);
            return false;
        };
        let pod = format!("{}_{}({})", agent.pod.meta.name, agent.pod.meta.namespace, agent.pod.meta.uid);
        let pause = go_duration(container.crash_backoff.pause());
        let name = container.name.clone();
        let message = format!("back-off {pause} restarting failed container={name} pod={pod}");
        container.failure = Some(("CrashLoopBackOff".into(), message.into()));
        agent.held = Some(agent.held.map_or(left, |held: i64| held.min(left)));
        let text = format!("Back-off restarting failed container {name} in pod {pod}");
        self.event(agent, Some(index), true, "BackOff", &text);
        self.waits(agent, format!("container {name} ended too soon: it is restarted after a back-off of {pause}"));
        true
    }

    /// What has to be done about a container's image.
    fn image(&self, agent: &Agent, index: usize) -> Image {
        let name = image_of(agent, index);
        if !image::is_valid(&name) {
            let message = format!(
                "Failed to apply default image tag \"{name}\": couldn't parse image name \"{name}\": invalid reference format"
            );
            return Image::Refused("InvalidImageName", message);
        }
        let full = image::full_name(&name);
        let here = self.node.images.contains(full.as_str()) || image::is_present(&name, self.context.profile);
        let policy = agent.containers.get(index).map(|c| c.spec.at(&["imagePullPolicy"]).text()).unwrap_or_default();
        match (policy.as_str(), here) {
            ("Never", false) => Image::Refused(
                "ErrImageNeverPull",
                format!("Container image \"{name}\" is not present with pull policy of Never"),
            ),
            ("Always", _) | (_, false) => Image::Pull,
            (_, true) => Image::Present,
        }
    }

    /// Begins to pull; false when there is nothing to wait for because it failed or may not be tried yet.
    fn begin_to_pull(&mut self, agent: &mut Agent, index: usize) -> bool {
        let now = self.now();
        let name = image_of(agent, index);
        let backoff = agent.containers.get(index).map(|c| c.pull_backoff.clone()).unwrap_or_default();
        if let Some(left) = backoff.left_since_raised(now) {
            let error = image::not_found(&image::full_name(&name));
            let text = format!("Back-off pulling image \"{name}\"");
            let message = format!("{text}: ErrImagePull: {error}");
            self.event(agent, Some(index), false, "BackOff", &text);
            self.failed_to_start(agent, index, "ImagePullBackOff", &message, Some(left));
            self.waits(
                agent,
                format!(
                    "image {name} cannot be pulled: the next try comes after a back-off of {}",
                    go_duration(backoff.pause())
                ),
            );
            return false;
        }
        self.event(agent, Some(index), false, "Pulling", &format!("Pulling image \"{name}\""));
        if !image::exists(&name) {
            let error = image::not_found(&image::full_name(&name));
            let text = format!("Failed to pull image \"{name}\": {error}");
            self.event(agent, Some(index), true, "Failed", &text);
            if let Some(container) = agent.containers.get_mut(index) {
                container.pull_backoff.raise(now, now);
            }
            self.failed_to_start(agent, index, "ErrImagePull", &error, None);
            self.waits(agent, format!("image {name} is in no registry"));
            return false;
        }
        let (low, high) = self.context.profile.node_agent.pull_ms;
        let subject = format!("{}/{name}", self.node.object.meta.name);
        let takes =
            self.own(agent, Pace::Pull).unwrap_or_else(|| self.context.seed.between(&subject, "pull", low, high));
        let begins = self.node.pulling_until.max(now);
        self.node.pulling_until = begins.plus(takes);
        agent.pull = (now, begins);
        self.waits(agent, format!("image {name} is being pulled"));
        self.step(agent, Work::Pulling(index), begins.plus(takes).since(now));
        true
    }

    /// An image has arrived.
    pub fn pulled(&mut self, agent: &mut Agent, index: usize) {
        let name = image_of(agent, index);
        let (asked, begun) = agent.pull;
        agent.arrived = self.now();
        let text = format!(
            "Successfully pulled image \"{name}\" in {} ({} including waiting). Image size: {} bytes.",
            go_duration(self.now().since(begun)),
            go_duration(self.now().since(asked)),
            image::SIZE
        );
        self.node.images.insert(Text::from(image::full_name(&name)));
        self.event(agent, Some(index), false, "Pulled", &text);
        self.create(agent, index);
        self.start_next(agent, &[]);
    }

    /// A container could not be started; the next sync shows why.
    fn failed_to_start(
        &mut self,
        agent: &mut Agent,
        index: usize,
        reason: &'static str,
        message: &str,
        held: Option<i64>,
    ) {
        match held {
            Some(left) => agent.held = Some(agent.held.map_or(left, |held: i64| held.min(left))),
            None => agent.failed = true,
        }
        match reason {
            "ErrImagePull" | "ImagePullBackOff" => {
                self.event(agent, Some(index), true, "Failed", &format!("Error: {reason}"));
            }
            "InvalidImageName" => {
                self.event(agent, Some(index), true, "InspectFailed", message);
                self.event(agent, Some(index), true, "Failed", "Error: InvalidImageName");
            }
            "ErrImageNeverPull" => {
                self.event(agent, Some(index), true, "ErrImageNeverPull", message);
                self.event(agent, Some(index), true, "Failed", "Error: ErrImageNeverPull");
            }
            _ => self.event(agent, Some(index), true, "Failed", &format!("Error: {message}")),
        }
        if let Some(container) = agent.containers.get_mut(index) {
            container.failure = Some((reason.into(), Text::copy(message)));
        }
    }

    /// Creates and starts a container whose image is there.
    fn create(&mut self, agent: &mut Agent, index: usize) {
        if let Some(missing) = references::missing_in_environment(agent, index, self.cache) {
            self.failed_to_start(agent, index, "CreateContainerConfigError", &missing, None);
            self.waits(agent, format!("its configuration is incomplete: {missing}"));
            return;
        }
        let now = self.now();
        let seed = self.context.seed;
        let uid = agent.uid();
        let Some(container) = agent.containers.get_mut(index) else {
            return;
        };
        let asked = container.image();
        let full = image::full_name(&asked);
        let subject = format!("{uid}/{}/{}", container.name, container.restarts + i64::from(container.run.is_some()));
        container.begin(Run {
            id: Text::from(format!("containerd://{}", seed.hex(&subject, "container", 64))),
            image_id: Text::from(image::digest(&full, self.context.profile)),
            image: Text::from(full),
            asked,
            started: now,
            exit: None,
            frozen: false,
        });
        let name = container.name.clone();
        agent.changed = true;
        agent.ever_ran = true;
        self.event(agent, Some(index), false, "Created", "Container created");
        self.event(agent, Some(index), false, "Started", "Container started");
        self.did(agent, format!("starts container {name}"), "its turn has come and its image is there");
        self.expect_end(agent, index);
        self.arm_probes(agent, index);
    }
}

fn image_of(agent: &Agent, index: usize) -> Text {
    agent.containers.get(index).map(super::container::Container::image).unwrap_or_default()
}

/// Whether a container that this sync has not tried yet can start now that another one has.
pub(super) fn has_more_to_start(agent: &Agent) -> bool {
    turn(agent).iter().any(|index| {
        let container = agent.containers.get(*index);
        container.is_some_and(|c| c.run.is_none() && c.failure.is_none())
    })
}

/// The containers whose turn it is: init containers one after the other, then all others together
/// (`reference/pods-and-nodes.md` §8).
fn turn(agent: &Agent) -> VecDeque<usize> {
    let mut turn = VecDeque::new();
    let begun = agent.containers.iter().any(|c| c.role == Role::Main && c.run.is_some());
    let mut initialized = true;
    for (index, container) in agent.containers.iter().enumerate() {
        match container.role {
            Role::Init if begun || container.is_initialized() => {}
            Role::Init => {
                if status::is_to_be_restarted(agent, container) {
                    turn.push_back(index);
                }
                initialized = false;
                break;
            }
            Role::Sidecar if container.running().is_some() => {
                if !begun && !container.is_started() {
                    initialized = false;
                    break;
                }
            }
            Role::Sidecar => {
                turn.push_back(index);
                if !begun {
                    initialized = false;
                    break;
                }
            }
            Role::Main => break,
        }
    }
    if initialized || begun {
        let main = agent
            .containers
            .iter()
            .enumerate()
            .filter(|(_, c)| c.role == Role::Main && status::is_to_be_restarted(agent, c));
        turn.extend(main.map(|(index, _)| index));
    }
    turn
}
