//! Tests of the controller, driven through the world.
