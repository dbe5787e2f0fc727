fn main() {
    cc::Build::new().file("src/fast.c").compile("fast");
}
