import gobley.gradle.GobleyHost
import gobley.gradle.cargo.dsl.jvm
import gobley.gradle.cargo.dsl.linux
import gobley.gradle.rust.targets.RustPosixTarget
import gobley.gradle.rust.targets.RustWindowsTarget

plugins {
    kotlin("jvm") version "2.1.10"
    id("dev.gobley.cargo") version "0.3.7"
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
cargo {
    packageDirectory = layout.projectDirectory.dir("..")

    // Zig links here: one `linker` line in Cargo's configuration cannot serve several hosts.
    builds.linux {
        // The host's own linker also links build scripts and macros.
        if (rustTarget == GobleyHost.current.rustTarget) return@linux
        val wrappers: Map<String, String> = when (rustTarget) {
            RustPosixTarget.LinuxX64 -> mapOf(
                "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER" to "x86_64-unknown-linux-gnu-cc",
                "CC_x86_64_unknown_linux_gnu" to "x86_64-unknown-linux-gnu-cc",
                "CXX_x86_64_unknown_linux_gnu" to "x86_64-unknown-linux-gnu-cxx",
                "AR_x86_64_unknown_linux_gnu" to "x86_64-unknown-linux-gnu-ar",
            )

            RustPosixTarget.LinuxArm64 -> mapOf(
                "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER" to "aarch64-unknown-linux-gnu-cc",
                "CC_aarch64_unknown_linux_gnu" to "aarch64-unknown-linux-gnu-cc",
                "CXX_aarch64_unknown_linux_gnu" to "aarch64-unknown-linux-gnu-cxx",
                "AR_aarch64_unknown_linux_gnu" to "aarch64-unknown-linux-gnu-ar",
            )

            else -> emptyMap()
        }
        val folder = layout.projectDirectory.dir("../.cargo/zig")
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
            RustPosixTarget.LinuxArm64,
            RustWindowsTarget.Arm64,
        )
    }
}
// <<< scaffold:gradle
