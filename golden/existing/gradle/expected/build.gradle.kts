@file:Suppress("UnstableApiUsage")

/*
 * Licence
 */

import gobley.gradle.cargo.dsl.android
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
// Written by scaffold from scaffold.yml; after a change there, `scaffold regenerate`.
cargo {
    builds.android {
        // The Rust library needs the NDK's C++ runtime beside it in the APK.
        dynamicLibraries.addAll("c++_shared")
    }
}
// <<< scaffold:gradle
