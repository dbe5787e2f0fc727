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
    namespace = "com.example.rust"
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
/** Builds the Rust library with cargo-ndk, and generates its Kotlin. */
abstract class ScaffoldCargoNdk : DefaultTask() {
    @get:Inject
    abstract val operations: ExecOperations

    @get:InputFiles
    @get:IgnoreEmptyDirectories
    @get:PathSensitive(PathSensitivity.RELATIVE)
    abstract val sources: ConfigurableFileCollection

    @get:Input
    abstract val triples: MapProperty<String, String>

    @get:Input
    abstract val minSdk: Property<Int>

    @get:Input
    abstract val release: Property<Boolean>

    @get:Input
    abstract val ndkVersion: Property<String>

    @get:Internal
    abstract val ndk: DirectoryProperty

    @get:Internal
    abstract val crate: DirectoryProperty

    @get:Internal
    abstract val target: DirectoryProperty

    @get:OutputDirectory
    abstract val output: DirectoryProperty

    @get:OutputDirectory
    abstract val bindings: DirectoryProperty

    @TaskAction
    fun build() {
        val folder = output.get().asFile
        folder.deleteRecursively()
        folder.mkdirs()
        val targets = triples.get().keys.flatMap { listOf("--target", it) }
        val platform = listOf("--platform", minSdk.get().toString(), "--output-dir", folder.path)
        val profile = if (release.get()) listOf("--release") else emptyList()
        cargo(listOf("ndk") + targets + platform + listOf("build", "--lib") + profile)
        // The crate's own uniffi-bindgen is of the version of UniFFI that the library has.
        val kotlin = bindings.get().asFile
        kotlin.deleteRecursively()
        File(folder, triples.get().keys.first()).listFiles().orEmpty().forEach { library ->
            cargo(
                listOf("run", "--bin", "uniffi-bindgen", "--features", "bindgen", "--") +
                    listOf("generate", "--library", library.path, "--language", "kotlin") +
                    listOf("--no-format", "--out-dir", kotlin.path),
            )
        }
        // The Rust library needs this C++ runtime beside it in the app.
        val prebuilt = ndk.get().dir("toolchains/llvm/prebuilt").asFile
        val host = prebuilt.listFiles().orEmpty().first { it.isDirectory }
        triples.get().forEach { (abi, triple) ->
            val name = "libc++_shared.so"
            File(host, "sysroot/usr/lib/$triple/$name")
                .copyTo(File(folder, "$abi/$name"), overwrite = true)
        }
    }

    private fun cargo(words: List<String>) {
        // Android Studio on macOS does not have rustup's folder on its PATH.
        val home = System.getenv("CARGO_HOME") ?: "${System.getProperty("user.home")}/.cargo"
        val path = "$home/bin${File.pathSeparator}${System.getenv("PATH").orEmpty()}"
        val folders = path.split(File.pathSeparator)
        val found = { name: String ->
            val files = folders.flatMap { listOf(File(it, name), File(it, "$name.exe")) }
            files.firstOrNull { it.isFile }
        }
        val cargo = found("cargo")
            ?: throw GradleException("cargo was not found: install Rust from https://rustup.rs")
        found("cargo-ndk")
            ?: throw GradleException("cargo-ndk was not found, run: cargo install cargo-ndk")
        operations.exec {
            workingDir = crate.get().asFile
            // Windows calls it Path, and of two such variables either might count.
            val variable = environment.keys.find { it.equals("PATH", ignoreCase = true) }
            environment(variable ?: "PATH", path)
            environment("ANDROID_NDK_HOME", ndk.get().asFile.path)
            environment("CARGO_TARGET_DIR", target.get().asFile.path)
            // uniffi-bindgen reads the library's symbols; Android's plugin strips what is packaged.
            environment("CARGO_PROFILE_RELEASE_STRIP", "none")
            commandLine(listOf(cargo.path) + words)
        }
    }
}

androidComponents {
    onVariants { variant ->
        val suffix = variant.name.replaceFirstChar { it.uppercase() }
        val library = tasks.register<ScaffoldCargoNdk>("scaffoldCargoNdk$suffix") {
            val folder = layout.projectDirectory.dir("../rust")
            crate.set(folder)
            sources.from(
                // Whole, because a Rust module may be called build or target.
                folder.dir("src"),
                fileTree(folder) {
                    exclude("**/target/**", "**/build/**", "**/.gradle/**")
                },
                fileTree("..") {
                    include("**/*.rs", "**/*.udl", "**/Cargo.toml", "**/Cargo.lock")
                    include(".cargo/**", "rust-toolchain*")
                    exclude("**/target/**", "**/build/**", "**/.gradle/**")
                },
            )
            triples.set(
                mapOf(
                    "arm64-v8a" to "aarch64-linux-android",
                    "x86_64" to "x86_64-linux-android",
                ),
            )
            minSdk.set(variant.minSdk.apiLevel)
            release.set(variant.buildType != "debug")
            ndkVersion.set(android.ndkVersion)
            ndk.set(sdkComponents.ndkDirectory)
            // One for each NDK, because Cargo does not link again when only the NDK changes.
            target.set(layout.buildDirectory.dir("cargo-ndk/${ndkVersion.get()}"))
        }
        variant.sources.jniLibs?.addGeneratedSourceDirectory(library, ScaffoldCargoNdk::output)
        // Before AGP 9, only Kotlin in Java's folders is compiled.
        val kotlinSources =
            if (pluginVersion.major < 9) variant.sources.java else variant.sources.kotlin
        kotlinSources?.addGeneratedSourceDirectory(library, ScaffoldCargoNdk::bindings)
    }
}

dependencies {
    implementation("net.java.dev.jna:jna:5.18.1@aar")
    testImplementation("net.java.dev.jna:jna:5.18.1")
}
// <<< scaffold:gradle
