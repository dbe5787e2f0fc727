plugins {
    id("com.android.library") version "8.13.2"
}

dependencies {
    implementation("net.java.dev.jna:jna:5.18.1@aar")
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
android {
    // Without this, the Android Gradle plugin uses its default NDK.
    ndkVersion = "28.2.13676358"
}
// <<< scaffold:gradle
