//! Rebuilds when an embedded file comes, goes or changes.

fn main() {
    for folder in ["assets", "content", "migrations", "templates"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
