import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.android
import gobley.gradle.cargo.dsl.jvm
import gobley.gradle.rust.targets.RustAndroidTarget
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

    sourceSets {
        commonTest.dependencies {
            implementation(kotlin("test"))
        }
    }
}

android {
    namespace = "com.example.rtq100"
    compileSdk = 36
    // Without this, each machine uses its newest NDK.
    ndkVersion = "27.2.12479018"

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
    packageDirectory = layout.projectDirectory.dir("../r\$t 'q' 100%")

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

        // 16 KB pages. RUSTFLAGS would override the flags in Cargo's configuration. The check task
        // needs the same, or each would invalidate the other's cache.
        val rustflags = when (rustTarget) {
            RustAndroidTarget.Arm64 -> "CARGO_TARGET_AARCH64_LINUX_ANDROID_RUSTFLAGS"
            RustAndroidTarget.X64 -> "CARGO_TARGET_X86_64_LINUX_ANDROID_RUSTFLAGS"
            else -> null
        }
        if (rustflags != null) {
            val pageSize = "-Clink-arg=-Wl,-z,max-page-size=16384 -Clink-arg=-Wl,-z,common-page-size=16384"
            variants {
                buildTaskProvider.configure {
                    additionalEnvironment.put(rustflags, pageSize)
                }
                checkTaskProvider.configure {
                    additionalEnvironment.put(rustflags, pageSize)
                }
            }
        }
    }
}
// <<< scaffold:gradle
