plugins {
    kotlin("multiplatform") version "2.3.21"
    id("com.android.kotlin.multiplatform.library") version "9.1.0"
}

kotlin {
    android {
        namespace = "org.example.notes"
        compileSdk = 36
        minSdk = 26
    }
    jvm("desktop")
}
