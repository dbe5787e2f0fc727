import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.jvm
import gobley.gradle.rust.targets.RustPosixTarget

plugins {
    kotlin("jvm") version "2.3.21"
    kotlin("plugin.atomicfu") version "2.3.21"
    id("dev.gobley.cargo") version "0.3.7"
    id("dev.gobley.uniffi") version "0.3.7"
    application
}

dependencies {
    testImplementation(kotlin("test"))
}

application {
    mainClass = "com.example.myapp.MainKt"
}

cargo {
    builds.jvm {
        // Only what these hosts can link; by default, Gobley builds every desktop target.
        embedRustLibrary = rustTarget in setOf(
            GobleyHost.current.rustTarget,
            RustPosixTarget.LinuxArm64,
        )
    }
}
