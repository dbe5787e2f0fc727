//! Written by scaffold from `scaffold.yml`; after a change there, run `scaffold regenerate`.
//!
//! Add what your crate needs, but do not edit between the `>>> scaffold` markers.

fn main() {
    // >>> scaffold:build-rs-call
    scaffold_link_android();
    // <<< scaffold:build-rs-call

    // Without such a line, Cargo runs this script after every change in the package. Add one for
    // each file that you read here.
    println!("cargo::rerun-if-changed=build.rs");
}

// >>> scaffold:build-rs
/// Tells the linker what an Android library needs; does nothing for other targets.
///
/// No search path: the NDK's clang finds its own libraries, and the folder with libc++ also holds
/// a static libc, which would replace Android's.
fn scaffold_link_android() {
    // `cfg!` here would describe the build machine, so read the target from Cargo's environment.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("android") {
        return;
    }

    // The C++ runtime that all libraries of the app share; it is packaged beside this one.
    println!("cargo::rustc-link-lib=c++_shared");
}
// <<< scaffold:build-rs
