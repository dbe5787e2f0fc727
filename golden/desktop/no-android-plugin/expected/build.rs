//! Written by scaffold from `scaffold.yml`; after a change there, `scaffold regenerate`.
//!
//! Add to it what your crate needs; leave what stands between `>>> scaffold` and `<<< scaffold`.

fn main() {
    // >>> scaffold:build-rs-call
    scaffold_link_android();
    // <<< scaffold:build-rs-call

    // This script reads no file. Unless told so, Cargo runs it again after every change in the
    // package. A file that you read here needs a line like this one.
    println!("cargo::rerun-if-changed=build.rs");
}

// >>> scaffold:build-rs
/// Tells the linker what an Android library needs; for any other target it does nothing.
///
/// The linker is the NDK's clang, which finds the NDK's libraries by itself. So there is no need to
/// know where the NDK is, nor for a search path. A search path would even do harm: the folder that
/// holds libc++ also holds a static libc, which would be linked in place of Android's.
///
/// It prints no `rerun-if-changed`: the first such line ends Cargo's habit of running this script
/// again after any change in the package, which the rest of it may rely on.
fn scaffold_link_android() {
    // Read when the script runs: `cfg!` in a build script tells of the machine that builds.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("android") {
        return;
    }

    // The C++ runtime that all libraries of the app share; it has to be packaged beside this one.
    println!("cargo::rustc-link-lib=c++_shared");
}
// <<< scaffold:build-rs
