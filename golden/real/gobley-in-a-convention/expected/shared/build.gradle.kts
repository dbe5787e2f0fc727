import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.jvm

plugins {
    id("notes.rust")
}

android {
    namespace = "org.example.notes"
}

cargo {
    packageDirectory = layout.projectDirectory.dir("../core")
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
cargo {
    builds.jvm {
        // Only what these hosts can link; by default, Gobley builds every desktop target.
        embedRustLibrary = rustTarget == GobleyHost.current.rustTarget
    }
}
// <<< scaffold:gradle
