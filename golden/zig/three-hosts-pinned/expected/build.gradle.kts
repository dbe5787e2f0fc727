import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.android
import gobley.gradle.cargo.dsl.jvm
import gobley.gradle.cargo.dsl.linux
import gobley.gradle.rust.targets.RustPosixTarget
import gobley.gradle.rust.targets.RustWindowsTarget

plugins {
    kotlin("multiplatform") version "2.1.10"
    id("com.android.library") version "8.7.3"
    id("dev.gobley.cargo") version "0.3.7"
}

kotlin {
    androidTarget()
    jvm()
}

android {
    namespace = "org.example.core"
    compileSdk = 35
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
android {
    // Without this, each machine uses its newest NDK.
    ndkVersion = "28.2.13676358"
}

cargo {
    builds.android {
        // The Rust library needs this C++ runtime beside it in the app.
        dynamicLibraries.addAll("c++_shared")
    }

    // Zig links here: one `linker` line in Cargo's configuration cannot serve several hosts.
    builds.linux {
        val wrappers: Map<String, String> = when (rustTarget) {
            RustPosixTarget.LinuxX64 -> mapOf(
                "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER" to "x86_64-unknown-linux-gnu-cc",
                "CC_x86_64_unknown_linux_gnu" to "x86_64-unknown-linux-gnu-cc",
                "CXX_x86_64_unknown_linux_gnu" to "x86_64-unknown-linux-gnu-cxx",
                "AR_x86_64_unknown_linux_gnu" to "x86_64-unknown-linux-gnu-ar",
            )

            else -> emptyMap()
        }
        val folder = layout.projectDirectory.dir(".cargo/zig")
        val extension = if (GobleyHost.Platform.Windows.isCurrent) "bat" else "sh"
        val environment = wrappers.mapValues { (_, name) ->
            folder.file("$name.$extension").asFile.path
        }
        variants {
            buildTaskProvider.configure {
                additionalEnvironment.putAll(environment)
            }
            checkTaskProvider.configure {
                additionalEnvironment.putAll(environment)
            }
        }
    }

    builds.jvm {
        // Only what these hosts can link; by default, Gobley builds every desktop target.
        embedRustLibrary = rustTarget in setOf(
            GobleyHost.current.rustTarget,
            RustPosixTarget.MacOSX64,
            RustPosixTarget.MacOSArm64,
            RustPosixTarget.LinuxX64,
            RustWindowsTarget.Arm64,
        )
    }
}
// <<< scaffold:gradle
