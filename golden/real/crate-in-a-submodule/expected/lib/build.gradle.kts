plugins {
    id("com.android.library") version "8.7.3"
    kotlin("android") version "2.1.10"
    id("org.mozilla.rust-android-gradle.rust-android") version "0.9.6"
}

android {
    namespace = "org.example.engine"
    compileSdk = 35
    ndkVersion = "27.2.12479018"
}

cargo {
    module = "../engine/ffi"
    libname = "engine_ffi"
    targets = listOf("arm64", "x86_64")
}
