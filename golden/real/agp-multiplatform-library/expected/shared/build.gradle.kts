plugins {
    kotlin("multiplatform") version "2.3.21"
    id("com.android.kotlin.multiplatform.library") version "9.1.0"
    id("dev.gobley.cargo") version "0.3.7"
}

kotlin {
    androidLibrary {
        namespace = "org.example.sync"
        compileSdk = 36
    }
    jvm()
}
