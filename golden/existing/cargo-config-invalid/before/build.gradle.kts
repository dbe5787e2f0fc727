plugins {
    kotlin("multiplatform") version "2.1.10"
    id("com.android.library") version "8.7.3"
    id("dev.gobley.cargo") version "0.3.7"
}

kotlin {
    iosArm64()
    androidTarget()
    jvm()
}

android {
    namespace = "org.example.core"
    compileSdk = 35
}
