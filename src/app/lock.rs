//! Who works on a data directory: many commands and servers, or one that changes its keys.
//!
//! The lock is on the directory itself, so that there is no file to be left behind or removed.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::kernel::{Code, Problem, Result};

/// A claim on a data directory; it ends with the value, and with the process.
#[derive(Debug)]
pub struct Claim {
    _directory: File,
}

/// Claims a data directory beside others: servers that share it, and commands.
///
/// # Errors
/// [`Code::InvalidSetting`] while the keys are being changed.
pub fn share(data_dir: &Path) -> Result<Claim> {
    let file = File::open(data_dir)?;
    claimed(
        file.try_lock_shared(),
        "its keys are being changed by `shodo rotate-master-key`; try again when that has ended",
    )?;
    Ok(Claim { _directory: file })
}

/// Claims a data directory alone.
///
/// # Errors
/// [`Code::InvalidSetting`] while a server or a command uses it.
pub fn alone(data_dir: &Path) -> Result<Claim> {
    let file = File::open(data_dir)?;
    claimed(
        file.try_lock(),
        "a server uses it; stop every server of this data directory first",
    )?;
    Ok(Claim { _directory: file })
}

fn claimed(lock: Result<(), TryLockError>, why: &'static str) -> Result<()> {
    match lock {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Problem::with(
            Code::InvalidSetting,
            &[("setting", "data_dir"), ("why", why)],
        )),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
