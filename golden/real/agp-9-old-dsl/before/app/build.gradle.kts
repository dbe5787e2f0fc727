plugins {
    id("com.android.application") version "9.1.0"
    kotlin("android") version "2.3.21"
    id("dev.gobley.cargo") version "0.3.7"
}

android {
    namespace = "org.example.maps"
    compileSdk = 36
}
