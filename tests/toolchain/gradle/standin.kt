// Plugins of ours that plan a JVM module as Kotlin's and Gobley's do, with the real Cargo, bindings generator and
// compiler. What they know of the machine comes from `proof.*` properties.

package standin

import gobley.gradle.GobleyHost
import gobley.gradle.Variant
import gobley.gradle.cargo.dsl.BuildVariant
import gobley.gradle.cargo.dsl.CargoExtension
import gobley.gradle.cargo.dsl.CargoJvmBuild
import gobley.gradle.rust.targets.RustPosixTarget
import gobley.gradle.rust.targets.RustTarget
import gobley.gradle.rust.targets.RustWindowsTarget
import gobley.gradle.uniffi.dsl.UniFfiExtension
import groovy.json.JsonSlurper
import org.gradle.api.GradleException
import org.gradle.api.Project
import org.gradle.api.Task
import org.gradle.api.file.FileCollection
import org.gradle.api.tasks.JavaExec
import org.gradle.api.tasks.SourceSetContainer
import org.gradle.api.tasks.bundling.Jar
import org.gradle.process.CommandLineArgumentProvider
import java.io.File

private fun proof(name: String) = System.getProperty("proof.$name") ?: error("no proof.$name")

private fun jars(name: String) = proof(name).split(File.pathSeparator).map(::File)

private fun command(folder: File, words: List<String>, environment: Map<String, String> = emptyMap()): String {
    val process = ProcessBuilder(words).directory(folder).redirectErrorStream(true)
        .apply { environment().putAll(environment) }.start()
    process.outputStream.close()
    val said = process.inputStream.bufferedReader().readText()
    if (process.waitFor() != 0) throw GradleException("$words\n$said")
    return said
}

/** What applying the plugins leaves for the script to configure. */
fun apply(project: Project) {
    project.plugins.apply("application")
    project.extensions.create("uniffi", UniFfiExtension::class.java)
    val cargo = project.extensions.create("cargo", CargoExtension::class.java, project)
    jvmTargets().forEach(cargo::plan)
    val windows = GobleyHost.Platform.Windows.isCurrent
    cargo.builds.withType(CargoJvmBuild::class.java).forEach {
        it.jvmVariant.convention(Variant.Debug)
        it.embedRustLibrary.convention(!windows || it.rustTarget != RustPosixTarget.MinGWX64)
    }
    project.afterEvaluate { plan(project, cargo) }
}

/** What a JVM module is built for on this host. */
private fun jvmTargets(): List<RustTarget> = when (GobleyHost.current.platform) {
    GobleyHost.Platform.Linux -> listOf(RustPosixTarget.LinuxX64, RustPosixTarget.LinuxArm64, RustPosixTarget.MinGWX64)
    GobleyHost.Platform.MacOS -> listOf(
        RustPosixTarget.MacOSX64,
        RustPosixTarget.MacOSArm64,
        RustPosixTarget.LinuxX64,
        RustPosixTarget.LinuxArm64,
        RustPosixTarget.MinGWX64,
    )
    GobleyHost.Platform.Windows -> listOf(
        RustPosixTarget.LinuxX64,
        RustPosixTarget.LinuxArm64,
        RustWindowsTarget.X64,
        RustWindowsTarget.Arm64,
    )
}

/** A crate's library: its name, the folder that Cargo builds it in, and the crate's own. */
private class Library(val crate: File) {
    val name: String
    val output: File

    init {
        val words = listOf(proof("cargo"), "metadata", "--format-version", "1", "--no-deps")
        val metadata = JsonSlurper().parseText(command(crate, words)) as Map<*, *>
        val targets = metadata.list("packages").single().list("targets")
        val types = targets.flatMap { it["crate_types"] as List<*> }
        if ("cdylib" !in types) {
            throw GradleException("Crate does not have required crate types. Required: [cdylib], actual: $types")
        }
        name = (targets.first { "cdylib" in it["crate_types"] as List<*> }["name"] as String).replace('-', '_')
        output = File(metadata["target_directory"] as String)
    }

    @Suppress("UNCHECKED_CAST")
    private fun Map<*, *>.list(key: String) = this[key] as List<Map<*, *>>
}

