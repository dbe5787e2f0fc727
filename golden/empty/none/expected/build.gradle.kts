import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    id("com.android.library") version "8.13.2"
    kotlin("android") version "2.3.21"
}

kotlin {
    compilerOptions {
        jvmTarget = JvmTarget.JVM_17
    }
}

android {
    namespace = "com.example.myapp"
    compileSdk = 36
    // Without this, the Android Gradle plugin uses its default NDK.
    ndkVersion = "27.2.12479018"

    defaultConfig {
        minSdk = 24
        // The Rust library is built for these.
        ndk.abiFilters += listOf("arm64-v8a", "x86_64")
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

// >>> scaffold:gradle
// Written by scaffold from scaffold.yml; after a change there, run `scaffold regenerate`.
/** Copies the NDK's C++ runtime, which the Rust library needs beside it in the app. */
abstract class ScaffoldCppRuntime : DefaultTask() {
    @get:Input
    abstract val triples: MapProperty<String, String>

    @get:InputDirectory
    @get:PathSensitive(PathSensitivity.RELATIVE)
    abstract val libraries: DirectoryProperty

    @get:OutputDirectory
    abstract val output: DirectoryProperty

    @TaskAction
    fun copy() {
        // An ABI that is built no longer must not stay in the app.
        output.get().asFile.deleteRecursively()
        triples.get().forEach { (abi, triple) ->
            val name = "libc++_shared.so"
            libraries.file("$triple/$name").get().asFile
                .copyTo(output.file("$abi/$name").get().asFile, overwrite = true)
        }
    }
}

androidComponents {
    onVariants { variant ->
        val suffix = variant.name.replaceFirstChar { it.uppercase() }
        val runtime = tasks.register<ScaffoldCppRuntime>("scaffoldCppRuntime$suffix") {
            triples.set(
                mapOf(
                    "arm64-v8a" to "aarch64-linux-android",
                    "x86_64" to "x86_64-linux-android",
                ),
            )
            libraries.set(
                sdkComponents.ndkDirectory.map { ndk ->
                    val hosts = ndk.dir("toolchains/llvm/prebuilt").asFile.listFiles().orEmpty()
                    val host = hosts.firstOrNull { it.isDirectory }
                        ?: throw GradleException("$ndk is not an NDK")
                    ndk.dir("toolchains/llvm/prebuilt/${host.name}/sysroot/usr/lib")
                },
            )
        }
        variant.sources.jniLibs?.addGeneratedSourceDirectory(runtime, ScaffoldCppRuntime::output)
    }
}
// <<< scaffold:gradle
