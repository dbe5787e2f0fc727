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

    // Memory pages of 16 KB, which only 64-bit devices have. Said here and not in `rustflags`, it
    // also holds where `RUSTFLAGS` is set.
    if std::env::var("CARGO_CFG_TARGET_POINTER_WIDTH").as_deref() == Ok("64") {
        // The second is for the end of what is made read-only after loading (RELRO), which the
        // linker of NDK r27 would leave on a border of 4 KB.
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,max-page-size=16384");
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,common-page-size=16384");
    }
}
// <<< scaffold:build-rs
