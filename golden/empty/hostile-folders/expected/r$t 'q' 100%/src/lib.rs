//! What Kotlin calls.

/// Adds two numbers; wraps around where the sum does not fit.
#[no_mangle]
pub extern "C" fn add(left: i32, right: i32) -> i32 {
    left.wrapping_add(right)
}
