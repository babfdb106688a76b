//! The command line of Shodo; everything it does stands in [`shodo::app`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shodo::app::run()
}
