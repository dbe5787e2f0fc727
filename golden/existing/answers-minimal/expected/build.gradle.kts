import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.jvm

plugins {
    kotlin("multiplatform") version "2.1.10"
    id("com.android.library") version "8.7.3"
    id("dev.gobley.cargo") version "0.3.7"
}

kotlin {
    androidTarget()
    jvm()
}

android {
    namespace = "org.example.core"
    compileSdk = 35
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
android {
    // Without this, each machine uses its newest NDK.
    ndkVersion = "28.2.13676358"
}

cargo {
    builds.jvm {
        // Only what these hosts can link; by default, Gobley builds every desktop target.
        embedRustLibrary = rustTarget == GobleyHost.current.rustTarget
    }
}
// <<< scaffold:gradle
