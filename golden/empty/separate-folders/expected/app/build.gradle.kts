import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.android
import gobley.gradle.cargo.dsl.jvm
import gobley.gradle.cargo.dsl.windows
import gobley.gradle.rust.targets.RustWindowsTarget
import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    kotlin("multiplatform") version "2.1.10"
    id("com.android.library") version "8.7.3"
    id("dev.gobley.cargo") version "0.3.7"
}

kotlin {
    androidTarget {
        compilerOptions {
            jvmTarget = JvmTarget.JVM_17
        }
    }
    jvm()
    iosArm64()
    iosSimulatorArm64()
    iosX64()
}

android {
    namespace = "com.example.rust_core"
    compileSdk = 35

    defaultConfig {
        minSdk = 24
        // Gobley builds the Rust library for these.
        ndk.abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64", "x86")
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

cargo {
    builds.jvm {
        // Only what can be linked here: by default, every desktop target that Rust can compile for.
        embedRustLibrary = rustTarget == GobleyHost.current.rustTarget
    }
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, `scaffold regenerate`.
android {
    // Without a version, the newest NDK of whatever machine builds is taken.
    ndkVersion = "28.2.13676358"
}

cargo {
    packageDirectory = layout.projectDirectory.dir("../rust/core")

    builds.android {
        // The Rust library needs the NDK's C++ runtime beside it in the APK.
        dynamicLibraries.addAll("c++_shared")
    }

    builds.windows {
        // Needs Visual Studio's ARM64 build tools, which its installer leaves out by default.
        if (rustTarget == RustWindowsTarget.Arm64) {
            embedRustLibrary = false
        }
    }
}
// <<< scaffold:gradle
