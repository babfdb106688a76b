//! The command line of Shodo.

fn main() {}
