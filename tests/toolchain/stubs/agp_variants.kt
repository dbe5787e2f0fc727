// AGP's components, as far as AGP 8 and 9 have them alike.

package com.android.build.api.variant

import com.android.build.api.AndroidPluginVersion
import com.android.build.api.dsl.SdkComponents
import org.gradle.api.Action
import org.gradle.api.Task
import org.gradle.api.file.DirectoryProperty
import org.gradle.api.tasks.TaskProvider

interface AndroidVersion {
    val apiLevel: Int
}

interface SourceDirectories {
    fun <TaskT : Task> addGeneratedSourceDirectory(
        taskProvider: TaskProvider<TaskT>,
        wiredWith: (TaskT) -> DirectoryProperty,
    )

    interface Flat : SourceDirectories

    interface Layered : SourceDirectories
}

interface Sources {
    val java: SourceDirectories.Flat?
    val kotlin: SourceDirectories.Flat?
    val jniLibs: SourceDirectories.Layered?
}

interface Variant {
    val name: String
    val buildType: String?
    val minSdk: AndroidVersion
    val sources: Sources
}

interface ApplicationVariant : Variant

interface LibraryVariant : Variant

interface VariantSelector {
    fun all(): VariantSelector
}

interface AndroidComponentsExtension<VariantT : Variant> {
    val pluginVersion: AndroidPluginVersion
    val sdkComponents: SdkComponents

    fun selector(): VariantSelector

    fun onVariants(selector: VariantSelector = selector().all(), callback: (VariantT) -> Unit)

    fun onVariants(selector: VariantSelector = selector().all(), callback: Action<VariantT>)
}

interface KotlinMultiplatformAndroidVariant : LibraryVariant

interface KotlinMultiplatformAndroidComponentsExtension : AndroidComponentsExtension<KotlinMultiplatformAndroidVariant>

interface ApplicationAndroidComponentsExtension : AndroidComponentsExtension<ApplicationVariant>

interface LibraryAndroidComponentsExtension : AndroidComponentsExtension<LibraryVariant>
