import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.android
import gobley.gradle.cargo.dsl.jvm
import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    kotlin("multiplatform") version "2.3.21"
    kotlin("plugin.atomicfu") version "2.3.21"
    id("com.android.library") version "8.13.2"
    id("dev.gobley.cargo") version "0.3.7"
    id("dev.gobley.uniffi") version "0.3.7"
}

kotlin {
    androidTarget {
        compilerOptions {
            jvmTarget = JvmTarget.JVM_17
        }
    }
    jvm()
    // Only a Mac can build these.
    if (GobleyHost.Platform.MacOS.isCurrent) {
        iosArm64()
        iosSimulatorArm64()
    }

    sourceSets {
        commonTest.dependencies {
            implementation(kotlin("test"))
        }
    }
}

android {
    namespace = "com.example.rustcore"
    compileSdk = 36
    // Without this, each machine uses its newest NDK.
    ndkVersion = "28.2.13676358"

    defaultConfig {
        minSdk = 24
        // The Rust library is built for these.
        ndk.abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64", "x86")
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

cargo {
    packageDirectory = layout.projectDirectory.dir("../rust/core")

    builds.jvm {
        // Only what these hosts can link; by default, Gobley builds every desktop target.
        embedRustLibrary = rustTarget == GobleyHost.current.rustTarget
    }
}

uniffi {
    generateFromLibrary {
        // Release builds for 32-bit ARM fail at the checksum test (https://github.com/gobley/gobley/issues/252).
        omitChecksums = true
    }
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
cargo {
    builds.android {
        // The Rust library needs this C++ runtime beside it in the app.
        dynamicLibraries.addAll("c++_shared")
    }
}
// <<< scaffold:gradle
