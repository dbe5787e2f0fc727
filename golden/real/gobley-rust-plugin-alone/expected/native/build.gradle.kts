plugins {
    id("com.android.library") version "8.13.2"
    kotlin("android") version "2.3.21"
    id("dev.gobley.rust") version "0.3.7"
}

android {
    namespace = "org.example.hash"
    compileSdk = 36
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
android {
    // Without this, the Android Gradle plugin uses its default NDK.
    ndkVersion = "27.2.12479018"
}
// <<< scaffold:gradle
