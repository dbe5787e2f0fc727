/// What there was.
pub fn ours() {}
