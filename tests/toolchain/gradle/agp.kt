// A stand-in for AGP's library plugin: debug and release, and for each a task that collects what AGP would package.

package standin.agp

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
    val android = Android().apply { defaultConfig.minSdk = 24 }
    project.extensions.add(LibraryExtension::class.java, "android", android)
    val components = Components(project, android)
    project.extensions.add(LibraryAndroidComponentsExtension::class.java, "androidComponents", components)
    project.afterEvaluate { listOf("debug", "release").forEach(components::create) }
}

private class Components(private val project: Project, private val android: Android) : LibraryAndroidComponentsExtension {
    private val callbacks = mutableListOf<(LibraryVariant) -> Unit>()

    override val sdkComponents = object : SdkComponents {
        override val ndkDirectory = project.layout.dir(
            project.provider { File(System.getProperty("proof.sdk"), "ndk/${android.ndkVersion}") },
        )
    }

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
        val variant = object : LibraryVariant {
            override val name = type
            override val buildType = type
            override val minSdk = object : AndroidVersion {
                override val apiLevel = android.defaultConfig.minSdk!!
            }
            override val sources = object : Sources {
                override val jniLibs = Layered(project, "merge${type.replaceFirstChar(Char::uppercase)}JniLibFolders")
            }
        }
        callbacks.forEach { it(variant) }
    }
}

private class Layered(private val project: Project, merge: String) : SourceDirectories.Layered {
    private val merged = project.tasks.register(merge, Sync::class.java) { into(project.layout.buildDirectory.dir(name)) }

    override fun <TaskT : Task> addGeneratedSourceDirectory(
        taskProvider: TaskProvider<TaskT>,
        wiredWith: (TaskT) -> DirectoryProperty,
    ) {
        // As AGP does: the folder is its choice, and its provider carries the task.
        val folder = project.layout.buildDirectory.dir("generated/jniLibs/${taskProvider.name}")
        taskProvider.configure { wiredWith(this).set(folder) }
        merged.configure { from(taskProvider.flatMap(wiredWith)) }
    }
}
