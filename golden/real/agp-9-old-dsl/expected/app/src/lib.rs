pub fn tile() {}
