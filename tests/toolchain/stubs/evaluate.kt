// Evaluates compiled scripts in real Gradle projects and prints what came of each, one JSON object a line.

package evaluate

import com.android.build.api.dsl.CompileOptions
import com.android.build.api.dsl.LibraryDefaultConfig
import com.android.build.api.dsl.LibraryExtension
import com.android.build.api.dsl.Ndk
import gobley.gradle.cargo.dsl.CargoExtension
import gobley.gradle.cargo.dsl.HasDynamicLibraries
import gobley.gradle.rust.targets.RustAndroidTarget
import gobley.gradle.rust.targets.RustPosixTarget
import gobley.gradle.rust.targets.RustWindowsTarget
import gobley.gradle.uniffi.dsl.UniFfiExtension
import groovy.json.JsonOutput
import org.gradle.api.JavaVersion
import org.gradle.api.Project
import org.gradle.api.artifacts.ModuleDependency
import org.gradle.testfixtures.ProjectBuilder
import org.jetbrains.kotlin.gradle.dsl.KotlinMultiplatformExtension
import java.io.File

/** AGP's `android`, as values. */
class Android : LibraryExtension {
    override var ndkVersion = ""
    override var namespace: String? = null
    override var compileSdk: Int? = null
    override val defaultConfig = object : LibraryDefaultConfig {
        override var minSdk: Int? = null
        override val ndk = object : Ndk {
            override val abiFilters = mutableSetOf<String>()
        }

        override fun ndk(action: Ndk.() -> Unit) = ndk.action()
    }
    override val compileOptions = object : CompileOptions {
        override var sourceCompatibility = JavaVersion.VERSION_1_8
        override var targetCompatibility = JavaVersion.VERSION_1_8
    }

    override fun defaultConfig(action: LibraryDefaultConfig.() -> Unit) = defaultConfig.action()

    override fun compileOptions(action: CompileOptions.() -> Unit) = compileOptions.action()
}

/**
 * A module with the plugins of `kind`, as far as a public registry has them. Outside of multiplatform modules the
 * blocks use nothing of Kotlin's plugins, and Java's brings the same configurations in a tenth of the time.
 */
private fun module(kind: String, folder: File): Project {
    val project = ProjectBuilder.builder().withProjectDir(folder).build()
    val multiplatform = kind.startsWith("multiplatform")
    project.plugins.apply(if (multiplatform) "org.jetbrains.kotlin.multiplatform" else "java-library")
    if (kind != "jvm" && kind != "multiplatform-desktop") {
        project.extensions.add(LibraryExtension::class.java, "android", Android())
    }
    if (kind == "multiplatform-desktop") {
        project.extensions.getByType(KotlinMultiplatformExtension::class.java).jvm("desktop")
    }
    if (kind == "multiplatform") {
        val kotlin = project.extensions.getByType(KotlinMultiplatformExtension::class.java)
        kotlin.jvm()
        kotlin.sourceSets.create("androidMain")
    }
    if (kind == "jvm") project.plugins.apply("application")
    project.extensions.create("uniffi", UniFfiExtension::class.java)
    project.extensions.create("cargo", CargoExtension::class.java, project).apply {
        RustAndroidTarget.values().forEach(::plan)
        RustPosixTarget.values().forEach(::plan)
        RustWindowsTarget.values().forEach(::plan)
    }
    return project
}

private fun describe(project: Project): Map<String, Any?> {
    val cargo = project.extensions.getByType(CargoExtension::class.java)
    val variants = cargo.builds.flatMap { build -> build.variants }
    val tasks = variants.flatMap { listOf(it.buildTaskProvider.get(), it.checkTaskProvider.get()) }
    val libraries = cargo.builds.filterIsInstance<HasDynamicLibraries>()
    return mapOf(
        "packageDirectory" to cargo.packageDirectory.get().asFile.path,
        "ndkVersion" to project.extensions.findByType(LibraryExtension::class.java)?.ndkVersion,
        "environment" to tasks.associate { it.name to it.additionalEnvironment.get() },
        "embedded" to libraries.associate { "$it" to it.embedRustLibrary.orNull },
        "dynamicLibraries" to libraries.associate { "$it" to it.dynamicLibraries.get() },
        "dependencies" to project.configurations.associate { configuration ->
            configuration.name to configuration.dependencies.filterIsInstance<ModuleDependency>().map { one ->
                "${one.group}:${one.name}:${one.version}" + one.artifacts.joinToString("") { "@" + it.type }
            }
        }.filterValues { it.isNotEmpty() },
    )
}

/** Each line of the file: name, class with `script(Project)`, kind, folder, host; between tabs. */
fun main(arguments: Array<String>) {
    for (line in File(arguments[0]).readLines()) {
        val (name, type, kind, folder, host) = line.split('\t')
        System.setProperty("scaffold.host", host)
        val project = module(kind, File(folder))
        Class.forName(type).getMethod("script", Project::class.java).invoke(null, project)
        println(JsonOutput.toJson(mapOf("name" to name) + describe(project)))
    }
    // Gradle's worker threads would keep the process alive.
    System.out.flush()
    Runtime.getRuntime().halt(0)
}
