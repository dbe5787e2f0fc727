plugins {
    id("com.android.application") version "8.13.2"
    kotlin("android") version "2.2.21"
}

android {
    namespace = "org.example.demo"
}
