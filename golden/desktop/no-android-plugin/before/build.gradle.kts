plugins {
    kotlin("multiplatform") version "2.1.10"
    id("dev.gobley.cargo") version "0.3.7"
}

kotlin {
    jvm()
}
