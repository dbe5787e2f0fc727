plugins {
    kotlin("jvm") version "2.3.21"
    kotlin("plugin.atomicfu") version "2.3.21"
    id("dev.gobley.cargo") version "0.3.7"
    id("dev.gobley.uniffi") version "0.3.7"
    application
}

application {
    mainClass = "org.example.MainKt"
}
