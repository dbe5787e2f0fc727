import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.jvm

plugins {
    kotlin("jvm") version "2.1.10"
    id("dev.gobley.cargo") version "0.3.7"
}

cargo {
    builds.jvm {
        // Only what can be linked here: by default, every desktop target that Rust can compile for.
        embedRustLibrary = rustTarget == GobleyHost.current.rustTarget
    }
}