private fun plan(project: Project, cargo: CargoExtension) {
    val library = Library(cargo.packageDirectory.get().asFile)
    for (build in cargo.builds.withType(CargoJvmBuild::class.java)) {
        if (!build.embedRustLibrary.get()) continue
        for (variant in build.variants) configure(variant as BuildVariant<*>, library)
        // Both, whichever is packaged.
        project.tasks.named("check") { dependsOn(build.variants.map { it.checkTaskProvider }) }
        val target = build.rustTarget as RustPosixTarget
        val task = (if (build.jvmVariant.get() == Variant.Debug) build.debug else build.release).buildTaskProvider.get()
        val made = library.output.resolve("${target.rustTriple}/${build.jvmVariant.get().folder}/${target.file(library.name)}")
        project.dependencies.add("runtimeOnly", project.files(jarOf(project, target, made, task)))
        if (target == GobleyHost.current.rustTarget) kotlin(project, bindings(project, library, made, task))
    }
}

private val Variant.folder get() = if (this == Variant.Debug) "debug" else "release"

/** The commands of a target's two tasks. */
private fun configure(variant: BuildVariant<*>, library: Library) {
    val profile = if (variant.variant == Variant.Debug) "dev" else "release"
    val common = listOf("--profile", profile, "--target", variant.rustTarget.rustTriple)
    variant.buildTaskProvider.get().run {
        doLast {
            val words = listOf(proof("cargo"), "rustc") + common + listOf("--lib", "--message-format", "json")
            val rest = extraArguments.get() + listOf("--", "--print", "native-static-libs")
            command(library.crate, words + rest, additionalEnvironment.get().mapValues { "${it.value}" })
        }
    }
    variant.checkTaskProvider.get().run {
        doLast {
            val words = listOf(proof("cargo"), "check") + common
            command(library.crate, words, additionalEnvironment.get().mapValues { "${it.value}" })
        }
    }
}

private val Project.generated get() = layout.buildDirectory.dir("generated/uniffi").get().asFile

private fun bindings(project: Project, library: Library, made: File, build: Task): Task {
    val generated = project.generated
    return project.tasks.register("buildUniffiBindings") {
        dependsOn(build)
        doLast {
            val config = generated.resolve("uniffi.toml").apply { parentFile.mkdirs() }
            config.writeText("kotlin_multiplatform = false\nkotlin_targets = [\"jvm\"]\n")
            val arguments = listOf("--library", "--crate", library.name, "--config", "$config", "--out-dir", "$generated")
            val configs = listOf("--crate-configs", "${library.name}=$config", "$made")
            command(library.crate, listOf(proof("bindgen")) + arguments + configs)
        }
    }.get()
}

private fun RustPosixTarget.file(name: String) = if (this == RustPosixTarget.MinGWX64) "$name.dll" else "lib$name.so"

/** JNA looks for a library below its name of the platform. */
private fun jarOf(project: Project, target: RustPosixTarget, library: File, build: Task): FileCollection {
    val prefix = mapOf(
        RustPosixTarget.LinuxX64 to "linux-x86-64",
        RustPosixTarget.LinuxArm64 to "linux-aarch64",
        RustPosixTarget.MinGWX64 to "win32-x86-64",
    ).getValue(target)
    val jar = project.tasks.register("jar${target.name}", Jar::class.java) {
        dependsOn(build)
        archiveClassifier.set(prefix)
        from(library) { into(prefix) }
    }
    return project.files(jar)
}

private fun kotlin(project: Project, bindings: Task) {
    val generated = project.generated
    val libraries = project.files(jars("app"))
    project.configurations.getByName("testImplementation").dependencies.clear()
    project.dependencies.add("implementation", libraries)
    val sets = project.extensions.getByType(SourceSetContainer::class.java)
    for (set in listOf(sets.getByName("main"), sets.getByName("test"))) {
        val classes = project.layout.buildDirectory.dir("classes/kotlin/${set.name}").get().asFile
        val compile = project.tasks.register(set.getCompileTaskName("kotlin"), JavaExec::class.java) {
            dependsOn(bindings, set.compileClasspath)
            classpath(jars("kotlinc"))
            mainClass.set("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler")
            argumentProviders += CommandLineArgumentProvider {
                val sources = listOf(project.file("src/${set.name}/kotlin")) + listOf(generated).filter { set.name == "main" }
                listOf("-no-stdlib", "-no-reflect", "-nowarn", "-jvm-target", "17") +
                    listOf("-cp", set.compileClasspath.asPath, "-d", "$classes") + sources.filter(File::exists).map { "$it" }
            }
        }
        set.output.dir(mapOf("builtBy" to compile), classes)
    }
    val test = sets.getByName("test")
    val junit = project.tasks.register("kotlinTest", JavaExec::class.java) {
        classpath = test.runtimeClasspath
        mainClass.set("org.junit.runner.JUnitCore")
        args(proof("tests"))
    }
    // Gradle's own test task needs workers, whose jars this home has not.
    project.tasks.named("test") { enabled = false }
    project.tasks.named("check") { dependsOn(junit) }
}
