pub fn frames() -> u32 {
    2
}
