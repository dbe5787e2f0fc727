// The Gradle Kotlin DSL's own library is on no public registry: the few functions of it that the scripts use.

package org.gradle.kotlin.dsl

import org.gradle.api.Project
import org.gradle.api.Task
import org.gradle.api.artifacts.Dependency
import org.gradle.api.artifacts.dsl.DependencyHandler
import org.gradle.api.file.FileSystemLocation
import org.gradle.api.file.FileSystemLocationProperty
import org.gradle.api.provider.Property
import org.gradle.api.provider.Provider
import org.gradle.api.tasks.TaskContainer
import org.gradle.api.tasks.TaskProvider
import org.gradle.plugin.use.PluginDependenciesSpec
import org.gradle.plugin.use.PluginDependencySpec

fun <T> Property<T>.assign(value: T?) = set(value)

fun <T> Property<T>.assign(value: Provider<out T?>) = set(value)

fun <T : FileSystemLocation> FileSystemLocationProperty<T>.assign(value: T?) = set(value)

fun PluginDependenciesSpec.kotlin(module: String): PluginDependencySpec = id("org.jetbrains.kotlin.$module")

val PluginDependenciesSpec.application: PluginDependencySpec get() = id("application")

infix fun PluginDependencySpec.version(version: String?): PluginDependencySpec = version(version)

fun Project.plugins(block: PluginDependenciesSpec.() -> Unit) {
    project.extensions.findByType(PluginDependenciesSpec::class.java)?.apply(block)
}

fun Project.dependencies(configuration: DependencyHandler.() -> Unit) = dependencies.configuration()

fun DependencyHandler.implementation(notation: Any): Dependency? = add("implementation", notation)

fun DependencyHandler.testImplementation(notation: Any): Dependency? = add("testImplementation", notation)

fun DependencyHandler.kotlin(module: String, version: String? = null): Any =
    "org.jetbrains.kotlin:kotlin-$module" + (version?.let { ":$it" } ?: "")

inline fun <reified T : Task> TaskContainer.named(
    name: String,
    noinline configuration: T.() -> Unit,
): TaskProvider<T> = named(name, T::class.java, configuration)

inline fun <reified T : Task> TaskContainer.register(
    name: String,
    noinline configuration: T.() -> Unit,
): TaskProvider<T> = register(name, T::class.java, configuration)
