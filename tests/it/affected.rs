//! Rosters and the people in them: imported exactly once, sealed, recognised, shown masked.

mod conflicts;
mod counts;
mod evidence;
mod files;
mod import;
mod interrupted;
mod register;
mod room;
