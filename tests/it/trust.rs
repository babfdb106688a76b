//! What the timeline stands on: writes that are kept, chains, checkpoints, and the attacks that must be found.

mod attacks;
mod checkpoints;
mod page;
mod room;
mod writers;
