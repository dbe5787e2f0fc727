import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    id("com.android.library") version "8.13.2"
    kotlin("android") version "2.3.21"
    kotlin("plugin.atomicfu") version "2.3.21"
    id("dev.gobley.cargo") version "0.3.7"
    id("dev.gobley.uniffi") version "0.3.7"
}

kotlin {
    compilerOptions {
        jvmTarget = JvmTarget.JVM_17
    }
}

android {
    namespace = "com.example.myapp"
    compileSdk = 36
    // Without this, each machine uses its newest NDK.
    ndkVersion = "28.2.13676358"

    defaultConfig {
        minSdk = 24
        // The Rust library is built for these.
        ndk.abiFilters += listOf("arm64-v8a", "x86_64")
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

dependencies {
    testImplementation(kotlin("test-junit"))
}
