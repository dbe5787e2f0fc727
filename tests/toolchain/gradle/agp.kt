// A stand-in for AGP's library plugin: debug and release, and for each a task that collects what AGP would package.

package standin.agp

import com.android.build.api.AndroidPluginVersion
import com.android.build.api.dsl.LibraryExtension
import com.android.build.api.dsl.SdkComponents
import com.android.build.api.variant.AndroidVersion
import com.android.build.api.variant.LibraryAndroidComponentsExtension
import com.android.build.api.variant.LibraryVariant
import com.android.build.api.variant.SourceDirectories
import com.android.build.api.variant.Sources
import com.android.build.api.variant.VariantSelector
import evaluate.Android
import org.gradle.api.Action
import org.gradle.api.Project
import org.gradle.api.Task
import org.gradle.api.file.DirectoryProperty
import org.gradle.api.tasks.Sync
import org.gradle.api.tasks.TaskProvider
import java.io.File

/** What applying the plugin leaves for the script to configure. */
fun apply(project: Project) {
    listOf("implementation", "testImplementation").forEach(project.configurations::create)
    val android = Android().apply { defaultConfig.minSdk = 24 }
    project.extensions.add(LibraryExtension::class.java, "android", android)
    val components = Components(project, android)
    project.extensions.add(LibraryAndroidComponentsExtension::class.java, "androidComponents", components)
    project.afterEvaluate { listOf("debug", "release").forEach(components::create) }
}

private class Components(private val project: Project, private val android: Android) : LibraryAndroidComponentsExtension {
    private val callbacks = mutableListOf<(LibraryVariant) -> Unit>()

    override val sdkComponents = object : SdkComponents {
        override val sdkDirectory = project.layout.dir(project.provider { File(System.getProperty("proof.sdk")) })
        override val ndkDirectory = project.layout.dir(
            project.provider { File(System.getProperty("proof.sdk"), "ndk/${android.ndkVersion}") },
        )
    }

    override val pluginVersion = AndroidPluginVersion(System.getProperty("proof.agp", "9").toInt(), 0)

    override fun selector() = object : VariantSelector {
        override fun all() = this
    }

    override fun onVariants(selector: VariantSelector, callback: (LibraryVariant) -> Unit) {
        callbacks += callback
    }

    override fun onVariants(selector: VariantSelector, callback: Action<LibraryVariant>) {
        callbacks += callback::execute
    }

    fun create(type: String) {
        val suffix = type.replaceFirstChar(Char::uppercase)
        val variant = object : LibraryVariant {
            override val name = type
            override val buildType = type
            override val minSdk = object : AndroidVersion {
                override val apiLevel = android.defaultConfig.minSdk!!
            }
            override val sources = object : Sources {
                // What the Kotlin compiler reads: until AGP 8 Java's folders alone.
                private val compiled = Collected("kotlin", "compile${suffix}Kotlin")
                override val java = compiled.takeIf { pluginVersion.major < 9 }
                override val kotlin = compiled.takeIf { pluginVersion.major >= 9 }
                override val jniLibs = Collected("jniLibs", "merge${suffix}JniLibFolders")
            }
        }
        callbacks.forEach { it(variant) }
    }

    /** A task that does nothing with these folders but to collect them. */
    private inner class Collected(private val kind: String, name: String) : SourceDirectories.Flat, SourceDirectories.Layered {
        private val collect = project.tasks.register(name, Sync::class.java) { into(project.layout.buildDirectory.dir(name)) }

        override fun <TaskT : Task> addGeneratedSourceDirectory(
            taskProvider: TaskProvider<TaskT>,
            wiredWith: (TaskT) -> DirectoryProperty,
        ) {
            // As AGP does: the folder is its choice, and its provider carries the task.
            val folder = project.layout.buildDirectory.dir("generated/$kind/${taskProvider.name}")
            taskProvider.configure { wiredWith(this).set(folder) }
            collect.configure { from(taskProvider.flatMap(wiredWith)) }
        }
    }
}
