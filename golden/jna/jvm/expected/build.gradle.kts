import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.jvm

plugins {
    kotlin("jvm") version "2.1.10"
    id("dev.gobley.cargo") version "0.3.7"
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
cargo {
    builds.jvm {
        // Only what these hosts can link; by default, Gobley builds every desktop target.
        embedRustLibrary = rustTarget == GobleyHost.current.rustTarget
    }
}

dependencies {
    implementation("net.java.dev.jna:jna:5.19.1")
}
// <<< scaffold:gradle
