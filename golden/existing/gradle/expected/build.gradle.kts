@file:Suppress("UnstableApiUsage")

/*
 * Licence
 */

import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.android
import gobley.gradle.cargo.dsl.jvm
import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    kotlin("multiplatform")
    alias(libs.plugins.android.library)
    alias(libs.plugins.gobley.cargo)
}

android {
    // ndkVersion = "1.2.3"
    ndkVersion = libs.versions.ndk.get()
    defaultConfig {
        ndk { abiFilters += setOf("arm64-v8a", "x86_64") }
    }
}

kotlin {
    androidTarget()
    jvm("desktop")
    sourceSets {
        commonMain.dependencies {
            implementation(libs.kotlinx.coroutines)
        }
        androidMain.dependencies {
            implementation(variantOf(libs.jna) { artifactType("aar") })
        }
    }
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
cargo {
    builds.android {
        // The Rust library needs this C++ runtime beside it in the app.
        dynamicLibraries.addAll("c++_shared")
    }

    builds.jvm {
        // Only what these hosts can link; by default, Gobley builds every desktop target.
        embedRustLibrary = rustTarget == GobleyHost.current.rustTarget
    }
}
// <<< scaffold:gradle
