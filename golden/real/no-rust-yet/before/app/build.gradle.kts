plugins {
    id("com.android.application")
    kotlin("android")
}

android {
    namespace = "org.example.diary"
    compileSdk = 36
    defaultConfig {
        applicationId = "org.example.diary"
        minSdk = 26
    }
}
