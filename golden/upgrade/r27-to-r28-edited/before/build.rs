// UniFFI's scaffolding.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    uniffi::generate_scaffolding("src/core.udl")?;
    Ok(())
}
