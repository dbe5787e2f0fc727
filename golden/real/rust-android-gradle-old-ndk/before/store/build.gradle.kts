plugins {
    id("com.android.library") version "8.4.0"
    id("org.mozilla.rust-android-gradle.rust-android") version "0.9.6"
}

android {
    namespace = "org.example.store"
    compileSdk = 34
    ndkVersion = "26.1.10909125"
}

cargo {
    module = "src/main/rust"
    libname = "store"
    targets = listOf("arm64", "x86_64")
}
