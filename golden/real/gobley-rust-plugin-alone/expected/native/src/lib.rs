pub fn hash() {}
