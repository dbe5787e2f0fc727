//! Generates Kotlin for this crate, with the version of UniFFI that the crate itself has.

fn main() {
    uniffi::uniffi_bindgen_main();
}
