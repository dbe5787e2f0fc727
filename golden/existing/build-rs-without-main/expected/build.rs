include!("generated/main.rs");
