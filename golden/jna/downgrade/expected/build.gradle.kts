import gobley.gradle.cargo.dsl.android

plugins {
    id("com.android.application") version "8.7.3"
    kotlin("android") version "2.1.10"
    id("dev.gobley.cargo") version "0.3.7"
}

android {
    namespace = "org.example.app"
    compileSdk = 35
    defaultConfig {
        minSdk = 24
    }
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
android {
    // Without this, each machine uses its newest NDK.
    ndkVersion = "28.2.13676358"
}

cargo {
    builds.android {
        // The Rust library needs this C++ runtime beside it in the app.
        dynamicLibraries.addAll("c++_shared")
    }
}

dependencies {
    implementation("net.java.dev.jna:jna:5.17.0@aar")
    testImplementation("net.java.dev.jna:jna:5.17.0")
}
// <<< scaffold:gradle
