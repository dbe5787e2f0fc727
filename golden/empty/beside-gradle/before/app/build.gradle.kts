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
