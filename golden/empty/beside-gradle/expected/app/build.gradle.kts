plugins {
    id("com.android.application") version "8.13.2"
    kotlin("android") version "2.3.21"
    id("dev.gobley.cargo") version "0.3.7"
    id("dev.gobley.uniffi") version "0.3.7"
    kotlin("plugin.atomicfu") version "2.3.21"
}

android {
    namespace = "org.example.shop"
    compileSdk = 36
    defaultConfig.minSdk = 26
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
android {
    // Without this, each machine uses its newest NDK.
    ndkVersion = "28.2.13676358"
}

cargo {
    packageDirectory = layout.projectDirectory.dir("../rust")
}
// <<< scaffold:gradle
