plugins {
    id("com.android.application") version "8.7.3"
    kotlin("android") version "2.1.10"
    id("dev.gobley.cargo") version "0.3.7"
}

android {
    namespace = "org.example.app"
    compileSdk = 35
    defaultConfig {
        minSdk = 24
    }
}
