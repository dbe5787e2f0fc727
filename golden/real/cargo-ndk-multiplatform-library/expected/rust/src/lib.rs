//! The Rust side: UniFFI generates Kotlin for every function and type that is exported here.

uniffi::setup_scaffolding!();

/// Greets `name`.
#[uniffi::export]
pub fn greet(name: &str) -> String {
    format!("Hello, {name}! This is Rust.")
}

#[cfg(test)]
mod tests {
    use super::greet;

    #[test]
    fn greets_by_name() {
        assert_eq!(greet("Kotlin"), "Hello, Kotlin! This is Rust.");
    }
}
