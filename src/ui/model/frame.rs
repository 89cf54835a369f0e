//! What a frame does: time passes, and what changed is drawn anew.

use std::rc::Rc;

use super::changes;
use super::guide;
use super::lab::Lab;
use super::manifest;
use super::opening;
use super::pane;
use super::scene::{Plan, Scene};
use super::state::State;
use super::travel;
use crate::api::Kind;
use crate::sim::World;
use crate::value::Text;

/// After so many occurrences it is asked whether there is time for more in this frame.
const STEPS_AT_ONCE: usize = 16;

/// The timeline and the side panel are drawn anew so long after the last time, real µs, while time passes.
const SLOW_US: i64 = 250_000;

/// The same where there are more seats than are drawn in full: their timeline is long.
const SLOW_OF_MANY_US: i64 = 1_000_000;

/// When the time has not been moved for so long, ms, what was left for later is done: what is out of sight is drawn, and
/// it is asked anew what Apply would do. Both take longer than all that can be seen of a moment.
const RESTS_MS: u32 = 60;

/// Where the engine cannot keep up, only every so manyth frame is drawn.
const DRAWN_BEHIND: u32 = 6;

impl State {
    /// How long until the next frame, real ms; `None` when none is wanted.
    pub fn sleep(&self) -> Option<u32> {
        if self.travel.opens() {
            return Some(0);
        }
        self.passes().or(self.travel.moved.then_some(RESTS_MS))
    }

    /// How long until time passes again, real ms; `None` where it stands still.
    fn passes(&self) -> Option<u32> {
        self.transport.sleep(self.time.now(), self.time.next_at())
    }

    /// Lets real time pass, µs, as long as there is time for `more`; what is left is taken in the next frame.
    /// False where nothing is to be drawn anew.
    pub fn frame(&mut self, elapsed_us: i64, more: &mut dyn FnMut() -> bool) -> bool {
        if self.travel.opens() {
            opening::open_on(self, more);
            return true;
        }
        if std::mem::take(&mut self.travel.moved) {
            self.judge_anew();
            if self.passes().is_none() {
                return true;
            }
        }
        let before = self.happened();
        let second = self.time.now().0 / 1000;
        let target = self.transport.target(self.time.now(), self.time.next_at(), elapsed_us);
        let reached = match guide::told_until(self).filter(|end| end.at <= target) {
            Some(end) => {
                self.time.seek_to(end);
                true
            }
            None => loop {
                if self.time.play_to(target, STEPS_AT_ONCE) {
                    break true;
                }
                if !more() {
                    break false;
                }
            },
        };
        self.behind = if reached { 0 } else { self.behind + 1 };
        let changed = std::mem::take(&mut self.undrawn) || before != self.happened();
        if changed && self.guide.is_none() && !self.behind.is_multiple_of(DRAWN_BEHIND) {
            self.undrawn = true;
            self.waited_us += elapsed_us.max(0);
            return false;
        }
        if changed {
            self.draw();
            travel::beside(self);
        } else {
            guide::look(self);
        }
        self.waited_us += elapsed_us.max(0);
        // Where time stands still from now on, nothing is left for later.
        let many = self.scene.sets.iter().any(|set| matches!(set.density(), "dense" | "strip"));
        let slow = self.waited_us > if many { SLOW_OF_MANY_US } else { SLOW_US } || self.passes().is_none();
        if slow {
            self.waited_us = 0;
            self.slow += 1;
            travel::timeline(self);
            changes::recall(self);
        }
        changed || slow || second != self.time.now().0 / 1000
    }

    /// Whether time passes more slowly than was asked for, because so much happens, or is being opened.
    pub fn is_behind(&self) -> bool {
        self.behind > 0 || self.travel.opens()
    }

    /// How much has happened on what is shown.
    fn happened(&self) -> (u32, u64, usize, u64) {
        let branch = self.time.branch();
        let (here, beside) = (branch.moment(), self.time.beside().map_or(0, |beside| beside.moment().step));
        (branch.number, here.step, here.acted, beside)
    }

    pub(super) fn judge(&mut self) {
        let (world, files, name) = (&self.lab().world, self.folder.all(), self.folder.name());
        let verdict = match self.folder.edited().and_then(|file| Some((file.edits.as_ref()?.0, &file.text))) {
            Some((id, text)) => manifest::judge_edit(world, id, text, self.desk.diff),
            None => manifest::judge(world, &files, &name, &self.namespace, self.desk.diff),
        };
        self.verdict = Rc::new(verdict);
        self.judged = standing(&self.lab().world);
    }

    pub(super) fn redraw(&mut self) {
        self.slow += 1;
        self.draw();
        travel::redraw(self);
    }

    /// Only what is on the stage.
    fn draw(&mut self) {
        pane::follow(self);
        let scene = self.picture();
        if scene != *self.scene {
            self.scene = Rc::new(scene);
            self.take_hint();
        }
        guide::look(self);
        if !self.travel.moved {
            self.judge_anew();
        }
    }

    /// Asks what Apply would do where that can be another thing than before.
    fn judge_anew(&mut self) {
        if self.judged != standing(&self.lab().world) {
            self.judge();
        }
    }

    /// What the seat that is looked at in passing waits for just now.
    pub(super) fn take_hint(&mut self) {
        let Some((subject, _)) = &self.hint else { return };
        let tree = super::why::Answer::tree_of(self.lab(), subject);
        let text = tree.first_blocker().map(|first| first.sentence_beside(subject)).unwrap_or_default();
        self.hint = Some((subject.clone(), text.into()));
    }

    fn picture(&self) -> Scene {
        picture(&self.scene, self.lab(), self.plan.as_ref(), &self.namespace)
    }
}

/// What of the cluster counts for what Apply would do: the sets with their generations and revisions, and how many
/// there are of the kinds that manifests have beside them.
pub(super) type Standing = (Vec<(Text, i64, Text)>, [usize; 4]);

/// How it stands now.
pub(super) fn standing(world: &World) -> Standing {
    let sets = world.store().list(Kind::StatefulSet, "").map(|set| {
        let revision = set.as_stateful_set().map(|view| view.update_revision.clone()).unwrap_or_default();
        (set.meta.uid.clone(), set.meta.generation, revision)
    });
    let kinds = [Kind::Namespace, Kind::Service, Kind::ConfigMap, Kind::PodDisruptionBudget];
    (sets.collect(), kinds.map(|kind| world.store().list(kind, "").count()))
}

/// The picture of a laboratory; what is as it was is shared with the picture before.
pub(super) fn picture(before: &Scene, lab: &Lab, plan: Option<&Plan>, namespace: &Text) -> Scene {
    let waits: Vec<_> = lab.world.waits().collect();
    Scene::of(before, lab.world.store(), &waits, &|pod| lab.world.countdown(pod), &lab.memory, plan, namespace)
}
