// Plugins of ours that plan a JVM module as Kotlin's and Gobley's do, with the real Cargo, bindings generator and
// compiler. What they know of the machine comes from `proof.*` properties.

package standin

import gobley.gradle.cargo.dsl.BuildVariant
import gobley.gradle.cargo.dsl.CargoExtension
import gobley.gradle.cargo.dsl.CargoJvmBuild
import gobley.gradle.rust.targets.RustPosixTarget
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
    // Linux has these; for all of them `embedRustLibrary` is true until the script says otherwise.
    listOf(RustPosixTarget.LinuxX64, RustPosixTarget.LinuxArm64, RustPosixTarget.MinGWX64).forEach(cargo::plan)
    cargo.builds.withType(CargoJvmBuild::class.java).forEach { it.embedRustLibrary.convention(true) }
    project.afterEvaluate { plan(project, cargo) }
}

@Suppress("UNCHECKED_CAST")
private fun plan(project: Project, cargo: CargoExtension) {
    val crate = cargo.packageDirectory.get().asFile
    val words = listOf(proof("cargo"), "metadata", "--format-version", "1", "--no-deps")
    val metadata = JsonSlurper().parseText(command(crate, words)) as Map<String, Any>
    val packages = metadata["packages"] as List<Map<String, Any>>
    val library = (packages.single()["targets"] as List<Map<String, Any>>).first { "cdylib" in it["crate_types"] as List<*> }
    val name = (library["name"] as String).replace('-', '_')
    val output = File(metadata["target_directory"] as String)
    val built = mutableMapOf<RustPosixTarget, File>()
    val tasks = mutableListOf<Task>()
    for (build in cargo.builds.withType(CargoJvmBuild::class.java)) {
        if (!build.embedRustLibrary.get()) continue
        val target = build.rustTarget as RustPosixTarget
        val made = output.resolve("${target.rustTriple}/debug/${target.file(name)}")
        val variant = build.debug as BuildVariant<*>
        val task = variant.buildTaskProvider.get()
        task.doLast {
            val arguments = listOf("rustc", "--profile", "dev", "--target", target.rustTriple, "--lib")
            val rest = listOf("--message-format", "json", "--", "--print", "native-static-libs")
            val environment = task.additionalEnvironment.get().mapValues { "${it.value}" }
            command(crate, listOf(proof("cargo")) + arguments + rest, environment)
        }
        built[target] = made
        tasks += task
        project.dependencies.add("runtimeOnly", project.files(jarOf(project, target, made, task)))
    }
    val host = built.getValue(RustPosixTarget.LinuxX64)
    val generated = project.layout.buildDirectory.dir("generated/uniffi").get().asFile
    val bindings = project.tasks.register("buildUniffiBindings") {
        dependsOn(tasks.first())
        doLast {
            val config = generated.resolve("uniffi.toml").apply { parentFile.mkdirs() }
            config.writeText("kotlin_multiplatform = false\nkotlin_targets = [\"jvm\"]\n")
            val arguments = listOf("--library", "--crate", name, "--config", "$config", "--out-dir", "$generated")
            val configs = listOf("--crate-configs", "$name=$config", "$host")
            command(crate, listOf(proof("bindgen")) + arguments + configs)
        }
    }
    kotlin(project, generated, bindings.get())
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

private fun kotlin(project: Project, generated: File, bindings: Task) {
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
