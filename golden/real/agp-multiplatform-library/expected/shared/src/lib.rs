pub fn sync() {}
