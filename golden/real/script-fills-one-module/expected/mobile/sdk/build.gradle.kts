plugins {
    id("com.android.library")
    kotlin("android")
}

android {
    namespace = "org.example.sdk"
}

tasks.register<Exec>("buildCore") {
    workingDir = rootDir
    commandLine("bash", "make-core.sh")
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
android {
    // Without this, the Android Gradle plugin uses its default NDK.
    ndkVersion = "29.0.14206865"
}
// <<< scaffold:gradle
