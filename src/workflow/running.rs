//! The clocks of every open incident: what is still to be done, and by when.

use super::{DutyState, DutyView, House};
use crate::deadlines::Due;
use crate::incidents::{self, Incident, State};
use crate::kernel::{Instant, Result};
use crate::regulations::Nature;
use crate::store::Conn;

/// An open incident with the duties whose clocks run.
#[derive(Clone, Debug)]
pub struct Running {
    /// The incident.
    pub incident: Incident,
    /// Its duties that are still to be done, in the order of the regimes.
    pub duties: Vec<DutyView>,
}

impl Running {
    /// Every due point that is a point in time, with its duty; targets as well as deadlines.
    pub fn dues(&self) -> impl Iterator<Item = (&DutyView, &Due, Instant)> {
        self.duties.iter().flat_map(|duty| {
            let dues = duty.dues.iter();
            dues.filter_map(move |due| Some((duty, due, due.instant()?)))
        })
    }
}

impl House {
    /// The running clocks of all open incidents, the newest incident first.
    ///
    /// # Errors
    /// The database's own.
    pub(crate) fn running_in(&self, conn: &mut Conn, now: Instant) -> Result<Vec<Running>> {
        incidents::list(conn)?
            .into_iter()
            .filter(|incident| incident.state == State::Open)
            .map(|incident| {
                let mut duties = self.duties_in(conn, &incident.id, now)?.duties;
                duties.retain(counts);
                Ok(Running { incident, duties })
            })
            .collect()
    }
}

/// Whether a duty belongs to an overview: an advice or an alternative only once it surely arises.
fn counts(duty: &DutyView) -> bool {
    let sure = duty.state != DutyState::Undecided;
    duty.is_running() && (duty.obligation.nature == Nature::Duty || sure)
}
