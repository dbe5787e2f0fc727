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
// Written by scaffold from scaffold.yml; after a change there, `scaffold regenerate`.
android {
    // Without a version, the newest NDK of whatever machine builds is taken.
    ndkVersion = "28.2.13676358"
}
// <<< scaffold:gradle
