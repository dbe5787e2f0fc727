//! The Rust side: each `external` function in Kotlin is exported here under its JNI name.

use std::ffi::c_void;

/// Adds `a` and `b`; a sum that does not fit wraps, as in Kotlin.
pub fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

/// `external fun add(a: Int, b: Int): Int` of the Kotlin object `com.example.rust.RustLibrary`,
/// which loads this library with `System.loadLibrary("rust")`.
#[no_mangle]
pub extern "system" fn Java_com_example_rust_RustLibrary_add(
    _environment: *mut c_void,
    _object: *mut c_void,
    a: i32,
    b: i32,
) -> i32 {
    add(a, b)
}

#[cfg(test)]
mod tests {
    use super::add;

    #[test]
    fn adds() {
        assert_eq!(add(2, 3), 5);
        assert_eq!(add(i32::MAX, 1), i32::MIN);
    }
}
