import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.jvm
import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    kotlin("multiplatform") version "2.3.21"
    id("com.android.library") version "8.13.2"
    id("dev.gobley.cargo") version "0.3.7"
}

kotlin {
    androidTarget {
        compilerOptions {
            jvmTarget = JvmTarget.JVM_17
        }
    }
    jvm()
}

android {
    namespace = "com.example.myapp"
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
    builds.jvm {
        // Only what these hosts can link; by default, Gobley builds every desktop target.
        embedRustLibrary = rustTarget == GobleyHost.current.rustTarget
    }
}
