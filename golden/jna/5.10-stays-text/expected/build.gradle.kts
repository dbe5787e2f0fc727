plugins {
    kotlin("jvm") version "2.1.10"
    id("dev.gobley.cargo") version "0.3.7"
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, `scaffold regenerate`.
dependencies {
    implementation("net.java.dev.jna:jna:5.10")
}
// <<< scaffold:gradle
